"""The words that the command `mms` understands: `--help` of each verb shows examples."""

import argparse
import os

from mms import __version__
from tools.command import others, verbs

STATUSES = """exit status:
  0    done
  1    failed: the modem, the network or the message centre refused (--json has
       "step" and "code")
  2    words, numbers, files or settings that make no sense
  3    the serial line: not there, taken, pulled out, or nothing answers
  4    not known: no answer in time, or the message is in doubt
  130  ended by Ctrl-C        141  the reader of the output has gone
"""
_ABOUT = "An MMS handset: this PC with a USB modem, or a board that runs the handset."
_WHERE = """
MMS_PORT, MMS_BOARD and MMS_SETTINGS in the environment stand for --port,
--board and --settings."""
_EXAMPLES = """examples:
  mms check                                    the way to the message centre
  mms send +447700900002 "Look" --file fox.jpg
  mms inbox --json | jq -r .sender
  mms lab                                      a mobile network on this PC
"""


def positive(text):
    """A number of seconds above zero, for argparse."""
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < 1e7:
        raise argparse.ArgumentTypeError("%r is no number of seconds" % text)
    return seconds


class Parser(argparse.ArgumentParser):
    """A parser whose errors are one line; `verbs` are the parsers of verbs by their names."""

    verbs: dict[str, argparse.ArgumentParser] = {}

    def error(self, message):
        """End the program."""
        self.exit(2, "%s: %s; %s --help shows examples\n" % (self.prog, message, self.prog))


def create(prog="mms", more=""):
    """The Parser; `more` is said at the end of its help."""
    parser = Parser(
        prog=prog,
        description=_ABOUT,
        epilog=_EXAMPLES + "\n" + STATUSES + _WHERE + more,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version="micropython-mms " + __version__)
    known = parser.add_subparsers(dest="verb", metavar="VERB", title="verbs", required=True)
    _sending(known)
    _messages(known)
    _network(known)
    _rest(known)
    for name, (_, about, _) in others.known().items():
        known.add_parser(name, help=about, add_help=False)
    parser.verbs = known.choices
    return parser


