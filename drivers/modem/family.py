"""The verbs that all modem families share, and the tables of 3GPP TS 27.007 and 27.005.

A family is a file of tables and hooks: a class that extends Family, under the file's name. The contract of its verbs:

    modem = Sim800(pipe, events)                  pipe: a Stream of octets
    await modem.start() -> "ready", "pin", "puk"  SimError, ModemError("modem") on silence
    await modem.unlock(pin); await modem.unlocked()   one attempt, never two
    await modem.sim() -> Sim
    await modem.read_sim(file) -> octets          of a transparent file, none when it is absent
    await modem.network() -> Network
    await modem.operators() -> networks, cells    [(mccmnc, name, status, rat)], [(mccmnc, area, cell, signal)]; status:
                                                  "available", "current", "forbidden" or "unknown"
    await modem.register(mccmnc=None, seconds=60) -> "home", "roaming"; Coverage: code 3 when denied
    modem.chosen                                  whether a network is chosen by hand
    await modem.attach(profile=None)              profile: .apn .user .password .auth; idempotent
    await modem.release()
    await modem.open(host, port, udp=False) -> Stream with .accepted and .acked octets; udp: see Connection
    async for sms in modem.sms: ...; await modem.done(sms)    None now and then: the modem has been looked through
    await modem.send_sms(tpdu) -> message reference
    async with modem.record(seconds) as sound     where it has a microphone: see crec.py
    await modem.power_cycle(on=True)              then `start` again, which also starts one that was left off

The events it says: registered, sms_only, steered, attached, context_up, context_lost, connected, modem_reset,
line_lost, line_back, undervoltage, flooded. While the line is gone every verb raises LineLost; after `line_back`,
`start` again.

Rooms that a modem seldom needs (subscriber, network, sockets) are loaded for a verb and leave memory again.
"""

import asyncio

from drivers.modem import dialogue, messages
from drivers.modem.lines import fields
from mms import clock, memory
from mms.errors import BearerError, ModemError
from mms.limits import BLOCK, const

COMMANDS = (  # name, step, line, seconds, attempts, reply, the line that ends it well: see dialogue.py
    "\nsync|modem|AT|0.18|33|-|OK\n"  # 3 to 5 s from power to the first answer
    'memory|sms|AT+CPMS={memory},"SM","SM"|5|2|+CPMS:|OK\n'  # all three: some modems refuse fewer
    "list|sms|AT+CMGL=4|20|2|+CMGL:|OK\n"
    "read|sms|AT+CMGR={index}|5|2|+CMGR:+|OK\n"
    "delete|sms|AT+CMGD={index}|10|1|-|OK\n"  # once: the next message may be there already
    "submit|sms|AT+CMGS={octets}|60|1|+CMGS:|OK\n"
    "why|context|AT+CEER|5|1|+CEER:|OK\n"
)
NEWS = "\n+CMTI:|message\n+CDSI:|message\n+CMT:|message+\n+CDS:|message+\n+CPIN:|reset\n"
FINAL = "\nOK|good\nERROR|bad\n+CME ERROR:|bad\n+CMS ERROR:|bad\n"

_BUSY = const((14, 314))  # SIM busy, as +CME and as +CMS: for some seconds after power on
_BUSY_MS = const(20000)
_AGAIN_MS = const(200)  # a modem that becomes ready waits no longer for the next question
_NOT_YET = const((None, 100, 302, 521, 3515))  # until "SMS Ready": ERROR, unknown, not allowed, not ready (two)
_REGISTER_SECONDS = const(60)
_STARTED_MS = const(60000)  # lines that end a start come so shortly after it


class Sim:
    """imsi; home: MCC and MNC ("23410"); number: E.164 or None; iccid or None."""

    def __init__(self, imsi, home, number, iccid):
        self.imsi, self.home, self.number, self.iccid = imsi, home, number, iccid


