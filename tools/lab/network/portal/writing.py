"""The pages that write messages, and list those that were sent."""

import re
import secrets
import sqlite3

from aiohttp import web

from mms.errors import PduError
from tools.lab.network.mmsc import contents
from tools.lab.network.mmsc.envelope import Envelope
from tools.lab.network.mmsc.submissions import Refused
from tools.lab.network.portal import album, composing, editing, images, sent
from tools.lab.network.portal.guard import fields as form
from tools.lab.network.portal.site import SESSION, signed_in

_FORM = re.compile(r"[\w-]{16,40}", re.ASCII)
_CHECKS = ("hidden", "delivery", "read")


class Writing:
    """Routes of the pages; `port` is the portal's of the relay (ports.py)."""

    def __init__(self, site, port):
        self._site, self._port = site, port
        self.routes = [
            web.get("/write", signed_in(self._write)),
            web.post("/write", signed_in(self._send)),
            web.get("/sent", signed_in(self._sent)),
        ]

    async def _write(self, request):
        owner, slides = request[SESSION].number, [{} for _ in range(composing.SLIDES)]
        chosen = request.query.getall("picture", [])
        if len(chosen) > len(slides):
            raise web.HTTPSeeOther("/album?said=slides")
        for slide, key in zip(slides, chosen, strict=False):
            picture = await self._site.database.do(album.picture, owner, key)
            slide.update(album=picture.id, version=picture.version, text=picture.caption)
        typed = {"delivery": True, "to": request.query.get("to", "")[:200]}
        return self._page(request, 200, secrets.token_urlsafe(18), typed, slides)

    def _page(self, request, status, key, typed, slides, wrong=None):
        price = self._port.offer(request[SESSION].number)
        context = {"form": key, "typed": typed, "slides": slides, "wrong": wrong, "price": price}
        return self._site.page(request, "write.html", status, **context)

    async def _send(self, request):
        fields, owner = await form(request), request[SESSION].number
        key = editing.word(fields, "form")
        if not _FORM.fullmatch(key):
            raise web.HTTPForbidden()
        typed: dict = {name: name in fields for name in _CHECKS}
        typed |= {name: editing.word(fields, name)[:5000] for name in ("to", "subject")}
        slides = []
        try:
            for at in range(1, composing.SLIDES + 1):
                slides.append({})
                await self._slide(owner, fields, at, slides[-1])
            await self._accept(owner, key, typed, slides)
        except (editing.Wrong, composing.Wrong, images.Unreadable, PduError) as error:
            words = "The message cannot be packed: %s." % error if isinstance(error, PduError) else str(error)
        except Refused as refusal:
            words = "The message centre refuses it with 0x%02X: %s." % (refusal.status, refusal.text)
        except sqlite3.IntegrityError:
            raise web.HTTPSeeOther("/sent?said=twice") from None
        else:
            raise web.HTTPSeeOther("/sent?said=sent")
        slides += [{} for _ in range(composing.SLIDES - len(slides))]
        return self._page(request, 400, key, typed, slides, words)

    async def _slide(self, owner, fields, at, slide):
        """Fill a dict with what the form has for a slide; what can be shown again is there when a field is wrong."""
        for name in ("picture", "sound"):
            slide[name] = self._upload(owner, fields, name, at)
        chosen = editing.word(fields, "album%d" % at)
        if chosen and "drop%d" % at not in fields:
            picture = await self._site.database.do(album.picture, owner, chosen)
            slide.update(album=picture.id, version=picture.version, steps=picture.steps)
        slide["text"] = editing.word(fields, "text%d" % at)
        slide["seconds"] = editing.word(fields, "seconds%d" % at)
        slide["text"] = editing.text(fields, "text%d" % at, composing.TEXT)
        slide["seconds"] = editing.number(fields, "seconds%d" % at, *composing.SECONDS)

    def _upload(self, owner, fields, name, at):
        """{name, octets, key} of a file that comes with the form or came with its last try; {} of none."""
        file = fields.get("%s%d" % (name, at))
        if isinstance(file, web.FileField) and file.filename:
            octets = file.file.read()
            return {"name": file.filename[:60], "octets": octets, "key": self._site.keep(owner, file.filename, octets)}
        key = editing.word(fields, "kept_%s%d" % (name, at))
        if not key or "drop_%s%d" % (name, at) in fields:
            return {}
        title, octets = self._site.kept(owner, key)
        return {"name": title[:60], "octets": octets, "key": key} if title else {}

    async def _accept(self, owner, key, typed, slides):
        """Give the message to the message centre. Raises Wrong, Refused, Unreadable, IntegrityError."""
        site, do = self._site, self._site.database.do
        recipients = composing.addresses(typed["to"], site.country)
        subject = " ".join(editing.text(typed, "subject", composing.SUBJECT).split())
        made = [await self._made(owner, slide) for slide in slides]
        content = await site.work(composing.content, made, self._port.octets)
        envelope = Envelope(
            sender=owner,
            hidden=typed["hidden"],
            to=recipients,
            subject=subject,
            delivery_report=typed["delivery"],
            read_report=typed["read"],
            date=site.date(),
            content=contents.pack(content),
        )
        summary = _summary(content)
        await do(sent.begin, key, owner, recipients, envelope.date, subject, summary, len(envelope.content),
                 typed["delivery"])  # fmt: skip
        try:
            self._port.accept(envelope, recipients, key)
        except Refused:
            await do(sent.refused, key)
            raise

    async def _made(self, owner, slide):
        """The Slide that composing wants."""
        picture = None
        if slide["picture"]:
            picture = composing.Picture(slide["picture"]["octets"], [])
        elif "album" in slide:
            original = await self._site.database.do(album.original, owner, slide["album"])
            picture = composing.Picture(original, slide["steps"])
        return composing.Slide(slide["text"], picture, slide["sound"].get("octets", b""), slide["seconds"])

    async def _sent(self, request):
        found = await self._site.database.do(sent.messages, request[SESSION].number)
        costs = {message.id: self._port.cost(message.message_id) for message in found}
        context = {
            "messages": found,
            "costs": costs,
            "words": sent.WORDS,
            "failed": sent.FAILED,
            "said": request.query.get("said"),
        }
        return self._site.page(request, "sent.html", **context)


def _summary(content):
    """Words for what a message has beside its layout: "2 pictures, 1 text"."""
    kinds = [part.media.partition("/")[0] for part in content.parts if part.media != contents.SMIL]
    words = []
    for kind, name in (("image", "picture"), ("text", "text"), ("audio", "sound")):
        count = kinds.count(kind)
        if count:
            words.append("%d %s%s" % (count, name, "s" if count > 1 else ""))
    return ", ".join(words)
