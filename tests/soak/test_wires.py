"""The lab's wires beside those for octets: RTS holds a modem's octets back, CTS those of a handset."""

import asyncio

import pytest

from tools.soak import session

OCTETS = bytes(400)
BOTH, NEITHER = (2, 2), (0, 0)  # of AT+IFC (ITU-T V.250, 6.2.12)


def wired(monkeypatch, seed=1):
    """(A session with flow control, alice, the end of her line)."""
    monkeypatch.setattr(session, "_traits", lambda seed, only: {"flow"})
    played = session.Session(seed, "none")
    alice = played.stations[0]
    return played, alice, alice.line.open()


def after(played, ms):
    """Let the serial line carry what was said."""
    for _ in range(ms):
        played.now += 1
        played.agenda.advance(played.now)


@pytest.mark.parametrize("modem, line, lost", ((BOTH, True, False), (BOTH, False, True), (NEITHER, True, True)))
def test_a_deaf_line_loses_nothing_where_both_ends_have_flow_control(monkeypatch, modem, line, lost):
    played, alice, port = wired(monkeypatch)
    alice.modem.options["+IFC"] = modem
    port.set_flow(line)
    alice.line.deafen(session._ERASE_MS)
    alice.line.say(OCTETS)
    after(played, 100)
    assert (len(port._said) < len(OCTETS)) == lost == ("deaf line" in played.faults)


def test_octets_wait_for_the_cts_of_a_modem_that_has_none_and_a_write_for_their_room(monkeypatch):
    async def story():
        for seed in range(1, 9):
            played, alice, port = wired(monkeypatch, seed)
            heard = []
            alice.line._receive = heard.append
            port.set_flow(True)
            ready = alice.wires.cts()
            found.add(ready)
            writing = asyncio.create_task(write(port))
            await asyncio.sleep(0)
            after(played, 1000)
            assert writing.done() == ready and len(heard) == (6 if ready else 0)
            port.set_flow(False)
            await writing
            after(played, 1000)
            assert b"".join(heard) == OCTETS * 6

    async def write(port):
        for _ in range(6):
            await port.write(OCTETS)

    async def sleep(ms):
        pass

    found = set()
    monkeypatch.setattr("mms.clock.sleep", sleep)
    asyncio.run(story())
    assert found == {False, True}
