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
    "vcf": "text/x-vcard",
    "vcs": "text/x-vcalendar",
    "wbmp": "image/vnd.wap.wbmp",
}
_ENDING = {
    "image/jpeg": "jpg",
    "audio/x-wav": "wav",
    "audio/midi": "mid",
    "text/plain": "txt",
    "application/smil": "smil",
    "text/vcard": "vcf",
    "text/directory": "vcf",
}

_BEGINS = (  # media type, octets with which a file of it begins, and where
    ("image/jpeg", b"\xff\xd8\xff", 0),
    ("image/gif", b"GIF8", 0),
    ("image/png", b"\x89PNG", 0),
    ("audio/amr", b"#!AMR", 0),
    ("audio/x-wav", b"WAVE", 8),
    ("audio/midi", b"MThd", 0),
    ("video/3gpp", b"ftyp", 4),
)
_SIZES = ("VGA", "QVGA", "QQVGA")


def ending(media):
    """The file name ending for a media type; "bin" for what is unknown."""
    if media in _ENDING:
        return _ENDING[media]
    for name in _MEDIA:
        if _MEDIA[name] == media:
            return name
    return "bin"


def picture_size(size):
    """`size` if pictures have it, None for the settings'; raises UsageError."""
    if size and size not in _SIZES:
        raise UsageError('size is one of "%s"' % '", "'.join(_SIZES))
    return size or None


def sound(path):
    """Raise UsageError when a path is not that of a sound, by its ending."""
    if not _media(path).startswith("audio/"):
        raise UsageError("%s: a sound ends in .amr, .wav or .mid" % path)


def check(media, octets):
    """Raise UsageError when a file that begins with `octets` is empty or of another kind than `media`."""
    if not len(octets):
        raise UsageError("it is empty")
    begin = bytes(octets[:12])
    found = [kind for kind, mark, at in _BEGINS if begin[at : at + len(mark)] == mark]
    known = [kind for kind, _, _ in _BEGINS if kind == media]
    if found != known:
        raise UsageError("it is no %s%s" % (media, " but " + found[0] if found else ""))


def _media(path):
    name = path.lower().split(".")[-1]
    if name not in _MEDIA:
        raise UsageError("%s: no idea what kind of file this is" % path)
    return _MEDIA[name]


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
        self.parts.append(Part(_media(path), path=path))

    def picture(self, size=None, quality=None):
        """Add what the camera sees when the message is sent; None takes size and quality from the settings.

        Raises UsageError for a size that pictures do not have.
        """
        self.parts.append(Part("image/jpeg", size=picture_size(size), quality=quality))
