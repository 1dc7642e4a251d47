"""The pages that sign in and out."""

from aiohttp import web

from tools.lab.network.portal import accounts, composing, guard
from tools.lab.network.portal.editing import word
from tools.lab.network.portal.site import SESSION

_CHALLENGE = "challenge"


class Entering:
    """Routes of signing in; `text(number, words)` has an SMS sent and returns at once."""

    def __init__(self, site, text):
        self._site, self._text = site, text
        self.routes = [
            web.get("/sign-in", self._number),
            web.post("/sign-in", self._ask),
            web.get("/code", self._code),
            web.post("/code", self._sign_in),
            web.post("/sign-out", self._sign_out),
        ]

    async def _number(self, request):
        if request[SESSION]:
            raise web.HTTPSeeOther("/album")
        return self._site.page(request, "sign-in.html", said=request.query.get("said"))

    async def _ask(self, request):
        fields = await guard.posted(request)
        number = composing.telephone(word(fields, "number"), self._site.country)
        if number is None:
            return self._site.page(request, "sign-in.html", 400, said="number", typed=word(fields, "number")[:30])
        site = self._site
        known = number in site.subscribers
        challenge, code = await site.database.do(accounts.ask, site.codes, number, known, site.seconds())
        if code:
            self._text(number, "%s is your code for the %s portal. It is valid for 5 minutes." % (code, site.name))
        response = web.HTTPSeeOther("/code")
        self._set(response, _CHALLENGE, challenge, accounts.CODE_S)
        raise response

    async def _code(self, request):
        return self._site.page(request, "code.html", said=request.query.get("said"))

    async def _sign_in(self, request):
        fields, site = await guard.posted(request), self._site
        code = "".join(word(fields, "code").split())
        challenge = site.told_by(request, _CHALLENGE)
        secret = await site.database.do(accounts.sign_in, site.codes, challenge, code, site.seconds())
        if secret is None:
            return site.page(request, "code.html", 400, said="wrong")
        response = web.HTTPSeeOther("/album")
        self._set(response, guard.COOKIE, secret)
        response.del_cookie(site.cookie(_CHALLENGE))
        raise response

    async def _sign_out(self, request):
        if request[SESSION]:
            await guard.fields(request)
            await self._site.database.do(accounts.sign_out, request[SESSION].number)
        response = web.HTTPSeeOther("/sign-in?said=out")
        response.del_cookie(self._site.cookie(guard.COOKIE))
        raise response

    def _set(self, response, name, value, seconds=None):
        response.set_cookie(self._site.cookie(name), value, max_age=seconds, path="/", httponly=True, samesite="Strict")
