"""assets/operators.bin is damaged: one clear line, texts still come, the message waits, and a whole file sends it."""

import binascii
import os
import sys

from mms import clock
from mms.handset import states
from tests.kit.handset.phone import MINUTE, Card, Phone, hello

with open("assets/operators.bin", "rb") as _file:
    WHOLE = _file.read()
FOLDER = "build/tests/damaged-operators"
HEADER, ROW, BLOCK, CONTENT = 32, 5, 512, 508  # as tools/operators.py writes them
ROWS = WHOLE[5] << 8 | WHOLE[6]
TEXT = WHOLE.find(b"wap.o2.co.uk")  # of a record for the network 234 10


def changed(at, octets, sealed=False):
    """The file with other octets; sealed: the block's CRC-32 fits them."""
    file = bytearray(WHOLE)
    for offset in range(len(octets)):
        file[at + offset] = octets[offset]
    if sealed:
        start = at // BLOCK * BLOCK
        crc = binascii.crc32(bytes(file[start : start + CONTENT]))
        file[start + CONTENT : start + BLOCK] = bytes([crc >> 24 & 255, crc >> 16 & 255, crc >> 8 & 255, crc & 255])
    return bytes(file)


def place(offset):
    """The place in the file of an offset into the content of its blocks."""
    return offset // CONTENT * BLOCK + offset % CONTENT


def write(octets):
    """Put a file of those octets where it is found first."""
    for folder in ("build", "build/tests", FOLDER, FOLDER + "/assets"):
        try:
            os.mkdir(folder)
        except OSError:
            pass  # it is there
    with open(FOLDER + "/assets/operators.bin", "wb") as file:
        file.write(octets)


DAMAGES = (
    ("no octet", b""),
    ("mark", changed(1, b"?")),
    ("mark, sealed", changed(1, b"?", True)),
    ("version, sealed", changed(4, b"\2", True)),
    ("more rows than octets, sealed", changed(5, b"\xff\xff", True)),
    ("shorter than its rows, sealed", changed(7, b"\0\x40", True)),
    ("checksum", changed(CONTENT, b"????")),
    ("a row of the index", changed(place(HEADER + ROWS // 2 * ROW), b"\xff")),
    ("all rows lead behind the end, sealed", None),
    ("a text", changed(TEXT, b"x")),
    ("a text that is no UTF-8, sealed", changed(TEXT, b"\xff\xfe", True)),
    ("cut in the header", WHOLE[:20]),
    ("cut in the index", WHOLE[: BLOCK + 100]),
    ("cut before the text", WHOLE[: TEXT // BLOCK * BLOCK]),
    ("cut in the text", WHOLE[: TEXT + 3]),
    ("one octet is missing", WHOLE[: TEXT // BLOCK * BLOCK + BLOCK - 1]),
)


def astray():
    """The file in which each row leads behind the end, with the checksums of its blocks right."""
    content = bytearray()
    for start in range(0, len(WHOLE), BLOCK):
        content.extend(WHOLE[start : start + CONTENT])
    for row in range(ROWS):
        content[HEADER + row * ROW + 3 : HEADER + row * ROW + 5] = b"\xff\xf0"
    file = b""
    for start in range(0, len(content), CONTENT):
        block = bytes(content[start : start + CONTENT])
        crc = binascii.crc32(block)
        file += block + bytes([crc >> 24 & 255, crc >> 16 & 255, crc >> 8 & 255, crc & 255])
    return file


def live(octets):
    """(state while the file is so, that after a whole one is there, the Phone) of a message."""

    class Sim(Card):
        home = "23410"

    async def story():
        id = await phone.handset.send(hello())
        await clock.sleep(5 * MINUTE)
        before = phone.handset.outbox.item(id).state
        write(WHOLE)
        if before == states.QUEUED:
            phone.handset.retry(id)
        await clock.sleep(5 * MINUTE)
        return before, phone.handset.outbox.item(id).state

    write(octets)
    phone = Phone(operators={})
    phone.modem.card = Sim
    sys.path.insert(0, FOLDER)
    try:
        return phone.live(story) + (phone,)
    finally:
        sys.path.remove(FOLDER)


def test_each_kind_of_damage_is_one_clear_line_and_the_message_goes_with_a_whole_file():
    for name, octets in DAMAGES:
        before, after, phone = live(astray() if octets is None else octets)
        assert (before, after) == (states.QUEUED, states.SENT), name
        told = phone.told("failed")
        assert {(event["step"], event["final"]) for event in told} == {("operators", False)}, (name, told)
        assert [event["id"] is None for event in told] == [True, False], "once at the start, and once of the message"
        assert "assets/operators.bin is damaged: copy it anew" in told[0]["text"] and "\n" not in told[0]["text"], name
        assert "add the operator to the settings" in told[0]["advice"], name
        assert "ready" in phone.names()  # texts and proposals come all the same


def test_a_whole_file_is_no_damage():
    before, _, phone = live(WHOLE)
    assert before == states.SENT and phone.told("failed") == []
