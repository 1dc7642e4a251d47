"""The MMSC without its lines: MM1 towards handsets (OMA-TS-MMS_ENC, clause 6).

Time is the caller's, in milliseconds: call `advance` whenever `due` has come. Like real ones it
never removes duplicates: a submission that comes twice is two messages.
"""

import binascii
import hashlib

from mms import limits
from mms.codec import mm1, multipart, push
from mms.errors import PduError
from tools.lab import services

# Response-Status, and the words of MMS 1.0 for the same
OK, DENIED, CORRUPT, UNRESOLVED, NOT_ACCEPTED = 0x80, 0xE1, 0xE2, 0xE3, 0xE5
UNSUPPORTED = 0x88
_OF_1_0 = {DENIED: 0x82, CORRUPT: 0x83, UNRESOLVED: 0x84, NOT_ACCEPTED: 0x87, 0xE0: 0x81}

# Retrieve-Status
_DENIED, _NOT_FOUND = 0xE1, 0xE2

_INDETERMINATE = 0x85  # a Status: nobody can tell what became of the message
_HIDE = 0x80

_KEPT = (mm1.SUBJECT, mm1.MESSAGE_CLASS, mm1.PRIORITY, mm1.DELIVERY_REPORT, mm1.READ_REPORT)


class Answer:
    """What goes back over HTTP: `status`, `media` and `octets`."""

    def __init__(self, octets=b"", status=200, media=mm1.MEDIA):
        self.octets, self.status, self.media = octets, status, media


class _Refused(Exception):
    def __init__(self, status, text):
        super().__init__(text)
        self.status, self.text = status, text


class _Message:
    def __init__(self, key, sender, pdu, date, recipients):
        self.key, self.sender, self.date = key, sender, date
        self.pdu, self.recipients = pdu, recipients
        self.report = pdu.get(mm1.DELIVERY_REPORT, False)


class _Delivery:
    def __init__(self, key, message, recipient, when, expires):
        self.key, self.message, self.recipient = key, message, recipient
        self.when, self.expires = when, expires
        self.attempts = 0
        self.octets = 0


