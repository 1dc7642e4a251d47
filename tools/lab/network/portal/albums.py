"""The pages of the album: all pictures, one picture with its tools, new ones, strips."""

from aiohttp import web
from yarl import URL

from tools.lab.network.portal import album, drawing, editing, images, stamps
from tools.lab.network.portal.guard import fields as form
from tools.lab.network.portal.site import SESSION, signed_in

_FRAMES = 4  # of a strip
_STRIP = 1 << 20  # octets of one
_STAMP = 96  # pixels of a stamp on a button
_LAYOUTS = ("row", "column", "grid")


class Albums:
    """Routes of the album of the subscriber that has signed in."""

    def __init__(self, site):
        self._site = site
        self.routes = [
            web.get("/", self._home),
            web.get("/album", signed_in(self._album)),
            web.get("/album/{id}", signed_in(self._picture)),
            web.get(r"/album/{id}/{version:\d+}{small:(-small)?}.jpg", signed_in(self._file)),
            web.get("/stamps/{name}.png", self._stamp),
            web.get("/new", signed_in(self._new)),
            web.post("/new", signed_in(self._add)),
            web.get("/strip", signed_in(self._strip)),
            web.post("/strip", signed_in(self._make_strip)),
            *(web.post("/album/{id}/" + name, signed_in(handler)) for name, handler in (
                ("do", self._do), ("undo", self._undo), ("caption", self._caption),
                ("move", self._move), ("delete", self._delete), ("restore", self._restore),
            )),
        ]  # fmt: skip

    async def _home(self, request):
        raise web.HTTPSeeOther("/album" if request[SESSION] else "/sign-in")

    async def _album(self, request):
        owner, do = request[SESSION].number, self._site.database.do
        return self._site.page(
            request,
            "album.html",
            pictures=await do(album.pictures, owner),
            deleted=await do(album.pictures, owner, True),
            said=request.query.get("said"),
        )

    async def _picture(self, request, status=200, wrong=None, typed=None):
        owner, key = request[SESSION].number, request.match_info["id"]
        picture = await self._site.database.do(album.picture, owner, key)
        original = await self._site.database.do(album.original, owner, key)
        return self._site.page(
            request,
            "picture.html",
            status,
            picture=picture,
            blank=original is None,
            steps=[editing.tell(step) for step in picture.steps],
            colours=drawing.COLOURS,
            sizes=list(drawing.SIZES),
            stamps=stamps.STAMPS,
            backgrounds=list(drawing.BACKGROUNDS),
            wrong=wrong,
            typed=typed or {},
        )

    async def _file(self, request):
        find = request.match_info
        octets = await self._site.file(request[SESSION].number, find["id"], int(find["version"]), bool(find["small"]))
        return web.Response(body=octets, content_type="image/jpeg")

    async def _stamp(self, request):
        name = request.match_info["name"]
        if name not in stamps.STAMPS:
            raise web.HTTPNotFound()
        octets = await self._site.work(lambda: images.lossless(stamps.draw(name, _STAMP)))
        return web.Response(body=octets, content_type="image/png", headers={"Cache-Control": "max-age=86400"})

    async def _new(self, request):
        return self._site.page(request, "new.html", backgrounds=list(drawing.BACKGROUNDS))

    async def _add(self, request):
        fields, site = await form(request), self._site
        file = fields.get("file")
        octets, steps = None, []
        if fields.get("what") == "blank":
            steps = [{"do": "background", "name": editing.choice(fields, "background", drawing.BACKGROUNDS)}]
        else:
            octets = file.file.read() if isinstance(file, web.FileField) else b""
            if not octets:
                raise editing.Wrong("Choose a picture first.")
            await site.work(images.check, octets)
        return await self._added(request, octets, steps)

    async def _added(self, request, octets, steps=()):
        site, owner = self._site, request[SESSION].number
        key = await site.database.do(album.add, owner, octets, "", site.date(), site.seconds(), steps)
        raise web.HTTPSeeOther("/album/" + key)

    async def _strip(self, request):
        owner, chosen = request[SESSION].number, request.query.getall("picture", [])
        if not 1 <= len(chosen) <= _FRAMES:
            raise web.HTTPSeeOther("/album?said=frames")
        pictures = [await self._site.database.do(album.picture, owner, key) for key in chosen]
        return self._site.page(request, "strip.html", pictures=pictures, layouts=_LAYOUTS)

    async def _make_strip(self, request):
        fields, site, owner = await form(request), self._site, request[SESSION].number
        chosen, layout = [str(key) for key in fields.getall("picture", [])], editing.choice(fields, "layout", _LAYOUTS)
        if not 1 <= len(chosen) <= _FRAMES:
            raise editing.Wrong("A strip has one to four pictures.")
        frames = []
        for key in chosen:
            picture = await site.database.do(album.picture, owner, key)
            frames.append((await site.database.do(album.original, owner, key), picture.steps))
        return await self._added(request, await site.work(_strip, frames, layout))

    async def _do(self, request):
        fields, site = await form(request), self._site
        owner, key = request[SESSION].number, request.match_info["id"]
        blank = await site.database.do(album.original, owner, key) is None
        try:
            step = editing.step(fields, blank)
            await site.database.do(album.do, owner, key, editing.number(fields, "version", 1, 99999), step)
        except (editing.Wrong, album.Full) as error:
            return await self._picture(request, 400, str(error), fields)
        raise web.HTTPSeeOther("/album/%s#picture" % key)

    async def _undo(self, request):
        fields = await form(request)
        by = {"undo": 1, "redo": -1, "all": album.STEPS}[editing.choice(fields, "which", ("undo", "redo", "all"))]
        return await self._change(request, fields, album.undo, by)

    async def _caption(self, request):
        fields = await form(request)
        return await self._change(request, fields, album.describe, editing.text(fields, "caption", album.CAPTION))

    async def _change(self, request, fields, function, *arguments):
        owner, key = request[SESSION].number, request.match_info["id"]
        version = editing.number(fields, "version", 1, 99999)
        await self._site.database.do(function, owner, key, version, *arguments)
        raise web.HTTPSeeOther("/album/%s" % key)

    async def _move(self, request):
        fields = await form(request)
        by = {"earlier": -1, "later": 1}[editing.choice(fields, "which", ("earlier", "later"))]
        return await self._arrange(request, "moved", album.move, by)

    async def _delete(self, request):
        await form(request)
        return await self._arrange(request, "deleted", album.delete, self._site.seconds())

    async def _restore(self, request):
        await form(request)
        return await self._arrange(request, "restored", album.restore)

    async def _arrange(self, request, said, function, *arguments):
        key = request.match_info["id"]
        await self._site.database.do(function, request[SESSION].number, key, *arguments)
        raise web.HTTPSeeOther(URL("/album").with_query(said=said, picture=key))


def _strip(frames, layout):
    """The file of a strip of (original, steps)."""
    whole = images.strip([images.render(*frame) for frame in frames], layout)
    return images.encode(whole, _STRIP, all(images.is_flat(*frame) for frame in frames))[1]
