"""Parts of a message written to files, under names that are safe wherever they come from."""

import pathlib
import re

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST = 60
_ENDINGS = {
    "application/smil": ".smil",
    "text/plain": ".txt",
    "text/html": ".html",
    "text/x-vcard": ".vcf",
    "text/x-vcalendar": ".vcs",
    "image/jpeg": ".jpg",
    "image/gif": ".gif",
    "image/png": ".png",
    "image/vnd.wap.wbmp": ".wbmp",
    "audio/amr": ".amr",
    "audio/mpeg": ".mp3",
    "video/3gpp": ".3gp",
    "video/mp4": ".mp4",
}


def safe_name(number, entry):
    """The name of a part on disk: its number, then the harmless characters of its own name."""
    label = entry["name"] or entry["content_location"] or entry["content_id"] or "part"
    label = _UNSAFE.sub("_", str(label).replace("\\", "/").split("/")[-1]).strip("._")[-_LONGEST:] or "part"
    if "." not in label:
        label += _ENDINGS.get(entry["type"], ".bin")
    return "%02d-%s" % (number, label)


class Extract:
    """Writes parts to the folder at the path `folder`, numbered over all messages; see body.Nowhere."""

    def __init__(self, folder):
        self._folder = pathlib.Path(folder)
        self._folder.mkdir(parents=True, exist_ok=True)
        self._number = 0
        self._file = None

    def begin(self, entry):
        self._number += 1
        path = self._folder / safe_name(self._number, entry)
        path.unlink(missing_ok=True)  # whatever it is: a link is not followed
        entry["file"] = str(path)
        self._file = open(path, "xb")  # noqa: SIM115 it is closed when the part ends

    def write(self, view):
        self._file.write(view)

    def end(self, entry):
        self._file.close()
