"""Asks for the settings of a handset on a board, checks each answer, and writes settings.json there."""

import argparse
import copy
import json
import sys

from rich.console import Console

from mms.errors import SettingsError
from mms.handset.settings import check
from tools.board.flash.__main__ import first_line
from tools.board.flash.line import Board, FlashError
from tools.board.flash.program import Program

FILE = "settings.json"
_NUMBER, _TEXT, _LIST, _YES = "number", "text", "list", "yes"
QUESTIONS = (  # key, kind, the question
    ("number", _TEXT, "The number of your SIM, like +447700900001; empty: the SIM may know it"),
    ("pin", _TEXT, "The PIN of your SIM; empty: it has none"),
    ("press.to", _LIST, "Recipients of the button's picture, with blanks between: numbers or e-mail addresses"),
    ("press.text", _TEXT, "The text of that message"),
    ("camera.size", _TEXT, "The size of pictures, such as VGA or QVGA; empty: VGA"),
    ("watchdog", _YES, "Should the board restart a handset that hangs? Say no while you work on it"),
)
OPERATOR = (
    ("apn", _TEXT, "  Access point name (APN) for MMS"),
    ("mmsc", _TEXT, "  URL of the message centre (MMSC)"),
    ("proxy", _TEXT, "  Proxy, HOST:PORT; empty: none"),
    ("user", _TEXT, "  User name; empty: none"),
    ("password", _TEXT, "  Password; empty: none"),
)
_NETWORK = (
    "Country and network of your SIM, like 23410, for an operator of your own; empty: the list of operators is used"
)


def ask_all(settings, ask, say):
    """New settings, from the answers of a person to the questions; `-` takes an old answer away.

    ask(question, old answer or "") gives the answer, "" for the old one. say(line) tells what is wrong with one.
    """
    made = copy.deepcopy(settings)
    for key, kind, question in QUESTIONS:
        made = _ask(made, key.split("."), kind, question, ask, say)
    network = ask(_NETWORK, "")
    while network and not (network.isdigit() and len(network) in (5, 6)):
        say("five or six digits, please: country and network of the SIM")
        network = ask(_NETWORK, "")
    if network:
        operators = dict(made.get("operators", {}), **{network: made.get("operators", {}).get(network, {})})
        made["operators"] = operators
        for name, kind, question in OPERATOR:
            made = _ask(made, ["operators", network, name], kind, question, ask, say, name in ("apn", "mmsc"))
    return made


def _ask(settings, path, kind, question, ask, say, needed=False):
    """The settings with one more answer, which fits; an answer that does not is asked for again."""
    while True:
        old = _get(settings, path)
        answer = ask(question, _show(old)).strip()
        if not answer and not (needed and old is None):
            return settings
        made = copy.deepcopy(settings)
        _set(made, path, None if answer == "-" else _value(answer, kind))
        try:
            check(_whole(made))
            return made
        except SettingsError as error:
            say(str(error))


def _whole(settings):
    """The settings without operators whose questions are not all answered yet."""
    made = copy.deepcopy(settings)
    for operator in made.get("operators", {}).values():
        operator.setdefault("apn", "apn.example")
        operator.setdefault("mmsc", "http://mmsc.example/")
    return made


def _value(answer, kind):
    if kind == _LIST:
        return answer.replace(",", " ").split()
    if kind == _YES:
        return {"yes": True, "y": True, "true": True, "no": False, "n": False, "false": False}.get(
            answer.lower(), answer
        )
    return answer


def _show(value):
    return (
        ""
        if value is None
        else " ".join(value)
        if isinstance(value, list)
        else {True: "yes", False: "no"}.get(value, value)
    )


def _get(settings, path):
    for name in path:
        settings = settings.get(name) if isinstance(settings, dict) else None
    return settings


def _set(settings, path, value):
    for name in path[:-1]:
        settings = settings.setdefault(name, {})
    if value is None:
        settings.pop(path[-1], None)
    else:
        settings[path[-1]] = value


def _prompt(question, old):
    return input("%s%s: " % (question, " [%s]" % old if old else ""))


def put(port, console, ask=_prompt):
    """Ask, and write the answers to the board at a port; raises FlashError.

    The board is let go while the person answers: an RP2040's watchdog, which may run, waits eight seconds at most.
    """
    with Board(port) as line:
        octets = Program(line).read(FILE)
        line.restart()
    try:
        old = json.loads(octets or b"{}")
        check(copy.deepcopy(old))
    except (ValueError, SettingsError) as error:
        console.print("The settings on the board are left aside: %s" % error)
        old = {}
    made = ask_all(old, ask, console.print)
    if made == old:
        console.print("Nothing has changed.")
        return
    with Board(port) as line:
        Program(line).replace(FILE, (json.dumps(made, indent=2, ensure_ascii=False) + "\n").encode())
        console.print("%s is on the board. It starts ..." % FILE)
        line.restart()
        console.print("It says: %s" % (first_line(line) or "nothing yet; `make logs` shows more"))


def main():
    """Ask and write; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tools.board.settings", description=__doc__)
    parser.add_argument("--port", required=True, help="the board's serial port")
    try:
        put(parser.parse_args().port, Console(highlight=False, soft_wrap=True, markup=False))
    except FlashError as error:
        print(error, file=sys.stderr)
        return 1
    except (KeyboardInterrupt, EOFError):
        print("\nEnded: the settings on the board are as they were", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
