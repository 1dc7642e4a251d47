"""PDUs, pushes and short messages as Wireshark shows them: a pcapng file, written by tools/journey/trace.py."""

import binascii

from mms.codec import mm1, push, segments
from mms.errors import PduError
from tools.journey.trace import Trace
from tools.pdu.sms import without_centre

_NUMBER = "+447700900000"  # the sender of a push
_TIME = 1700000000
_REQUESTS = (
    mm1.SEND_REQ,
    mm1.NOTIFYRESP_IND,
    mm1.ACKNOWLEDGE_IND,
    mm1.READ_REC_IND,
    mm1.FORWARD_REQ,
    mm1.MBOX_STORE_REQ,
    mm1.MBOX_VIEW_REQ,
    mm1.MBOX_UPLOAD_REQ,
    mm1.MBOX_DELETE_REQ,
    mm1.DELETE_REQ,
    mm1.CANCEL_CONF,
)


class Capture:
    """Writes to the file `path`; each file's packets have its name as their comment."""

    def __init__(self, path):
        self._trace = Trace(path)
        self._number = 0

    def add(self, name, octets):
        """A PDU, as one goes through HTTP; a push in short messages; raises PduError when it is too long for them."""
        if octets[1:2] in (b"\x06", b"\x07"):
            self._number += 1
            for segment in segments.deliver(_NUMBER, octets, push.PORTS, self._number & 0xFF, _TIME):
                self._trace.sms(name, True, segment)
        else:
            self._http(name, octets)

    def add_lines(self, name, lines):
        """Short messages, each a TPDU in hexadecimal on a line of its own; raises PduError."""
        for number, line in enumerate(lines):
            line = line.strip()
            if not line or line.startswith("#"):
                continue
            try:
                to_handset, octets = without_centre(binascii.unhexlify(line))
            except binascii.Error:
                raise PduError(0, "line %d is not hexadecimal" % (number + 1))
            self._trace.sms(name, to_handset, octets)

    def close(self):
        """Finish the file."""
        self._trace.close()

    def _http(self, name, octets):
        self._number += 1
        request = octets[1:2] and octets[1] in _REQUESTS
        about = "Content-Type: %s\r\nContent-Length: %d\r\n\r\n" % (mm1.MEDIA, len(octets))
        self._trace.opened(name, self._number, "10.0.0.1", 80)
        if request:
            self._trace.tcp(name, self._number, True, b"POST / HTTP/1.1\r\nHost: mmsc\r\n" + about.encode() + octets)
        else:
            self._trace.tcp(name, self._number, True, b"GET / HTTP/1.1\r\nHost: mmsc\r\n\r\n")
            self._trace.tcp(name, self._number, False, b"HTTP/1.1 200 OK\r\n" + about.encode() + octets)
        self._trace.closed(name, self._number)
