"""How each recipient saw a message: the pictures, texts and sounds of it as files in one folder, and rows about them.

A row is a dict: `media`, `octets`, `sha256`, `file` (its name in the folder) of each part, and `text` of a text,
`pixels` ("640 x 480") of a picture.
"""

import hashlib
import io
import mimetypes
import re

from aiohttp import ClientSession, CookieJar
from PIL import Image

_SMIL = "application/smil"
_SUFFIXES = {"image/jpeg": ".jpg", "text/plain": ".txt", "audio/amr": ".amr", "audio/wav": ".wav"}
_TEXT = re.compile(r'<p class="text">(.*?)</p>', re.DOTALL)
_MEDIA = re.compile(r'(?:src|href)="(/[0-9A-Z]+/[0-9]+(?:\.wav)?)"')


class Album:
    """The folder in which a report keeps what recipients saw."""

    def __init__(self, folder):
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def keep(self, who, media, octets):
        """The row of a part that `who` saw, which becomes a file."""
        row = {"media": media, "octets": len(octets), "sha256": hashlib.sha256(octets).hexdigest()}
        if media.startswith("text/"):
            return dict(row, text=octets.decode("utf-8", "replace"))
        suffix = _SUFFIXES.get(media) or mimetypes.guess_extension(media) or ""
        row["file"] = "%s-%s%s" % (who, row["sha256"][:8], suffix)
        (self._folder / row["file"]).write_bytes(octets)
        if media.startswith("image/"):
            with Image.open(io.BytesIO(octets)) as picture:
                row["pixels"] = "%d x %d" % picture.size
        return row

    def files(self, who, files):
        """Rows of the files that a handset exported, without its layout."""
        rows = []
        for file in files:
            if file["type"] != _SMIL:
                with open(file["path"], "rb") as exported:
                    rows.append(self.keep(who, file["type"], exported.read()))
        return rows

    def mail(self, who, mail):
        """Rows of the parts of an EmailMessage."""
        parts = [part for part in mail.walk() if not part.is_multipart()]
        return [self.keep(who, part.get_content_type(), part.get_payload(decode=True)) for part in parts]

    async def page(self, who, url, code):
        """(rows, the page's HTML) of the message that a browser is shown at `url` for a code."""
        host = "/".join(url.split("/")[:3])
        async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as session:
            async with session.post(url, data={"code": code}, headers={"Origin": host}) as answer:
                answer.raise_for_status()
                html = await answer.text()
            rows = [self.keep(who, "text/plain", text.encode()) for text in _TEXT.findall(html)]
            for path in dict.fromkeys(_MEDIA.findall(html)):
                async with session.get(host + path) as answer:
                    answer.raise_for_status()
                    media = answer.content_type
                    if media != "application/octet-stream":
                        rows.append(self.keep(who, media, await answer.read()))
        return rows, html
