"""Each fault by itself: it meets somebody, nothing is lost, what is told has a type, and it is over afterwards.

That nothing is lost, and that no error is without a type, the oracles of every session say.
"""

import pytest

from mms.handset.carrying.bearer import Bearer
from mms.handset.supervisor import Supervisor
from tools.soak import faults, names, session, stations
from tools.soak.core_network import EPOCH

MOST = 24  # seeds until a fault has struck three times


def played(monkeypatch, strike, traits=()):
    """A session in which `strike(session)` is the fault: its result, and all that the handsets told of failures."""
    told, usual = [], session.Session.handle_event

    def handle_event(self, station, life, event):
        if event["event"] == "failed":
            told.append((station.name, event["step"], event["code"], self.now))
        usual(self, station, life, event)

    monkeypatch.setattr(session.Session, "handle_event", handle_event)
    monkeypatch.setattr(faults, "arrange", strike)
    monkeypatch.setattr(session, "_traits", lambda seed, only: set(traits))
    return session.play(1), told


@pytest.mark.parametrize("kind", sorted(faults.KINDS))
def test_any_fault_strikes_and_nothing_is_lost(kind):
    struck, family = 0, faults.OF_FAMILY.get(kind, "sim800")
    for seed in range(1, MOST + 1):
        result = session.play(seed, kind, (family, family))
        assert result["broken"] == []
        struck += sum(1 for name in names.told(kind) if name in result["faults"])
        if struck >= 3:
            return
    raise AssertionError("%s struck %d times in %d sessions" % (kind, struck, MOST))


@pytest.mark.parametrize("trait", sorted(names.TRAITS))
def test_what_is_unusual_from_the_start_on_loses_nothing_either(trait):
    for seed in range(1, 13):
        result = session.play(seed, trait)
        assert result["broken"] == [] and result["faults"][names.TRAITS[trait]] == 1
    assert session.play(1, "none")["faults"] == {}


@pytest.mark.parametrize("answer", (False, True))
@pytest.mark.parametrize("octets", (1, 40, 71, 146, 500, 800))
def test_a_connection_that_is_reset_at_any_octet_loses_nothing(monkeypatch, answer, octets):
    result, told = played(monkeypatch, lambda world: setattr(world.network, "reset", [answer, octets]))
    assert result["broken"] == [] and result["faults"]["connection reset"] == 1
    assert told == [] or {step for _, step, _, _ in told} <= {"send", "receive", "answer", "confirmation", "connect"}


@pytest.mark.parametrize("answer", (False, True))
@pytest.mark.parametrize("octets", (1, 20, 100, 800, 3000))
def test_a_gateway_that_restarts_at_any_datagram_loses_nothing(monkeypatch, answer, octets):
    result, told = played(monkeypatch, lambda world: setattr(world.network, "reset", [answer, octets]), ("wap",))
    assert result["broken"] == []
    assert result["faults"].get("WAP gateway restarts", 0) == 1 or answer and octets > 2000
    assert {step for _, step, _, _ in told} <= {"answer", "time"}


def test_a_network_that_refuses_the_sim_is_not_stormed(monkeypatch):
    def strike(world):
        for station in world.stations:
            station.modem.deny()
        world.agenda.after(1800000, lambda: [station.modem.deny(False) for station in world.stations])

    result, told = played(monkeypatch, strike)
    refusals = [now for name, step, code, now in told if name == "alice" and (step, code) == ("register", 3)]
    assert result["broken"] == [] and 2 <= len(refusals) <= 8


def test_a_sim_that_is_taken_out_is_told_and_its_pin_is_given_once_when_it_is_back(monkeypatch):
    def strike(world):
        alice = world.stations[0]
        alice.settings = stations.SETTINGS[True, "proxy"]
        alice.modem.sim.card.pin = stations.PIN
        alice.modem.remove_sim()
        world.agenda.after(40000, alice.modem.insert_sim)

    result, _ = played(monkeypatch, strike)
    assert result["broken"] == [] and result["faults"]["(alice ended: sim: no SIM (10))"] >= 1
    assert result["ms"] < 180000


def test_an_undervoltage_that_is_told_is_a_reset_that_is_recovered_from(monkeypatch):
    def strike(world):
        world.reset(world.stations[0])
        world.stations[0].modem.brown_out()  # UNDER-VOLTAGE POWER DOWN, silence, RDY

    result, _ = played(monkeypatch, strike)
    assert result["broken"] == [] and len(result["recovered_ms"]) == 1
    assert result["recovered_ms"][0] < session.RECOVERY_MS


@pytest.mark.parametrize("seconds", (-EPOCH, -800000000, 400000000))
def test_a_clock_that_jumps_and_jumps_back_changes_no_wait(monkeypatch, seconds):
    def strike(world):
        world.date_offset = seconds
        world.agenda.after(9000, lambda: setattr(world, "date_offset", 0))

    calm, _ = played(monkeypatch, lambda world: None)
    result, told = played(monkeypatch, strike)
    assert result["broken"] == [] and told == []
    assert abs(result["ms"] - calm["ms"]) < 2000


def test_memory_that_is_short_once_fails_no_message_and_ends_nobody(monkeypatch):
    result, told = played(monkeypatch, lambda world: world.disk.starving.update(alice=1, bob=1))
    assert result["broken"] == [] and result["faults"]["no memory"] == 2
    assert {step for _, step, _, _ in told} <= {"memory"} and "(watchdog)" not in result["faults"]


def test_memory_that_is_short_while_a_modem_comes_back_does_not_leave_it_lying(monkeypatch):
    usual, short = Bearer.start, []

    async def start(self):
        if self.sim is not None and not short:
            short.append(1)
            raise MemoryError
        await usual(self)

    def strike(world):
        monkeypatch.setattr(Bearer, "start", start)
        world.faults["no memory"] = 1
        world.reset(world.stations[1])
        world.stations[1].modem.brown_out()

    result, _ = played(monkeypatch, strike)
    assert result["broken"] == [] and short and result["recovered_ms"][0] < session.RECOVERY_MS


def test_memory_that_is_short_again_and_again_begins_the_handset_anew(monkeypatch):
    ended = []
    usual = Supervisor.starved

    def starved(self):
        ended.append(1)
        usual(self)

    monkeypatch.setattr(Supervisor, "starved", starved)
    result, told = played(monkeypatch, lambda world: world.disk.starving.update(bob=50))
    assert result["broken"] == [] and len(ended) == 3
    assert [name for name in result["faults"] if name.startswith("(bob ended: memory")]
