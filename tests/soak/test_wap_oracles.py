"""The oracles of sessions with a WAP gateway, and of its faults, see what they are there for."""

from mms.link import wsp, wtp
from tests.kit.soak import broken


def test_a_session_that_is_left_open_at_the_gateway(monkeypatch):
    async def leave(self):
        await self._stream.drain()

    monkeypatch.setattr(wsp.Session, "_leave", leave)
    assert "left one open at the WAP gateway" in broken("wap")


def test_a_connect_of_a_version_that_no_gateway_has(monkeypatch):
    monkeypatch.setattr(wsp, "_VERSION", 0x20)
    monkeypatch.setattr("tools.soak.session.BUDGET_MS", 600000)
    assert "gives up a transaction with the reason E0" in broken("wap")


def test_a_message_that_is_given_up_as_too_large_for_a_gateway_that_takes_it(monkeypatch):
    monkeypatch.setattr(wtp, "_TOO_LARGE", (*wtp._TOO_LARGE, 0))
    assert "given up" in broken("wap-abort")
