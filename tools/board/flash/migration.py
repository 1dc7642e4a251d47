"""The settings of a board: kept as they are, but for names of an older version (docs/settings.md) and another board."""

import json
import pathlib

from mms.errors import SettingsError
from mms.handset.settings import check
from tools.board.flash.line import FlashError


def settings(board, path, octets):
    """(settings with defaults, the octets of settings.json, what to tell) for a board.

    path: a file that takes the place of the board's own, or None; octets: those of the board's, None without one.
    Raises FlashError, which names the key, as the handset would refuse it at its start.
    """
    if path:
        try:
            octets = pathlib.Path(path).read_bytes()
        except OSError as error:
            raise FlashError("%s: %s" % (path, error.strerror)) from None
    name, notes = path or "settings.json on the board", []
    if octets is None:
        octets = b"{}"
        notes.append("The board has no settings yet: `make settings` asks for them.")
    try:
        told = json.loads(octets)
        whole = check(json.loads(octets))
    except ValueError as error:
        raise FlashError("%s is no JSON: %s. Name another one with --settings" % (name, error)) from None
    except SettingsError as error:
        raise FlashError("%s: %s" % (name, error)) from None
    before = json.dumps(told, sort_keys=True)
    if "old" in whole:
        notes.append("Settings of an older version are rewritten: %s." % whole.pop("old"))
        if "compression" in told.get("camera", ()):
            del told["camera"]["compression"]
            told["camera"]["quality"] = whole["camera"]["quality"]
        if "board" in told:
            told["board"] = whole["board"]
    if told.get("board") != board:
        if told.get("board"):
            notes.append("The settings say board %s: %s takes its place." % (told["board"], board))
        told["board"] = whole["board"] = board
    if json.dumps(told, sort_keys=True) == before:
        return whole, octets, notes
    return whole, (json.dumps(told, indent=2, ensure_ascii=False) + "\n").encode(), notes
