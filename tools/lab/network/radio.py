"""The radio between a modem and its network: what one air interface carries, and when.

Without I/O: time is passed in as milliseconds. Rates are octets of IP a second, 0.85 of what the radio bearer carries:
the RLC payload of the time slots (3GPP 43.064), a radio access bearer of UMTS (3GPP 34.108, 6.10.2.4.1: 384 or 64
kbit/s down, 64 up), or what an LTE terminal is able to: one of category 1 (3GPP 36.306: 10.3 Mbit/s down, 5.2 up), or
one of category M1 that sends and receives by turns (300 kbit/s down, 375 up).
"""

_SLOT = {"cs1": 850, "cs2": 1275, "cs3": 1530, "cs4": 2125, "mcs5": 2380, "mcs6": 3145, "mcs9": 6290}

# multislot class: (slots down, slots up); of class 12's at most five are active at a time
_CLASSES = {"8": (4, 1), "10": (4, 2), "12": (4, 4)}

_ROUND_TRIP_MS = 700

# other rows: (octets a second down, octets a second up, round trip in ms); round trips from memory of live networks
_OTHERS = {
    "umts-384": (40800, 6800, 200),
    "umts-64": (6800, 6800, 250),
    "lte-1": (1094375, 552500, 60),
    "lte-m1": (31875, 39843, 100),
}

GSM, UMTS, LTE = "gsm", "umts", "lte"  # access technologies

_SEGMENT = 1460  # octets; what is lost is lost by the segment
_TCP_IP = 40  # octets of headers with each (RFC 791, RFC 9293)

BATCH_MS = 5  # octets leave and arrive in pieces of at most this time


def rows():
    """The names of all rows, sorted."""
    return sorted(["%s-%s-%s" % (_kind(code), number, code) for number in _CLASSES for code in _SLOT] + list(_OTHERS))


def row(name):
    """(octets a second down, octets a second up, round trip in ms) of a row such as "gprs-10-cs2".

    Raises ValueError for a name that is not in `rows`.
    """
    if name not in rows():
        raise ValueError("no radio row %r; there are %s" % (name, ", ".join(rows())))
    if name in _OTHERS:
        return _OTHERS[name]
    _, number, code = name.split("-")
    down, up = _CLASSES[number]
    return down * _SLOT[code], up * _SLOT[code], _ROUND_TRIP_MS


def access(name):
    """The access technology of a row: GSM, UMTS or LTE."""
    return name.split("-")[0] if name in _OTHERS else GSM


def _kind(code):
    return "edge" if code.startswith("mcs") else "gprs"


class Pipe:
    """One direction: `rate` octets of payload a second, each of them on its way for `delay` ms.

    Of a hundred segments `loss` are lost, evenly spread: a datagram does not arrive, and in a stream everything waits
    for the repetition, which takes a round trip.
    """

    def __init__(self, rate, delay, loss=0):
        self.rate, self.delay, self.loss = rate, delay, loss
        self._lost = 0.0  # segments that the losses add up to, less those that were lost
        self._queue = []  # [key, octets, whole]
        self._air = []  # (time of arrival, key, octets)
        self._waiting = {}  # key: octets in both; adding them up for each piece takes long
        self._since = None  # up to when the queue has been served

    def put(self, key, octets, now, whole=False):
        """Queue octets of connection `key`; `whole` ones arrive at once, empty ones mark an end."""
        self.serve(now)
        if not self._queue:
            self._since = now
        self._queue.append([key, octets, whole or not octets])
        self._waiting[key] = self._waiting.get(key, 0) + len(octets)

    def arrivals(self, now):
        """List of (key, octets) that have arrived by `now`."""
        arrived = []
        if self._queue:
            self.serve(now)
        while self._air and self._air[0][0] <= now:
            _, key, octets = self._air.pop(0)
            self._waiting[key] -= len(octets)
            arrived.append((key, octets))
        return arrived

    def waiting(self, key):
        """Octets of `key` that have not arrived yet."""
        return self._waiting.get(key, 0)

    def drop(self, key):
        """Forget what is under way for `key`."""
        self._queue = [item for item in self._queue if item[0] != key]
        self._air = [item for item in self._air if item[1] != key]
        self._waiting.pop(key, None)

    def next(self):
        """The time of the next arrival, or None while nothing is under way."""
        due = self._air[0][0] if self._air else None
        if self._queue:
            _, octets, whole = self._queue[0]
            ms = len(octets) * 1000 / self.rate
            served = self._since + (ms if whole else min(ms, BATCH_MS))
            due = served if due is None or served < due else due
        return due

    def serve(self, now):
        """Put on the air what the rate allows until `now`."""
        batch = max(int(self.rate * BATCH_MS / 1000), 1)
        while self._queue:
            key, octets, whole = self._queue[0]
            count = min(max(int((now - self._since) * self.rate / 1000 + 0.000001), 0), len(octets))
            if count < len(octets) and (whole or not count):
                return
            if not whole:
                count = min(count, batch)
            self._since += count * 1000 / self.rate
            lost = self.loss and self._loses(count / _SEGMENT if not whole else 1 if octets else 0)
            if lost and not whole:
                self._since += 2 * self.delay
            if lost and whole:
                self._waiting[key] -= count
            else:
                self._air.append((self._since + self.delay, key, octets[:count]))
            if count < len(octets):
                self._queue[0][1] = octets[count:]
            else:
                self._queue.pop(0)

    def _loses(self, segments):
        """Whether one of so many segments is lost."""
        self._lost += segments * self.loss / 100
        if self._lost < 1:
            return False
        self._lost -= 1
        return True


class Radio:
    """Both directions between one modem and its network; each takes half a round trip."""

    def __init__(self, name):
        self.usual = name
        self.up, self.down = Pipe(1, 1), Pipe(1, 1)
        self.tune()

    def tune(self, name=None, added=0, loss=0):
        """Work as another row, by default the first one, with so many ms more a round trip, and a loss in percent."""
        self.name = name or self.usual
        self.down.rate, self.up.rate, self.round_trip = row(self.name)
        self.round_trip += added
        for pipe in (self.up, self.down):
            pipe.rate = pipe.rate * _SEGMENT // (_SEGMENT + _TCP_IP)
            pipe.delay, pipe.loss = self.round_trip / 2, loss

    def next(self):
        """The time of the next arrival in either direction, or None."""
        up, down = self.up.next(), self.down.next()
        return up if down is None or up is not None and up < down else down

    def drop(self, key):
        """Forget what is under way for `key`, both ways."""
        self.up.drop(key)
        self.down.drop(key)
