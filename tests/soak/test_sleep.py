"""Whole sessions, faults included, with modems that sleep whenever nothing is said to them."""

import pytest

from tools.soak import session, stations
from tools.soak.lines import Line, Port

IDLE_MS = 30000  # before alice sends her picture


class Sleepy(Port):
    """The end of a line whose settings let the modem sleep."""

    settings = {"sleep": True}


class Wired(Sleepy):
    """One with DTR, too."""

    def set_dtr(self, on):
        modem = next(station.modem for station in self._line._world.stations if self._line is station.line)
        (modem.dtr_on if on else modem.dtr_off)()
        return True


@pytest.mark.parametrize("family", stations.FAMILIES)
@pytest.mark.parametrize("kind", [Sleepy, Wired])
def test_nothing_is_lost_by_modems_that_sleep(monkeypatch, family, kind):
    slept = []
    usual_open, usual_press = Line.open, session.Session._press

    def opened(line):
        usual_open(line)
        line.port = kind(line)
        return line.port

    async def late(self):
        await self.wait(IDLE_MS)
        slept.extend(station.modem.sleep.asleep() for station in self.stations)
        await usual_press(self)

    monkeypatch.setattr(Line, "open", opened)
    monkeypatch.setattr(session.Session, "_press", late)
    for seed in range(1, 6):
        result = session.play(seed, modems=(family, family))
        assert result["broken"] == [], (seed, result)
    sleeps = kind is Wired or family != "bg95"  # which has no other way than DTR
    assert (sum(slept) > len(slept) // 2) == any(slept) == sleeps
