"""The screen tells every step, and shows what moves with octets, rate and time left."""

import io

import pytest
from rich.console import Console

from tools.journey.screen import Screen


def shown(terminal, *events):
    """What a screen wrote for events of alice."""
    out = io.StringIO()
    console = Console(file=out, force_terminal=terminal, width=120, highlight=False)
    screen = Screen(console=console)
    for event in events:
        screen.event("alice", event)
    screen.close()
    return out.getvalue()


def test_a_transfer_tells_octets_rate_and_time_left_each_quarter():
    text = shown(
        False,
        *({"event": "sent", "at": 100 + n, "octets": n * 1000, "of": 10000} for n in range(11)),
    )
    lines = text.splitlines()
    assert len(lines) == 4
    assert "upload: 3,000 of 10,000 octets, 1,000 octets/s, 7.0 s left" in lines[0]
    assert "10,000 of 10,000 octets in 10.0 s, 1,000 octets/s" in lines[-1]


def test_there_is_no_rate_before_there_was_time():
    (line,) = shown(False, {"event": "sent", "at": 100, "octets": 10063, "of": 28254}).splitlines()
    assert line.endswith("upload: 10,063 of 28,254 octets")


def test_a_terminal_gets_bars():
    text = shown(True, {"event": "received", "at": 1, "octets": 10, "of": 100})
    assert "alice download" in text and "10 of 100 octets" in text


@pytest.mark.parametrize(
    "event, words",
    [
        ({"event": "captured", "octets": 25000, "width": 640, "height": 480}, "640 x 480, 25,000"),
        ({"event": "delivered", "recipient": "+447700900002", "status": "retrieved"}, "retrieved"),
        ({"event": "connected"}, "connected to ?:?"),
        ({"event": "failed", "step": "attach", "text": "[no] answer"}, "failed at attach: [no] answer"),
        ({"event": "failed", "step": "attach", "text": "attach: refused (5)"}, "failed at attach: refused (5)"),
    ],
)
def test_every_step_is_told_even_when_it_says_less_than_it_should(event, words):
    assert words in shown(False, dict(event, at=1))


def test_what_nobody_knows_is_not_shown():
    assert shown(False, {"event": "moon", "at": 1}) == ""
