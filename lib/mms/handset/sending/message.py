"""A message as people think of it: recipients, a subject, and parts from texts, files and the camera."""

from mms.errors import UsageError
from mms.handset import rooms


class Part:
    """One part to be sent: `media`, and where its octets come from: bytes, a path, or the camera."""

    def __init__(self, media, octets=None, path=None, size=None, quality=None):
        self.media, self.octets, self.path = media, octets, path
        self.size, self.quality = size, quality


class Message:
    """What `Handset.send` takes."""

    def __init__(self, to, subject=""):
        self.to = [to] if isinstance(to, str) else list(to)
        self.subject = subject
        self.wishes = {}  # cc, bcc, priority and what else wishes.py knows
        self.parts = []

    def text(self, text):
        """Add a text."""
        try:
            self.parts.append(Part("text/plain", octets=text.encode()))
        except UnicodeError:
            raise UsageError("this text has half a character in it")

    def file(self, path):
        """Add a picture, sound or text from a file; its kind is told by its ending. Raises UsageError."""
        self.parts.append(Part(rooms.kinds.media(path), path=path))

    def picture(self, size=None, quality=None):
        """Add a picture that is taken when the message is sent.

        size: "VGA", "QVGA", "QQVGA"; quality: 1 to 100, bigger is better; None for those in the settings. Raises
        UsageError for any other.
        """
        if quality is not None and not 1 <= quality <= 100:
            raise UsageError("quality is a number from 1 to 100")
        self.parts.append(Part("image/jpeg", size=rooms.kinds.picture_size(size), quality=quality))
