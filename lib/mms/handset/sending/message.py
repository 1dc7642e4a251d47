"""A message to be sent: recipients, a subject, and parts from texts, files and the camera."""

from mms.errors import UsageError
from mms.handset import rooms


class Part:
    """One part: its media type, and its octets, or the path of its file.

    With neither it is a picture of the camera, or as many `seconds` of sound.
    """

    def __init__(self, media, octets=None, path=None, size=None, quality=None, limit=None, seconds=0):
        self.media, self.octets, self.path = media, octets, path
        self.size, self.quality, self.limit, self.seconds = size, quality, limit, seconds


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

    def record(self, seconds):
        """Add so many seconds of sound, at most 60, which a microphone records when the message is sent.

        It becomes shorter where it would not fit into the message. Raises UsageError for other numbers of seconds.
        """
        self.parts.append(Part("audio/x-wav", seconds=rooms.recording.check(seconds)))

    def picture(self, size=None, quality=None, limit=None):
        """Add a picture that the camera takes when the message is sent.

        size: "VGA", "QVGA" or another of mms/sizes.py, "best" for the largest; quality: 1 to 100, bigger is better;
        limit: octets of the whole message. The picture is smaller and coarser than that as far as the limit, or that of
        the operator, wants it. None for those in the settings. Raises UsageError for any other.
        """
        self.parts.append(
            Part("image/jpeg", size=rooms.kinds.check_picture(size, quality, limit), quality=quality, limit=limit)
        )
