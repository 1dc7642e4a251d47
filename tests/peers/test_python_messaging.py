"""python-messaging, a decoder by others, reads what tools.pdu encodes: the types, headers and parts that it knows.

It is under the GPL: a program to compare with, of which nothing is taken.
"""

import array
import datetime
import logging
import time

import pytest

from tests.kit.peers.generated import Maker
from tools.pdu.encode import encode

EACH = 60
TYPES = ("M-Send.req", "M-Send.conf", "M-Notification.ind", "M-NotifyResp.ind")
TYPES += ("M-Retrieve.conf", "M-Acknowledge.ind", "M-Delivery.ind")
HEADERS = ("Date", "From", "To", "Cc", "Bcc", "Subject", "X-Mms-Message-Class", "X-Mms-Priority", "X-Mms-Expiry")
HEADERS += ("X-Mms-Delivery-Report", "X-Mms-Report-Allowed", "X-Mms-Sender-Visibility", "X-Mms-Message-Size")
HEADERS += ("X-Mms-Content-Location", "X-Mms-Response-Text", "Message-ID")
TEXTS = ("hello", "Gr\u00fc\u00dfe", "x" * 90, "=?utf-8?q?x?=")  # it leaves the quote before others in
TOKENS = {  # those of MMS 1.0
    "X-Mms-Status": ("expired", "retrieved", "rejected", "deferred", "unrecognised"),
    "X-Mms-Response-Status": ("ok", "unspecified", "service-denied", "message-not-found", "unsupported-message"),
}
CALLED = {"X-Mms-Read-Report": "Read-Reply", "X-Mms-MMS-Version": "MMS-Version"}


@pytest.fixture
def messaging(monkeypatch):
    message = pytest.importorskip("messaging.mms.message", reason="needs python-messaging")
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    logging.disable()
    yield message.MMSMessage
    logging.disable(logging.NOTSET)


def told(value):
    """A value of ours as python-messaging tells it."""
    if isinstance(value, dict):
        ((form, seconds),) = value.items()
        return date(seconds) if form == "absolute" else seconds
    return "<not inserted>" if value is None else value


def date(seconds):
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).replace(tzinfo=None)


def same(name, ours, theirs):
    """Whether a header's value is the same in both."""
    if name == "Date":
        return theirs == date(ours)
    if name in ("X-Mms-Message-Class", "X-Mms-Priority", "X-Mms-Sender-Visibility", *TOKENS):
        return theirs.lower().removeprefix("error-") == ours
    return theirs == told(ours)


@pytest.mark.parametrize("pdu", TYPES)
def test_python_messaging_reads_what_is_encoded(pdu, messaging):
    maker = Maker(pdu, HEADERS, TEXTS, TOKENS)
    for _ in range(EACH):
        spec = maker.spec(pdu)
        found = messaging.from_data(array.array("B", encode(spec)))
        assert found.headers["Message-Type"] == pdu.lower().replace(".", "-")
        for header in spec["headers"]:
            name = header["name"]
            if name == "Content-Type":
                assert found.headers[name][0] == header["value"]["type"]
            else:
                theirs = found.headers[CALLED.get(name, name.removeprefix("X-Mms-"))]
                assert same(name, header["value"], theirs), (name, header["value"], theirs)
        parts = [(part.content_type, bytes(part.data)) for part in found.data_parts]
        wanted = [(part["type"], data(part)) for part in spec["parts"] if "parts" not in part]
        assert [part for part in parts if "multipart" not in part[0]] == wanted


def data(part):
    return part["text"].encode() if "text" in part else bytes.fromhex(part["raw"])
