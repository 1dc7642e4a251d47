"""How long the codec takes, on the interpreter that runs this: prints `name microseconds octets` a line.

tools/bench/__main__.py starts it, on CPython and inside MicroPython.
"""

import gc
import io
import time

from mms.codec import mm1, multipart
from tools.bench import declaration
from tools.pdu.decode import decode

BATCHES = 5
NOTIFICATION = (
    b"\x8c\x82\x98T1\0\x8d\x92\x89\x15\x80+15550100/TYPE=PLMN\0\x8a\x80\x8e\x02\x78\0\x88\x05\x81\x03\x02\xa3\0"
    b"\x83http://mmsc.example/m?id=T1\0"
)
PICTURE = 100000
MIXED = "application/vnd.wap.multipart.mixed"


def retrieval(octets=PICTURE):
    """An M-Retrieve.conf with a picture of so many octets."""
    fields = [
        (mm1.TRANSACTION_ID, "T1"),
        (mm1.VERSION, mm1.VERSION_1_2),
        (mm1.MESSAGE_ID, "M1"),
        (mm1.DATE, 1700000000),
        (mm1.FROM, "+447700900001/TYPE=PLMN"),
        (mm1.TO, "+447700900002/TYPE=PLMN"),
        (mm1.SUBJECT, "A picture"),
        (mm1.CONTENT_TYPE, mm1.ContentType(MIXED, [])),
    ]
    entry = multipart.entry("image/jpeg", octets, [("name", "p.jpg")], "p", "p.jpg")
    block = bytes(range(250))
    return mm1.build(mm1.RETRIEVE_CONF, fields) + multipart.count(1) + entry + block * (octets // len(block))


def _now():
    return time.time_ns() // 1000


def microseconds(verb, times):
    """The shortest mean time of `verb()` over batches of so many `times`."""
    best = None
    for _ in range(BATCHES):
        gc.collect()
        start = _now()
        for _ in range(times):
            verb()
        mean = (_now() - start) / times
        best = mean if best is None else min(best, mean)
    return best


def parse_whole(octets):
    """Headers and parts of a PDU, all octets of which are handed out."""
    pdu = mm1.parse(octets)
    parts = multipart.Parser()
    taken = 0
    for what, item in parts.feed(memoryview(octets)[pdu.body :]):
        if what == multipart.DATA:
            taken += len(bytes(item))
    parts.close()
    return taken


def main():
    """Time everything."""
    fields = [(number, value) for number, value, _ in mm1.parse(NOTIFICATION).fields[1:]]
    large = retrieval()
    for name, verb, times, octets in (
        ("declared-notification", lambda: declaration.HEADERS.parse(NOTIFICATION), 500, len(NOTIFICATION)),
        ("parse-notification", lambda: mm1.parse(NOTIFICATION), 500, len(NOTIFICATION)),
        ("build-notification", lambda: mm1.build(mm1.NOTIFICATION_IND, fields), 500, len(NOTIFICATION)),
        ("parse-retrieval", lambda: parse_whole(large), 20, len(large)),
        ("decode-retrieval", lambda: decode(io.BytesIO(large), "", None, 16384), 10, len(large)),
    ):
        print("%s %.2f %d" % (name, microseconds(verb, times), octets))


if __name__ == "__main__":
    main()
