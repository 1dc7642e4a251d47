"""The MMSC without its lines: MM1 towards handsets (OMA-TS-MMS_ENC, clause 6), ports towards everybody else.

Time is the caller's, in milliseconds: call `advance` whenever `due` has come. Like real ones it
never removes duplicates: a submission that comes twice is two messages.
"""

from mms.codec import mm1, push
from mms.errors import PduError
from tools.lab.network import chances
from tools.lab.network.mmsc import ports, reports, retrievals, services, submissions
from tools.lab.network.mmsc.deliveries import Message
from tools.lab.network.mmsc.queue import Queue
from tools.lab.network.mmsc.retrievals import Answer
from tools.lab.network.mmsc.submissions import CORRUPT, DENIED, NOT_ACCEPTED, UNRESOLVED, Refused, sha256

# Response-Status, and the words of MMS 1.0 for the same
OK = 0x80
UNSUPPORTED = 0x88
_OF_1_0 = {DENIED: 0x82, CORRUPT: 0x83, UNRESOLVED: 0x84, NOT_ACCEPTED: 0x87, 0xE0: 0x81, 0xEB: 0x82}

# Retrieve-Status
_BUSY, _DENIED, _NOT_FOUND = 0xC0, 0xE1, 0xE2


class Relay(Queue):
    """One operator's MMSC.

    `journal(entry)` is called with each event, a dict with `event`, `ms` and `date`;
    `push(number, octets)` hands a WAP push to the SMS centre; `bodies` keeps what was submitted, by
    message id, from the Content-Type on; `subscribers` has, by `in`, the operator's own numbers; `url` stands before
    /m/... in a Content-Location; `calendar` tells the date.
    `octets` bounds a message. `store` keeps the queue (store.py); call `resume` when the ports are in.

    `ports` {name: port} are the other ways out (ports.py). `route(sender, recipient, now, octets)` gives the name of a
    port, None for a subscriber with a handset of MM1, "" where there is no way. Hooks: `charging`, an object like
    tools.lab.network.billing.charging.Charging; `fit(recipient, envelope)`, which gives the content that the handset
    of the recipient takes, or None; `work(function, done, now)`, which calls a function that takes long, and then
    `done(result, now)`; `chances(number)`, the Chances of the network where a subscriber is, or None: requests from
    there are answered late, with 503, or not at all.

    `deviations` are its switches; a journal entry names those that were met since the one before. A message is
    deleted when its recipient says that it was retrieved, when he rejects it or forwards it, and when it expires:
    then the entry has the octets that the MMSC `had`, and the ones that it `served`.
    """

    def __init__(self, journal, push, bodies, subscribers, url, calendar, seed=b"", octets=307200,
                 delay_ms=300, renotify_ms=300000, validity_ms=259200000, version=0x12, store=None):  # fmt: skip
        super().__init__(journal, bodies, store, calendar, seed, delay_ms, renotify_ms)
        self._push, self._subscribers, self.url, self.octets = push, subscribers, url, octets
        self.validity_ms, self.standard = validity_ms, version
        self.route = self._own
        self._faults = []
        self.chances = chances.none

    def _own(self, sender, recipient, now, octets=0):
        return None if recipient in self._subscribers else ""

    # for tests of handsets

    def drop_the_next_answer(self):
        """A fault: the next submission is accepted, and its confirmation lost."""
        self._faults.append((None, None))

    def refuse_the_next(self, status):
        """A fault: the next submission is refused with this Response-Status."""
        self._faults.append((status, None))

    def answer_the_next(self, answer):
        """A fault: the next submission is not accepted; `answer` is sent back, be it HTML or a 503."""
        self._faults.append((None, answer))

    def pause(self, number, usual):
        """Milliseconds until a request of the subscriber `number` is answered, by default the `usual` ones."""
        chances = self.chances(number)
        return usual if chances is None else chances.delay("mmsc", usual)

    def _overloaded(self, number, now):
        """(whether a request fails by chance, its Answer, None for none)."""
        chances = self.chances(number)
        if chances is None:
            return False, None
        dropped, busy = chances.fails("dropped"), chances.fails("mmsc")
        if dropped or busy:
            self.log("overloaded", now, sender=number, status=None if dropped else 503)
        return dropped or busy, None if dropped else Answer(b"try again later\n", 503, "text/plain")

    # MM1

    def post(self, number, octets, now):
        """Handle a PDU from the subscriber `number` (None: unknown); returns an Answer, or None for none."""
        fails, answer = self._overloaded(number, now)
        if fails:
            return answer
        try:
            pdu = mm1.parse(octets)
        except PduError as error:
            self.log("rejected", now, sender=number, what=str(error))
            return Answer(b"no MMS PDU\n", 400, "text/plain")
        with self.store:
            return self._handle(number, pdu, octets, now)

    def _handle(self, number, pdu, octets, now):
        if pdu.type == mm1.SEND_REQ:
            return self._submission(number, pdu, octets, now)
        if pdu.type == mm1.NOTIFYRESP_IND:
            self._notifyresp(number, pdu, now)
        elif pdu.type == mm1.ACKNOWLEDGE_IND:
            self._acknowledge(number, pdu, now)
        elif pdu.type == mm1.READ_REC_IND:
            reports.read(self, number, pdu, now)
        elif pdu.type == services.CANCEL_CONF:
            services.cancelled(self, number, pdu, now)
        elif pdu.type == services.FORWARD_REQ:
            return Answer(services.forward(self, number, pdu, now))
        else:
            self.log("rejected", now, sender=number, what="type %02X" % pdu.type)
            return Answer(b"not a PDU for an MMSC\n", 400, "text/plain")
        return Answer()

    def get(self, number, path, now):
        """The message at `path` for the subscriber `number`: an Answer with an M-Retrieve.conf, or None for none."""
        fails, answer = self._overloaded(number, now)
        if fails:
            return answer
        if not path.startswith("/m/"):
            return Answer(b"nothing here\n", 404, "text/plain")
        delivery = self.find(path[3:])
        if delivery is None or delivery.port:
            return retrievals.none(self, _NOT_FOUND, "Message not found", now)
        if delivery.recipient != number:
            return retrievals.none(self, _DENIED, "Not your message", now)
        if self.deviations.meets("http-404"):
            self.log("missed", now, status=404, tid=delivery.key)
            return Answer(b"nothing here\n", 404, "text/plain")
        if self.deviations.meets("not-found"):
            return retrievals.none(self, _NOT_FOUND, "Message not found", now, delivery.key)
        if self.deviations.meets("busy"):
            return retrievals.none(self, _BUSY, "Please try again later", now, delivery.key)
        octets = retrievals.retrieval(self, delivery)
        served, length = self.deviations.cut(octets)
        retrievals.note(delivery.had, octets)
        retrievals.note(delivery.served, served)
        with self.store:
            self.keep(delivery)
            self.log("retrieved", now, message_id=delivery.message.key, recipient=number,
                     tid=retrievals.transaction(delivery), octets=len(served))  # fmt: skip
        return Answer(served, length=length)

    def cancel(self, key, now):
        """Ask all recipients of the message with that id to delete it."""
        services.cancel(self, key, now)

    def _submission(self, number, pdu, octets, now):
        tid = pdu.get(mm1.TRANSACTION_ID)
        status, answer = self._faults.pop(0) if self._faults else (OK, None)
        if answer:
            self.log("failed", now, sender=number, tid=tid, status=answer.status)
            return answer
        fields = [(mm1.TRANSACTION_ID, tid), (mm1.VERSION, self.client_version(pdu))]
        try:
            if status not in (OK, None):
                raise Refused(status, "refused for a test")
            key = self._accept(number, pdu, octets, now)
        except Refused as refusal:
            code = refusal.status
            if fields[1][1] == 0x10:
                code = _OF_1_0.get(code, code)
            self.log("refused", now, sender=number, tid=tid, status=code, what=refusal.text)
            fields += [(mm1.RESPONSE_STATUS, code), (mm1.RESPONSE_TEXT, refusal.text)]
            return Answer(self.build(mm1.SEND_CONF, fields))
        if status is None:
            self.log("dropped", now, sender=number, tid=tid, message_id=key)
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
        tid, at = pdu.get(mm1.TRANSACTION_ID), submissions.content_type(pdu)
        message = Message(self.key(), number, bytes(octets[:at]), self.date(now), recipients)
        key, expires = message.key, now + self._validity(pdu, now)
        self.charge(message, len(octets), tid, pdu.get(mm1.CONTENT_TYPE).media, expires, now)
        self.bodies[key] = bytes(octets[at:])
        self.log("submitted", now, sender=number, to=recipients, message_id=key,
                 tid=tid, octets=len(octets),
                 sha256=sha256(octets[pdu.body :]), pdu_sha256=sha256(octets),
                 parts=parts)  # fmt: skip
        self.take(message, expires, now)
        return key

    def _notifyresp(self, number, pdu, now):
        tid, status = pdu.get(mm1.TRANSACTION_ID), pdu.get(mm1.STATUS)
        delivery = self._answered(tid, number)
        event = "notifyresp" if delivery else "stray"
        self.log(event, now, sender=number, tid=tid, status=status)
        if delivery and status == mm1.DEFERRED:
            delivery.when = None
            self.keep(delivery)
        elif delivery:
            self.end(delivery, status, now, pdu.get(mm1.REPORT_ALLOWED, True))

    def _acknowledge(self, number, pdu, now):
        tid = pdu.get(mm1.TRANSACTION_ID)
        delivery = self._answered(tid[1:], number) if tid.startswith("r") else None
        self.log("acknowledged" if delivery else "stray", now, sender=number, tid=tid)
        if delivery:
            self.end(delivery, mm1.RETRIEVED, now, pdu.get(mm1.REPORT_ALLOWED, True))

    # ports

    def accept(self, envelope, recipients, port, reply, now):
        """Accept a message from outside, or of a subscriber without MM1; returns its message id. Raises Refused.

        `recipients` are those of this copy, not those shown in To; `reply`, which JSON can write, comes back with each
        report. A port that wraps the call in `with relay.store:` keeps rows of its own in the same change.
        """
        return ports.accept(self, envelope, recipients, port, reply, now)

    def handed(self, key, now):
        """The next side has the message of a delivery for good. False: there is no such delivery any more."""
        return self._of_port(ports.handed, key, now)

    def answered(self, key, status, now):
        """The next side reports on a delivery, in words of TS 23.140; all but Deferred end it. False as in handed."""
        return self._of_port(ports.answered, key, status, now)

    def read_by(self, key, recipient, status, now):
        """The next side reports that a recipient read, or deleted, a message. False: there is no such message."""
        with self.store:
            return reports.read_by(self, key, recipient, status, now)

    def _of_port(self, story, key, *arguments):
        delivery = self.find(key)
        if delivery is None or not delivery.port:
            self.log("stray", arguments[-1], tid=key)
            return False
        with self.store:
            story(self, delivery, *arguments)
        return True

    # shared by the rooms of this folder

    def version(self):
        """The version that the next PDU is of."""
        return mm1.VERSION_1_0 if self.deviations.meets("version-1.0") else self.standard

    def client_version(self, pdu):
        """The version of an answer: the client's, if the MMSC supports it."""
        return min(pdu.get(mm1.VERSION, mm1.VERSION_1_0), self.version())

    def build(self, type, fields):
        """The octets of a PDU, its fields in the MMSC's own order."""
        return mm1.build(type, self.deviations.ordered(fields))

    def send(self, number, pdu):
        """Push a PDU to a subscriber."""
        self._push(number, push.build(self.count() & 0xFF, mm1.MEDIA, pdu))

    def _validity(self, pdu, now):
        """Milliseconds until a submission expires: what it asks for, within our own bound."""
        if not pdu.has(mm1.EXPIRY):
            return self.validity_ms
        form, seconds = pdu.get(mm1.EXPIRY)
        if form == "absolute":
            seconds = max(0, seconds - self.date(now))
        return min(self.validity_ms, seconds * 1000)

    def _answered(self, key, number):
        """The delivery of that key, if its recipient is the number that answers."""
        delivery = self.find(key)
        return delivery if delivery and delivery.recipient == number else None
