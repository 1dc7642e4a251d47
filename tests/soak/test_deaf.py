"""A board whose flash deafens its serial lines: in whole sessions no octet that was asked for meets a flash at work."""

import pytest

from mms import flash
from tools.sim import disk
from tools.soak import session

CHANGES = ("remove", "rename", "mkdir")


@pytest.fixture
def deafening(monkeypatch):
    """What the flash did while octets were on their way; and how often somebody had to wait before it did anything."""
    met, waited = [], []

    def watch(owner, name, changes=lambda *_: True):
        usual = getattr(owner, name)

        def call(self, *arguments):
            if flash.busy() and changes(self, *arguments):
                met.append((name, arguments[:1]))
            return usual(self, *arguments)

        monkeypatch.setattr(owner, name, call)

    for name in CHANGES:
        watch(disk.Disk, name)
    watch(disk.Disk, "open", lambda self, path, mode="r": mode == "wb")
    watch(disk._Handle, "write")
    watch(disk._Handle, "close", lambda self: self._writes)
    usual = flash.quiet

    async def quiet():
        waited.append(flash.busy())
        await usual()

    monkeypatch.setattr(flash, "quiet", quiet)
    return met, waited


def test_the_flash_never_works_while_octets_come_that_were_asked_for(deafening):
    met, waited = deafening
    struck = [seed for seed in range(1, 100) if "deaf" in session._traits(seed, None)][:10]
    for seed, only in [(seed, "deaf") for seed in range(1, 11)] + [(seed, None) for seed in struck]:
        told = session.play(seed, only)
        assert told["broken"] == [], told
        assert met == [], (seed, met)
        assert only is None or "deaf line" not in told["faults"], told
    assert sum(waited) > 50  # else nothing was tried


def test_a_handset_that_does_not_wait_before_it_writes_is_seen(deafening, monkeypatch):
    met, _ = deafening

    async def hurry():
        pass

    monkeypatch.setattr(flash, "quiet", hurry)
    for seed in range(1, 5):
        session.play(seed, "deaf")
    assert met
