"""The worst mails: each is a message or a refusal, soon."""

import time

import pytest

from tests.kit.mm3.messages import DATE, DOMAIN, YOU
from tools.lab.network.mm3 import machine

SECONDS = 3  # of the processor: the slowest takes a tenth of that here
HTML = b"Content-Type: text/html\r\n\r\n"
MIXED = b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n'
FIELDS = (
    "To", "From", "Subject", "Date", "Message-ID", "Auto-Submitted", "Content-Type", "Content-Disposition",
    "Content-Transfer-Encoding", "Disposition-Notification-To", "Resent-Date", "Received",
)  # fmt: skip
PIECES = (b"(", b"[", b'"<', b"a@b, ", b"=?utf-8?q?=41?= ", b"a*0*=b; ", b"\xff", b";")
BODIES = {
    "parts": b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n' + b"--b\r\n\r\nx\r\n" * 1900,
    "parts with fields": b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
    + (b"--b\r\nContent-Type: image/gif; " + b"a*0*=b; " * 110 + b"\r\n\r\nGIF89a\r\n") * 30,
    "too many parts": b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n' + b"--b\r\n\r\nx\r\n" * 30000,
    "nested": b"".join(MIXED % (at, at) for at in range(6000)),
    "mails in mails": b"Content-Type: message/rfc822\r\n\r\n" * 12000,
    "brackets": HTML + b"<br" * 130000,
    "deep": HTML + b"<div>" * 80000,
    "tables": HTML + b"<table><tr><td>" * 26000,
    "formatted": HTML + b"<b><i><a>" * 45000,
    "attributes": HTML + b"<a " + b" a=b" * 90000,
    "entities": HTML + b"&amp" * 90000,
    "spaces": HTML + b" \n" * 200000,
    "comments": HTML + b"<!--" * 100000,
    "flowed": b"Content-Type: text/plain; format=flowed\r\n\r\n" + b"a \r\n" * 50000,
    "base64": b"Content-Transfer-Encoding: base64\r\n\r\n" + b"=" * 400000,
    "names": b"Content-Type: image/gif; " + b"".join(b"name*%d*=a; " % at for at in range(600)) + b"\r\n\r\nGIF89a",
    "reports": b"Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
    + b"Action: failed\r\n\r\n" * 6000,
}


def read(octets):
    start = time.process_time()
    arrival = machine.read(octets, YOU, DOMAIN, DATE)
    took = time.process_time() - start
    assert took < SECONDS
    assert arrival.refusal[:4] in ("554 ", "550 ") or arrival.envelope or arrival.told is not None
    return arrival


@pytest.mark.parametrize("name", BODIES)
def test_the_worst_bodies_are_read_or_refused_soon(name):
    read(b"From: you@mail.example\r\n" + BODIES[name])


@pytest.mark.parametrize("field", FIELDS)
def test_the_worst_fields_are_read_or_refused_soon(field):
    for piece in PIECES:
        for start in (b"", b"<"):
            octets = 990 if field.startswith("Content") else 7900
            value = start + piece * (octets // len(piece) - len(start))
            read(b"%s: %s\r\nFrom: you@mail.example\r\n\r\nhello" % (field.encode(), value))
