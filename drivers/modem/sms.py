"""Short messages that a modem holds for the handset (3GPP TS 27.005, PDU mode)."""

import asyncio
import binascii

from drivers.modem.digester import fields
from mms.limits import const

_RECENT = const(16)  # places that are remembered after their message was deleted, or could not be read
_WAITING = const(32)  # messages known and not yet read; the sweep finds what does not fit


def pdu(header, line):
    """The TPDU of a PDU-mode line, behind the SMSC; None if not as long as the header says last."""
    values = fields(header)
    try:
        octets = binascii.unhexlify(line)
        length = int(values[-1])
    except ValueError:
        return None
    tpdu = octets[1 + octets[0] :] if octets else b""
    return tpdu if len(tpdu) == length else None


class Sms:
    """A message as it came. tpdu: octets without the SMSC; memory, index: where it lies, or None."""

    def __init__(self, tpdu, memory=None, index=None):
        self.tpdu, self.memory, self.index = tpdu, memory, index


class Messages:
    """`async for sms in modem.sms`: what lies on the SIM and what comes; None when the SIM has been looked through."""

    def __init__(self, read):
        self._read = read
        self._waiting = []  # (memory, index), or a whole Sms
        self._given = {}  # place handed out and not yet deleted -> whether it was named meanwhile
        self._left = {}  # place -> sum of the TPDU that lies there still, though the handset has it
        self._freed = []  # places whose message was deleted, the last ones
        self._failed = []  # places whose message could not be read
        self._event = asyncio.Event()
        self._error = None
        self._swept = False
        self.dropped = 0  # of those that lie nowhere else

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

    def first_failure(self, place, empty):
        """Whether it is news that no message can be read at `place`; empty: there is none.

        A modem that names a message of several parts once more by the place of its first part names one that is deleted
        (SIM800 manual 20.15).
        """
        if place in self._failed or empty and place in self._freed:
            return False
        self._failed = self._failed[1 - _RECENT :] + [place]
        return True

    def left(self, sms):
        """Whether the handset has it already, and only the modem could not delete it."""
        return self._left.get((sms.memory, sms.index)) == binascii.crc32(sms.tpdu)

    def clear(self):
        """The modem starts anew: nothing is known but what could not be deleted."""
        self._waiting.clear()
        self._given.clear()

    def swept(self):
        """The SIM has been looked through, as far as the modem answered."""
        self._swept = True
        self._event.set()

    def end(self, error):
        """Nothing more will come: who waits gets `error`."""
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
