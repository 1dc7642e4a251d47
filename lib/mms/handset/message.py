"""A message as people think of it: recipients, a subject, and parts from texts, files and the camera."""

from mms.errors import UsageError

_MEDIA = {
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "png": "image/png",
    "amr": "audio/amr",
    "wav": "audio/x-wav",
    "mid": "audio/midi",
    "3gp": "video/3gpp",
    "txt": "text/plain",
}
_ENDING = {
    "image/jpeg": "jpg",
    "audio/x-wav": "wav",
    "audio/midi": "mid",
    "text/plain": "txt",
    "application/smil": "smil",
}


def ending(media):
    """The file name ending for a media type; "bin" for what is unknown."""
    if media in _ENDING:
        return _ENDING[media]
    for name in _MEDIA:
        if _MEDIA[name] == media:
            return name
    return "bin"


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
        self.wishes = {}  # cc, bcc, priority and what else draft.py knows
        self.parts = []

    def text(self, text):
        """Add a text."""
        try:
            self.parts.append(Part("text/plain", octets=text.encode()))
        except UnicodeError:
            raise UsageError("this text has half a character in it")

    def file(self, path):
        """Add a picture, sound or text from a file; its kind is told by its ending. Raises UsageError."""
        name = path.lower().split(".")[-1]
        if name not in _MEDIA:
            raise UsageError("%s: no idea what kind of file this is" % path)
        self.parts.append(Part(_MEDIA[name], path=path))

    def picture(self, size=None, quality=None):
        """Add what the camera sees when the message is sent; None takes size and quality from the settings."""
        self.parts.append(Part("image/jpeg", size=size, quality=quality))
