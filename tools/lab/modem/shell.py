"""A simulated modem on a pseudo-terminal: real sockets behind its radio, HTTP for what the network does.

The control interface: `POST /sms` with a TPDU in hex delivers it to the handset, `GET /sms` lists what the
handset submitted, `POST /do/NAME` lets something go wrong (brown_out, drop_context, lose_coverage, find_coverage, deny,
remove_sim, insert_sim, send_fail, or a flash that erases: deafen), presses the power key (power_on), or moves the
handset's DTR, which a pseudo-terminal lacks (dtr_on, dtr_off).
"""

import asyncio
import pathlib
import time

import aiohttp
from aiohttp import web

from tools.lab import families, world
from tools.lab.line import Line
from tools.lab.modem import reach
from tools.lab.modem.environment import Card
from tools.lab.modem.link import Link
from tools.lab.shell import Tasks, only_local

_ADDRESS = "10.9.%d.%d"  # of a host that has a route and a name, in the name servers
_SOUND = pathlib.Path(__file__).resolve().parents[3] / "assets/sounds/hello.amr"
_TICK = 0.002  # seconds; finer steps of the radio are taken together
EVENTS = (
    "brown_out",
    "drop_context",
    "lose_coverage",
    "find_coverage",
    "deny",
    "remove_sim",
    "insert_sim",
    "send_fail",
    "power_on",
    "power_off",
    "deafen",
    "dtr_on",
    "dtr_off",
)


