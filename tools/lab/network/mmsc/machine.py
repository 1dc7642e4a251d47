"""The MMSC without its lines: MM1 towards handsets (OMA-TS-MMS_ENC, clause 6).

Time is the caller's, in milliseconds: call `advance` whenever `due` has come. Like real ones it
never removes duplicates: a submission that comes twice is two messages.
"""

from mms.codec import mm1, push
from mms.errors import PduError
from tools.lab.network.mmsc import services, submissions
from tools.lab.network.mmsc.deviations import Deviations
from tools.lab.network.mmsc.submissions import CORRUPT, UNRESOLVED, Refused, sha256

# Response-Status, and the words of MMS 1.0 for the same
OK, DENIED, NOT_ACCEPTED = 0x80, 0xE1, 0xE5
UNSUPPORTED = 0x88
_OF_1_0 = {DENIED: 0x82, CORRUPT: 0x83, UNRESOLVED: 0x84, NOT_ACCEPTED: 0x87, 0xE0: 0x81}

# Retrieve-Status
_BUSY, _DENIED, _NOT_FOUND = 0xC0, 0xE1, 0xE2

_INDETERMINATE = 0x85  # a Status: the fate of the message is unknown
_HIDE = 0x80

_KEPT = (mm1.SUBJECT, mm1.MESSAGE_CLASS, mm1.PRIORITY, mm1.DELIVERY_REPORT, mm1.READ_REPORT)


class Answer:
    """A response over HTTP: `status`, `media` and `octets`, after which the connection ends.

    `length` is the Content-Length that is told, by default that of the octets; None: none is told.
    """

    def __init__(self, octets=b"", status=200, media=mm1.MEDIA, length=-1):
        self.octets, self.status, self.media = octets, status, media
        self.length = len(octets) if length == -1 else length

    @property
    def plain(self):
        """Whether the Content-Length is that of the octets."""
        return self.length == len(self.octets)


class _Message:
    def __init__(self, key, sender, pdu, date, recipients):
        self.key, self.sender, self.date = key, sender, date
        self.pdu, self.recipients = pdu, recipients
        self.report = pdu.get(mm1.DELIVERY_REPORT, False)


class _Delivery:
    def __init__(self, key, message, recipient, when, expires):
        self.key, self.message, self.recipient = key, message, recipient
        self.when, self.expires = when, expires
        self.attempts = self.octets = 0
        self.url = None  # of the Content-Location in each notification, up to /m/...
        self.had = []  # (octets, SHA-256) of the whole PDU at each request for it
        self.served = []  # the same of the octets that were sent


