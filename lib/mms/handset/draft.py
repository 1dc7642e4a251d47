"""A message being made, until it is accepted; loaded when the first one is made."""

from mms import limits
from mms.codec import mm1, multipart, smil
from mms.errors import UsageError
from mms.handset import message as messages

_NAMES = {"image": "picture", "audio": "sound", "text": "text", "video": "film"}


class Draft:
    """A message being made: parts go into the store as they come, then `accept` makes it durable as a whole."""

    def __init__(self, store, events):
        self._store = store
        self._events = events
        self.id = store.new_id()
        self._parts = []  # (media, name, octets)

    def _name(self, media):
        stem = _NAMES.get(media.split("/")[0], "part")
        same = sum(1 for part in self._parts if part[1].startswith(stem))
        return "%s%s.%s" % (stem, same + 1 if same else "", messages.ending(media))

    def create(self, media):
        """A Writer for the next part; `added` says that it is whole."""
        if len(self._parts) == limits.PARTS - 1:
            raise UsageError("a message of more than %d parts" % (limits.PARTS - 1))
        return self._store.create("%s.%d" % (self.id, len(self._parts)))

    def added(self, media, octets):
        """Count the part just written."""
        self._parts.append((media, self._name(media), octets))

    def drop(self):
        """Forget what was stored so far."""
        for index in range(len(self._parts) + 1):
            self._store.remove("%s.%d" % (self.id, index))
        self._store.remove(self.id + ".h")

    def accept(self, recipients, subject, limit, delivery_report, date):
        """Make it durable. `recipients` are E.164 numbers or e-mail addresses, `limit` and the result octets.

        Raises UsageError for a message that is too large, StoreError.
        """
        layout = smil.build([(media, name) for media, name, _ in self._parts], 320, 240)
        plan = []
        with self._store.create(self.id + ".h") as head:

            def add(octets):
                plan.append((self.id + ".h", head.octets, len(octets)))
                head.write(octets)

            add(
                mm1.build(mm1.SEND_REQ, _fields(self.id, recipients, subject, delivery_report, date))
                + multipart.count(len(self._parts) + 1)
                + multipart.entry("application/smil", len(layout), [("charset", 106)], "layout", "layout.smil")
                + layout
            )
            for index in range(len(self._parts)):
                media, name, octets = self._parts[index]
                charset = [("charset", 106)] if media.startswith("text/") else []
                stem = name.split(".")[0]
                add(multipart.entry(media, octets, charset, stem, name))
                plan.append(("%s.%d" % (self.id, index), 0, octets))
        octets = sum(piece[2] for piece in plan)
        if octets > limit:
            raise UsageError("the message has %d octets, the operator takes %d" % (octets, limit))
        record = {
            "id": self.id,
            "to": recipients,
            "subject": subject,
            "date": date,
            "octets": octets,
            "parts": [list(part) for part in self._parts],
            "plan": [list(piece) for piece in plan],
        }
        self._store.write(self.id + ".o", record)
        self._events.say("accepted", id=self.id, tid=self.id, octets=octets, parts=len(self._parts) + 1)
        return octets


def _fields(tid, recipients, subject, delivery_report, date):
    fields = [(mm1.TRANSACTION_ID, tid), (mm1.VERSION, mm1.VERSION_1_0)]
    if date is not None:
        fields.append((mm1.DATE, date))
    fields.append((mm1.FROM, None))
    fields.extend((mm1.TO, mm1.address(recipient)) for recipient in recipients)
    if subject:
        fields.append((mm1.SUBJECT, subject))
    fields.append((mm1.MESSAGE_CLASS, mm1.PERSONAL))
    fields.append((mm1.PRIORITY, 0x81))
    fields.append((mm1.DELIVERY_REPORT, delivery_report))
    fields.append((mm1.READ_REPORT, False))
    related = [("start", "<layout>"), ("type", "application/smil")]
    fields.append((mm1.CONTENT_TYPE, mm1.ContentType("application/vnd.wap.multipart.related", related)))
    return fields
