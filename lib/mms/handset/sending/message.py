"""A message to be sent: recipients, a subject, and parts from texts, files and the camera."""

from mms.errors import UsageError
from mms.handset import rooms


class Part:
    """One part: its media type, and its octets, or the path of its file, or neither for a picture of the camera."""

    def __init__(self, media, octets=None, path=None, size=None, quality=None, limit=None):
        self.media, self.octets, self.path = media, octets, path
        self.size, self.quality, self.limit = size, quality, limit


class Message:
    """A message for `Handset.send`: `to` is an address or a list of them.

    An address is a number in international form or, where our own is known, a national one, a short code or an e-mail
    address. `wishes` may have `cc`, `bcc`, `priority` and the others of docs/console.md.
    """

    def __init__(self, to, subject=""):
        self.to = [to] if isinstance(to, str) else list(to)
        self.subject = subject
        self.wishes = {}
        self.parts = []

    def text(self, text):
        """Add a text; raises UsageError when it has half a character of two in it."""
        try:
            self.parts.append(Part("text/plain", octets=text.encode()))
        except UnicodeError:
            raise UsageError("this text has half a character in it")

    def file(self, path):
        """Add a picture, sound, film or text from a file; its ending gives the media type. Raises UsageError."""
        self.parts.append(Part(rooms.kinds.guess(path), path=path))

    def picture(self, size=None, quality=None, limit=None):
        """Add a picture that the camera takes when the message is sent.

        size: "VGA", "QVGA" or another of mms/sizes.py, "best" for the largest; quality: 1 to 100, bigger is better;
        limit: octets of the whole message. The picture is smaller and coarser than that as far as the limit, or that of
        the operator, wants it. None for those in the settings. Raises UsageError for any other.
        """
        self.parts.append(
            Part("image/jpeg", size=rooms.kinds.check_picture(size, quality, limit), quality=quality, limit=limit)
        )
