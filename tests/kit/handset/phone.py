"""A whole handset in virtual time, with a modem and an MMSC that do as they are told."""

import asyncio

from drivers.modem.messages import Messages, Sms
from mms import clock
from mms.codec import mm1, multipart
from mms.errors import BearerError, StoreFull
from mms.events import Events
from mms.handset import rooms
from mms.handset import settings as handset_settings
from mms.handset.handset import Handset
from mms.handset.sending.message import Message
from mms.handset.store.files import new_id
from mms.handset.store.store import Store
from tests.kit.drivers import scripted
from tests.kit.handset.inbox import ALICE, message

OPERATOR = {"name": "O2", "apn": "mms.example", "mmsc": "http://mmsc.example/"}
OWN = "+447700900002"
SWEEP_MS = 180000  # between two looks through the SIM


class World(scripted.World):
    """Time that has a date."""

    def date(self):
        return 1700000000 + self.now // 1000


class Card:
    imsi, home, number, iccid = "234100000000001", "23410", OWN, None


class Network:
    mccmnc, status, rat, signal, sms_only = "23410", "home", "GSM", -79, False

    @property
    def roaming(self):
        return self.status == "roaming"


class Stream:
    """One connection; what is written goes at an octet a millisecond."""

    acked, up = 0, True

    def __init__(self, mmsc):
        self._mmsc, self._request, self._answer = mmsc, b"", None

    async def write(self, buf):
        await clock.sleep(len(buf))
        self._request += bytes(buf)
        self.acked = len(self._request)

    async def drain(self):
        pass

    async def readinto(self, buf):
        if self._answer is None:
            self._answer = self._mmsc(self._request)
        piece, self._answer = self._answer[: len(buf)], self._answer[len(buf) :]
        buf[: len(piece)] = piece
        return len(piece)

    def close(self):
        pass


class Mmsc:
    """Confirms what it gets and has one message for whoever asks.

    heard: (method, path, PDU or None) of each request. then: bodies to answer instead, in turn. date: of its answers.
    """

    def __init__(self):
        self.heard, self.then, self.date = [], [], b""

    def __call__(self, request):
        head, _, body = request.partition(b"\r\n\r\n")
        method, path = head.split(b" ")[0].decode(), head.split(b" ")[1].decode()
        pdu = mm1.parse(body) if body else None
        self.heard.append((method, path, pdu))
        answer = self.then.pop(0) if self.then else self.answer(method, pdu)
        told = b"HTTP/1.1 200 OK\r\nContent-Type: application/vnd.wap.mms-message\r\nContent-Length: %d\r\n%s\r\n"
        return told % (len(answer), b"Date: %s\r\n" % self.date if self.date else b"") + answer

    def answer(self, method, pdu):
        if method == "GET":
            return message()
        if pdu.type == mm1.SEND_REQ:
            return confirmation(pdu.get(mm1.TRANSACTION_ID))
        return b""


def confirmation(tid, *fields):
    """An M-Send.conf: all is well unless `fields` say something else."""
    fields = fields or ((mm1.RESPONSE_STATUS, mm1.OK), (mm1.MESSAGE_ID, "M1"))
    tid = [(mm1.TRANSACTION_ID, tid)] if tid else []
    return mm1.build(mm1.SEND_CONF, tid + [(mm1.VERSION, 0x12)] + list(fields))


class Modem:
    """Does everything at once. log: what was asked of it. faults: verb -> errors to be raised, in turn.

    files: those of the SIM. aps: the access points that the network has, None for any; tried: those that were asked
    for. closed: the hosts that take no connections.
    """

    slow_ms = 0  # to start
    card = Card
    chosen = False

    def __init__(self, mmsc):
        self.log, self.faults, self.sim_card = [], {}, {}
        self.where = Network()
        self.files, self.aps = {}, None
        self._mmsc = mmsc
        self.sms = Messages(self._read)
        self.sent, self.tried, self.closed = [], [], ()
        self._sweeper = None

    def _do(self, verb):
        self.log.append(verb)
        if self.faults.get(verb):
            raise self.faults[verb].pop(0)

    async def start(self):
        await clock.sleep(self.slow_ms)
        self._do("start")
        self._sweeper = self._sweeper or asyncio.create_task(self._sweep())
        return "ready"

    async def sim(self):
        return self.card

    async def read_sim(self, file):
        return self.files.get(file, b"")

    async def register(self, mccmnc=None, seconds=60):
        self._do("register %s" % mccmnc if mccmnc else "register")
        if mccmnc:
            home = mccmnc in (Card.home, "auto")
            self.where.mccmnc, self.where.status = (Card.home, "home") if home else (mccmnc, "roaming")
        return self.where.status

    @property
    def registered(self):
        return self.where.status

    async def operators(self):
        networks = [("23410", "O2 - UK", "current", "GSM"), ("23433", "Orange", "forbidden", "GSM")]
        return networks, [("23410", "00C3", "7ED1", -79)]

    async def attach(self, profile=None):
        self._do("attach" if profile else "attach alone")
        if profile:
            self.tried.append(profile.apn)
            if self.aps is not None and profile.apn not in self.aps:
                raise BearerError("context", 133, "the network says no")

    async def network(self):
        return self.where

    async def release(self):
        self._do("release")

    async def open(self, host, port):
        self._do("open")
        if host in self.closed:
            raise BearerError("connect", None, "nobody answers")
        return Stream(self._mmsc)

    async def send_sms(self, tpdu):
        self._do("send_sms")
        self.sent.append(bytes(tpdu))
        return len(self.sent)

    async def _read(self, place):
        tpdu = self.sim_card.get(place)
        return Sms(tpdu, *place) if tpdu else None

    async def done(self, sms):
        self.log.append("done")
        self.sim_card.pop((sms.memory, sms.index), None)
        self.sms.forget((sms.memory, sms.index))

    def arrives(self, *tpdus):
        """The network stores short messages on the SIM."""
        for tpdu in tpdus:
            place = "SM", len(self.log) + len(self.sim_card) + 1
            self.sim_card[place] = tpdu
            self.sms.put(place)

    async def _sweep(self):
        while True:
            await clock.sleep(SWEEP_MS)
            for place in sorted(self.sim_card):
                self.sms.put(place)
            self.sms.end_sweep()


