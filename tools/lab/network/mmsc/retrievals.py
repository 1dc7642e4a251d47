"""Notifications and the messages that handsets retrieve (OMA-TS-MMS_ENC, clauses 6.2 and 6.3)."""

from mms.codec import mm1
from tools.lab.network.mmsc import deliveries
from tools.lab.network.mmsc.submissions import sha256

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


def notify(relay, delivery, now):
    """Send the M-Notification.ind of a delivery; it is sent again when no answer comes."""
    delivery.attempts += 1
    delivery.when = now + relay.renotify_ms
    pdu, deviations = delivery.message.pdu, relay.deviations
    fields = [(mm1.TRANSACTION_ID, delivery.key), (mm1.VERSION, relay.version())]
    sender = _from(delivery.message)
    if sender and not deviations.meets("no-from"):
        fields += sender
    if pdu.has(mm1.SUBJECT) and not deviations.meets("no-subject"):
        fields.append((mm1.SUBJECT, pdu.get(mm1.SUBJECT)))
    fields.append((mm1.MESSAGE_CLASS, pdu.get(mm1.MESSAGE_CLASS, mm1.PERSONAL)))
    delivery.url = delivery.url or deviations.url(relay.url)
    size = deviations.size(delivery.octets)
    if size is not None:
        fields.append((mm1.MESSAGE_SIZE, size))
    fields += [
        (mm1.EXPIRY, ("relative", (delivery.expires - now) // 1000)),
        (mm1.CONTENT_LOCATION, "%s/m/%s" % (delivery.url, delivery.key)),
    ]
    octets = relay.build(mm1.NOTIFICATION_IND, fields)
    relay.keep(delivery)
    relay.log("notified", now, message_id=delivery.message.key, tid=delivery.key,
              recipient=delivery.recipient, attempt=delivery.attempts)  # fmt: skip
    relay.send(delivery.recipient, octets)


def measure(relay, delivery):
    """Note the octets that the recipient will get: Message-Size is to be that of the M-Retrieve.conf."""
    head = mm1.build(mm1.RETRIEVE_CONF, _fields(delivery, relay.standard))
    delivery.octets = len(head) + len(relay.content(delivery))


def retrieval(relay, delivery):
    """The M-Retrieve.conf, with the body octet for octet as it was submitted, or as it was made to fit."""
    return relay.build(mm1.RETRIEVE_CONF, _fields(delivery, relay.version())) + relay.content(delivery)


def unserved(relay, delivery):
    """The M-Retrieve.conf of a delivery without a retrieval, and without a deviation."""
    return mm1.build(mm1.RETRIEVE_CONF, _fields(delivery, relay.standard)) + relay.content(delivery)


def transaction(delivery):
    """The transaction of M-Retrieve.conf and M-Acknowledge.ind, which is not that of the notification."""
    return "r" + delivery.key


def none(relay, status, text, now, tid=None):
    """The Answer when there is nothing to retrieve: an M-Retrieve.conf whose body is a sentence.

    tid: of a message that is there; without a status, as MMS 1.0 has it, the sentence would be that message.
    """
    version = relay.version()
    fields = [(mm1.VERSION, version), (mm1.DATE, relay.date(now))]
    if version > mm1.VERSION_1_0 or tid:
        fields += [(mm1.RETRIEVE_STATUS, status), (mm1.RETRIEVE_TEXT, text)]
    fields.append((mm1.CONTENT_TYPE, mm1.ContentType("text/plain", [])))
    octets = relay.build(mm1.RETRIEVE_CONF, fields) + text.encode()
    relay.log("missed", now, status=status, tid=tid)
    return Answer(octets)


def _fields(delivery, version):
    """The fields of an M-Retrieve.conf before its Content-Type; MMS 1.0 knows no Retrieve-Status."""
    message, pdu = delivery.message, delivery.message.pdu
    fields = [(mm1.TRANSACTION_ID, transaction(delivery)), (mm1.VERSION, version)]
    fields += [(mm1.MESSAGE_ID, message.key), (mm1.DATE, message.date)]
    fields += _from(message)
    fields += [(mm1.TO, address) for address in pdu.all(mm1.TO)]
    fields += [(mm1.CC, address) for address in pdu.all(mm1.CC)]
    fields += [(number, pdu.get(number)) for number in _KEPT if pdu.has(number)]
    fields += deliveries.before(message.previously())
    return fields + ([(mm1.RETRIEVE_STATUS, mm1.OK)] if version > mm1.VERSION_1_0 else [])


def _from(message):
    return [] if message.hidden else [(mm1.FROM, mm1.address(message.sender))]


def note(digests, octets):
    """Add (length, SHA-256) of the octets, unless it is there."""
    digest = (len(octets), sha256(octets))
    if digest not in digests:
        digests.append(digest)
