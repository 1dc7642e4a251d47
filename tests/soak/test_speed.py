"""As fast as physics lets it be: a whole journey under virtual time, measured against the bound of tools/bound.py."""

import pytest

from tools import bound
from tools.soak import session, stations

OCTETS = 30000
UP, DOWN = 1.05, 1.08  # times the bound
OPENS = b"+CIPSTART=", b"+CIPOPEN=", b"+QIOPEN="
LINKS = [("sim800", row) for row in bound.USUAL]
LINKS += [(family, row) for family in ("sim7600", "bg95") for row in ("gprs-10-cs2", "umts-64")]


class Measured(session.Session):
    """A session without faults and with a picture of a board's size; `moments` are (who, what): when it was first."""

    played = None

    def __init__(self, *words):
        self.moments = {}
        super().__init__(*words)
        self.text = None  # nothing else is on the line
        Measured.played = self

    def frame(self, size, compression):
        octets = b"\xff\xd8\xff\xfe" + self.dice.octets(OCTETS - 6) + b"\xff\xd9"
        self.frames[octets] = self.now
        return octets

    def check_command(self, station, line):
        super().check_command(station, line)
        if any(name in line for name in OPENS):
            self.moments.setdefault((station.name, "asked"), self.now)

    def handle_event(self, station, life, event):
        super().handle_event(station, life, event)
        self.moments.setdefault((station.name, event["event"]), self.now)
        if event["event"] == "accepted":
            self.octets = event["octets"]


@pytest.mark.parametrize("family, row", LINKS)
def test_a_message_goes_and_comes_as_fast_as_physics_lets_it(monkeypatch, family, row):
    monkeypatch.setattr(session, "Session", Measured)
    monkeypatch.setattr(stations, "_ROWS", (row,))
    assert session.play(1, "none", (family, family))["broken"] == []
    moments, octets = Measured.played.moments, Measured.played.octets
    (down, up), rtt = bound.rates(row), bound.round_trip(row)
    taken = moments["alice", "confirmed"] - moments["alice", "asked"]
    assert taken <= UP * bound.upload(octets, up, rtt) * 1000
    taken = moments["bob", "retrieved"] - moments["bob", "asked"]
    assert taken <= DOWN * bound.download(octets, down, rtt) * 1000