class Relay:
    """One operator's MMSC.

    `journal(entry)` is called with each event, a dict with `event`, `ms` and `date`;
    `push(number, octets)` hands a WAP push to the SMS centre; `bodies` keeps what was submitted, by
    message id, from the Content-Type on; `subscribers` has, by `in`, the operator's own numbers; `url` stands before
    /m/... in a Content-Location; `epoch` is the date at millisecond 0, in seconds since 1970.
    `octets` bounds a message.

    `deviations` are its switches; a journal entry names those that were met since the one before. A message is
    deleted when its recipient says that it was retrieved, when he rejects it or forwards it, and when it expires:
    then the entry has the octets that the MMSC `had`, and the ones that it `served`.
    """

    def __init__(self, journal, push, bodies, subscribers, url, epoch, seed=b"", octets=307200,
                 delay_ms=300, renotify_ms=300000, validity_ms=259200000, version=0x12):  # fmt: skip
        self._journal, self._push, self._bodies = journal, push, bodies
        self._subscribers, self._url, self._epoch = subscribers, url, epoch
        self._seed, self.octets, self._delay_ms = seed, octets, delay_ms
        self._renotify_ms, self._validity_ms, self._version = renotify_ms, validity_ms, version
        self._deliveries = []
        self._sent, self._faults = {}, []
        self._count = 0
        self._met = []
        self.deviations = Deviations(self._met.append)

    def drop_the_next_answer(self):
        """A fault: the next submission is accepted, and its confirmation lost."""
        self._faults.append((None, None))

    def refuse_the_next(self, status):
        """A fault: the next submission is refused with this Response-Status."""
        self._faults.append((status, None))

    def answer_the_next(self, answer):
        """A fault: the next submission is not accepted; `answer` is sent back, be it HTML or a 503."""
        self._faults.append((None, answer))

    def post(self, number, octets, now):
        """Handle a PDU from the subscriber `number` (None: unknown); returns an Answer, or None for none."""
        try:
            pdu = mm1.parse(octets)
        except PduError as error:
            self._log("rejected", now, sender=number, what=str(error))
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
            self._log("rejected", now, sender=number, what="type %02X" % pdu.type)
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
        if self.deviations.meets("http-404"):
            self._log("missed", now, status=404, tid=delivery.key)
            return Answer(b"nothing here\n", 404, "text/plain")
        if self.deviations.meets("not-found"):
            return self._no_message(_NOT_FOUND, "Message not found", now, delivery.key)
        if self.deviations.meets("busy"):
            return self._no_message(_BUSY, "Please try again later", now, delivery.key)
        octets = self._retrieval(delivery)
        served, length = self.deviations.cut(octets)
        _note(delivery.had, octets)
        _note(delivery.served, served)
        self._log("retrieved", now, message_id=delivery.message.key, recipient=number,
                  tid=_retrieval_id(delivery), octets=len(served))  # fmt: skip
        return Answer(served, length=length)

    def cancel(self, key, now):
        """Ask all recipients of the message with that id to delete it."""
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
            self._log("failed", now, sender=number, tid=tid, status=answer.status)
            return answer
        fields = [(mm1.TRANSACTION_ID, tid), (mm1.VERSION, self._client_version(pdu))]
        try:
            if status not in (OK, None):
                raise Refused(status, "refused for a test")
            key = self._accept(number, pdu, octets, now)
        except Refused as refusal:
            code = refusal.status
            if fields[1][1] == 0x10:
                code = _OF_1_0.get(code, code)
            self._log("refused", now, sender=number, tid=tid, status=code, what=refusal.text)
            fields += [(mm1.RESPONSE_STATUS, code), (mm1.RESPONSE_TEXT, refusal.text)]
            return Answer(self.build(mm1.SEND_CONF, fields))
        if status is None:
            self._log("dropped", now, sender=number, tid=tid, message_id=key)
            return None
        fields += [(mm1.RESPONSE_STATUS, OK), (mm1.MESSAGE_ID, key)]
        return Answer(self.build(mm1.SEND_CONF, fields))

    def _accept(self, number, pdu, octets, now):
        """Accept one submission; returns its message id. Raises Refused."""
        if pdu.get(mm1.VERSION, 0x10) >> 4 != 1:
            raise Refused(UNSUPPORTED, "Unsupported version")
        sender = pdu.get(mm1.FROM)
        if number is None or sender is not None and mm1.number(sender) != number:
            raise Refused(UNRESOLVED, "Sending address unresolved")
        if len(octets) > self.octets:
            raise Refused(NOT_ACCEPTED, "Message of over %d octets" % self.octets)
        submissions.check_texts(pdu)
        recipients = submissions.recipients(pdu)
        parts = submissions.parts(pdu, octets)
        key = self._key()
        self._bodies[key] = bytes(octets[submissions.content_type(pdu) :])
        self._log("submitted", now, sender=number, to=recipients, message_id=key,
                  tid=pdu.get(mm1.TRANSACTION_ID), octets=len(octets),
                  sha256=sha256(octets[pdu.body :]), pdu_sha256=sha256(octets),
                  parts=parts)  # fmt: skip
        self._store(key, number, pdu, recipients, now + self._validity(pdu, now), now)
        return key

    def _store(self, key, sender, pdu, recipients, expires, now):
        message = self._sent[key] = _Message(key, sender, pdu, self._date(now), recipients)
        for recipient in recipients:
            self._route(message, recipient, now, expires)

    def _route(self, message, recipient, now, expires):
        when = now + max(self._delay_ms, services.delay_ms(message))
        delivery = _Delivery(self._key(), message, recipient, when, expires)
        delivery.octets = len(mm1.build(mm1.RETRIEVE_CONF, self._retrieved(delivery, self._version)))
        delivery.octets += len(self._bodies[message.key])
        self._deliveries.append(delivery)
        if recipient not in self._subscribers:
            self._end(delivery, _INDETERMINATE, now)

    def _notify(self, delivery, now):
        delivery.attempts += 1
        delivery.when = now + self._renotify_ms
        pdu, deviations = delivery.message.pdu, self.deviations
        fields = [(mm1.TRANSACTION_ID, delivery.key), (mm1.VERSION, self.version())]
        sender = self._from(delivery.message)
        if sender and not deviations.meets("no-from"):
            fields += sender
        if pdu.has(mm1.SUBJECT) and not deviations.meets("no-subject"):
            fields.append((mm1.SUBJECT, pdu.get(mm1.SUBJECT)))
        fields.append((mm1.MESSAGE_CLASS, pdu.get(mm1.MESSAGE_CLASS, mm1.PERSONAL)))
        delivery.url = delivery.url or deviations.url(self._url)
        size = deviations.size(delivery.octets)
        if size is not None:
            fields.append((mm1.MESSAGE_SIZE, size))
        fields += [
            (mm1.EXPIRY, ("relative", (delivery.expires - now) // 1000)),
            (mm1.CONTENT_LOCATION, "%s/m/%s" % (delivery.url, delivery.key)),
        ]
        octets = self.build(mm1.NOTIFICATION_IND, fields)
        self._log("notified", now, message_id=delivery.message.key, tid=delivery.key,
                  recipient=delivery.recipient, attempt=delivery.attempts)  # fmt: skip
        self._send(delivery.recipient, octets)

    def _retrieval(self, delivery):
        """The M-Retrieve.conf, with the body octet for octet as it was submitted."""
        fields = self._retrieved(delivery, self.version())
        return self.build(mm1.RETRIEVE_CONF, fields) + self._bodies[delivery.message.key]

    def _retrieved(self, delivery, version):
        """The fields of an M-Retrieve.conf before its Content-Type; MMS 1.0 knows no Retrieve-Status."""
        message, pdu = delivery.message, delivery.message.pdu
        fields = [(mm1.TRANSACTION_ID, _retrieval_id(delivery)), (mm1.VERSION, version)]
        fields += [(mm1.MESSAGE_ID, message.key), (mm1.DATE, message.date)]
        fields += self._from(message)
        fields += [(mm1.TO, address) for address in pdu.all(mm1.TO)]
        fields += [(mm1.CC, address) for address in pdu.all(mm1.CC)]
        fields += [(number, pdu.get(number)) for number in _KEPT if pdu.has(number)]
        fields += services.previously(pdu)
        return fields + ([(mm1.RETRIEVE_STATUS, mm1.OK)] if version > mm1.VERSION_1_0 else [])

    def version(self):
        """The version that the next PDU is of."""
        return mm1.VERSION_1_0 if self.deviations.meets("version-1.0") else self._version

    def build(self, type, fields):
        """The octets of a PDU, its fields in the MMSC's own order."""
        return mm1.build(type, self.deviations.ordered(fields))

    def _no_message(self, status, text, now, tid=None):
        """The M-Retrieve.conf when there is nothing to retrieve: its body is a sentence.

        tid: of a message that is there; without a status, as MMS 1.0 has it, the sentence would be that message.
        """
        version = self.version()
        fields = [(mm1.VERSION, version), (mm1.DATE, self._date(now))]
        if version > mm1.VERSION_1_0 or tid:
            fields += [(mm1.RETRIEVE_STATUS, status), (mm1.RETRIEVE_TEXT, text)]
        fields.append((mm1.CONTENT_TYPE, mm1.ContentType("text/plain", [])))
        octets = self.build(mm1.RETRIEVE_CONF, fields) + text.encode()
        self._log("missed", now, status=status, tid=tid)
        return Answer(octets)

    def _notifyresp(self, number, pdu, now):
        tid, status = pdu.get(mm1.TRANSACTION_ID), pdu.get(mm1.STATUS)
        delivery = self._answered(tid, number)
        event = "notifyresp" if delivery else "stray"
        self._log(event, now, sender=number, tid=tid, status=status)
        if delivery and status == mm1.DEFERRED:
            delivery.when = None
        elif delivery:
            self._end(delivery, status, now, pdu.get(mm1.REPORT_ALLOWED, True))

    def _acknowledge(self, number, pdu, now):
        tid = pdu.get(mm1.TRANSACTION_ID)
        delivery = self._answered(tid[1:], number) if tid.startswith("r") else None
        self._log("acknowledged" if delivery else "stray", now, sender=number, tid=tid)
        if delivery:
            self._end(delivery, mm1.RETRIEVED, now, pdu.get(mm1.REPORT_ALLOWED, True))

    def _end(self, delivery, status, now, report_allowed=True):
        """End the delivery to one recipient, with a report to the sender if one was asked for."""
        self._deliveries.remove(delivery)
        message = delivery.message
        event = "delivered" if status == mm1.RETRIEVED else "undelivered"
        if not delivery.had:
            fields = self._retrieved(delivery, self._version)
            _note(delivery.had, mm1.build(mm1.RETRIEVE_CONF, fields) + self._bodies[message.key])
        self._log(event, now, message_id=message.key, recipient=delivery.recipient, tid=delivery.key,
                  status=status, had=delivery.had, served=delivery.served)  # fmt: skip
        if message.report and report_allowed:
            self._report(delivery, status, now)

    def _report(self, delivery, status, now):
        """Send the M-Delivery.ind about a recipient to the sender (6.6)."""
        message, deviations = delivery.message, self.deviations
        key, to, more = message.key, delivery.recipient, []
        if deviations.meets("other-report-id"):
            key = sha256(key.encode())[:24]
        if deviations.meets("swapped-report"):
            to, more = message.sender, [(mm1.FROM, mm1.address(delivery.recipient))]
        fields = [
            (mm1.VERSION, self.version()),
            (mm1.MESSAGE_ID, key),
            (mm1.TO, mm1.address(to)),
            (mm1.DATE, self._date(now)),
            (mm1.STATUS, status),
        ]
        octets = self.build(mm1.DELIVERY_IND, fields + more)
        self._log("reported", now, message_id=message.key, recipient=delivery.recipient,
                  status=status)  # fmt: skip
        self._send(message.sender, octets)

    def _send(self, number, pdu):
        self._count += 1
        self._push(number, push.build(self._count & 0xFF, mm1.MEDIA, pdu))

    def _from(self, message):
        if message.pdu.get(mm1.SENDER_VISIBILITY) == _HIDE:
            return []
        return [(mm1.FROM, mm1.address(message.sender))]

    def _client_version(self, pdu):
        """The version of an answer: the client's, if the MMSC supports it."""
        return min(pdu.get(mm1.VERSION, mm1.VERSION_1_0), self.version())

    def _validity(self, pdu, now):
        """Milliseconds until a submission expires: what it asks for, within our own bound."""
        if not pdu.has(mm1.EXPIRY):
            return self._validity_ms
        form, seconds = pdu.get(mm1.EXPIRY)
        if form == "absolute":
            seconds = max(0, seconds - self._date(now))
        return min(self._validity_ms, seconds * 1000)

    def _find(self, key):
        return next((delivery for delivery in self._deliveries if delivery.key == key), None)

    def _answered(self, key, number):
        """The delivery of that key, if its recipient is the number that answers."""
        delivery = self._find(key)
        return delivery if delivery and delivery.recipient == number else None

    def _key(self):
        """An id that cannot be guessed without the seed."""
        self._count += 1
        return sha256(self._seed + b" %d" % self._count)[:24]

    def _date(self, now):
        return self._epoch + now // 1000

    def _log(self, event, now, **entry):
        entry["event"], entry["ms"], entry["date"] = event, now, self._date(now)
        if self._met:
            entry["deviations"] = list(self._met)
            self._met.clear()
        self._journal(entry)


def _note(digests, octets):
    """Add (length, SHA-256) of the octets, unless it is there."""
    digest = (len(octets), sha256(octets))
    if digest not in digests:
        digests.append(digest)


def _next(delivery):
    if delivery.when is None:
        return delivery.expires
    return min(delivery.when, delivery.expires)


def _retrieval_id(delivery):
    """The transaction of M-Retrieve.conf and M-Acknowledge.ind is not that of the notification."""
    return "r" + delivery.key