def _handset(known, name, work, about, examples, wait=None):
    """Add a verb that wants a handset: `work` performs it, and waits `wait` seconds unless --wait says otherwise."""
    rows = "".join("  mms %s\n" % row for row in examples)
    parser = known.add_parser(
        name,
        help=about,
        description=about[0].upper() + about[1:] + ".",
        epilog="examples:\n" + rows,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(work=work, seconds=None, wait=wait)
    group = parser.add_argument_group("the handset")
    line = group.add_mutually_exclusive_group()
    text = "line of a USB modem: the handset runs on this PC"
    line.add_argument("--port", metavar="PATH", default=os.environ.get("MMS_PORT"), help=text)
    text = "line of a board that runs the handset"
    line.add_argument("--board", metavar="PATH", default=os.environ.get("MMS_BOARD"), help=text)
    text = "settings of the handset on this PC (docs/settings.md)"
    group.add_argument("--settings", metavar="FILE", default=os.environ.get("MMS_SETTINGS"), help=text)
    group.add_argument("--camera", metavar="PATH", help="line of a serial camera on this PC")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--quiet", action="store_true", help="no remarks and no progress")
    if wait:
        text = "seconds to wait for the network at most (%(default)g)"
        parser.add_argument("--wait", type=positive, default=wait, metavar="SECONDS", help=text)
    return parser


def _recipients(parser, several):
    parser.add_argument("to", metavar="NUMBER", help="+447700900002; a short code; an e-mail address")
    if several:
        parser.add_argument("--to", dest="also", action="append", default=[], metavar="NUMBER", help="one more")
    text = "end when the message is in the outbox of the board; it goes by itself"
    parser.add_argument("--no-wait", dest="wait", action="store_const", const=0, help=text)


def _sending(known):
    examples = (
        'send +447700900002 "Look" --file fox.jpg',
        "send +447700900002 --picture --subject Fox --port /dev/ttyUSB0",
        'send +447700900002 "Hi" --to +447700900003 --json',
    )
    send = _handset(known, "send", verbs.send, "send a multimedia message, and wait until it is sent", examples, 600)
    _recipients(send, True)
    send.add_argument("text", metavar="TEXT", nargs="?", help="the text")
    text = "a picture, sound or text to send; more than once for more. With --board its path on the board"
    send.add_argument("--file", action="append", default=[], metavar="FILE", help=text)
    send.add_argument("--picture", action="store_true", help="take a picture by the camera")
    send.add_argument("--sound", metavar="FILE", help="a sound, or record:5 for five seconds by the microphone")
    send.add_argument("--subject", metavar="TEXT", default="")
    for name, about in (("cc", "gets a copy"), ("bcc", "gets a copy that the others do not see")):
        send.add_argument("--" + name, action="append", default=[], metavar="NUMBER", help=about)
    send.add_argument("--priority", choices=("low", "normal", "high"))
    text = "the network gives up after so many seconds"
    send.add_argument("--validity", type=int, metavar="SECONDS", help=text)
    send.add_argument("--size", metavar="SIZE", help="of the picture: VGA, SVGA ... or best")
    send.add_argument("--quality", type=int, metavar="1-100", help="of the picture")
    send.add_argument("--limit", type=int, metavar="OCTETS", help="the message is made no larger")
    for name, about in (
        ("delivery-report", "ask for a report when it is delivered"),
        ("read-report", "ask for a report when it is read"),
        ("hide", "do not tell the recipient the sender's number"),
        ("shrink", "make pictures smaller that the operator would refuse"),
    ):
        send.add_argument("--" + name, action="store_true", help=about)

    sms = _handset(known, "sms", verbs.sms, "send a short message", ('sms +447700900002 "On my way"',), 120)
    _recipients(sms, False)
    sms.add_argument("text", metavar="TEXT")


def _messages(known):
    examples = ("inbox", "inbox --json | jq -r .id", "inbox --board /dev/ttyACM0")
    _handset(known, "inbox", verbs.inbox, "list the messages that came", examples)
    _handset(known, "outbox", verbs.outbox, "list the messages that went, with reports", ("outbox",))
    for name, work, about, wait in (
        ("read", verbs.read, "show a message", None),
        ("fetch", verbs.fetch, "retrieve a message that waits", 600),
        ("export", verbs.export, "write the parts of a message into the album", None),
        ("delete", verbs.delete, "forget a message", None),
    ):
        parser = _handset(known, name, work, about, ("%s 8af8f7b7" % name,), wait)
        parser.add_argument("id", metavar="ID", help="eight characters, as inbox shows them")


def _network(known):
    about = "try each step on the way to the message centre"
    _handset(known, "check", verbs.check, about, ("check", "check --port /dev/ttyUSB0 --json"), 300)
    _handset(known, "scan", verbs.scan, "list the networks and cells on the air", ("scan", "scan --json"), 240)
    examples = ("register 26207", "register auto")
    register = _handset(known, "register", verbs.register, "register on a network", examples, 240)
    register.add_argument("network", metavar="MCCMNC", help='as scan lists it; "auto" for any')
    _handset(known, "status", verbs.status, "show SIM, operator and network", ("status",), 120)
    examples = ("watch", "watch --seconds 3600 --json >> events.jsonl")
    watch = _handset(known, "watch", verbs.watch, "show events as they happen, until Ctrl-C", examples)
    watch.add_argument("--seconds", type=positive, metavar="SECONDS", help="end after so many")


def _rest(known):
    examples = ("console --port /dev/ttyUSB0", "console --board /dev/ttyACM0")
    _handset(known, "console", None, "the handset's console, for people: type help there", examples)
    examples = ("ask price octets=30000", "ask help topic=sending", "ask set setting=number value=+447700900001")
    ask = _handset(known, "ask", verbs.ask, "give any command of the console", examples, 60)
    ask.add_argument("command", metavar="COMMAND", help="as docs/console.md lists them")
    ask.add_argument("arguments", metavar="KEY=VALUE", nargs="*")
    completion = known.add_parser("completion", help="words for a shell that completes these")
    completion.formatter_class = argparse.RawDescriptionHelpFormatter
    completion.epilog = """examples:
  mms completion bash > ~/.local/share/bash-completion/completions/mms
  mms completion zsh > ~/.zfunc/_mms
"""
    completion.add_argument("shell", choices=("bash", "zsh", "tcsh"))
