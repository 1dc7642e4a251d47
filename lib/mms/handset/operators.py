"""How to reach the message centre, by the SIM's home network, never by the visited one."""

from mms import limits
from mms.errors import UsageError
from mms.link.http import Url


def _decimal(host):
    """An IPv4 address as people pad it ("010.001.002.003") without its leading zeros; names unchanged."""
    parts = host.split(".")
    if len(parts) == 4 and all(part.isdigit() for part in parts):
        return ".".join(str(int(part)) for part in parts)
    return host


class Profile:
    """One operator: `apn`, `user`, `password`, `auth` for the modem; where and how HTTP goes; the size limit."""

    def __init__(self, settings):
        self.name = settings.get("name", "")
        self.apn = settings["apn"]
        self.user = settings.get("user", "")
        self.password = settings.get("password", "")
        self.auth = settings.get("auth", "")
        self.mmsc = Url(settings["mmsc"])
        host, _, port = settings.get("proxy", "").partition(":")
        self.proxy = (_decimal(host), int(port)) if host else None
        self.octets = settings.get("octets", limits.MESSAGE)
        self.appends = settings.get("append_transaction_id", False)  # to a location that ends in "="
        self.answers_there = settings.get("answer_where_notified", False)  # to the message's own location
        self.answers_twice = settings.get("answer_twice", False)  # with both PDUs that can answer a retrieval
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


def profile(settings, home):
    """The Profile for a SIM of the network `home`; raises UsageError when nobody told us of it."""
    operators = settings["operators"]
    if home not in operators:
        raise UsageError("the SIM's network %s is not in the settings: add operators.%s" % (home, home))
    return Profile(operators[home])
