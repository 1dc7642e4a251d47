"""The command `mms`: a handset on this PC with a USB modem, or on a board, and the tools around it."""

import asyncio
import sys

from mms.advice import sentence
from mms.errors import ModemError, SettingsError, StoreError, UsageError
from mms.events import hint_for
from mms.handset.console import plain
from tools import ending
from tools.command import others
from tools.command.inside import program
from tools.command.opening import BOARD, PortError, ask, check, find, open, settings_file
from tools.command.output import Output
from tools.command.parser import create
from tools.command.phone import Failed, Gone, Silent

DONE, FAILED, USAGE, PORT, UNKNOWN, INTERRUPTED = 0, 1, 2, 3, 4, 130
_LINES = ("line", "modem", "baud")  # steps of errors that are about the serial line
_FILES = {"FILE": None, "PATH": None}  # metavars whose words a shell completes by the names of files


async def _perform(given, output):
    where = {"board": given.board, "settings": given.settings, "camera": given.camera}
    async with open(given.port, told=output.note, **where) as phone:
        await given.work(phone, given, output)


def _console(given, output):
    """Give this terminal to the handset's console; the exit status."""
    board = given.board
    if board is None:
        if ask(given.port) == BOARD:
            output.note("%s: a board's handset answers" % given.port)
            board = given.port
    if board is None:
        asyncio.run(program().run(None, str(given.settings or settings_file()), given.port, given.camera))
        return DONE
    check(board)
    from tools.board import repl

    return repl.main(["--port", board])


def _completion(parser, shell):
    """The text by which a shell completes the words of the command."""
    import shtab

    def mark(parser):
        for action in parser._actions:
            if action.metavar in _FILES:
                action.complete = shtab.FILE
            for child in getattr(action, "choices", None) or () if hasattr(action, "_name_parser_map") else ():
                mark(action.choices[child])

    mark(parser)
    return shtab.complete(parser, shell=shell)


def status_of(error):
    """The exit status for an error."""
    if isinstance(error, (PortError, Gone)):
        return PORT
    if isinstance(error, Silent):
        return UNKNOWN
    if isinstance(error, (UsageError, SettingsError)) or isinstance(error, Failed) and error.step is None:
        return USAGE
    if isinstance(error, ModemError) and error.step in _LINES:
        return PORT
    return UNKNOWN if getattr(error, "state", "") == "in doubt" else FAILED


def _end(error, given, output):
    """Write an error as one line; the exit status."""
    advice = error.advice if isinstance(error, Failed) else hint_for(error)
    status = status_of(error)
    step, code = getattr(error, "step", None), getattr(error, "code", None)
    text = "%s: %s" % (given.port, error) if status == PORT and isinstance(error, ModemError) else str(error)
    output.error(text, advice, step=step, code=code, status=status)
    return status


def perform(given, parser):
    """Do what the words say; the exit status."""
    if given.verb == "completion":
        try:
            print(_completion(parser, given.shell))
        except ImportError:
            parser.error("completion needs the package shtab: pip install shtab")
        return DONE
    output = Output(given.json, given.quiet)
    try:
        if given.board is None:
            given.port = given.port or find()
        if given.verb == "console":
            return _console(given, output)
        asyncio.run(_perform(given, output))
    except (Failed, ModemError, SettingsError, StoreError, UsageError) as error:
        return _end(error, given, output)
    return DONE


def main(words=None, more=""):
    """The command line; returns the exit status. `more` is said at the end of its help."""
    words = sys.argv[1:] if words is None else words
    try:
        if words and words[0] in others.known():
            status = others.run(words[0], words[1:])
        else:
            parser = create(more=more)
            if words and words[0][:1] != "-" and words[0] not in parser.verbs:
                print("mms: no verb %s: mms --help lists them" % plain.clean(words[0]), file=sys.stderr)
                return USAGE
            status = perform(parser.parse_args(words), parser)
        sys.stdout.flush()
        return status
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        return ending.closed()
    except Exception as error:  # a fault of the program: a user gets one line
        print(sentence(error), file=sys.stderr)
        return FAILED


if __name__ == "__main__":
    sys.exit(main())
