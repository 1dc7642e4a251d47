"""The rules of every request: our own names only, forms of our own pages only, headers, one page for each error."""

import hmac
import ipaddress
import logging

from aiohttp import web

from tools.lab.network.mmsc.submissions import Refused
from tools.lab.network.portal import accounts, album, composing, editing, images
from tools.lab.network.portal.site import SESSION

_LOG = logging.getLogger("lab.portal")
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",  # with less, browsers send forms without their Origin
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_TITLES = {
    400: "That did not work",
    403: "This form is not ours",
    404: "There is nothing here",
    405: "There is nothing here",
    409: "Changed in another window",
    413: "That is too large",
    421: "This is another site",
    500: "Something went wrong here",
    507: "There is no room",
}
_STATUS: dict[type[Exception], int] = {  # of what the rooms below the pages raise
    editing.Wrong: 400,
    composing.Wrong: 400,
    images.Unreadable: 400,
    Refused: 400,
    album.Missing: 404,
    album.Stale: 409,
    album.Full: 507,
}
_ERRORS = tuple(_STATUS)
_WORDS = {
    400: "The form could not be read. Nothing was changed.",
    403: "Your browser sent this form from another page, or the page had been open for too long."
    " Nothing was changed. Open the page again from here.",
    404: "The page or picture that you asked for is not there, or is not yours.",
    405: "The page or picture that you asked for is not there, or is not yours.",
    409: "You changed this picture in another window meanwhile. Nothing was done here: look at it as it is, and do it"
    " again if you still want to.",
    413: "A form may have %d MB with all its files.",
    421: "The address in your browser is none of this site's names.",
    500: "Nothing was changed. Please try it again.",
}
COOKIE = "session"


def middlewares(site):
    """aiohttp's middlewares for a Site, the outermost first."""

    @web.middleware
    async def answer(request, handler):
        """Add the headers, and make a page of every error."""
        request[SESSION] = None
        try:
            response = await handler(request)
        except web.HTTPException as error:
            if error.status < 400:
                _finish(error)
                raise
            response = _problem(site, request, error.status)
        except ConnectionError:
            raise
        except _ERRORS as error:
            response = _problem(site, request, _STATUS[type(error)], error)
        except Exception:  # be it a full disk or a fault of ours
            _LOG.exception("%s %s", request.method, request.rel_url.path)
            response = _problem(site, request, 500)
        return _finish(response)

    @web.middleware
    async def guard(request, handler):
        """Refuse other names for our address, and forms that come from other sites or from none."""
        host = request.headers.get("Host", "")
        if not _ours(site, host, request):
            raise web.HTTPMisdirectedRequest()
        if request.method not in ("GET", "HEAD") and request.headers.get("Origin") != "http://" + host:
            raise web.HTTPForbidden()
        if (request.content_length or 0) > request.client_max_size:
            raise web.HTTPRequestEntityTooLarge(request.client_max_size, request.content_length)
        secret = site.told_by(request, COOKIE)
        request[SESSION] = await site.database.do(accounts.session, secret, site.seconds()) if secret else None
        return await handler(request)

    return [answer, guard]


async def posted(request):
    """The fields of a form; raises HTTPBadRequest for one that cannot be read."""
    try:
        return await request.post()
    except (web.HTTPException, ConnectionError):
        raise
    except Exception:  # parsers of forms raise anything
        raise web.HTTPBadRequest() from None


async def fields(request):
    """The fields of a form that one of our pages has sent; raises HTTPForbidden where it lacks the session's token."""
    found = await posted(request)
    token = found.get("token", "")
    if not isinstance(token, str) or not hmac.compare_digest(token.encode(), request[SESSION].token.encode()):
        raise web.HTTPForbidden()
    return found


def _finish(response):
    response.headers.update(_HEADERS)
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def _ours(site, host, request):
    name, _, number = host.rpartition(":") if ":" in host else (host, ":", "80")
    if number != str(request.transport.get_extra_info("sockname")[1]):
        return False
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost" or name in site.names


def _problem(site, request, status, error=None):
    words = (error.text if isinstance(error, Refused) else str(error)) if error else ""
    if status in _WORDS:
        words = words if status == 400 and error else _WORDS[status]
    if status == 413:
        words %= request.client_max_size >> 20
    context = {"title": _TITLES.get(status, "That did not work"), "words": words, "back": _back(request)}
    return site.page(request, "problem.html", status, **context)


def _back(request):
    """The page from which the form came, so far as it is one of a picture."""
    key = request.match_info.get("id", "")
    return "/album/" + key if key and request.method == "POST" else "/"
