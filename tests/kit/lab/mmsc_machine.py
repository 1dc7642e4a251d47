"""The MMSC as a machine without I/O."""

import binascii
import hashlib

from mms.codec import mm1, multipart, push
from tools.lab.calendar import Calendar
from tools.lab.network.mmsc.machine import Relay

ALICE, BOB, CAROL = "+447700900001", "+447700900002", "+447700900003"
EPOCH = 1043668800
URL = "http://mmsc.o2.example:8002"
RELATED = "application/vnd.wap.multipart.related"
TEXT, PICTURE = b"hello", bytes(range(256)) * 40


def sha256(octets):
    return binascii.hexlify(hashlib.sha256(octets).digest()).decode()


def body():
    parts = (("text/plain", TEXT, "t.txt"), ("image/jpeg", PICTURE, "p.jpg"))
    octets = multipart.count(len(parts))
    for media, data, name in parts:
        octets += multipart.entry(media, len(data), location=name) + data
    return octets


def submission(*fields, to=(BOB,), tid="t1", version=0x12, sender=None):
    head = [(mm1.TRANSACTION_ID, tid), (mm1.VERSION, version), (mm1.FROM, sender)]
    head += [(mm1.TO, mm1.address(number)) for number in to]
    head += list(fields) + [(mm1.CONTENT_TYPE, mm1.ContentType(RELATED, [("type", "text/plain")]))]
    return mm1.build(mm1.SEND_REQ, head) + body()


class Lab:
    """A relay, its journal and the pushes that it sent."""

    def __init__(self, **settings):
        self.journal, self.pushed, self.now = [], [], 0
        self.relay = Relay(self.journal.append, self._push, {}, (ALICE, BOB, CAROL), URL, Calendar(EPOCH), **settings)

    def send(self, *fields, **more):
        return self.post(ALICE, submission(*fields, **more))

    def post(self, number, octets):
        answer = self.relay.post(number, octets, self.now)
        if answer is None or not answer.octets or answer.media != mm1.MEDIA:
            return answer
        return mm1.parse(answer.octets)

    def answer(self, number, type, *fields):
        answer = self.post(number, mm1.build(type, fields))
        assert answer.status == 200 and not answer.octets

    def get(self, number, url):
        assert url.startswith(URL)
        answer = self.relay.get(number, url[len(URL) :], self.now)
        assert answer.status == 200 and answer.media == mm1.MEDIA
        return mm1.parse(answer.octets), answer.octets

    def run(self, seconds):
        """The PDUs pushed meanwhile, as (number, Pdu)."""
        before, end = len(self.pushed), self.now + seconds * 1000
        while self.relay.due is not None and self.relay.due <= end:
            self.now = max(self.now, self.relay.due)
            self.relay.advance(self.now)
        self.now = end
        return self.pushed[before:]

    def said(self, event):
        return [entry for entry in self.journal if entry["event"] == event]

    def _push(self, number, octets):
        whole = push.parse(octets)
        assert (whole.media, whole.application) == (mm1.MEDIA, 4)
        self.pushed.append((number, mm1.parse(octets[whole.body :])))
