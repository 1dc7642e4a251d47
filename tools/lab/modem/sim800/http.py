"""The modem's own HTTP service over a bearer of AT+SAPBR (AT manual V1.09, chapter 11).

Choices where the manual is open: TIMEOUT runs while nothing moves and ends in 601; an action while another runs is 604;
https:// is 605, since there is no TLS here; `\\r\\n` in USERDATA, typed as four characters, is the end of a line.
"""

from tools.lab.modem.sim800.exchange import BUSY, MOST, NETWORK, TLS, Exchange
from tools.lab.modem.syntax import READ, RUN, SET, TEST, Refused, arguments, number
from tools.lab.modem.terminal import Entry, Reply

_GET, _POST, _HEAD = 0, 1, 2
_METHODS = ("GET", "POST", "HEAD")
_PARAMETERS = {  # tag: (default value, allowed numbers or None for a text)
    "CID": ("1", (1, 2, 3)),
    "URL": ("", None),
    "UA": ("SIMCom_MODULE", None),
    "PROIP": ("0.0.0.0", None),
    "PROPORT": ("0", range(65536)),
    "REDIR": ("0", (0, 1)),
    "BREAK": ("0", range(1000000000)),
    "BREAKEND": ("0", range(1000000000)),
    "TIMEOUT": ("120", range(30, 1001)),
    "CONTENT": ("", None),
    "USERDATA": ("", None),
}
_SAVED = ("CID", "URL", "UA", "PROIP", "PROPORT", "REDIR", "BREAK", "BREAKEND", "USERDATA")  # AT+HTTPSCONT
_WINDOW_MS = range(1000, 120001)
_REDIRECTIONS = 5
_NO_BEARER_MS = 200


