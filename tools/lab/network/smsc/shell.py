"""The lab's SMS centre: POST /submit, POST /push and POST /text come in, POST /sms to the modems goes out."""

import asyncio
from collections import OrderedDict

from aiohttp import ClientError, web

from mms import clock
from tools.lab import world as worlds
from tools.lab.calendar import Calendar
from tools.lab.network.smsc.machine import Centre
from tools.lab.network.smsc.sms import SmsError
from tools.lab.shell import Service

_TAKEN = 4096  # ids of pushes and texts that are known


class Smsc(Service):
    """An SMS centre on loopback.

    `subscribers`: MSISDN -> URL of the modem's control, may change while it runs; `machine` is the
    centre without its lines. The date is the `calendar`'s, today's by default.
    """

    def __init__(self, subscribers, world=None, port=0, speed=1.0, calendar=None):
        world = world or worlds.load()
        calendar = calendar or Calendar(clock.now())
        self.subscribers = subscribers
        machine = Centre(
            self._deliver,
            subscribers,
            calendar,
            delay_ms=int(world.delays.sms * 1000),
            next_ms=int(world.delays.sms_next * 1000),
            retry_ms=int(world.smsc.retry * 1000),
            validity_ms=int(world.smsc.validity * 1000),
        )
        self._taken = OrderedDict()
        routes = [
            web.post("/submit", self._submit),
            web.post("/push", self._push),
            web.post("/text", self._text),
        ]
        super().__init__(machine, routes, port, speed, guarded=True, calendar=calendar)

    async def _submit(self, request):
        try:
            octets = bytes.fromhex(await request.text())
            reference = self.machine.submit(request.query["from"], octets, self._wall.now)
        except (KeyError, ValueError, SmsError) as error:
            raise web.HTTPBadRequest(text="%s\n" % error) from None
        self._wall.wake()
        return web.json_response({"reference": reference})

    async def _push(self, request):
        octets = await request.read()
        return self._take(request, lambda *ends: self.machine.push(*ends, octets, self._wall.now))

    async def _text(self, request):
        try:
            words = (await request.read()).decode()
        except UnicodeDecodeError:
            raise web.HTTPBadRequest(text="the text is not UTF-8\n") from None
        return self._take(request, lambda *ends: self.machine.text(*ends, words, self._wall.now))

    def _take(self, request, store):
        """Call `store(number, sender)`, and answer how many short messages that made.

        A request with the `id` of an earlier one is a repeat of it: it is answered alike, and stored once.
        """
        try:
            number, sender = request.query["to"], request.query["from"]
        except KeyError as error:
            raise web.HTTPBadRequest(text="%s is missing\n" % error) from None
        if number not in self.subscribers:
            raise web.HTTPNotFound(text="no subscriber %s\n" % number)
        key = request.query.get("id")
        if key in self._taken:
            return web.json_response({"segments": self._taken[key]})
        try:
            segments = store(number, sender)
        except SmsError as error:
            raise web.HTTPBadRequest(text="%s\n" % error) from None
        if key:
            self._taken[key] = segments
            if len(self._taken) > _TAKEN:
                self._taken.popitem(last=False)
        self._wall.wake()
        return web.json_response({"segments": segments})

    def _deliver(self, key, number, tpdu):
        self._spawn(self._try(key, number, tpdu))

    async def _try(self, key, number, tpdu):
        url = self.subscribers[number].rstrip("/") + "/sms"
        try:
            async with self._session.post(url, data=tpdu.hex()) as answer:
                taken = answer.ok
        except (ClientError, OSError, asyncio.TimeoutError):
            taken = False
        if taken:
            self.machine.delivered(key, self._wall.now)
        else:
            self.machine.refused(key, self._wall.now)
        self._wall.wake()
