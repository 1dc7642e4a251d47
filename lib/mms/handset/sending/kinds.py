"""Media types of files, by their endings and their first octets, and sizes of pictures; loaded when needed."""

from mms import limits
from mms.errors import UsageError
from mms.handset import rooms
from mms.limits import const

_RECORD = const("record:")
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

_BEGINS = (  # media type, octets by which its files are recognised, and their offset
    ("image/jpeg", b"\xff\xd8\xff", 0),
    ("image/gif", b"GIF8", 0),
    ("image/png", b"\x89PNG", 0),
    ("audio/amr", b"#!AMR", 0),
    ("audio/x-wav", b"WAVE", 8),
    ("audio/midi", b"MThd", 0),
    ("video/3gpp", b"ftyp", 4),
)


def ending(media):
    """The file name ending for a media type; "bin" for one that is unknown."""
    if media in _ENDING:
        return _ENDING[media]
    for name in _MEDIA:
        if _MEDIA[name] == media:
            return name
    return "bin"


def check_picture(size, quality, limit):
    """`size`, None for an empty one; raises UsageError for a size, quality or limit that pictures do not have."""
    fault = size and rooms.sizes.fault(size)
    if fault:
        raise UsageError("size is " + fault)
    for name, value, least, most in (("quality", quality, 1, 100), ("limit", limit, 2000, limits.MESSAGE)):
        if value is not None and not (isinstance(value, int) and value is not True and least <= value <= most):
            raise UsageError("%s is a number from %d to %d" % (name, least, most))
    return size or None


def add_sound(message, sound):
    """Add a sound to a Message: a file, or "record:5" for five seconds by the microphone; raises UsageError."""
    if sound.startswith(_RECORD):
        message.record(rooms.recording.parse(sound[len(_RECORD) :]))
    elif guess(sound).startswith("audio/"):
        message.file(sound)
    else:
        raise UsageError("%s: a sound ends in .amr, .wav or .mid" % sound)


def check(media, octets):
    """Raise UsageError when a file that begins with `octets` is empty or not of the type `media`."""
    if not len(octets):
        raise UsageError("it is empty")
    begin = bytes(octets[:12])
    found = [known for known, mark, at in _BEGINS if begin[at : at + len(mark)] == mark]
    if found != [known for known, _, _ in _BEGINS if known == media]:
        raise UsageError("it is no %s%s" % (media, " but " + found[0] if found else ""))


def guess(path):
    """The media type of a file, by its ending; raises UsageError."""
    name = path.lower().split(".")[-1]
    if name not in _MEDIA:
        raise UsageError("%s: no idea what kind of file this is" % path)
    return _MEDIA[name]