class Family:
    """The driver of a modem, without the tables and hooks of its family.

    TABLES: those of commands, of news and of final results; the first one that has a name or a word counts, so a family
    puts its own in front. The meanings of news:

        message        a short message was stored, or stands in a second line (message+)
        octets N       octets came for a connection: its number is value N of the line
        closed N       the peer closed it
        connected N    it is up
        refused N      it is not
        opened N       one of these two: 0 in value N + 1 means up
        deactivated    the network took the context down
        reset          the modem restarts or goes, or its SIM does
        settled        its start ends: a reset, unless the driver has just started it
        undervoltage   its supply is weak
        (nothing)      the driver knows the line and has no use for it

    Without an N the number of a connection stands before the line: "0, CLOSED".

    Hooks: `ask_room` and `deactivate`, which have a usual form here, and

        await define_context(profile)    tell the modem the access point, and how octets are to be exchanged
        await activate() -> address      bring the context up: the handset's IP address; raises BearerError
        await is_up(number, opening)     whether the modem says that a connection is up: True, False, or None when that
                                         is open; opening: it has not been up yet; raises BearerError

    and where one command is not enough, or a datagram needs another one than a block

        await allot(udp) -> number                     of a connection that is to be opened, where the modem chooses it
        await connect(number, host, port, udp)         ask for it, as "open" does: whether it is up, None: not told yet
        send_datagram(number, octets)                  (name, values) of the command, in place of "send"
    """

    TABLES = (COMMANDS,), (NEWS,), (FINAL,)
    RAT = "GSM"  # the radio technology where the modem does not tell it
    SEARCHES = ()  # <AcT> of networks that AT+COPS=1 finds only where it is named
    REGISTRATIONS = ("registration",)  # names of the commands that tell the status, the one that matters most first
    CELLS = ""  # the room of drivers/modem that reads the cells around, where the family tells them
    OPTIONAL = ()  # names of commands that are asked at each start, though not every firmware knows them
    FASTEST = 460800  # bit/s of its line
    CONNECTIONS = 1
    BLOCK = BLOCK  # octets that the modem takes and gives at a time, at most
    CONNECT_MS = 80000  # the longest time from the OK to an "open" until the modem says how it went
    ACKNOWLEDGES = False  # whether a message that came in a line waits for "acknowledge" (TS 27.005, 3.4.4)
    HOLDS = False  # whether a connection that its peer closed keeps its number until it is closed here, too
    LEAVE = b""  # the line that takes the context down: see `way_out`
    UNWIRED = b""  # the line that ends flow control, where it is on at the factory and lets a modem wait for RTS
    FULL = None  # the final result of "send" that asks to send later
    TAKEN = -1  # values of replies: octets that were sent, of "send", or None where the final result means all
    ACKED = 1  # octets that the peer has acknowledged, of "acknowledged"
    UNACKED = False  # whether they are those that it has not
    WAITING = 2  # octets that can be read, of "waiting"; None where only "receive" shows whether there are any
    COUNT, LEFT = 2, 3  # octets that follow, and that are left behind them (None: untold), of "receive"

    def __init__(self, pipe, events, power=None, off=None, before=None):
        """power, off: a board's; before: a Family that leaves its place: its dialogue and messages go on here."""
        self.events, self.power, self.off = events, power, off
        self.ready = False
        self.registered, self.sms_only = None, False  # the status told last, and whether it is for short messages only
        self.chosen = False
        self._started = 0  # ticks
        self._sockets = self._buffers = None
        self._bearer_lock = asyncio.Lock()
        if before is None:
            self.dialogue = dialogue.Dialogue(pipe, self.TABLES, self._hear)
            self._memories = messages.Memories(self)
            self.return_buffers(self.lend_buffers())  # made once, before memory is in pieces
        else:
            self.dialogue, self._memories, self._buffers = before.dialogue, before._memories, before._buffers
            self.dialogue.use(self.TABLES, self._hear)
            self._memories.modem = self
        self.dialogue.unwired = self.UNWIRED
        self.ask = self.dialogue.ask
        self.sms = self._memories.messages

    def way_out(self):
        """Octets that end any input which a program has left, a short message or a block, and take the context down."""
        # A program that was killed in the middle of a block left a modem that takes everything for data. So much ends
        # any block, and then the context goes with all that is in it, so that in the lab the octets that fill the block
        # never reach the peer. The commands are few, since a modem with type-ahead runs each of them for up to 100 ms;
        # the empty lines between them cost nothing, and a modem without type-ahead misses them while it ends the block.
        # No modem of metal has been tried.
        piece = b"\r" * 120 + self.LEAVE
        return b"\x1b" + piece * (BLOCK // len(piece) + 4 if self.LEAVE else 0) + b"\r"

    async def deactivate(self):
        """Take the context down, with every connection on it, if there is one."""
        await self.ask("down")

    async def ask_room(self, number):
        """How many octets the modem takes at a time for a connection, at most BLOCK; 0: none just now."""
        return self.BLOCK

    # The verbs

    async def start(self):
        """Bring the modem to where it can be used: "ready", or "pin" or "puk" when the SIM asks for it."""
        self._lose("started anew")
        self.dialogue.start()
        self.sms.clear()
        from drivers.modem import startup

        with Visit(self.dialogue, startup):
            state = await startup.start(self, self.power)
            if state == "ready":
                await self._prepare(startup)
        return state

    async def unlock(self, pin):
        """Give the PIN, once: the SIM has accepted it; raises SimError with the modem's code if not: 12, 16 or more."""
        from drivers.modem import startup

        with Visit(self.dialogue, startup):
            await startup.unlock(self, pin)

    async def unlocked(self):
        """Wait for a SIM that has accepted its PIN; raises ModemError where it wants it again, and SimError."""
        from drivers.modem import startup

        with Visit(self.dialogue, startup):
            await startup.wait_unlocked(self)
            await self._prepare(startup)

    async def sim(self):
        """The Sim, by which the subscriber is known; raises SimError."""
        from drivers.modem import subscriber

        with Visit(self.dialogue, subscriber):
            return Sim(*await subscriber.read(self))

    async def read_sim(self, file):
        """The octets of a transparent file of the SIM by its number; none where there is no such file."""
        from drivers.modem import subscriber

        with Visit(self.dialogue, subscriber):
            return await subscriber.read_file(self, file)

    async def network(self):
        """The Network that the modem is on; raises Coverage when it does not say."""
        from drivers.modem import network

        with Visit(self.dialogue, network):
            return await network.read(self)

    async def operators(self):
        """The networks on the air, within three minutes, and the cells that the modem hears, the serving one first."""
        from drivers.modem import network, selection

        with Visit(self.dialogue, network), Visit(self.dialogue, selection):
            return await selection.read_operators(self)

    async def register(self, mccmnc=None, seconds=_REGISTER_SECONDS):
        """Wait until registered: "home" or "roaming"; raises Coverage, code 3 when denied.

        mccmnc: the network, "auto" to have the modem choose, None to keep what was chosen since the start.
        """
        from drivers.modem import network

        with Visit(self.dialogue, network):
            if mccmnc is None:
                return await network.register(self, seconds)
            from drivers.modem import selection

            with Visit(self.dialogue, selection):
                return await selection.select(self, mccmnc, seconds)

    async def attach(self, profile=None):
        """Attach, and with a `profile` bring up a context for it; raises BearerError("attach" or "context", code)."""
        async with self._bearer_lock:
            if self._sockets is None:
                from drivers.modem import sockets

                self._sockets = sockets.Sockets(self)
            try:
                await self._sockets.attach(profile)
            finally:
                if self._sockets.profile is None:
                    self._drop_sockets()

    async def release(self):
        """Take the context down, with every connection on it."""
        async with self._bearer_lock:
            if self._sockets is not None:
                try:
                    await self._sockets.release()
                finally:
                    self._drop_sockets()

    async def open(self, host, port, udp=False):
        """A Connection to `host` (name or address); raises BearerError("connect")."""
        self.check_ready("connect")
        if self._sockets is None or self._sockets.profile is None:
            raise BearerError("connect", None, "no context")
        return await self._sockets.open(host, port, udp)

    async def send_sms(self, tpdu):
        """Submit an SMS-SUBMIT (octets without SMSC): its message reference; raises ModemError("sms", CMS code)."""
        return await self._memories.send(tpdu)

    async def done(self, sms):
        """Delete a message that is durable elsewhere: now, or else when a sweep finds it still there."""
        await self._memories.delete(sms)

    def probe(self):
        """The Probe that has this modem do one step by itself: see probing.py."""
        from drivers.modem import probing

        memory.forget(probing.__name__)
        return probing.Probe(self)

    async def power_cycle(self, on=True):
        """Off and on again by the board, or else a restart by command; off alone: raises ModemError where it cannot."""
        self._lose("the modem was restarted")
        from drivers.modem import power

        with Visit(self.dialogue, power):
            await power.cycle(self, on)

    def close(self):
        """Stop everything and close the line."""
        self._memories.close()
        self._lose("closed")
        self.dialogue.close()

    # For the rooms

    async def patient(self, name, *values, early=0):
        """Ask, and wait while the SIM is busy; early: for so many ms also while the modem does not know it yet."""
        since = clock.ticks()
        while True:
            try:
                return await self.ask(name, *values)
            except ModemError as error:
                early_ms = early if error.code in _NOT_YET and dialogue.is_refusal(error) else 0
                if clock.since(since) >= (_BUSY_MS if error.code in _BUSY else early_ms):
                    raise
            await clock.sleep(_AGAIN_MS)

    async def ask_optional(self, name):
        """The lines of an answer that not every firmware or SIM has; none when the modem refuses it."""
        try:
            return await self.ask(name)
        except ModemError:
            return []

    async def ask_why(self):
        """The reason of the last refusal by the network, in the modem's words, or ""."""
        lines = await self.ask_optional("why")
        reason = ", ".join(fields(lines[0])) if lines else ""
        return "" if reason[:3].lower() == "no " else reason  # No cause, No information available

    def check_ready(self, step):
        """Raise the BearerError of a step that needs a modem which has started."""
        if not self.ready:
            raise BearerError(step, None, "the modem has to be started first")

    def lend_buffers(self):
        """The buffers of a connection: two to send, one to receive."""
        buffers, self._buffers = self._buffers, None
        return buffers or (bytearray(BLOCK), bytearray(BLOCK), bytearray(BLOCK))

    def return_buffers(self, buffers):
        """A connection needs its buffers no more."""
        self._buffers = self._buffers or buffers

    async def _prepare(self, startup):
        """Set up all that can only be set when the SIM is ready."""
        async with self._memories.lock:
            self._memories.reset()
            await startup.prepare(self)
        self.ready = True
        self._memories.start()
        self._started = clock.ticks()
        for name in self.OPTIONAL:
            await self.ask_optional(name)

    def _hear(self, meaning, text, second):
        """Handle news by their meaning: a word, and for some the place of a connection's number."""
        word, _, place = meaning.partition(" ")
        if word in ("octets", "closed", "connected", "refused", "opened", "deactivated"):
            if self._sockets is not None:
                self._sockets.hear(word, place, text)
        elif word in ("message", "message+"):
            self._memories.handle(text, second)
        elif word == "undervoltage":
            self.events.say("undervoltage", text=text)
        elif word in ("reset", dialogue.LOST, dialogue.ECHOED):  # the echo is back: ATE0 is lost with the power
            self.note_reset(text if word == "reset" else "")
        elif word == "settled":
            if not 0 <= clock.since(self._started) < _STARTED_MS:
                self.note_reset(text)
        elif word == dialogue.GONE:
            self._lose("the line was pulled out")
            self.events.say("line_lost")
        elif word == dialogue.BACK:
            self.events.say("line_back")
        elif word == dialogue.ENDED:
            self._lose("the line is closed")
            self.sms.end(ModemError("line", None, "the line is closed"))

    def note_reset(self, text=""):
        """The modem restarted or is about to go, or the card was taken out or put back; `text` is its line on that."""
        if self.ready:
            why = "the modem was reset" + (text and ": " + text)  # advice.py reads this
            self._lose(why)
            self.events.say("modem_reset")
            self.dialogue.abort(why)

    def _lose(self, text):
        """The modem is not ready any more, nor registered; connections and context are lost."""
        self.ready = False
        self.registered = None
        self._memories.reset()
        if self._sockets is not None:
            self._sockets.lose(text)

    def _drop_sockets(self):
        self._sockets = None
        for room in ("sockets", "traffic", "connection", "block"):
            memory.forget("drivers.modem." + room)


class Visit:
    """A context in which a room is loaded and its commands are known; then it leaves memory again."""

    def __init__(self, dialogue, room):
        self._dialogue, self._room = dialogue, room

    def __enter__(self):
        self._dialogue.add(self._room.COMMANDS)

    def __exit__(self, *error):
        self._dialogue.remove(self._room.COMMANDS)
        memory.forget(self._room.__name__)