class Http:
    """The HTTP service: parameters, the body to post, the body to read, and the exchange under way."""

    def __init__(self, modem):
        self._modem = modem
        self._stored = None  # parameters that AT+HTTPSCONT saved
        self._exchange = None
        self.reset()

    def reset(self):
        """Power-on: the service is not initialised."""
        self._end()
        self._on = False

    def commands(self):
        """Handlers {name: handler(kind, text)}."""
        return {
            "+HTTPINIT": self._init,
            "+HTTPTERM": self._running(self._term),
            "+HTTPPARA": self._running(self._para),
            "+HTTPDATA": self._running(self._data),
            "+HTTPACTION": self._running(self._action),
            "+HTTPREAD": self._running(self._read),
            "+HTTPHEAD": self._running(self._header),
            "+HTTPSTATUS": self._running(self._status),
            "+HTTPSCONT": self._running(self._scont),
        }

    def by_key(self, key):
        """The exchange with that key, or None."""
        return self._exchange if self._exchange is not None and self._exchange.key == key else None

    def bearer_lost(self, cid):
        """The bearer is closed: what ran over it ends with a network error."""
        if self._exchange is not None and int(self._parameters["CID"]) == cid:
            self._exchange.finish(NETWORK)

    def _end(self):
        if self._exchange is not None:
            self._exchange.abandon()
            self._exchange = None

    def _running(self, handler):
        """The same handler, refused before AT+HTTPINIT."""

        def handle(kind, text):
            if kind != TEST and not self._on:
                raise Refused(3)
            return handler(kind, text)

        return handle

    def _init(self, kind, text):
        if kind == TEST:
            return None
        if kind != RUN or self._on:
            raise Refused(3)
        self._on = True
        self._parameters = {tag: _PARAMETERS[tag][0] for tag in _PARAMETERS}
        self._parameters.update(self._stored or {})
        self._body, self._readable, self._head = b"", b"", b""
        self._method, self._redirected = _GET, 0

    def _term(self, kind, text):
        if kind == TEST:
            return None
        if kind != RUN:
            raise Refused(3)
        self._end()
        self._on = False

    # parameters

    def _para(self, kind, text):
        if kind == TEST:
            return ['+HTTPPARA: "HTTPParamTag","HTTPParmValue"']
        if kind == READ:
            return ["+HTTPPARA: %s,%s" % (tag, self._parameters[tag]) for tag in _PARAMETERS]
        values = arguments(text) if kind == SET else []
        tag = (values[0] or "").upper() if values else ""
        if len(values) != 2 or tag not in _PARAMETERS or self._exchange is not None:
            raise Refused(50)
        allowed = _PARAMETERS[tag][1]
        if allowed is not None:
            number(values[1], allowed)
        self._parameters[tag] = values[1] or ""

    def _scont(self, kind, text):
        if kind == READ:
            kept = self._parameters if self._stored is None else self._stored
            mode = int(self._stored is None)
            return ["+HTTPSCONT:%d" % mode] + ["%s: %s" % (tag, kept[tag]) for tag in _SAVED]
        if kind == RUN:
            self._stored = {tag: self._parameters[tag] for tag in _SAVED}

    # the body, and what was answered

    def _data(self, kind, text):
        if kind == TEST:
            return ["+HTTPDATA: (0-%d),(%d-%d)" % (MOST, _WINDOW_MS[0], _WINDOW_MS[-1])]
        values = arguments(text) if kind == SET else []
        if not values or self._exchange is not None:
            raise Refused(3)
        size = number(values[0], range(MOST + 1))
        if not size:
            self._keep(b"")
            return None
        window = number(values[1] if len(values) > 1 else None, _WINDOW_MS)
        self._keep(b"")
        return Entry(self._keep, size, prompt="DOWNLOAD", ms=window)

    def _keep(self, octets):
        """Store the typed body, which can be posted, and read as well (11.2.6)."""
        self._body = self._readable = octets

    def _read(self, kind, text):
        if kind == TEST:
            return ["+HTTPREAD: (0-%d),(1-%d)" % (MOST, MOST)]
        if kind == READ or self._exchange is not None:
            raise Refused(3)
        start, count = 0, MOST
        if kind == SET:
            values = arguments(text)
            start = number(values[0], range(MOST + 1))
            count = number(values[1] if len(values) > 1 else None, range(1, MOST + 1))
        return self._block("+HTTPREAD", self._readable[start : start + count])

    def _header(self, kind, text):
        if kind == TEST:
            return None
        if kind != RUN or self._exchange is not None:
            raise Refused(3)
        return self._block("+HTTPHEAD", self._head)

    def _block(self, name, octets):
        self._modem.terminal.say("%s: %d" % (name, len(octets)))
        self._modem.terminal.raw(bytes(octets))
        return Reply()

    # an action

    def _action(self, kind, text):
        if kind == TEST:
            return ["+HTTPACTION: (0-2)"]
        method = number(arguments(text)[0] if kind == SET else None, (_GET, _POST, _HEAD))
        if not self._parameters["URL"]:
            raise Refused(3)
        if self._exchange is not None:
            self._later(method, BUSY)
        elif not self._modem.bearers.connected(int(self._parameters["CID"])):
            self._later(method, NETWORK)
        elif self._parameters["URL"].lower().startswith("https:"):
            self._later(method, TLS)
        else:
            self._redirected = 0
            self._ask(method, self._parameters["URL"])

    def _later(self, method, code):
        self._modem.agenda.after(_NO_BEARER_MS, lambda: self._report_action(method, code, 0))

    def _report_action(self, method, code, count):
        self._modem.unsolicited("+HTTPACTION: %d,%d,%d" % (method, code, count))

    def _ask(self, method, url):
        host, port, path = _parse_url(url)
        named = host if port == 80 else "%s:%d" % (host, port)
        target = path
        if self._parameters["PROIP"] not in ("", "0.0.0.0"):
            target = "http://%s%s" % (named, path)
            host, port = self._parameters["PROIP"], int(self._parameters["PROPORT"]) or 80
        self._method, self._host = method, named
        octets = self._request(method, target, named)
        seconds, key = int(self._parameters["TIMEOUT"]), self._modem.new_key()
        self._exchange = Exchange(self._modem, key, octets, method == _HEAD, seconds, self._done)
        self._exchange.connect(host, port)

    def _request(self, method, target, host):
        parameters = self._parameters
        lines = ["%s %s HTTP/1.1" % (_METHODS[method], target), "Host: " + host, "Accept: */*"]
        lines += ["User-Agent: " + parameters["UA"], "Connection: close"]
        start, end = int(parameters["BREAK"]), int(parameters["BREAKEND"])
        if method == _GET and (start or end):
            lines.append("Range: bytes=%d-%s" % (start, end if end > start else ""))
        if parameters["CONTENT"]:
            lines.append("Content-Type: " + parameters["CONTENT"])
        if parameters["USERDATA"]:
            lines += [line for line in parameters["USERDATA"].split("\\r\\n") if line]
        body = self._body if method == _POST else b""
        if method == _POST:
            lines.append("Content-Length: %d" % len(body))
        return "\r\n".join(lines + ["", ""]).encode() + body

    def _done(self, exchange):
        self._exchange, answer = None, exchange.answer
        location = answer.field("location")
        redirect = exchange.code in (301, 302, 303, 307) and self._parameters["REDIR"] == "1"
        if redirect and location and self._redirected < _REDIRECTIONS:
            self._redirected += 1
            url = location if location.lower().startswith("http:") else self._host + location
            self._ask(_GET if exchange.code == 303 else self._method, url)
            return
        whole = answer.whole and exchange.code == answer.status
        self._readable = bytes(answer.body) if whole else b""
        self._head = answer.head
        self._report_action(self._method, exchange.code, len(self._readable))

    def _status(self, kind, text):
        """AT+HTTPSTATUS?: octets sent or received, and octets left, 0 for an answer without a length."""
        if kind == TEST:
            return None
        if kind != READ:
            raise Refused(3)
        name, exchange = _METHODS[self._method], self._exchange
        if exchange is None:
            return ["+HTTPSTATUS: %s,0,0,0" % name]
        if exchange.acked < exchange.count:
            return ["+HTTPSTATUS: %s,2,%d,%d" % (name, exchange.acked, exchange.count - exchange.acked)]
        return ["+HTTPSTATUS: %s,1,%d,%d" % (name, len(exchange.answer.body), exchange.answer.left())]


def _parse_url(url):
    """(server, port, path) of http://server:port/path, and of http://server/path:port as the manual writes it."""
    rest = url[7:] if url.lower().startswith("http://") else url
    server, slash, path = rest.partition("/")
    server, colon, port = server.partition(":")
    if slash and not colon:
        before, colon, last = path.rpartition(":")
        if colon and last.isdigit():
            path, port = before, last
    port = int(port) if port.isdigit() and len(port) < 6 else 80
    return server, port, "/" + path
