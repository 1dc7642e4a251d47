"""What all modem families share: SIM, registration and SMS by 3GPP TS 27.007 and 27.005.

A family adds its tables and its sockets. The contract:

    modem = Sim800(pipe, events)                  pipe: a Stream of octets
    await modem.start() -> "ready", "pin", "puk"  SimError, ModemError("modem") on silence
    await modem.unlock(pin)                       one attempt, never two; then
    await modem.unlocked()
    await modem.sim() -> Sim
    await modem.network() -> Network
    await modem.operators() -> [(mccmnc, name, status)]
    await modem.register(mccmnc=None, seconds=60) Coverage: code 3 when denied
    await modem.attach(profile)                   profile: .apn .user .password .auth; idempotent
    await modem.release()
    await modem.open(host, port, udp=False) -> Stream with .accepted and .acked octets
    async for sms in modem.sms: ...; await modem.done(sms)    None now and then: somebody is still there
    await modem.send_sms(tpdu) -> message reference
    await modem.power_cycle()                     then `start` again

The events it says: registered, attached, context_up, context_lost, connected, modem_reset, line_lost, line_back,
undervoltage, flooded. While the line is gone every verb raises LineLost; after `line_back`, `start` again.
"""

import asyncio
import binascii
import gc

from drivers.modem import at
from drivers.modem.digester import fields
from drivers.modem.sms import Messages, Sms, pdu
from mms import clock, memory
from mms.errors import Coverage, ModemError, SimError
from mms.limits import const

COMMANDS = (  # name, step, line, seconds, attempts, what its replies are (see digester), what ends it well
    "\n"
    "sync|modem|AT|0.4|15|-|OK\n"  # power to first answer: 3 to 5 s
    "echo|modem|ATE0|2|3|-|OK\n"
    "errors|modem|AT+CMEE=1|2|3|-|OK\n"
    "quiet|register|AT+CREG=0|2|2|-|OK\n"  # so that a reply is never taken for news
    "pin|sim|AT+CPIN?|5|3|+CPIN:|OK\n"
    "unlock|sim|AT+CPIN={pin}|5|1|-|OK\n"
    "imsi|sim|AT+CIMI|20|2|#|OK\n"
    "administrative|sim|AT+CRSM=176,28589,0,0,4|5|2|+CRSM:|OK\n"  # EF_AD, TS 31.102 4.2.18
    "iccid|sim|AT+CCID|5|2|#F|OK\n"
    "number|sim|AT+CNUM|5|2|+CNUM:|OK\n"
    "registration|register|AT+CREG?|5|3|+CREG:|OK\n"
    "signal|register|AT+CSQ|5|2|+CSQ:|OK\n"
    "numeric|register|AT+COPS=3,2|5|2|-|OK\n"
    "operator|register|AT+COPS?|45|1|+COPS:|OK\n"
    "operators|register|AT+COPS=?|120|1|+COPS:|OK\n"
    "automatic|register|AT+COPS=0|120|1|-|OK\n"
    "manual|register|AT+COPS=1,2,{operator}|120|1|-|OK\n"
    "pdu|sms|AT+CMGF=0|5|2|-|OK\n"
    'memories|sms|AT+CPMS="SM","SM","SM"|5|2|+CPMS:|OK\n'  # the last is where new messages go
    'memory|sms|AT+CPMS={memory},"SM","SM"|5|2|+CPMS:|OK\n'  # all three: some modems refuse fewer
    "notify|sms|AT+CNMI=2,1,0,1,0|5|2|-|OK\n"  # stored first: the SIM keeps them
    "list|sms|AT+CMGL=4|20|2|+CMGL:|OK\n"
    "read|sms|AT+CMGR={index}|5|2|+CMGR:+|OK\n"
    "delete|sms|AT+CMGD={index}|10|1|-|OK\n"  # once: the next message may lie there already
    "submit|sms|AT+CMGS={octets}|60|1|+CMGS:|OK\n"
)
UNSOLICITED = ("\n+CMTI:\n+CDSI:\n+CPIN:\n",), ("\n+CMT:\n+CDS:\n",)  # tables of one line, and of two lines
FINAL = ("\nOK\n",), ("\nERROR\n+CME ERROR:\n+CMS ERROR:\n",)  # tables of good news, and of bad