class Modem:
    """One modem: `machine` is a simulated modem of `family`, `control_url` where its network is reached once started.

    `routes` maps "NAME" or "NAME:PORT" to "HOST:PORT"; any other host is unknown. `smsc` is the URL of an
    SMS centre or None; `switches` {name: value} are turned before power comes. `tap` is called with AT lines, messages
    and socket data (tools/journey/trace.py).
    """

    def __init__(
        self,
        pty,
        control="127.0.0.1:0",
        routes=None,
        number="+447700900001",
        imsi="234100000000001",
        iccid="8944110000000000016",
        pin=None,
        sim=True,
        address="127.0.3.1",
        smsc=None,
        row=None,
        speed=1.0,
        lab=None,
        apns=(),
        tap=None,
        name="modem",
        switches=None,
        family="sim800",
        country=None,
    ):
        lab = lab or world.load()
        card = Card(number, imsi, iccid)
        card.pin, card.present, card.centre = pin, sim, lab.smsc.number
        card.slots["SM"] = [None] * lab.modem.sms_capacity
        kind = families.module("modem", family)
        around = reach.environment(lab, card.home, apns, row, country)
        around.time = lambda: time.gmtime()[:6]
        around.sound = _SOUND.read_bytes()
        self.machine = kind.MACHINE(card, around, row or lab.radio)
        self.country, self._lab, self._row = country or lab.HOME, lab, row or lab.radio
        self.line = Line(pty, lab.modem.baud, self._receive, speed)
        self.routes = dict(routes or {})
        self._resolve()
        for turned in switches or {}:
            self.machine.turn(turned, switches[turned])
        self.submitted = []  # TPDUs in hex, oldest first
        self.control_url = None
        self._control, self._address, self._smsc = control, address, smsc
        self._number, self._speed, self._tap, self._name = number, speed, tap, name
        self._links = {}  # key: Link
        self._tasks = Tasks()
        self._spawn = self._tasks.spawn
        self._timer = self._runner = self._session = None
        self._zero = 0.0
        if tap is not None:
            self.machine.terminal.heard = lambda line: tap.at(name, True, line)
            self.machine.terminal.said = lambda line: tap.at(name, False, line.encode())

    def _resolve(self):
        """Give each name that has a route an address, which has the same routes."""
        names = self.machine.environment.names
        for route in sorted(self.routes):
            name, _, port = route.partition(":")
            if name.replace(".", "").isdigit():
                continue
            names.setdefault(name, _ADDRESS % divmod(len(names) + 1, 250))
            self.routes[names[name] + (":" + port if port else "")] = self.routes[route]

    async def start(self):
        """Open line and control interface, and switch the modem on."""
        self._zero = asyncio.get_running_loop().time()
        self._session = aiohttp.ClientSession()
        await self.line.start()
        await self._serve()
        self.machine.power_on()
        self.kick()

    async def stop(self):
        """Switch off, close every socket, take the line away."""
        if self._timer is not None:
            self._timer.cancel()
        await self._tasks.stop()
        for link in self._links.values():
            link.close()
        if self._runner is not None:
            await self._runner.cleanup()
        await self.line.stop()
        if self._session is not None:
            await self._session.close()

    def change(self, country=None, coverage=None, signal=None, loss=None):
        """Change the place of the subscriber: see tools/lab/places.py. Raises WorldError for no such country."""
        self.machine.advance(self._now())
        if country is not None:
            cells = reach.cells(self._lab, self.machine.sim.card.home, country, self._row)
            self.country = country
            self.machine.carry(cells)
        if coverage is not None and coverage != self.covered:
            (self.machine.find_coverage if coverage else self.machine.lose_coverage)()
        if signal is not None or loss is not None:
            self.machine.fade(signal, loss)
        self.kick()

    @property
    def covered(self):
        """Whether there are cells in reach."""
        return bool(self.machine.environment.cells)

    def kick(self):
        """Let the machine's time pass, and carry out what it asks for."""
        now = self._now()
        self.machine.advance(now)
        self._flush()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        due = self.machine.next()
        if due is not None:
            wait = max((due - now) / 1000 / self._speed, _TICK)
            self._timer = asyncio.get_running_loop().call_later(wait, self.kick)

    def _now(self):
        return (asyncio.get_running_loop().time() - self._zero) * 1000 * self._speed

    def _receive(self, octets):
        self.machine.receive(octets, self._now())
        self.kick()

    def _flush(self):
        octets = self.machine.read()
        if octets:
            self.line.write(octets)
        self.line.obeys_rts = self.machine.obeys_rts()
        rate = self.machine.options["+IPR"]
        if rate:
            self.line.baud = rate
        for effect in self.machine.effects():
            getattr(self, "_do_" + effect[0])(*effect[1:])
        for link in self._links.values():
            link.room.set()

    # sockets

    def _do_open(self, key, host, port, udp):
        self._spawn(self._connect(key, host, port, udp))

    def _do_send(self, key, octets):
        if key in self._links:
            self._tell(key, self._links[key], True, octets)
            self._links[key].queue.put_nowait(octets)

    def _do_close(self, key):
        if key in self._links:
            self._links[key].queue.put_nowait(None)

    async def _connect(self, key, host, port, udp):
        target = self.routes.get("%s:%d" % (host, port)) or self.routes.get(host)
        if target is None:
            self.machine.refused(key, True)
            self.kick()
            return
        there, _, gate = target.rpartition(":")
        link = Link(udp, host, port)
        try:
            await link.open(there, int(gate), self._address)
        except OSError:
            link.close()
            self.machine.refused(key)
            self.kick()
            return
        self._links[key] = link
        if self._tap is not None and not udp:
            self._tap.opened(self._name, key, host, port)
        self.machine.established(key)
        self.kick()
        reading = self._spawn(self._downward(key, link))
        self._spawn(self._upward(key, link, reading))

    def _tell(self, key, link, sent, octets):
        """Let the tap hear octets of a connection, or a datagram."""
        if self._tap is not None and link.udp:
            self._tap.udp(self._name, key, link.host, link.port, sent, octets)
        elif self._tap is not None:
            self._tap.tcp(self._name, key, sent, octets)

    async def _upward(self, key, link, reading):
        while (octets := await link.queue.get()) is not None:
            try:
                await link.send(octets)
            except OSError:
                break
        reading.cancel()  # no task may wait for a socket that is closed
        await asyncio.gather(reading, return_exceptions=True)
        link.close()
        del self._links[key]
        if self._tap is not None and not link.udp:
            self._tap.closed(self._name, key)

    async def _downward(self, key, link):
        while True:
            room = self.machine.room(key)
            if not room:
                link.room.clear()
                await link.room.wait()
                continue
            try:
                octets = await link.receive(room)
            except OSError:
                octets = b""
            if octets:
                self._tell(key, link, False, octets)
                self.machine.arrived(key, octets)
            else:
                self.machine.ended(key)
            self.kick()
            if not octets:
                return

    # messages

    def _do_submit(self, tpdu):
        self.submitted.append(tpdu.hex())
        if self._tap is not None:
            self._tap.sms(self._name, False, tpdu)
        self._spawn(self._submit(tpdu))

    async def _submit(self, tpdu):
        reference = len(self.submitted) % 256
        if self._smsc is not None:
            where = self._smsc.rstrip("/") + "/submit"
            try:
                async with self._session.post(where, params={"from": self._number}, data=tpdu.hex()) as answer:
                    reference = (await answer.json())["reference"] if answer.ok else None
            except (aiohttp.ClientError, ValueError, KeyError):
                reference = None
        self.machine.submitted(reference)
        self.kick()

    # the control interface

    async def _serve(self):
        application = web.Application(middlewares=[only_local])
        application.router.add_post("/sms", self._post_sms)
        application.router.add_get("/sms", self._get_sms)
        application.router.add_post("/do/{name}", self._post_do)
        self._runner = web.AppRunner(application)
        await self._runner.setup()
        host, _, port = self._control.rpartition(":")
        site = web.TCPSite(self._runner, host, int(port))
        await site.start()
        bound = self._runner.addresses[0]
        self.control_url = "http://%s:%d" % (bound[0], bound[1])

    async def _post_sms(self, request):
        try:
            tpdu = bytes.fromhex((await request.text()).strip())
        except ValueError:
            tpdu = b""
        if not 1 <= len(tpdu) <= 176:
            raise web.HTTPBadRequest(text="the body is a TPDU of 1 to 176 octets in hex\n")
        if self._tap is not None:
            self._tap.sms(self._name, True, tpdu)
        self.machine.advance(self._now())
        taken = self.machine.deliver(tpdu)
        self.kick()
        return web.json_response({"taken": taken})

    async def _get_sms(self, request):
        return web.json_response(self.submitted)

    async def _post_do(self, request):
        name = request.match_info["name"]
        if name not in EVENTS:
            raise web.HTTPNotFound(text="there are %s\n" % ", ".join(EVENTS))
        self.machine.advance(self._now())
        getattr(self.line if name == "deafen" else self.machine, name)()
        self.kick()
        return web.json_response({"ok": True})
