"""The start of main.py: the board is prepared once, before the handset says a word to its modem."""

import asyncio

import pytest

import main
from drivers import board
from mms import phone
from mms.errors import UsageError


class Mute:
    """A modem that nobody may speak to."""

    chosen = False

    def __getattr__(self, name):
        raise AssertionError("the handset has run: %s" % name)


def test_the_board_is_prepared_before_the_handset_runs(tmp_path, monkeypatch):
    prepared = []

    async def prepare(settings, events, modem):
        prepared.append(settings["board"])
        raise UsageError("the board is prepared")

    settings = tmp_path / "settings.json"
    settings.write_text('{"board": "pc", "store": "%s", "watchdog": false}' % (tmp_path / "store"))
    monkeypatch.setattr(board, "open", lambda *given: (Mute(), None))
    monkeypatch.setattr(board, "claim", lambda folder: None)
    monkeypatch.setattr(board, "prepare", prepare)

    async def work(handset):
        raise AssertionError("the handset has run")

    try:
        with pytest.raises(UsageError, match="the board is prepared"):
            asyncio.run(main.run(work, str(settings), None, None))
    finally:
        phone.hold(None)
    assert prepared == ["pc"]
