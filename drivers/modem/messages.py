"""Short messages that a modem holds for the handset (3GPP TS 27.005, PDU mode)."""

import asyncio
import binascii
import gc

from drivers.modem.dialogue import read_number
from drivers.modem.lines import fields
from mms import clock
from mms.errors import ModemError
from mms.limits import const

_RECENT = const(16)  # places that are remembered after their message was deleted, or could not be read
_LOCKED = const((311, 316))  # +CMS ERROR: PIN, PUK required (TS 27.005, 3.2.5)
_WAITING = const(32)  # messages known and not yet read; the sweep finds those that do not fit
_BUSY_MS = const(20000)  # for so long a SIM is busy after power on
_NOTHING_THERE = const(321)  # +CMS: invalid memory index
_SWEEP_MS = const(170000)  # a +CMTI can get lost, and the network does not repeat it. No multiple of others' rounds


def parse_pdu(header, line):
    """The TPDU of a PDU-mode line, behind the SMSC; None if its length is not the last value of the header."""
    values = fields(header)
    try:
        octets = binascii.unhexlify(line)
        length = int(values[-1])
    except ValueError:
        return None
    tpdu = octets[1 + octets[0] :] if octets else b""
    return tpdu if len(tpdu) == length else None


class Sms:
    """A short message. tpdu: octets without the SMSC; memory, index: its place in the modem, or None."""

    def __init__(self, tpdu, memory=None, index=None):
        self.tpdu, self.memory, self.index = tpdu, memory, index


class Messages:
    """`async for sms in modem.sms`: stored and new messages; None each time the SIM has been looked through."""

    def __init__(self, read):
        self._read = read
        self._waiting = []  # (memory, index), or a whole Sms
        self._given = {}  # place handed out and not yet deleted -> whether it was named meanwhile
        self._left = {}  # place -> sum of the TPDU that is still there, though the handset has it
        self._freed = []  # the last places whose message was deleted
        self._failed = []  # places whose message could not be read
        self._event = asyncio.Event()
        self._error = None
        self._swept = False
        self.dropped = 0  # messages that were stored nowhere and did not fit

    def put(self, place):
        """A message waits at `place`: (memory, index), or the Sms itself."""
        if place in self._given:
            self._given[place] = True
            return
        if place in self._waiting:
            return
        if len(self._waiting) >= _WAITING:
            self.dropped += isinstance(place, Sms)
            return
        self._waiting.append(place)
        self._event.set()

    def forget(self, place, left=None):
        """Another message may come at `place`: the one there is deleted, or comes again; or it is `left`, a TPDU."""
        named = self._given.pop(place, False)
        self._left.pop(place, None)
        self._freed = self._freed[1 - _RECENT :] + [place]
        if left is not None and len(self._left) < _WAITING:
            self._left[place] = binascii.crc32(left)
        if named:  # perhaps for the message that came as soon as the place was free
            self.put(place)

    def is_first_failure(self, place, empty):
        """Whether no failure was told yet of reading at `place`; empty: there is no message.

        A modem that names a message of several parts once more by the place of its first part names one that is deleted
        (SIM800 manual 20.15).
        """
        if place in self._failed or empty and place in self._freed:
            return False
        self._failed = self._failed[1 - _RECENT :] + [place]
        return True

    def is_left(self, sms):
        """Whether the handset has the message already, and only the modem could not delete it."""
        return self._left.get((sms.memory, sms.index)) == binascii.crc32(sms.tpdu)

    def clear(self):
        """The modem starts anew: only the messages that could not be deleted are still known."""
        self._waiting.clear()
        self._given.clear()

    def end_sweep(self):
        """The SIM has been looked through, as far as the modem answered."""
        self._swept = True
        self._event.set()

    def end(self, error):
        """No more messages come: the reader gets `error`."""
        self._error = error
        self._event.set()

    def __aiter__(self):
        return self

    async def __anext__(self):
        while True:
            while not self._waiting:
                if self._error is not None:
                    raise self._error
                if self._swept:
                    self._swept = False
                    return None
                self._event.clear()
                await self._event.wait()
            place = self._waiting[0]
            sms = place if isinstance(place, Sms) else await self._read(place)
            if self._waiting and self._waiting[0] == place:
                self._waiting.pop(0)
            if sms is not None:
                if sms.index is not None:
                    self._given[place] = False
                    self._failed = [other for other in self._failed if other != place]
                return sms


