"""Damaged mail never ends in another way than a message of MM4 or a refusal, and keeps no parser busy."""

import random
import time

import pytest

from mms.codec import mm1
from tests.kit.lab.mm4 import ALICE, CAROL, DAVE, O2, ORANGE, Network
from tools.lab.network.mm4 import reading
from tools.lab.network.mm4.messages import Malformed, NoMm4

HEAD = (
    "X-Mms-Message-Type: MM4_forward.REQ\r\nX-Mms-Transaction-ID: t\r\nX-Mms-Message-ID: m\r\n"
    "From: +447700900102/TYPE=PLMN\r\nTo: +447700900001/TYPE=PLMN\r\n"
)
MUTATIONS = 3000
PIECES = (
    b"\r\n", b"\r\n ", b"=?utf-8?b?//8=?=", b"=?x?q?a?=", b"\xff\xfe", b"\0", b"<", b">", b'"', b";", b",", b"(", b"@",
    b"*0*=utf-8'x'%ff", b"name*=x''%zz", b"charset=x", b"Content-Transfer-Encoding: x-uuencode\r\n", b"message/rfc822",
    b"99999999999999999999", b"-1", b"multipart/mixed; boundary=",
)  # fmt: skip


def mails():
    """Every kind of mail: a message with its response, and both reports with theirs."""
    network = Network({domain: {"system-party", "x-mms-addresses"} for domain in (O2, ORANGE)})
    network.send((mm1.DELIVERY_REPORT, True), (mm1.READ_REPORT, True), to=(CAROL, DAVE))
    network.run(5)
    _, retrieved, _ = network.retrieve(network.orange, CAROL)
    fields = [(mm1.VERSION, 0x12), (mm1.MESSAGE_ID, retrieved.get(mm1.MESSAGE_ID)), (mm1.TO, mm1.address(ALICE))]
    network.orange.post(CAROL, mm1.READ_REC_IND, *fields, (mm1.FROM, None), (mm1.READ_STATUS, 0x80))
    network.run(5)
    return [octets[:2500] for _, octets in network.mails]


def damage(octets, chance):
    octets = bytearray(octets)
    for _ in range(chance.randint(1, 6)):
        at, kind = chance.randrange(len(octets)), chance.randrange(4)
        if kind == 0:
            octets[at:at] = chance.choice(PIECES)
        elif kind == 1:
            octets[at] = chance.randrange(256)
        elif kind == 2:
            del octets[at : at + chance.randint(1, 30)]
        else:
            other = chance.randrange(len(octets))
            octets[at:at] = octets[other : other + chance.randint(1, 80)]
    return bytes(octets)


def test_damaged_mail_is_read_or_refused():
    chance, found = random.Random(13), {}
    seeds = mails()
    assert len(seeds) == 8
    for _ in range(MUTATIONS):
        octets = damage(chance.choice(seeds), chance)
        try:
            kind = type(reading.read(octets, 1043668800)).__name__
        except (NoMm4, Malformed, reading.Loop) as refusal:
            kind = type(refusal).__name__
        found[kind] = found.get(kind, 0) + 1
    assert {"Response", "Report", "NoMm4", "Malformed"} <= found.keys()
    assert found["Response"] + found["Report"] > MUTATIONS / 10, "most get past the first header"


def folded(text, count):
    text *= count // len(text)
    return "\r\n ".join(text[at : at + 900] for at in range(0, len(text), 900))


@pytest.mark.parametrize("name", ["To", "From", "Content-Type", "X-Mms-Previously-sent-by", "Subject"])
@pytest.mark.parametrize("text", [";", "@", "(", "a,", "=?utf-8?q?a?= "])
def test_a_header_of_half_a_megabyte_is_refused_unparsed(name, text):
    mail = (HEAD + "%s: %s\r\n\r\nhello" % (name, folded(text, 500000))).encode()
    before = time.thread_time()
    with pytest.raises(NoMm4, match="headers of over 65536 octets"):
        reading.read(mail, 0)
    parsed = time.thread_time()
    reading.read((HEAD + "\r\n" + "x\r\n" * 170000).encode(), 0)  # as many octets, in a body
    assert parsed - before < 3 * (time.thread_time() - parsed)


def test_a_hundred_recipients_fit_into_the_headers():
    numbers = ["+4477009%05d" % at for at in range(100)]
    to = ",\r\n ".join(number + "/TYPE=PLMN" for number in numbers)
    assert reading.read((HEAD.replace("+447700900001/TYPE=PLMN", to) + "\r\nx").encode(), 0).envelope.to == numbers


def test_parts_within_parts_without_end_are_refused():
    parts = "".join("--b%d\r\nContent-Type: multipart/mixed; boundary=b%d\r\n\r\n" % (at, at + 1) for at in range(4000))
    with pytest.raises((NoMm4, Malformed)):
        reading.read((HEAD + "Content-Type: multipart/mixed; boundary=b0\r\n\r\n" + parts).encode(), 0)
