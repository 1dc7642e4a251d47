"""The operator's profile: the way to the MMSC. The SIM's home network decides it, never the visited one."""

from mms import limits
from mms.link.url import Url


def _decimal(host):
    """An IPv4 address without leading zeros, which people write ("010.001.002.003"); names unchanged."""
    parts = host.split(".")
    if len(parts) == 4 and all(part.isdigit() for part in parts):
        return ".".join(str(int(part)) for part in parts)
    return host


def _is_address(host):
    return host.replace(".", "").isdigit()


class Profile:
    """One operator: `apn`, `user`, `password`, `auth` for the modem; where and how HTTP goes; the size limits.

    `code` is that of the SIM's network, `octets` the most to send, `receives` the most to retrieve; `settings` is what
    it was made of.
    """

    def __init__(self, settings, code):
        self.code, self.settings = code, settings
        self.name = settings.get("name", "")
        self.apn = settings["apn"]
        self.user = settings.get("user", "")
        self.password = settings.get("password", "")
        self.auth = settings.get("auth", "")
        self.mmsc = Url(settings["mmsc"])
        proxy = settings.get("proxy", "")
        self.wsp = proxy[:6] == "wsp://"  # a WAP gateway, with datagrams
        host, _, port = proxy[6 * self.wsp :].partition(":")
        self.proxy = (_decimal(host), int(port or 9201)) if host else None
        most = limits.WSP if self.wsp else limits.MESSAGE
        self.octets = min(settings.get("octets", most), most)
        self.receives = min(settings.get("receive_octets", most), most)
        self._hosts = [host.lower() for host in settings.get("hosts", ())]
        self.appends = settings.get("append_transaction_id", False)  # the id to a location that ends in "="
        self.answers_there = settings.get("answer_where_notified", False)  # answers go to the location of the message
        self.answers_twice = settings.get("answer_twice", False)  # by both PDUs that can answer a retrieval
        self.headers = [
            ("Accept", "*/*, application/vnd.wap.mms-message, application/vnd.wap.sic"),
            ("User-Agent", settings.get("user_agent") or "micropython-mms"),
        ]
        if settings.get("profile_url"):
            self.headers.append(("x-wap-profile", settings["profile_url"]))
        extra = settings.get("headers", {})
        self.headers.extend((name, extra[name]) for name in sorted(extra))

    def where(self, url):
        """(host, port) to connect to for `url`: the proxy, or the host itself."""
        return self.proxy or (url.host, url.port)

    def trusts(self, host):
        """Whether a message may lie on `host`: the MMSC's, one beside or below it, or one that the settings list.

        Beside it means under the same parent domain, when that has three labels or more: those of two may be anybody's.
        In the settings `.operator.example` stands for that domain and all below it. An address is itself only.
        """
        host, mmsc = host.lower(), self.mmsc.host.lower()
        if host == mmsc or host in self._hosts:
            return True
        if _is_address(host):
            return False
        domains = [known for known in self._hosts if known[0] == "."]
        parent = mmsc[mmsc.find(".") :]
        if parent.count(".") > 2 and not _is_address(mmsc):
            domains.append(parent)
        return any(("." + host).endswith(domain) for domain in domains)


def profile(settings, home):
    """The Profile that the settings have for a SIM of the network `home`, or None."""
    operator = settings["operators"].get(home)
    return Profile(operator, home) if operator else None
