"""The network behind the modems: the proxy as a function, the MMSC, the SMS centre; all in one process."""

from tools.lab.calendar import Calendar
from tools.lab.network.mmsc.deviations import other_host
from tools.lab.network.mmsc.machine import Answer, Relay
from tools.lab.network.smsc.machine import Centre
from tools.lab.network.smsc.sms import SmsError
from tools.soak import abroad, wap
from tools.soak.odd import is_plain, made_odd

PROXY = ("10.1.1.1", 8080)
MMSC = "mmsc.mms.o2.example"
_URL = "http://" + MMSC
HOSTS = (MMSC, other_host(_URL)[7:])  # of the MMSC's messages; without a proxy handsets connect to them
_WEB = 80
EPOCH = 1790000000
SENDER = "+447700900003"  # of the text
_SMS_MS = 2000
_HTML = b"<html><body>Please log in to our network.</body></html>"


class _Connection:
    def __init__(self, number, modem):
        self.number, self.modem, self.place = number, modem, abroad.place(modem)
        self.request, self.answer = b"", None
        self.over = False


class CoreNetwork:
    """The MMSC, with `more` arguments, the SMS centre and the proxy.

    `journal` is the MMSC's: a list of entries. `watch(entry)` hears each as it is written, and the WAP gateway's.

    Faults: `reset` is [whether octets of the answer count, octets after which the next connection ends]; `answers` are
    ready answers for the next requests. These count the next ones that they strike: `drops` connections that end after
    the request was served, without an answer; `mute` the same, but they stay open; `refusals` connections that are
    refused; `lose_sms` and `repeat_sms` short messages. `odd_sms` are the forms of the next texts (odd.py).
    `wap` is the WAP gateway, which has these faults in its own way (wap.py). `place` is that of the subscriber when he
    opened the connection for the request that is served just now: the code of a network abroad, or None.
    """

    ANSWER_MS = 330  # gateway and MMSC, see tools/lab/world.toml

    def __init__(self, world, watch, struck, seed, **more):
        self._world, self._watch, self._struck = world, watch, struck
        self.journal, self.modems, self.pushes = [], {}, []
        self._connections = {}
        self.reset = None
        self.answers, self.drops, self.mute, self.refusals = [], 0, 0, 0
        self.lose_sms = self.repeat_sms = 0
        self.odd_sms = []
        self.place = None
        numbers = world.numbers
        self.centre = Centre(self._deliver, numbers, Calendar(EPOCH), _SMS_MS)
        self.relay = Relay(self._say, self.push, {}, numbers, _URL, Calendar(EPOCH), b"%d" % seed, **more)
        self._deviated, self.relay.deviations.heard = self.relay.deviations.heard, self._deviate
        self.wap = wap.Gateway(self, world, watch, struck, seed)

    def _now(self):
        """Whole milliseconds, for machines that make dates of them."""
        return int(self._world.now)

    def next(self):
        """The moment when something is due here, or None."""
        times = [due for due in (self.centre.due, self.relay.due, self.wap.due) if due is not None]
        return min(times) if times else None

    def turn(self):
        """Do all that is due, and send answers as far as the modems have room."""
        now = self._now()
        self.relay.advance(now)
        self.centre.advance(now)
        self.wap.advance(self._world.now)
        for place in sorted(self._connections):
            self._flow(self._connections[place])

    def _deviate(self, name):
        self._deviated(name)
        self._struck("MMSC: " + name)

    def _say(self, entry):
        self.journal.append(entry)
        self._watch(entry)

    # short messages

    def push(self, number, octets):
        """The MMSC hands a push to the SMS centre."""
        self.pushes.append((number, octets))
        self.centre.push(number, "MMSC", octets, self._now())

    def _deliver(self, key, number, tpdu):
        world = self._world
        if self.lose_sms:
            self.lose_sms -= 1
            self._struck("SMS lost")
            world.agenda.after(1, lambda: self.centre.refused(key, self._now()))
            return
        if self.odd_sms and is_plain(tpdu):
            tpdu = made_odd(tpdu, self.odd_sms.pop())
            self._struck("odd SMS")
        self.modems[number].deliver(tpdu)
        if self.repeat_sms:
            self.repeat_sms -= 1
            self._struck("SMS sent again")
            world.agenda.after(1, lambda: self.centre.refused(key, self._now()))
            return
        world.agenda.after(1, lambda: self.centre.delivered(key, self._now()))

    def submit(self, number, tpdu):
        """Accept a short message of a handset: its reference, or None when the SMS centre refuses it."""
        try:
            return self.centre.submit(number, tpdu, self._now())
        except SmsError:
            return None

    def text(self, number, text):
        """Send a plain text from SENDER."""
        from mms.codec import segments

        for tpdu in segments.submit(number, text):
            self.centre.submit(SENDER, tpdu, self._now())

    # connections

    def open(self, number, key, host, port, udp):
        """Open a connection for a modem, or refuse it."""
        modem = self.modems[number]
        if udp and (host, port) == wap.ADDRESS:
            self.wap.open(number, key)
            modem.established(key)
            return
        if (host, port) != PROXY and not (host in HOSTS and port == _WEB):
            modem.refused(key, True)
            return
        if self.refusals:
            self.refusals -= 1
            self._struck("connection refused")
            modem.refused(key)
            return
        self._connections[(number, key)] = _Connection(number, modem)
        modem.established(key)

    def send(self, number, key, octets):
        """Take octets of a handset; a whole request is served after ANSWER_MS."""
        if self.wap.send(number, key, octets):
            return
        connection = self._connections.get((number, key))
        if connection is None or connection.over:
            return
        connection.request += octets
        reset = self.reset
        if reset is not None and not reset[0] and len(connection.request) >= reset[1]:
            self.reset = None
            self._struck("connection reset")
            self._end(number, key)
        elif connection.answer is None and _whole(connection.request):
            connection.answer = ()
            wait = self.relay.pause(number, self.ANSWER_MS)
            self._world.agenda.after(wait, lambda: self._serve(number, key, connection))

    def close(self, number, key):
        """Forget a connection that the handset has closed."""
        self.wap.close(number, key)
        self._connections.pop((number, key), None)

    def _end(self, number, key):
        self._connections.pop((number, key)).over = True
        self.modems[number].ended(key)

    def _serve(self, number, key, connection):
        """Serve a request, even if its connection is closed meanwhile; then there is no answer."""
        head, _, body = connection.request.partition(b"\r\n\r\n")
        words = head.split(b"\r\n")[0].split(b" ")
        answer = self.answer(number, connection.place, words[0], words[1] if len(words) == 3 else b"", body)
        if (number, key) not in self._connections:
            return
        if answer is None:  # the MMSC gives none
            self._end(number, key)
            return
        if self.drops:
            self.drops -= 1
            self._struck("dropped answer")
            self._end(number, key)
            return
        if self.mute:
            self.mute -= 1
            self._struck("half-closed")
            return
        head = "HTTP/1.1 %d X\r\nContent-Type: %s\r\nConnection: close\r\n" % (answer.status, answer.media)
        if answer.length is not None:
            head += "Content-Length: %d\r\n" % answer.length
        connection.key, connection.done = key, 0
        connection.answer = head.encode() + b"\r\n" + answer.octets
        self._flow(connection)

    def answer(self, number, place, method, url, body):
        """The MMSC's Answer to a request that has passed the proxy, None for none, or a page of the proxy itself."""
        self.place = place
        ready = self.answers.pop(0) if self.answers else None
        if ready is not None:
            self._struck(ready[0])
            return Answer(ready[3], ready[1], ready[2])
        if method not in (b"POST", b"GET") or _path(url) is None:
            return Answer(_HTML, 400, "text/html")  # octets were lost on the serial line
        if method == b"POST":
            return self.relay.post(number, body, self._now())
        return self.relay.get(number, _path(url), self._now())

    def _flow(self, connection):
        """Send as much of the answer as there is room for."""
        if not connection.answer or connection.over:
            return
        octets = connection.answer
        end = len(octets)
        cut = self.reset is not None and self.reset[0] and self.reset[1] < end
        if cut:
            end = self.reset[1]
        count = min(connection.modem.room(connection.key), end - connection.done)
        if count > 0:
            connection.modem.arrived(connection.key, octets[connection.done : connection.done + count])
            connection.done += count
        if connection.done >= end:
            if cut:
                self.reset = None
                self._struck("connection reset")
            self._end(connection.number, connection.key)


def _path(place):
    """The path in a request's URL on one of the MMSC's hosts, or a path alone (without a proxy); or None."""
    for host in HOSTS:
        start = b"http://" + host.encode() + b"/"
        if place[: len(start)] == start:
            return place[len(start) - 1 :].decode()
    return place.decode() if place[:1] == b"/" else None


def _whole(request):
    """Whether a request has arrived with its head and all of its body."""
    end = request.find(b"\r\n\r\n")
    if end < 0:
        return False
    octets = 0
    for line in request[:end].split(b"\r\n"):
        if line[:15].lower() == b"content-length:" and line[15:].strip().isdigit():
            octets = int(line[15:])
    return len(request) >= end + 4 + octets


def page(status):
    """An answer of a proxy that is no PDU: (fault, status, media, octets)."""
    return ("proxy 5xx" if status >= 500 else "HTML instead of a PDU", status, "text/html", _HTML)
