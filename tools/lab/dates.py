"""The lab's date: told and set by a line of the terminal, and by HTTP, at all operators at once."""

import datetime
import json

from aiohttp import web

from mms import clock
from tools.lab.calendar import Calendar
from tools.lab.network.billing import tariffs
from tools.lab.shell import refusing
from tools.lab.world import WorldError

_FORM = "say YYYY-MM-DD HH:MM, of 1970 to 2099, with :SS or without"
_YEARS = range(1970, 2100)  # those that a time stamp of an SMS centre can tell apart


def seconds(text, zone=None):
    """The seconds since 1970 of a local date and time, in UTC without a zone. Raises WorldError."""
    try:
        when = datetime.datetime.fromisoformat(text)
    except (TypeError, ValueError):
        raise WorldError("no date %r: %s" % (text, _FORM)) from None
    if when.tzinfo or when.year not in _YEARS:
        raise WorldError("no date %r: %s" % (text, _FORM))
    return int(when.replace(tzinfo=zone or datetime.UTC).timestamp())


def calendar(code, date=None):
    """The Calendar of the operator with the network `code`, which starts at a local date, None: today.

    Its zone is the one of its tariffs; an operator without tariffs has UTC. Raises WorldError.
    """
    operator = tariffs.load().get(code)
    zone = operator.zone if operator else None
    return Calendar(clock.now() if date is None else seconds(date, zone), zone)


class Dates:
    """The dates of operators: `calendars` {name: Calendar}, `now()` the milliseconds of the machines that ask them."""

    WORDS = ("date",)
    HELP = (
        "date                  tell the date of each operator",
        "date YYYY-MM-DD HH:MM let it be that local time at each operator",
    )

    def __init__(self, calendars, now):
        self._calendars, self._now = calendars, now

    def set(self, text):
        """Let the local time of each operator be that of the text. Raises WorldError, and changes nothing then."""
        moments = {name: seconds(text, calendar.zone) for name, calendar in self._calendars.items()}
        for name, moment in moments.items():
            self._calendars[name].set(moment, self._now())

    def told(self):
        """{operator: its local date and time}."""
        now = self._now()
        return {name: calendar.local(now).isoformat(" ") for name, calendar in self._calendars.items()}

    def perform(self, words):
        """Do what the words of a line say; the lines of the answer. Raises WorldError."""
        if len(words) > 1:
            self.set(" ".join(words[1:]))
        return ["%s: %s" % row for row in self.told().items()]

    def routes(self):
        """GET /date tells the dates; POST /date with {"date": "YYYY-MM-DD HH:MM"} sets them."""
        return [web.get("/date", self._get), web.post("/date", self._post)]

    async def _get(self, request):
        return web.json_response(self.told())

    async def _post(self, request):
        with refusing('the body is a JSON object with a "date": %s' % _FORM):
            self.set(json.loads(await request.text())["date"])
        return web.json_response(self.told())