_BUSY = (14, 314)  # SIM busy, as +CME and as +CMS: for some seconds after power on
_BUSY_MS = const(20000)
_NOT_YET = (None, 100, 302, 521)  # until "SMS Ready": ERROR, unknown, operation not allowed, SMSAL not ready
_TAKEN_MS = const(5000)  # from the OK to a PIN until the SIM is ready
_NOTHING_THERE = const(321)  # +CMS: invalid memory index
_PIN_NEEDED = ((11, "pin"), (12, "puk"), (311, "pin"), (316, "puk"))
_REGISTER_SECONDS = const(60)
_DENIED = const(3)
_STATUS = ("idle", "home", "searching", "denied", "unknown", "roaming")
_SWEEP_MS = const(170000)  # a +CMTI can get lost; the network does not repeat it. No multiple of others' rounds


class Sim:
    """imsi; home: MCC and MNC ("23410"); number: E.164 or None; iccid or None."""

    def __init__(self, imsi, home, number, iccid):
        self.imsi, self.home, self.number, self.iccid = imsi, home, number, iccid


class Network:
    """mccmnc or None; status "home", "roaming", "searching", "denied", "idle" or "unknown"; roaming;
    rat; signal: dBm or None.
    """

    def __init__(self, mccmnc, status, rat, signal):
        self.mccmnc, self.status, self.rat, self.signal = mccmnc, status, rat, signal
        self.roaming = status == "roaming"


