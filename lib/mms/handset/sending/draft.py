"""A message being made, until it is accepted; loaded when the first one is made."""

from mms import flash, limits
from mms.codec import charset, mm1, printable
from mms.errors import UsageError
from mms.handset import rooms
from mms.handset.store import filenames
from mms.handset.store.records import octets_of

_UTF_8 = (("charset", charset.UTF_8),)
_WORDS = 60  # octets of a text that the outbox shows
_SHOWN = 80  # characters of a subject in the record where it holds no more
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
        return "%s%s.%s" % (stem, same + 1 if same else "", rooms.kinds.ending(media))

    def create(self, media):
        """A Writer for the next part; `added` says that it is whole."""
        if len(self._parts) == limits.PARTS - 1:
            raise UsageError("a message of more than %d parts" % (limits.PARTS - 1))
        return self._store.create(filenames.part(self.id, len(self._parts)))

    def added(self, media, octets):
        """Count the part just written."""
        self._parts.append((media, self._name(media), octets))

    def _words(self):
        """The first words of the first text, by which people know the message."""
        for index in range(len(self._parts)):
            media, _, octets = self._parts[index]
            if media == "text/plain":
                with self._store.open(filenames.part(self.id, index)) as blob:
                    words = bytearray(min(octets, _WORDS))
                    blob.readinto(words)
                return charset.strip_cut_character(charset.decode(bytes(words), charset.UTF_8))
        return ""

    def drop(self):
        """Forget what was stored so far, first of all that it was accepted."""
        self._store.remove(self.id + filenames.ACCEPTED)
        for index in range(len(self._parts) + 1):
            self._store.remove(filenames.part(self.id, index))
        self._store.remove(self.id + filenames.HEAD)

    async def accept(self, recipients, subject, limit, wishes, date):
        """Make it durable. `recipients` are E.164 numbers or e-mail addresses, `limit` and the result octets.

        `wishes` may have `cc` and `bcc` (as `recipients`), `delivery_report`, `read_report`, `hide` (the sender; true
        or false), `priority` ("low", "normal", "high"), `class` ("personal", "advertisement", "informational",
        "auto"), `validity` and `delay` (seconds from the submission on), `version` (10 to 13 in hexadecimal digits).
        Raises UsageError for a message that is too large or a wish that nobody can grant, StoreError.
        """
        subject = printable.one_line(subject)  # the outbox shows what goes out
        fields = rooms.wishes.fields(self.id, recipients, subject, wishes, date)
        heads = await self._write_head(fields)
        parts = [part[2] for part in self._parts]
        octets = sum(heads) + sum(parts)
        if octets > limit:
            raise UsageError("the message has %d octets, the operator takes %d" % (octets, limit))
        to = list(recipients) + wishes.get("cc", []) + wishes.get("bcc", [])
        record = {"id": self.id, "to": to, "subject": subject, "date": date, "octets": octets}
        record.update(heads=heads, parts=parts)
        self._fit(record)
        await flash.quiet()
        self._store.write(self.id + filenames.ACCEPTED, record)
        self._events.say("accepted", id=self.id, tid=self.id, octets=octets, parts=len(self._parts) + 1)
        return octets

    async def _write_head(self, fields):
        """Write the octets that go before each part; returns how many they are, part by part."""
        layout = rooms.smil.build([(media, name) for media, name, _ in self._parts], 320, 240)
        multipart = rooms.multipart
        heads = []
        async with self._store.create(self.id + filenames.HEAD) as head:

            async def add(octets):
                heads.append(len(octets))
                await head.add(octets)

            await add(
                mm1.build(mm1.SEND_REQ, fields)
                + multipart.count(len(self._parts) + 1)
                + multipart.entry("application/smil", len(layout), _UTF_8, "layout", "layout.smil")
                + layout
            )
            for media, name, octets in self._parts:
                params = _UTF_8 if media.startswith("text/") else ()
                await add(multipart.entry(media, octets, params, name.split(".")[0], name))
        return heads

    def _fit(self, record):
        """Add the first words of the message, and shorten the record until it fits; raises UsageError."""
        if octets_of(record) > limits.RECORD:
            record["subject"] = record["subject"][:_SHOWN]
        if octets_of(record) > limits.RECORD:
            raise UsageError("so many recipients with such long addresses are too much for one message")
        record["words"] = self._words()
        if octets_of(record) > limits.RECORD:
            record["words"] = ""  # people know it by its recipients, too