class Phone:
    """A Handset with all that is around it. said: its events."""

    def __init__(self, camera=None, **more):
        wanted = {"operators": {"23410": OPERATOR}}
        wanted.update(more)
        self.settings = handset_settings.check(wanted)
        self.events, self.said = Events(), []
        self.events.listen(self.said.append)
        self.mmsc = Mmsc()
        self.modem = Modem(self.mmsc)
        self.folder = "build/tests/handset-%s" % new_id()
        self.store = Store(self.folder)
        self._world, self._camera = World(), camera
        self.begin()

    def begin(self):
        """Be switched on, with what lies in the store."""

        async def born():  # in the time in which it will live
            return Handset(self.settings, self.store, self.modem, self._camera, self.events)

        self.handset = scripted.run(born(), self._world)

    def names(self):
        """The names of what happened."""
        return [event["event"] for event in self.said]

    def told(self, name):
        """Every event of that name."""
        return [event for event in self.said if event["event"] == name]

    def live(self, story, console=None, parts=None):
        """Be a phone while `story()` runs, in virtual time: its result, or the error that ended the handset."""
        return scripted.run(self._live(story, console, parts), self._world)

    async def _live(self, story, console, parts):
        living = asyncio.create_task(self.handset.run(console))
        panel = parts and asyncio.create_task(rooms.panel.serve(self.handset, parts))
        try:
            await clock.sleep(1000)
            result = await story()
        finally:
            if panel:
                panel.cancel()
            if not living.done():
                living.cancel()
            else:
                await living
        return result

    def dies(self):
        """The error that ends the handset, without anybody's help."""

        async def whole():
            try:
                await self.handset.run()
            except Exception as error:
                return error

        return scripted.run(whole(), self._world)


MINUTE = 60000
JPEG = b"\xff\xd8" + bytes(20000) + b"\xff\xd9"


class Camera:
    """Sees one picture; says that it has `more` octets than come."""

    sizes = ()

    def __init__(self, octets=JPEG, more=0):
        self._octets, self._more = octets, more
        self.asked = []

    def rest(self):
        """Nothing is kept."""

    def capture(self, size, quality):
        self.asked.append((size, quality))
        return self

    async def __aenter__(self):
        self.octets, self.width, self.height, self._rest = len(self._octets) + self._more, 640, 480, self._octets
        return self

    async def __aexit__(self, *_):
        pass

    async def readinto(self, buf):
        await clock.sleep(10)
        piece, self._rest = self._rest[: len(buf)], self._rest[len(buf) :]
        buf[: len(piece)] = piece
        return len(piece)


def hello(to="+447700900001"):
    """A small message."""
    message = Message(to)
    message.text("hello")
    return message


def asking():
    """A message whose sender asks for a read report."""
    fields = [(mm1.TRANSACTION_ID, "R1"), (mm1.VERSION, 0x12), (mm1.DATE, 1700000001), (mm1.MESSAGE_ID, "M7")]
    fields += [(mm1.FROM, mm1.address(ALICE)), (mm1.READ_REPORT, True)]
    mixed = mm1.ContentType("application/vnd.wap.multipart.mixed", [])
    body = multipart.count(1) + multipart.entry("text/plain", 2) + b"hi"
    return mm1.build(mm1.RETRIEVE_CONF, fields + [(mm1.CONTENT_TYPE, mixed)]) + body


FULL = StoreFull("store", 28, "the store is full")


class refused:
    """While this lasts, `error` is raised for records of which `which(name, record)` is true, so many times."""

    def __init__(self, which, error=FULL, times=999):
        self._which, self._error, self._left = which, error, times
        self._write = Store.write

    def __enter__(self):
        def write(store, name, record):
            if self._left and self._which(name, record):
                self._left -= 1
                raise self._error
            self._write(store, name, record)

        Store.write = write

    def __exit__(self, *_):
        Store.write = self._write


def one_sent(phone, minutes=10):
    """The Item of a message, so long after it was accepted."""

    async def story():
        id = await phone.handset.send(hello())
        await clock.sleep(minutes * MINUTE)
        return phone.handset.outbox.item(id)

    return phone.live(story)
