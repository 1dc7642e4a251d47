"""The wires of a modem beside those for octets: DTR, RTS and CTS, its supply; with the promises about them.

Sessions with the traits "dtr", "sleep", "flow" and "off" have them, and settings that use them. A modem without flow
control has its CTS on or off, by chance; off, it holds the octets of a handset that looks at it.
"""

import asyncio

from tools.soak import abroad, oracles
from tools.soak.lines import Port

OF_TRAITS = ("dtr", "flow", "sleep")  # those for which a program has a Wired
_SEND = 2048  # octets that a UART takes while CTS is off (drivers/serial/uart.py)
_BY_HAND = 2  # of AT+IFC: RTS, and CTS (ITU-T V.250, 6.2.12)
_BY_ITSELF = ("m66", "sim7600", "sim800")  # families that sleep by themselves within the few seconds of a session
_BARRED_MS = 1200000  # until a person switches a modem off and on that its network gives no GPRS
_FITTING = ("GPRS barred", "dropped answer", "picture truncated", "proxy 5xx", "HTML instead of a PDU")


class Wired(Port):
    """A program's end of a line with such wires; `flow` as in drivers/serial/__init__.py."""

    def __init__(self, line, wires):
        super().__init__(line)
        self._wires, self._kept, self._room = wires, b"", asyncio.Event()
        traits = wires.traits
        self.flow = False if "flow" in traits else None
        self.settings = {"sleep": "dtr" in traits or "sleep" in traits}
        self._wires.modem.dtr_on()  # as a pin that has just been set up

    def set_dtr(self, on):
        """Have the modem awake, or allow it to sleep, where DTR is wired."""
        if "dtr" not in self._wires.traits:
            return False
        (self._wires.modem.dtr_on if on else self._wires.modem.dtr_off)()
        return True

    def set_flow(self, on):
        """Let RTS and CTS say when octets may go, or neither; octets that were kept go at once without."""
        self.flow = on
        self.flush()

    def holds(self):
        """Whether the modem sends no octet that the UART has no room for."""
        return bool(self.flow) and self._wires.modem.obeys_rts()

    async def write(self, octets):
        """Write octets, or keep them while CTS is off, and wait where there is no more room for them."""
        octets = bytes(octets)
        if not self._stopped():
            await super().write(octets)
            return
        while self.alive and self._stopped() and len(self._kept) + len(octets) > _SEND:
            self._room.clear()
            await self._room.wait()
        self._kept += octets
        self.flush()

    def _stopped(self):
        return bool(self.flow) and not self._wires.cts()

    def flush(self):
        """Send what was kept, unless CTS is off."""
        if self._kept and not self._stopped() and self.alive:
            octets, self._kept = self._kept, b""
            self._line.write(octets, self)
        self._room.set()


class Wires:
    """The wires of one station, whose session has `traits`; `rests`: CTS of its modem without flow control."""

    def __init__(self, session, station, dice):
        self._session, self._station = session, station
        self.traits, self.modem = session.traits, station.modem
        self._rests = bool(dice.below(2))
        self.slept = False
        self._barred = None  # since when an attach is refused
        if [trait for trait in OF_TRAITS if trait in self.traits]:
            station.line.plug = lambda line: Wired(line, self)
        if "dtr" in self.traits or "sleep" in self.traits:
            usual = self.modem.sleep.hear
            self.modem.sleep.hear = lambda octets: self._check_heard(octets, usual(octets))

    def cts(self):
        """Whether the modem takes octets."""
        return self._rests or self.modem.options["+IFC"][1] == _BY_HAND

    async def cut(self):
        """Take the modem's supply away, for its handset."""
        self._session.count_fault("(supply cut)")
        if self.modem.on and is_calm(self._session):
            self._session.fail("supply: that of %s went before the modem had left its network" % self._station.name)
        self.modem.power_off()

    def _check_heard(self, octets, heard):
        """Check that octets which a sleeping modem did not hear were none of a command: AT wakes it."""
        if heard != octets and not (self._session.damaged or "late replies" in self._session.faults):
            for line in octets.split(b"\r"):
                text = line[line.find(b"AT") + 2 :].decode() if line.find(b"AT") >= 0 else ""
                if text and text not in oracles.LEAVING:
                    self._session.fail("sleep: %s was told AT%s in its sleep" % (self._station.name, text[:20]))
        return heard

    def look(self):
        """See, whenever people look, whether the modem sleeps, and help one that was refused GPRS for too long."""
        self.slept = self.slept or self.modem.sleep.asleep()
        registration = self.modem.registration
        if not registration.selection.barred:
            self._barred = None
        elif self._barred is None:
            self._barred = self._session.now if registration.refused else None  # else nothing wanted to go
        elif self._session.now - self._barred > _BARRED_MS and abroad.place(self.modem) is None:
            self._barred = None
            self._session.count_fault("(switched off and on)")
            if is_calm(self._session):
                self._session.fail("barred: %s did not switch its modem off and on" % self._station.name)
            self._session.reset(self._station)
            self.modem.power_on()

    def check(self):
        """Check at the end, where little has struck, that the wires were used."""
        port, name = self._station.line.port, self._station.name
        if not is_calm(self._session) or port is None or not self.modem.on:
            return
        drowsy = "dtr" in self.traits or "sleep" in self.traits and self._station.family in _BY_ITSELF
        if drowsy and name == oracles.ALICE and not self.slept and "GPRS barred" not in self._session.faults:
            self._session.fail("sleep: the modem of %s never slept" % name)
        if "flow" in self.traits and not (port.flow and self.modem.options["+IFC"] == (_BY_HAND, _BY_HAND)):
            self._session.fail("flow: the line of %s is without flow control" % name)


def is_calm(session):
    """Whether nothing has struck that a modem, its line and its network know of."""
    return not [
        name for name in session.faults if name[0] != "(" and not oracles.calm(name) and name not in _FITTING
    ]  # fmt: skip
