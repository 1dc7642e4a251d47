"""The Relay's port of the portal: reports on messages that came from it, and pictures sent to the album."""

from mms.errors import PduError
from tools.lab.network.mmsc import contents
from tools.lab.network.portal import album, images, sent

PORTAL, ALBUM = "portal", "album"  # their names
_NOTES = {"accepted": sent.accepted, "report": sent.report, "read": sent.read}
_RETRIEVED, _REJECTED = "Retrieved", "Rejected"


class Port:
    """The ports "portal" and "album" of a relay.

    Reports are rows of the relay's store until they are in the portal's own file: a process that is killed in between
    finds them there. `spawn` runs a coroutine, `text(number, words)` has an SMS sent, `wall` is the relay's clock.
    """

    def __init__(self, site, relay, wall, spawn, text):
        self._site, self._relay, self._wall, self._spawn, self._text = site, relay, wall, spawn, text

    @property
    def octets(self):
        """The largest message that the relay takes."""
        return self._relay.octets

    def offer(self, number):
        """The price of a subscriber's next message for each recipient, in words, or "" where nothing is charged."""
        charging = self._relay.charging
        return charging.offer(number, self._relay.date(self._wall.now)) if charging else ""

    def cost(self, message_id):
        """The price that the sender of a message pays, in words, or "" where nothing is charged."""
        charging = self._relay.charging
        return charging.cost(message_id) if charging else ""

    def accept(self, envelope, recipients, key):
        """Have the relay accept the message with that key in the list of those that were sent. Raises Refused."""
        relay = self._relay
        with relay.store:
            message_id = relay.accept(envelope, recipients, PORTAL, {"sent": key}, self._wall.now)
            self._note(key, "accepted", message_id, "")
        self._wall.wake()

    def forward(self, key, envelope, recipient, now):
        """File the pictures of a message in the album of its sender."""
        self._spawn(self._file(key, envelope))

    def report(self, reply, recipient, status, now):
        """Note how a message of ours ended at one recipient."""
        self._note(reply["sent"], "report", status, recipient)

    def read_report(self, reply, recipient, status, now):
        """Note that a message of ours was read, or deleted unread."""
        self._note(reply["sent"], "read", status, recipient)

    async def resume(self):
        """Bring the file up to date with the relay after a start: a message that it did not accept was not sent."""
        for name, row in self._relay.store.all(PORTAL).items():
            await self._write(name, row)
        await self._site.database.do(sent.abandon)

    def _note(self, key, what, value, address):
        name, row = "%s %s %s" % (what, key, address), {"what": what, "key": key, "value": value, "address": address}
        self._relay.store.put(PORTAL, name, row)
        self._relay.store.after(lambda: self._spawn(self._write(name, row)))

    async def _write(self, name, row):
        await self._site.database.do(_NOTES[row["what"]], row["key"], row["value"], row["address"])
        if self._relay.store.get(PORTAL, name) == row:  # not a later report on the same
            with self._relay.store:
                self._relay.store.drop(PORTAL, name)

    def _answer(self, key, status):
        self._relay.answered(key, status, self._wall.now)
        self._wall.wake()

    async def _file(self, key, envelope):
        site, owner = self._site, envelope.sender
        if owner not in site.subscribers:
            self._answer(key, _REJECTED)
            return
        found, wrong = await site.work(_pictures, envelope)
        if not found:
            self._refuse(key, owner, wrong)
            return
        try:
            await site.database.do(album.file, owner, found, site.date(), site.seconds(), key)
        except album.Full as full:
            self._refuse(key, owner, str(full))
            return
        self._answer(key, _RETRIEVED)

    def _refuse(self, key, owner, words):
        self._text(owner, "Your picture is not in your album. " + words)
        self._answer(key, _REJECTED)


def _pictures(envelope):
    """([(octets, caption)], words): the pictures of a message with the text behind each, and why there is none."""
    try:
        parts = contents.unpack(envelope.content).parts
    except PduError:
        return [], "The message is damaged."
    found, wrong = [], "The message has none."
    for part in parts:
        if part.media.startswith("image/"):
            try:
                images.check(part.octets)
                found.append([part.octets, ""])
            except images.Unreadable as error:
                wrong = str(error)
        elif part.media == "text/plain" and found and not found[-1][1]:
            found[-1][1] = part.octets.decode("utf-8", "replace").strip()
    for picture in found:
        picture[1] = picture[1] or envelope.subject
    return found, wrong
