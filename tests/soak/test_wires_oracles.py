"""The oracles of sessions with more wires than those for octets see what they are there for."""

import pytest

from drivers.modem import flow, power, sleep
from mms import clock
from mms.handset.carrying import setbacks
from tests.kit.soak import broken
from tools.soak import session, wires


@pytest.mark.parametrize("trait", ("dtr", "sleep"))
def test_a_modem_that_is_not_woken_before_a_command(monkeypatch, trait):
    async def watch(self):
        while True:
            await clock.sleep(sleep._IDLE_MS)
            if self.has_dtr:
                self._pipe.set_dtr(False)

    monkeypatch.setattr(sleep.Sleeper, "_watch", watch)
    monkeypatch.setattr(session, "_traits", lambda seed, only: {trait})
    assert "in its sleep" in broken("coverage")


@pytest.mark.parametrize("trait", ("dtr", "sleep"))
def test_a_modem_that_is_never_told_to_sleep(monkeypatch, trait):
    async def choose(modem, dtr, power):
        return True

    monkeypatch.setattr(sleep, "_choose", choose)
    assert "never slept" in broken(trait)


def test_a_supply_that_is_cut_from_a_modem_in_its_network(monkeypatch):
    monkeypatch.setattr(power, "find", lambda modem, does: None)
    monkeypatch.setattr(session, "_traits", lambda seed, only: {"off"})
    assert "went before the modem had left its network" in broken("barred")


def test_a_modem_that_is_not_switched_off_where_only_that_helps(monkeypatch):
    async def lift(carrier):
        pass

    monkeypatch.setattr(setbacks, "_lift", lift)
    assert "did not switch its modem off and on" in broken("barred")


def test_flow_control_that_one_end_does_not_have(monkeypatch):
    monkeypatch.setattr(wires.Wired, "set_flow", lambda self, on: None)
    assert "without flow control" in broken("flow")
    monkeypatch.undo()
    monkeypatch.setattr(flow, "COMMANDS", flow.COMMANDS.replace("IFC=2,2", "IFC=0,0"))
    assert "without flow control" in broken("flow")


@pytest.mark.parametrize("seed", (275, 550))
def test_a_modem_that_nothing_wants_to_use_need_not_be_switched_off(seed):
    result = session.play(seed, None, ("sim800", "sim800"))  # GPRS is barred once all of its messages are through
    assert "GPRS barred" in result["faults"] and result["broken"] == []