class Relay:
    """One operator's MMSC.

    `journal(entry)` is told what happens, each a dict with `event`, `ms` and `date`;
    `push(number, octets)` hands a WAP push to the SMS centre; `bodies` keeps what was submitted, by
    message id, from the Content-Type on; `subscribers` says by `in` who is ours; `url` stands before
    /m/... in a Content-Location; `epoch` is the date at millisecond 0, in seconds since 1970.
    """

    def __init__(self, journal, push, bodies, subscribers, url, epoch, seed=b"", octets=307200,
                 delay_ms=300, renotify_ms=300000, validity_ms=259200000, version=0x12):  # fmt: skip
        self._journal, self._push, self._bodies = journal, push, bodies
        self._subscribers, self._url, self._epoch = subscribers, url, epoch
        self._seed, self._octets, self._delay_ms = seed, octets, delay_ms
        self._renotify_ms, self._validity_ms, self._version = renotify_ms, validity_ms, version
        self._deliveries = []
        self._sent = {}
        self._faults = []
        self._count = 0

    def drop_the_next_answer(self):
        """A fault: the next submission is taken, and its confirmation lost."""
        self._faults.append((None, None))

    def refuse_the_next(self, status):
        """A fault: the next submission is refused with this Response-Status."""
        self._faults.append((status, None))

    def answer_the_next(self, answer):
        """A fault: the next submission is not taken; `answer` goes back, be it HTML or a 503."""
        self._faults.append((None, answer))

    def post(self, number, octets, now):
        """Take a PDU from the subscriber `number` (None: unknown): an Answer, or None for none."""
        try:
            pdu = mm1.parse(octets)
        except PduError as error:
            self._say("rejected", now, sender=number, what=str(error))
            return Answer(b"no MMS PDU\n", 400, "text/plain")
        if pdu.type == mm1.SEND_REQ:
            return self._submission(number, pdu, octets, now)
        if pdu.type == mm1.NOTIFYRESP_IND:
            self._notifyresp(number, pdu, now)
        elif pdu.type == mm1.ACKNOWLEDGE_IND:
            self._acknowledge(number, pdu, now)
        elif pdu.type == mm1.READ_REC_IND:
            services.read(self, number, pdu, now)
        elif pdu.type == services.CANCEL_CONF:
            services.cancelled(self, number, pdu, now)
        elif pdu.type == services.FORWARD_REQ:
            return Answer(services.forward(self, number, pdu, now))
        else:
            self._say("rejected", now, sender=number, what="type %02X" % pdu.type)
            return Answer(b"not a PDU for an MMSC\n", 400, "text/plain")
        return Answer()

    def get(self, number, path, now):
        """The message at `path` for the subscriber `number`: an Answer with an M-Retrieve.conf."""
        if not path.startswith("/m/"):
            return Answer(b"nothing here\n", 404, "text/plain")
        delivery = self._find(path[3:])
        if delivery is None:
            return self._no_message(_NOT_FOUND, "Message not found", now)
        if delivery.recipient != number:
            return self._no_message(_DENIED, "Not your message", now)
        octets = self._retrieval(delivery)
        self._say("retrieved", now, message_id=delivery.message.key, recipient=number,
                  tid=_retrieval_id(delivery), octets=len(octets))  # fmt: skip
        return Answer(octets)

    def cancel(self, key, now):
        """Ask all who got the message with that id to delete it."""
        services.cancel(self, key, now)

    @property
    def due(self):
        """The milliseconds at which `advance` has something to do, or None."""
        moments = [_next(delivery) for delivery in self._deliveries]
        return min(moments) if moments else None

    def advance(self, now):
        """Send every notification that is due at `now`, and give up what expired."""
        for delivery in list(self._deliveries):
            if delivery.expires <= now:
                self._end(delivery, mm1.EXPIRED, now)
            elif delivery.when is not None and delivery.when <= now:
                self._notify(delivery, now)

    def _submission(self, number, pdu, octets, now):
        tid = pdu.get(mm1.TRANSACTION_ID)
        status, answer = self._faults.pop(0) if self._faults else (OK, None)
        if answer:
            self._say("failed", now, sender=number, tid=tid, status=answer.status)
            return answer
        fields = [(mm1.TRANSACTION_ID, tid), (mm1.VERSION, self._spoken(pdu))]
        try:
            if status not in (OK, None):
                raise _Refused(status, "refused for a test")
            key = self._accept(number, pdu, octets, now)
        except _Refused as refusal:
            code = refusal.status
            if fields[1][1] == 0x10:
                code = _OF_1_0.get(code, code)
            self._say("refused", now, sender=number, tid=tid, status=code, what=refusal.text)
            fields += [(mm1.RESPONSE_STATUS, code), (mm1.RESPONSE_TEXT, refusal.text)]
            return Answer(mm1.build(mm1.SEND_CONF, fields))
        if status is None:
            self._say("dropped", now, sender=number, tid=tid, message_id=key)
            return None
        fields += [(mm1.RESPONSE_STATUS, OK), (mm1.MESSAGE_ID, key)]
        return Answer(mm1.build(mm1.SEND_CONF, fields))

    def _accept(self, number, pdu, octets, now):
        """Take one submission: its message id. Raises _Refused."""
        if pdu.get(mm1.VERSION, 0x10) >> 4 != 1:
            raise _Refused(UNSUPPORTED, "Unsupported version")
        sender = pdu.get(mm1.FROM)
        if number is None or sender is not None and mm1.number(sender) != number:
            raise _Refused(UNRESOLVED, "Sending address unresolved")
        if len(octets) > self._octets:
            raise _Refused(NOT_ACCEPTED, "Message of over %d octets" % self._octets)
        recipients = _recipients(pdu)
        parts = _parts(pdu, octets)
        key = self._key()
        self._bodies[key] = bytes(octets[_content_type(pdu) :])
        self._say("submitted", now, sender=number, to=recipients, message_id=key,
                  tid=pdu.get(mm1.TRANSACTION_ID), octets=len(octets),
                  sha256=_sha256(octets[pdu.body :]), pdu_sha256=_sha256(octets),
                  parts=parts)  # fmt: skip
        self._begin(key, number, pdu, recipients, now + self._validity(pdu, now), now)
        return key

    def _begin(self, key, sender, pdu, recipients, expires, now):
        message = self._sent[key] = _Message(key, sender, pdu, self._date(now), recipients)
        for recipient in recipients:
            self._route(message, recipient, now, expires)

    def _route(self, message, recipient, now, expires):
        when = now + max(self._delay_ms, services.delay_ms(message))
        delivery = _Delivery(self._key(), message, recipient, when, expires)
        delivery.octets = len(self._retrieval(delivery))
        self._deliveries.append(delivery)
        if recipient not in self._subscribers:
            self._end(delivery, _INDETERMINATE, now)

    def _notify(self, delivery, now):
        delivery.attempts += 1
        delivery.when = now + self._renotify_ms
        pdu = delivery.message.pdu
        fields = [(mm1.TRANSACTION_ID, delivery.key), (mm1.VERSION, self._version)]
        fields += self._from(delivery.message)
        fields += [(n, pdu.get(n)) for n in (mm1.SUBJECT,) if pdu.has(n)]
        fields += [
            (mm1.MESSAGE_CLASS, pdu.get(mm1.MESSAGE_CLASS, mm1.PERSONAL)),
            (mm1.MESSAGE_SIZE, delivery.octets),
            (mm1.EXPIRY, ("relative", (delivery.expires - now) // 1000)),
            (mm1.CONTENT_LOCATION, "%s/m/%s" % (self._url, delivery.key)),
        ]
        self._say("notified", now, message_id=delivery.message.key, tid=delivery.key,
                  recipient=delivery.recipient, attempt=delivery.attempts)  # fmt: skip
        self._send(delivery.recipient, mm1.build(mm1.NOTIFICATION_IND, fields))

    def _retrieval(self, delivery):
        """The M-Retrieve.conf, with the body octet for octet as it was submitted."""
        message, pdu = delivery.message, delivery.message.pdu
        fields = [(mm1.TRANSACTION_ID, _retrieval_id(delivery)), (mm1.VERSION, self._version)]
        fields += [(mm1.MESSAGE_ID, message.key), (mm1.DATE, message.date)]
        fields += self._from(message)
        fields += [(mm1.TO, address) for address in pdu.all(mm1.TO)]
        fields += [(mm1.CC, address) for address in pdu.all(mm1.CC)]
        fields += [(number, pdu.get(number)) for number in _KEPT if pdu.has(number)]
        fields += services.previously(pdu)
        fields += [(mm1.RETRIEVE_STATUS, mm1.OK)]
        return mm1.build(mm1.RETRIEVE_CONF, fields) + self._bodies[message.key]

    def _no_message(self, status, text, now):
        """What MMSCs answer when there is nothing to retrieve: a PDU whose body is a sentence."""
        fields = [
            (mm1.VERSION, self._version),
            (mm1.DATE, self._date(now)),
            (mm1.RETRIEVE_STATUS, status),
            (mm1.RETRIEVE_TEXT, text),
            (mm1.CONTENT_TYPE, mm1.ContentType("text/plain", [])),
        ]
        self._say("missed", now, status=status)
        return Answer(mm1.build(mm1.RETRIEVE_CONF, fields) + text.encode())

    def _notifyresp(self, number, pdu, now):
        tid, status = pdu.get(mm1.TRANSACTION_ID), pdu.get(mm1.STATUS)
        delivery = self._answered(tid, number)
        event = "notifyresp" if delivery else "stray"
        self._say(event, now, sender=number, tid=tid, status=status)
        if delivery and status == mm1.DEFERRED:
            delivery.when = None
        elif delivery:
            self._end(delivery, status, now, pdu.get(mm1.REPORT_ALLOWED, True))

    def _acknowledge(self, number, pdu, now):
        tid = pdu.get(mm1.TRANSACTION_ID)
        delivery = self._answered(tid[1:], number) if tid.startswith("r") else None
        self._say("acknowledged" if delivery else "stray", now, sender=number, tid=tid)
        if delivery:
            self._end(delivery, mm1.RETRIEVED, now, pdu.get(mm1.REPORT_ALLOWED, True))

    def _end(self, delivery, status, now, report_allowed=True):
        """Nothing more is to be done for this recipient but telling the sender, where he asked."""
        self._deliveries.remove(delivery)
        message = delivery.message
        event = "delivered" if status == mm1.RETRIEVED else "undelivered"
        self._say(event, now, message_id=message.key, recipient=delivery.recipient,
                  tid=delivery.key, status=status)  # fmt: skip
        if not message.report or not report_allowed:
            return
        fields = [
            (mm1.VERSION, self._version),
            (mm1.MESSAGE_ID, message.key),
            (mm1.TO, mm1.address(delivery.recipient)),
            (mm1.DATE, self._date(now)),
            (mm1.STATUS, status),
        ]
        self._say("reported", now, message_id=message.key, recipient=delivery.recipient,
                  status=status)  # fmt: skip
        self._send(message.sender, mm1.build(mm1.DELIVERY_IND, fields))

    def _send(self, number, pdu):
        self._count += 1
        self._push(number, push.build(self._count & 0xFF, mm1.MEDIA, pdu))

    def _from(self, message):
        if message.pdu.get(mm1.SENDER_VISIBILITY) == _HIDE:
            return []
        return [(mm1.FROM, mm1.address(message.sender))]

    def _spoken(self, pdu):
        """The version of an answer: the client's, as far as we know it."""
        return min(pdu.get(mm1.VERSION, 0x10), self._version)

    def _validity(self, pdu, now):
        """Milliseconds until a submission expires: what it asks for, within our own bound."""
        if not pdu.has(mm1.EXPIRY):
            return self._validity_ms
        form, seconds = pdu.get(mm1.EXPIRY)
        if form == "absolute":
            seconds = max(0, seconds - self._date(now))
        return min(self._validity_ms, seconds * 1000)

    def _find(self, key):
        for delivery in self._deliveries:
            if delivery.key == key:
                return delivery
        return None

    def _answered(self, key, number):
        """The delivery of that key, if it goes to who answers."""
        delivery = self._find(key)
        return delivery if delivery and delivery.recipient == number else None

    def _key(self):
        """An id that nobody can guess who does not know the seed."""
        self._count += 1
        return _sha256(self._seed + b" %d" % self._count)[:24]

    def _date(self, now):
        return self._epoch + now // 1000

    def _say(self, event, now, **entry):
        entry["event"], entry["ms"], entry["date"] = event, now, self._date(now)
        self._journal(entry)


def _next(delivery):
    if delivery.when is None:
        return delivery.expires
    return min(delivery.when, delivery.expires)


def _retrieval_id(delivery):
    """The transaction of M-Retrieve.conf and M-Acknowledge.ind is not that of the notification."""
    return "r" + delivery.key


def _recipients(pdu):
    """The numbers and addresses that a submission goes to, each once. Raises _Refused."""
    addresses = pdu.all(mm1.TO) + pdu.all(mm1.CC) + pdu.all(mm1.BCC)
    if not addresses:
        raise _Refused(CORRUPT, "No recipient")
    numbers = []
    for address in addresses:
        if "/TYPE=" not in address and "@" not in address:
            raise _Refused(UNRESOLVED, "Address without its type")
        if mm1.number(address) not in numbers:
            numbers.append(mm1.number(address))
    return numbers


def _parts(pdu, octets):
    """What the body holds, a dict a part, for the journal. Raises _Refused."""
    media = pdu.get(mm1.CONTENT_TYPE).media
    body = memoryview(octets)[pdu.body :]
    if "multipart" not in media:
        return [{"media": media, "octets": len(body), "sha256": _sha256(body)}]
    parts, digest = [], None
    parser = multipart.Parser()
    try:
        for start in range(0, len(body), limits.BLOCK):
            for event, value in parser.feed(body[start : start + limits.BLOCK]):
                if event == multipart.PART:
                    digest = hashlib.sha256()
                elif event == multipart.DATA:
                    digest.update(value)
                else:
                    parts.append(_entry(value, digest))
        parser.close()
    except PduError as error:
        raise _Refused(CORRUPT, str(error))
    return parts


def _entry(part, digest):
    return {
        "media": part.media,
        "name": part.name,
        "location": part.location,
        "content_id": part.content_id,
        "octets": part.octets,
        "sha256": _hex(digest.digest()),
    }


def _content_type(pdu):
    """Where the Content-Type field starts: from there on a message is passed untouched."""
    for number, _, offset in pdu.fields:
        if number == mm1.CONTENT_TYPE:
            return offset


def _sha256(octets):
    return _hex(hashlib.sha256(octets).digest())


def _hex(octets):
    return binascii.hexlify(octets).decode()
