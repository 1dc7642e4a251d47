"""Deviations of real message centres from the standard: the switches of the lab's MMSC, by name.

A switch is on for ever, or for so many times: an answer that is always cut is never retrieved. The clauses are those
of OMA-TS-MMS_ENC.
"""

from mms.codec import mm1

NAMES = {
    "no-from": "a notification without From",
    "no-subject": "a notification without Subject",
    "no-size": "a notification without Message-Size",
    "huge-size": "a notification with the largest Message-Size that there is, 4,294,967,295",
    "double-size": "a notification with twice the Message-Size",
    "half-size": "a notification with half the Message-Size",
    "other-host": "a Content-Location on another host under the same domain",
    "shuffled-headers": "headers in another order, as they may be after the first three and before Content-Type",
    "version-1.0": "a PDU of MMS 1.0",
    "swapped-report": "a delivery report with the sender in To, and the recipient in a From",
    "other-report-id": "a delivery report under another Message-ID than M-Send.conf told",
    "http-404": "an HTTP 404 instead of a message that is there",
    "not-found": "an M-Retrieve.conf with the status E2 and a sentence instead of a message that is there",
    "busy": "an M-Retrieve.conf with the status C0 and a sentence instead of a message that is there",
    "cut-in-header": "an M-Retrieve.conf that ends at or within a field before Content-Type, or within that",
    "cut-before-type": "an M-Retrieve.conf that ends just before its Content-Type",
    "cut-between-parts": "an M-Retrieve.conf that ends just before one of its parts",
    "cut-in-part": "an M-Retrieve.conf that ends within a part",
    "cut-by-close": "a cut answer's Content-Length is that of the whole one (else it is that of what is left)",
    "no-length": "an answer to a GET has no Content-Length: it ends with the connection",
}
_CUTS = ("cut-in-header", "cut-before-type", "cut-between-parts", "cut-in-part")
_LARGEST = 0xFFFFFFFF
_LABEL = "mms2"  # the first label of the other host


class Deviations:
    """The switches of one MMSC. `heard(name)` is called whenever one of them has changed a PDU.

    `turn` counts cut answers and shuffled headers: each is cut, or shuffled, in another way than the one before.
    """

    def __init__(self, heard=lambda name: None):
        self.heard = heard
        self.turn = 0
        self._left = {}

    def switch(self, name, times=None):
        """Let the MMSC deviate so many times, or always. Raises KeyError for a name that is none of NAMES."""
        if name not in NAMES:
            raise KeyError(name)
        self._left[name] = times

    def meets(self, name):
        """Whether the switch is on; it is then used once."""
        if name not in self._left:
            return False
        left = self._left[name]
        if left is not None:
            self._left[name] = left - 1
            if left <= 1:
                del self._left[name]
        self.heard(name)
        return True

    def ordered(self, fields):
        """The fields of a PDU in the order in which they go out."""
        head = [field for field in fields if field[0] in (mm1.TRANSACTION_ID, mm1.VERSION)]
        last = [field for field in fields if field[0] == mm1.CONTENT_TYPE]
        free = [field for field in fields if field not in head and field not in last]
        if len(free) < 2 or not self.meets("shuffled-headers"):
            return fields
        self.turn += 1
        start = 1 + self.turn % (len(free) - 1)
        free = free[start:] + free[:start]
        if self.turn % 2:
            free.reverse()
        return head + free + last

    def size(self, octets):
        """The Message-Size that a notification tells of a message of so many octets, or None for none."""
        if self.meets("no-size"):
            return None
        if self.meets("huge-size"):
            return _LARGEST
        if self.meets("double-size"):
            return octets * 2
        return octets // 2 if self.meets("half-size") else octets

    def url(self, url):
        """The URL of a Content-Location up to /m/..."""
        return other_host(url) if self.meets("other-host") else url

    def cut(self, octets):
        """(octets of an M-Retrieve.conf as they are sent, the Content-Length in front of them or None: without one)."""
        served = octets
        for name in _CUTS:
            if name in self._left:
                places = _PLACES[name](octets)
                if places and self.meets(name):
                    self.turn += 1
                    served = octets[: places[self.turn % len(places)]]
                    break
        if self.meets("no-length"):
            return served, None
        early = len(served) < len(octets) and self.meets("cut-by-close")
        return served, len(octets) if early else len(served)


def other_host(url):
    """The same URL on another host under the same domain, or the URL itself when its host has no domain."""
    start = url.find("://") + 3
    dot = url.find(".", start)
    return url if dot < 0 else url[:start] + _LABEL + url[dot:]


def _type_at(pdu):
    for number, _, offset in pdu.fields:
        if number == mm1.CONTENT_TYPE:
            return offset


def _in_header(octets):
    pdu = mm1.parse(octets)
    end = _type_at(pdu)
    starts = [offset for _, _, offset in pdu.fields if 2 <= offset < end]
    return sorted(starts + [start + 1 for start in starts] + [end + 1, (end + pdu.body) // 2 + 1])


def _before_type(octets):
    return [_type_at(mm1.parse(octets))]


def _between_parts(octets):
    return [start for start, _, _ in _parts(octets)]


def _in_part(octets):
    """The middle of the headers and of the data of each part."""
    places = []
    for start, data, end in _parts(octets):
        places += [(start + data) // 2, (data + end) // 2]
    return [place for place in places if place < len(octets)]


def _parts(octets):
    """(start, start of the data, end) of each part, as offsets; a body that is no multipart is one part."""
    pdu = mm1.parse(octets)
    if "multipart" not in pdu.get(mm1.CONTENT_TYPE).media:
        return [(pdu.body, pdu.body, len(octets))]
    count, at = _uintvar(octets, pdu.body)
    found = []
    for _ in range(count):
        start = at
        headers, at = _uintvar(octets, at)
        data, at = _uintvar(octets, at)
        found.append((start, at + headers, at + headers + data))
        at += headers + data
    return found


def _uintvar(octets, at):
    """A number of seven bits an octet (WAP-230-WSP 8.1.2), and where it ends."""
    value = 0
    while octets[at] & 0x80:
        value = value << 7 | octets[at] & 0x7F
        at += 1
    return value << 7 | octets[at], at + 1


_PLACES = {
    "cut-in-header": _in_header,
    "cut-before-type": _before_type,
    "cut-between-parts": _between_parts,
    "cut-in-part": _in_part,
}
