"""Short messages from lines of hexadecimal TPDUs, put together. Runs on MicroPython, too."""

import binascii
import io
from collections import OrderedDict

from mms.codec import charset, segments, tpdu
from mms.errors import PduError
from tools.pdu.decode import decode, empty
from tools.pdu.segments import Reassembler

_SUBMIT = 0x01
_TYPE = 0x03


def objects(lines, file, taker=None):
    """Yield an object for each whole message in `lines` (text); raises PduError, with an offset in its TPDU."""
    together = Reassembler()
    waiting = OrderedDict()  # the segments of each message that is not whole, by its key
    for number, line in enumerate(lines):
        line = line.strip()
        if not line or line[0] == "#":
            continue
        try:
            octets = binascii.unhexlify(line)
        except ValueError:
            raise PduError(0, "line %d is not hexadecimal" % (number + 1))
        kind, short = _parsed(without_centre(octets)[1])
        if isinstance(short, tpdu.StatusReport):
            yield _report(short, file)
            continue
        whole = together.add(short)
        key = short.concat and (short.originator,) + short.concat[:3]
        waiting[key] = waiting.get(key, 0) + 1
        if whole is not None:
            yield _message(kind, short, whole, waiting.pop(key), file, taker)
    for key, known in waiting.items():
        raise PduError(0, "%d of %d segments from %s" % (known, key[3], key[0]))


def without_centre(octets):
    """(whether it goes to the handset, the TPDU) of a line's octets, with or without the SMS centre's address.

    A reading that takes all octets, and needs them, comes before one that does not. Raises PduError.
    """
    readings = []
    length = octets[0] if octets else 0
    if length == 0 or 2 <= length <= 11 and len(octets) > length + 1 and octets[1] & 0x80:
        readings.append(octets[1 + length :])
    readings.append(octets)
    good = None
    for reading in readings:
        try:
            _parsed(reading)
        except PduError as error:
            fault = error
            continue
        good = good or reading
        try:
            _parsed(reading[:-1])
        except PduError:
            good = reading
            break
    if good is None:
        raise fault
    return not _submitted(good), good


def _submitted(octets):
    return octets[:1] != b"" and octets[0] & _TYPE == _SUBMIT


def _parsed(octets):
    """("SMS-SUBMIT" or "SMS-DELIVER", Deliver), or (_, StatusReport)."""
    if not _submitted(octets):
        return "SMS-DELIVER", tpdu.parse(octets)
    short = segments.parse_submit(octets)
    data = (short.ports, short.concat, short.data, short.text)
    return "SMS-SUBMIT", tpdu.Deliver(short.recipient, short.pid, short.dcs, None, *data)


def _report(report, file):
    found = empty(file, "SMS-STATUS-REPORT")
    told = found["sms"] = OrderedDict([("type", "SMS-STATUS-REPORT"), ("address", report.recipient)])
    told["reference"] = report.reference
    told["status"] = report.status
    told["time"] = report.time
    told["done"] = report.done
    return found


def _message(kind, short, whole, segments, file, taker):
    if short.text is None:
        found = decode(io.BytesIO(whole), file, taker)
    else:
        found = empty(file, kind)
    told = found["sms"] = OrderedDict([("type", kind), ("address", short.originator)])
    told["time"] = short.time
    told["ports"] = short.ports
    told["segments"] = segments
    if short.text is not None:
        told["text"] = charset.decode(whole, charset.UTF_16BE)
    return found
