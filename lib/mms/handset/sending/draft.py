"""A new multimedia message while its parts are stored, until it is accepted; loaded for each new one."""

from mms import flash, limits
from mms.codec import charset, mm1, printable
from mms.errors import UsageError
from mms.handset import rooms
from mms.handset.store import filenames
from mms.limits import const

_UTF_8 = (("charset", charset.UTF_8),)
_SLIDE, _LONGEST = const(5), const(999)  # seconds that a slide is shown, or longer with a longer sound
_WORDS = const(60)  # octets of its first text that the outbox shows
_NAMES = {"image": "picture", "audio": "sound", "text": "text", "video": "film"}


class Draft:
    """The parts go into the store one by one; `accept` makes the message durable as a whole."""

    def __init__(self, store, events):
        self._store = store
        self._events = events
        self.id = store.new_id()
        self._parts = []  # (media, name, octets)
        self._seconds = []  # that the slide of each sound has to last

    def _name(self, media):
        stem = _NAMES.get(media.split("/")[0], "part")
        same = sum(1 for part in self._parts if part[1].startswith(stem))
        return "%s%s.%s" % (stem, same + 1 if same else "", rooms.kinds.ending(media))

    def create(self, media):
        """A Writer for the next part; call `add` when it is whole. Raises UsageError for one part too many."""
        if len(self._parts) == limits.PARTS - 1:
            raise UsageError("a message of more than %d parts" % (limits.PARTS - 1))
        return self._store.create(filenames.part(self.id, len(self._parts)))

    def add(self, media, octets, ms=None):
        """Add the part that has just been written, with its media type, its octets, and how long a sound lasts."""
        self._parts.append((media, self._name(media), octets))
        if media.startswith("audio/"):
            self._seconds.append(min(max(((ms or 0) + 999) // 1000, _SLIDE), _LONGEST))

    def _words(self):
        """The first words of the first text, by which people recognise the message."""
        for index in range(len(self._parts)):
            media, _, octets = self._parts[index]
            if media == "text/plain":
                with self._store.open(filenames.part(self.id, index)) as blob:
                    words = bytearray(min(octets, _WORDS))
                    blob.readinto(words)
                return charset.strip_cut_character(charset.decode(bytes(words), charset.UTF_8))
        return ""

    def discard(self, failed):
        """Remove all files of the message. The record goes first, since it alone makes a message accepted.

        One that is there stays, unless the message has `failed`: Ctrl-C has come after `accept` wrote it.
        """
        if not failed and self._store.has(self.id + filenames.ACCEPTED):
            return
        self._store.remove(self.id + filenames.ACCEPTED)
        for index in range(len(self._parts) + 1):
            self._store.remove(filenames.part(self.id, index))
        self._store.remove(self.id + filenames.HEAD)

    async def accept(self, recipients, subject, limit, wishes, date, handset=None):
        """Make the message durable; returns its octets, which are at most `limit`.

        `recipients` are E.164 numbers or e-mail addresses. `wishes` may have `cc` and `bcc` (as `recipients`),
        `delivery_report`, `read_report`, `hide` (the sender; true or false), `priority` ("low", "normal", "high"),
        `class` ("personal", "advertisement", "informational", "auto"), `validity` and `delay` (seconds from the
        submission on), `version` (10 to 13 in hexadecimal digits), `shrink` (the pictures of a message that is too
        large; true or false). Raises UsageError for a message that is too large and for a wish that cannot be
        fulfilled, StoreError; with a `handset` for a message whose price its settings do not allow.
        """
        subject = printable.one_line(subject)  # the outbox shows the subject that is sent
        fields = rooms.wishes.build_fields(self.id, recipients, subject, wishes, date)
        heads = await self._store_heads(fields)
        octets = sum(heads) + self.octets()
        if octets > limit:
            wanted = rooms.wishes.flag(wishes, "shrink")
            await rooms.shrinking.fit(self._store, self._events, self.id, self._parts, octets, limit, wanted)
            heads = await self._store_heads(fields)
            octets = sum(heads) + self.octets()
        fields = None  # the record needs the memory
        parts = [part[2] for part in self._parts]
        to = list(recipients) + wishes.get("cc", []) + wishes.get("bcc", [])
        record = {"id": self.id, "to": to, "subject": subject, "date": date, "octets": octets}
        record.update(heads=heads, parts=parts)
        if handset and (rooms.has("prices") or handset.settings.get("spending")):  # bounds are refused without it
            record["price"] = await rooms.prices.accept(handset, octets, len(to))
        accepted = rooms.accepted
        if not accepted.fits(record):
            record["subject"] = subject[: accepted.SHOWN]
        if not accepted.fits(record):
            raise UsageError("so many recipients with such long addresses are too much for one message")
        record["words"] = self._words()
        if not accepted.fits(record):
            record["words"] = ""  # people recognise the message by its recipients, too
        await flash.quiet()
        accepted.write(self._store, self._events, record, len(parts) + 1)
        return octets

    def octets(self):
        """The octets of the parts that were added."""
        return sum([part[2] for part in self._parts])

    async def _store_heads(self, fields):
        """Write ID.h: the octets that go before each part, one after the other; returns how many before each."""
        heads = []
        async with self._store.create(self.id + filenames.HEAD) as writer:
            for octets in self._heads(fields):
                heads.append(len(octets))
                await writer.add(octets)
        return heads

    def _heads(self, fields):
        """Yield the octets that go before each part."""
        layout = rooms.smil.build([(media, name) for media, name, _ in self._parts], 320, 240, self._seconds)
        multipart = rooms.multipart
        yield (
            mm1.build(mm1.SEND_REQ, fields)
            + multipart.count(len(self._parts) + 1)
            + multipart.entry("application/smil", len(layout), _UTF_8, "layout", "layout.smil")
            + layout
        )
        for media, name, octets in self._parts:
            params = _UTF_8 if media.startswith("text/") else ()
            yield multipart.entry(media, octets, params, name.split(".")[0], name)

    def measure(self, recipients, subject, wishes, date, medias):
        """The most octets that the message has beside those of its parts, when they are of these media types."""
        kept, self._parts, self._seconds = (self._parts, self._seconds), [], []
        try:
            for media in medias:
                self.add(media, limits.MESSAGE, limits.MESSAGE)
            fields = rooms.wishes.build_fields(self.id, recipients, printable.one_line(subject), wishes, date)
            return sum([len(octets) for octets in self._heads(fields)])
        finally:
            self._parts, self._seconds = kept
