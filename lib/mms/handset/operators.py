"""The operator's profile: the way to the MMSC. The SIM's home network decides it, never the visited one.

Loaded when a profile is made, and for a host that may hold a message.
"""

from mms import limits
from mms.handset import rooms
from mms.link.url import parse_url


class Profile:
    """One operator: `apn`, `user`, `password`, `auth` for the modem; where and how HTTP goes; the size limits.

    `code` is that of the SIM's network, `octets` the most to send, `receives` the most to retrieve; `settings` is what
    it was made of. A method would keep this room in memory for as long as a profile is in use.
    """


def make_profile(settings, code, model=None):
    """The Profile of an operator's settings, for a SIM of the network `code`; model: the setting `profile`, or None."""
    made = Profile()
    made.code, made.settings = code, settings
    made.name = settings.get("name", "")
    made.apn = settings["apn"]
    made.user = settings.get("user", "")
    made.password = settings.get("password", "")
    made.auth = settings.get("auth", "")
    made.mmsc = parse_url(settings["mmsc"])
    proxy = settings.get("proxy", "")
    made.wsp = proxy[:6] == "wsp://"  # a WAP gateway, with datagrams
    host, _, port = proxy[6 * made.wsp :].partition(":")
    made.proxy = (_decimal(host), int(port or 9201)) if host else None
    most = limits.WSP if made.wsp else limits.MESSAGE
    made.octets = min(settings.get("octets", most), most)
    made.receives = min(settings.get("receive_octets", most), most)
    made.hosts = [host.lower() for host in settings.get("hosts", ())]
    made.appends = settings.get("append_transaction_id", False)  # the id to a location that ends in "="
    made.answers_there = settings.get("answer_where_notified", False)  # answers go to the location of the message
    made.answers_twice = settings.get("answer_twice", False)  # by both PDUs that can answer a retrieval
    made.headers = [
        ("Accept", "*/*, application/vnd.wap.mms-message, application/vnd.wap.sic"),
        ("User-Agent", settings.get("user_agent") or "micropython-mms"),
    ]
    if settings.get("profile_url"):
        made.headers.append(("x-wap-profile", settings["profile_url"]))
    if model:
        rooms.models.dress(made, model, settings)
    extra = settings.get("headers", {})
    made.headers.extend((name, extra[name]) for name in sorted(extra))
    return made


def find_profile(settings, home):
    """The Profile that the settings have for a SIM of the network `home`, or None."""
    operator = settings["operators"].get(home)
    return make_profile(operator, home, settings.get("profile")) if operator else None


def trusts(profile, host):
    """Whether a message may lie on `host`: the MMSC's, one beside or below it, or one that the settings list.

    Beside it means under the same parent domain, when that has three labels or more: those of two may be anybody's.
    In the settings `.operator.example` stands for that domain and all below it. An address is itself only.
    """
    host, mmsc = host.lower(), profile.mmsc.host.lower()
    if host == mmsc or host in profile.hosts:
        return True
    if _is_address(host):
        return False
    domains = [known for known in profile.hosts if known[0] == "."]
    parent = mmsc[mmsc.find(".") :]
    if parent.count(".") > 2 and not _is_address(mmsc):
        domains.append(parent)
    return any(("." + host).endswith(domain) for domain in domains)


def _decimal(host):
    """An IPv4 address without leading zeros, which people write ("010.001.002.003"); names unchanged."""
    parts = host.split(".")
    if len(parts) == 4 and all(part.isdigit() for part in parts):
        return ".".join(str(int(part)) for part in parts)
    return host


def _is_address(host):
    return host.replace(".", "").isdigit()