class Memories:
    """The memories of a modem for short messages: their messages are read, deleted, and looked for every few minutes.

    modem: a Family. The messages come out of `messages`.
    """

    def __init__(self, modem):
        self.modem = modem
        self._selected = None  # the memory that read, delete and list use
        self.lock = asyncio.Lock()  # of the selected memory
        self._started = asyncio.Event()
        self._sweeper = None
        self.messages = Messages(self._read)

    def start(self):
        """Look for messages at once, and then every few minutes."""
        self._started.set()
        if self._sweeper is None or self._sweeper.done():
            self._sweeper = asyncio.create_task(self._sweep())

    def close(self):
        """Look for messages no more."""
        if self._sweeper is not None:
            self._sweeper.cancel()

    def reset(self):
        """The modem may have lost its power, and with it which memory was selected."""
        self._selected = None

    def handle(self, text, second):
        """The modem has stored a message, or it gives one in a `second` line."""
        if second:
            tpdu = parse_pdu(text, second)
            if tpdu is not None:
                self.messages.put(Sms(tpdu))
            return
        values = fields(text)
        if len(values) > 1 and values[1].isdigit() and values[0] in ("SM", "ME", "MT", "SR"):
            self.messages.put((values[0], int(values[1])))

    async def send(self, tpdu):
        """Submit an SMS-SUBMIT (octets without SMSC): its message reference; raises ModemError("sms", CMS code)."""
        block = b"00" + binascii.hexlify(tpdu) + b"\x1a"
        lines = await self.modem.dialogue.send_block("submit", block, len(tpdu), escape=b"\x1b")
        return read_number("sms", lines, 0)

    async def delete(self, sms):
        """Delete a message that is durable elsewhere: now, or else when a sweep finds it still there."""
        if sms.index is None:
            if self.modem.ACKNOWLEDGES:
                await self.modem.ask_optional("acknowledge")
            return
        left = None
        try:
            async with self.lock:
                await self._select(sms.memory)
                await self.modem.ask("delete", sms.index)
        except ModemError:
            left = sms.tpdu
        self.messages.forget((sms.memory, sms.index), left)

    async def _select(self, memory):
        """Use `memory` from now on; the caller holds the lock until it has used it."""
        if not memory == self._selected == "SM":  # any other one is lost with the power, perhaps without a word
            self._selected = None
            await self.modem.patient("memory", memory)
            self._selected = memory

    async def _sweep(self):
        while True:
            try:
                for memory in ("ME", "SM"):
                    if self.modem.ready:
                        await self.look_through(memory)
                self.messages.end_sweep()
                dropped, self.messages.dropped = self.messages.dropped, 0
                if dropped:
                    self.modem.events.say("flooded", dropped=dropped, messages=dropped)
                self._started.clear()
                await clock.within(self._started.wait(), _SWEEP_MS)
            except asyncio.TimeoutError:
                pass
            except MemoryError:
                gc.collect()
                await clock.sleep(_BUSY_MS)

    async def look_through(self, memory):
        """Name all messages in `memory`, which some modems do not have ("ME")."""

        def name(line):
            if line.startswith("+CMGL:"):
                index = fields(line)[0]
                if index.isdigit():
                    self.messages.put((memory, int(index)))

        try:
            async with self.lock:
                await self._select(memory)
                await self.modem.ask("list", each=name)
        except ModemError as error:  # the next sweep finds the messages that this one missed
            if error.code in _LOCKED:
                self.modem.note_reset()  # a SIM was put in again, of which not every modem says a word

    async def _read(self, place):
        """The Sms at a place, or None where none can be read or the handset has it already."""
        memory, index = place
        try:
            async with self.lock:
                await self._select(memory)
                lines = await self.modem.ask("read", index)
        except ModemError as error:
            if error.code is None:
                await clock.sleep(2000)  # the modem does not answer: the next sweep names this place again
            if error.text:
                self._report_unread(place, error.code, error.code == _NOTHING_THERE)
            return None
        tpdu = parse_pdu(lines[0], lines[1]) if len(lines) == 2 else None
        if tpdu is None:
            self._report_unread(place, None, not lines)
            return None
        sms = Sms(tpdu, memory, index)
        if not self.messages.is_left(sms):
            return sms
        await self.delete(sms)
        return None

    def _report_unread(self, place, code, empty):
        if self.modem.ready and self.messages.is_first_failure(place, empty):
            error = ModemError("read", code, "no whole short message at %s %d" % place)
            self.modem.events.fail(error, id=None, final=False)
