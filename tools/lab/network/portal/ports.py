"""The Relay's port of the portal: reports on messages that came from it, and pictures sent to the album."""

from mms.errors import PduError
from tools.lab.network.mmsc import contents
from tools.lab.network.portal import album, images, sent

_RETRIEVED, _REJECTED = "Retrieved", "Rejected"


class Port:
    """Takes what the Relay has for the portal.

    `spawn` runs a coroutine; `answered(key, status)` tells the Relay how a delivery ended; `text(number, words)` has
    an SMS sent.
    """

    def __init__(self, site, spawn, answered, text):
        self._site, self._spawn, self._answered, self._text = site, spawn, answered, text

    def forward(self, key, envelope, recipient, now):
        """File the pictures of a message in the album of its sender."""
        self._spawn(self._file(key, envelope))

    def report(self, reply, recipient, status, now):
        """Note how a message of ours ended at one recipient."""
        self._spawn(self._site.database.do(sent.report, reply["sent"], recipient, status))

    def read_report(self, reply, recipient, status, now):
        """Note that a message of ours was read, or deleted unread."""
        self._spawn(self._site.database.do(sent.read, reply["sent"], recipient, status))

    async def _file(self, key, envelope):
        site, owner = self._site, envelope.sender
        if owner not in site.subscribers:
            self._answered(key, _REJECTED)
            return
        found, wrong = await site.work(_pictures, envelope)
        if not found:
            self._refuse(key, owner, wrong)
            return
        try:
            await site.database.do(album.file, owner, found, int(site.date()), site.seconds(), key)
        except album.Full as full:
            self._refuse(key, owner, str(full))
            return
        self._answered(key, _RETRIEVED)

    def _refuse(self, key, owner, words):
        self._text(owner, "Your picture is not in your album. " + words)
        self._answered(key, _REJECTED)


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