class Modem:
    """The verbs that all families share; see the top of this file."""

    TABLES = (COMMANDS,), UNSOLICITED, FINAL
    RAT = "GSM"

    def __init__(self, pipe, events, power=None):
        self._events = events
        self._power = power
        self._dialogue = at.Dialogue(pipe, self.TABLES, self._hear)
        self._ask = self._dialogue.ask
        self._memory = None  # where read, delete and list look
        self._memory_lock = asyncio.Lock()
        self._sweeper = None
        self._started = asyncio.Event()
        self._ready = False
        self.sms = Messages(self._read_sms)

    async def start(self):
        """Bring the modem to where it can be used: "ready", or "pin" or "puk" when the SIM asks for it."""
        self._lost("started anew")
        self._dialogue.start()
        self.sms.clear()
        try:
            await self._dialogue.sync(self._way_out())
        except ModemError:
            if self._power is None:
                raise
            await self._power()
            await self._dialogue.sync(self._way_out())
        for name in ("echo", "errors", "quiet"):
            await self._ask(name)
        state = await self._pin_state()
        if state == "ready":
            await self._prepare()
        return state

    async def unlock(self, pin):
        """Give the PIN, once: the SIM has taken it; raises SimError with the modem's code when not: 12, 16 or more."""
        state = await self._pin_state()
        if state == "puk":
            raise SimError("sim", 12, "the SIM asks for its PUK")
        if state == "pin":
            if not (pin.isdigit() and 4 <= len(pin) <= 8):
                raise SimError("sim", None, "a PIN has 4 to 8 digits")
            await self._ask("unlock", pin)

    async def unlocked(self):
        """Wait for a SIM that has taken its PIN; raises ModemError where it wants it again, and SimError."""
        since = clock.ticks()
        while await self._pin_state() != "ready":
            if clock.since(since) > _TAKEN_MS:
                raise ModemError("modem", None, "the SIM wants its PIN again")  # the modem has lost its power since
            await clock.sleep(500)
        await self._prepare()

    async def sim(self):
        """Who the subscriber is; raises SimError."""
        from drivers.modem import subscriber

        try:
            return Sim(*await subscriber.read(self._ask, self._patient))
        finally:
            memory.forget("drivers.modem.subscriber")

    async def network(self):
        """Where the modem is; raises Coverage when it does not say."""
        status = await self._status()
        mccmnc = signal = None
        if status in ("home", "roaming"):
            mccmnc = await self._serving()
        strength = fields((await self._ask("signal") + ["+CSQ: 99,99"])[0])[0]
        if strength.isdigit() and int(strength) <= 31:
            signal = 2 * int(strength) - 113  # TS 27.007 8.5
        return Network(mccmnc, status, self.RAT, signal)

    async def operators(self):
        """What is on the air, within two minutes: (mccmnc, name, status).

        status: "available", "current", "forbidden" or "unknown".
        """
        lines = await self._ask("operators")
        from drivers.modem import scan

        return scan.parse(lines)

    async def register(self, mccmnc=None, seconds=_REGISTER_SECONDS):
        """Wait until registered, on the network `mccmnc` if given; raises Coverage, code 3 when denied."""
        if mccmnc is not None:
            await self._ask("manual", mccmnc)
        elif not self._registered and fields((await self._ask("operator") + ["+COPS: 0"])[0])[0] != "0":
            await self._ask("automatic")  # a manual choice outlives power: it must not outlive its use
        since = clock.ticks()
        while True:
            status = await self._status()
            if status in ("home", "roaming"):
                if status != self._registered:
                    self._registered = status
                    self._events.say("registered", mccmnc=await self._serving(), status=status)
                return
            self._registered = None
            if status == "denied":
                raise Coverage("register", _DENIED, "the network refuses this SIM")
            if clock.since(since) > seconds * 1000:
                raise Coverage("register", _STATUS.index(status), "no network")
            await clock.sleep(500)

    async def send_sms(self, tpdu):
        """Submit an SMS-SUBMIT (octets without SMSC): its message reference; raises ModemError("sms", CMS code)."""
        block = b"00" + binascii.hexlify(tpdu) + b"\x1a"
        lines = await self._dialogue.send_block("submit", block, len(tpdu), escape=b"\x1b")
        return at.number("sms", lines, 0)

    async def done(self, sms):
        """Delete a message that is durable elsewhere: now, or else when a sweep finds it still there."""
        if sms.index is None:
            return
        left = None
        try:
            async with self._memory_lock:
                await self._select(sms.memory)
                await self._ask("delete", sms.index)
        except ModemError:
            left = sms.tpdu
        self.sms.forget((sms.memory, sms.index), left)

    def close(self):
        """Stop everything and close the line."""
        if self._sweeper is not None:
            self._sweeper.cancel()
        self._lost("closed")
        self._dialogue.close()

    def _way_out(self):
        """What ends the input of a message; a family has more that takes input."""
        return b"\x1b"

    async def _patient(self, name, *values, early=0):
        """Ask, and wait while the SIM is busy; early: for so many ms also while the modem does not know it yet."""
        since = clock.ticks()
        while True:
            try:
                return await self._ask(name, *values)
            except ModemError as error:
                wait = _BUSY_MS if error.code in _BUSY else early if error.code in _NOT_YET and at.refused(error) else 0
                if clock.since(since) >= wait:
                    raise
            await clock.sleep(500)

    async def _pin_state(self):
        since = clock.ticks()
        while True:
            try:
                answer = fields((await self._patient("pin") + [""])[0])[0]
            except SimError as error:
                for code, state in _PIN_NEEDED:
                    if error.code == code:
                        return state
                text = "no SIM" if error.code == 10 else "the SIM does not work"
                raise SimError("sim", error.code, text)
            if answer == "READY":
                return "ready"
            if answer in ("SIM PIN", "SIM PUK"):
                return "pin" if answer == "SIM PIN" else "puk"
            if answer == "NOT INSERTED":
                raise SimError("sim", 10, "no SIM")
            if clock.since(since) > _BUSY_MS:
                raise SimError("sim", None, "the SIM says %s" % (answer or "nothing"))
            await clock.sleep(500)

    async def _prepare(self):
        """What can only be set when the SIM is ready."""
        await self._patient("pdu", early=_BUSY_MS)
        async with self._memory_lock:
            self._memory = None
            await self._patient("memories", early=_BUSY_MS)
        await self._patient("notify", early=_BUSY_MS)
        self._ready = True
        self._started.set()
        if self._sweeper is None or self._sweeper.done():
            self._sweeper = asyncio.create_task(self._sweep())

    async def _status(self):
        status = "unknown"
        for line in await self._ask("registration"):
            values = fields(line)  # of news, which begins alike, the second value is a location area
            if len(values) > 1 and values[1] in ("0", "1", "2", "3", "4", "5"):
                status = _STATUS[int(values[1])]
        return status

    async def _serving(self):
        await self._ask("numeric")
        values = fields((await self._ask("operator") + [""])[0])
        return values[2] if len(values) > 2 else None

    async def _select(self, memory):
        """Look into `memory` from now on; the caller holds the lock until it has looked."""
        if not memory == self._memory == "SM":  # any other goes with the power, which nobody may have seen
            self._memory = None
            await self._patient("memory", memory)
            self._memory = memory

    async def _sweep(self):
        while True:
            try:
                for memory in ("ME", "SM"):
                    if self._ready:
                        await self._look(memory)
                self.sms.swept()
                dropped, self.sms.dropped = self.sms.dropped, 0
                if dropped:
                    self._events.say("flooded", dropped=dropped, messages=dropped)
                self._started.clear()
                await clock.within(self._started.wait(), _SWEEP_MS)
            except asyncio.TimeoutError:
                pass
            except MemoryError:
                gc.collect()
                await clock.sleep(_BUSY_MS)

    async def _look(self, memory):
        """Name what lies in `memory`; there are modems without ME."""

        def listed(line):
            if line.startswith("+CMGL:"):
                index = fields(line)[0]
                if index.isdigit():
                    self.sms.put((memory, int(index)))

        try:
            async with self._memory_lock:
                await self._select(memory)
                await self._ask("list", each=listed)
        except ModemError:
            pass  # the next round finds what this one missed

    async def _read_sms(self, place):
        memory, index = place
        try:
            async with self._memory_lock:
                await self._select(memory)
                lines = await self._ask("read", index)
        except ModemError as error:
            if error.code is None:
                await clock.sleep(2000)  # the modem does not answer: the next sweep names this place again
            if error.text:
                self._tell_unread(place, error.code, error.code == _NOTHING_THERE)
            return None
        tpdu = pdu(lines[0], lines[1]) if len(lines) == 2 else None
        if tpdu is None:
            self._tell_unread(place, None, not lines)
            return None
        sms = Sms(tpdu, memory, index)
        if not self.sms.left(sms):
            return sms
        await self.done(sms)
        return None

    def _tell_unread(self, place, code, empty):
        if self._ready and self.sms.first_failure(place, empty):
            error = ModemError("read", code, "no whole short message at %s %d" % place)
            self._events.fail(error, id=None, final=False)

    def _hear(self, word, text, second):
        if word == "":
            self._lost("the line is closed")
            self.sms.end(ModemError("line", None, "the line is closed"))
        elif word == at.GONE:
            self._lost("the line was pulled out")
            self._events.say("line_lost")
        elif word == at.BACK:
            self._events.say("line_back")
        elif word in ("+CMTI:", "+CDSI:"):
            self._stored(text)
        elif word in ("+CMT:", "+CDS:"):
            self._direct(text, second)

    def _stored(self, text):
        values = fields(text)
        if len(values) > 1 and values[1].isdigit() and values[0] in ("SM", "ME", "MT", "SR"):
            self.sms.put((values[0], int(values[1])))

    def _direct(self, text, second):
        tpdu = pdu(text, second)
        if tpdu is not None:
            self.sms.put(Sms(tpdu))

    def _lost(self, text):
        """Nothing of what was up is up any more; a family also fails its connections."""
        self._ready = False
        self._registered = None  # the status told last
        self._memory = None
