"""Where the lab's subscribers are: carried to another country, without coverage, or in weak cells.

One line of a terminal, one request of HTTP and one step of a script wish for the same things: `country` (a name of
countries.toml, or uk), `coverage` (true or false), `signal` (0 to 31, as AT+CSQ has it), `loss` (of a hundred
segments). A wish that cannot be is answered by one line that lists what there is, and changes nothing.
"""

import json
import tomllib

from aiohttp import web

from tools.lab.shell import Server, Wall, refusing
from tools.lab.world import WorldError, reason

_STATES = ("idle", "home", "searching", "denied", "unknown", "roaming")  # the <stat> of AT+CREG
_RANGES = {"signal": 31, "loss": 50}
_WISHES = ("country", "coverage", "signal", "loss")
_SWITCH = {"on": True, "off": False}
HELP = (
    "move NAME COUNTRY     carry a subscriber to another country",
    "coverage NAME off|on  take all cells out of reach, or bring them back",
    "signal NAME 0-31      let the cells be weak or strong, as AT+CSQ tells",
    "loss NAME 0-50        let the cells lose so many of a hundred segments",
    "where                 list where all are",
    "countries             list all countries with their networks",
)


class Places:
    """The places of all subscribers; `modems` {name: tools.lab.modem.shell.Modem} of the subscribers of `world`."""

    def __init__(self, world, modems):
        self._world, self._modems = world, modems

    def check(self, name, wishes):
        """Raise WorldError, which lists what there is, unless all `wishes` for the subscriber `name` can be."""
        names = [row.name for row in self._world.subscribers]
        if name is not None and name not in names:
            raise WorldError("no subscriber %s: there are %s" % (name, ", ".join(names)))
        if not isinstance(wishes, dict) or not wishes or [key for key in wishes if key not in _WISHES]:
            raise WorldError("say one or more of %s" % ", ".join(_WISHES))
        if "country" in wishes and wishes["country"] != self._world.HOME:
            self._world.country(wishes["country"])
        if not isinstance(wishes.get("coverage", True), bool):
            raise WorldError("coverage is true or false")
        for key, most in _RANGES.items():
            value = wishes.get(key, 0)
            if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
                raise WorldError("%s is a number from 0 to %d" % (key, most))

    def change(self, name, wishes):
        """Let `wishes` come true for the subscriber `name`, or for all with None. Raises WorldError."""
        self.check(name, wishes)
        for modem in self._modems.values() if name is None else [self._modems[name]]:
            modem.change(**wishes)

    def where(self):
        """A dict for each subscriber: name, number, country, state of the registration, network, signal."""
        found = []
        for row in self._world.subscribers:
            modem = self._modems[row.name]
            registration = modem.machine.registration
            cell = registration.cell
            found.append(
                {
                    "name": row.name,
                    "number": row.number,
                    "country": modem.country,
                    "coverage": modem.covered,
                    "state": _STATES[registration.status],
                    "network": cell and "%s %s" % (cell.mccmnc, cell.name),
                    "signal": cell and cell.signal,
                    "attached": registration.attached,
                }
            )
        return found

    def countries(self):
        """{country: ["MCCMNC name", ...]}, home first."""
        found = {self._world.HOME: self._world.operators}
        found.update((name, table.networks) for name, table in self._world.countries.items())
        return {name: ["%s %s" % (row.mccmnc, row.name) for row in rows] for name, rows in found.items()}

    def perform(self, line):
        """Do what a line of the terminal says; the lines of the answer."""
        words = line.split()
        try:
            return self._perform(words) if words else ()
        except WorldError as error:
            return (str(error),)

    def _perform(self, words):
        if words == ["where"]:
            return [_told(row) for row in self.where()]
        if words == ["countries"]:
            return ["%s: %s" % (name, ", ".join(rows)) for name, rows in self.countries().items()]
        key = {"move": "country"}.get(words[0], words[0])
        if len(words) != 3 or key not in _WISHES:
            return HELP
        value = words[2]
        if key in _RANGES:
            value = int(value) if value.isdecimal() and len(value) < 4 else None
        self.change(words[1], {key: _SWITCH.get(value) if key == "coverage" else value})
        return [_told(row) for row in self.where() if row["name"] == words[1]]


def _told(row):
    at = "on %s, signal %d" % (row["network"], row["signal"]) if row["network"] else "on no network"
    coverage = "" if row["coverage"] else ", without coverage"
    return "%s is in %s%s, %s, %s" % (row["name"], row["country"], coverage, row["state"], at)


class Script:
    """Steps (ms, name or None for all, wishes) that come true at their times; a machine for Wall."""

    def __init__(self, places, steps):
        self._places, self._steps = places, sorted(steps, key=lambda step: step[0])

    @property
    def due(self):
        """The time of the next step, or None."""
        return self._steps[0][0] if self._steps else None

    def advance(self, now):
        """Let all steps come true that are due."""
        while self._steps and self._steps[0][0] <= now:
            _, name, wishes = self._steps.pop(0)
            self._places.change(name, wishes)


def steps(path, places):
    """The steps of a script in TOML, which has a table [[step]] with `at` in seconds for each; raises WorldError.

    A step says `subscriber`, or means all of them, and its wishes.
    """
    try:
        with open(path, "rb") as file:
            rows = tomllib.load(file).get("step")
    except (OSError, ValueError) as error:
        raise WorldError("%s: %s" % (path, reason(error))) from None
    if not isinstance(rows, list) or not rows:
        raise WorldError("%s: no [[step]] in it" % path)
    return [_step(path, number, row, places) for number, row in enumerate(rows, 1)]


def _step(path, number, row, places):
    row = dict(row)
    at, name = row.pop("at", None), row.pop("subscriber", None)
    if isinstance(at, bool) or not isinstance(at, (int, float)) or at <= 0:
        raise WorldError("%s: step %d: at is seconds from the start, more than 0" % (path, number))
    try:
        places.check(name, row)
    except WorldError as error:
        raise WorldError("%s: step %d: %s" % (path, number, error)) from None
    return at * 1000, name, row


class Control:
    """Places on HTTP: GET /subscribers, POST /subscribers/NAME with wishes in JSON, GET /countries; and a script.

    `desks` (tools/lab/terminal.py) add their routes.
    """

    def __init__(self, places, script=(), speed=1.0, port=0, desks=()):
        self._places = places
        self._wall = Wall(Script(places, script), speed)
        routes = [
            web.get("/subscribers", self._list),
            web.post("/subscribers/{name}", self._post),
            web.get("/countries", self._countries),
            *(route for desk in desks for route in desk.routes()),
        ]
        self._server = Server(routes, port, guarded=True)

    @property
    def url(self):
        """http://HOST:PORT where it listens."""
        return self._server.url

    async def start(self):
        """Listen; the script's time begins."""
        await self._server.start()
        self._wall.start()
        self._wall.wake()

    async def stop(self):
        """Listen no more; what is left of the script does not come true."""
        self._wall.stop()
        await self._server.stop()

    async def _list(self, request):
        return web.json_response(self._places.where())

    async def _countries(self, request):
        return web.json_response(self._places.countries())

    async def _post(self, request):
        with refusing("the body is a JSON object: say one or more of %s" % ", ".join(_WISHES)):
            self._places.change(request.match_info["name"], json.loads(await request.text()))
        return web.json_response(self._places.where())
