"""The command line: `python -m tools.pdu decode | encode | pcap`."""

import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

from rich.console import Console

from mms.errors import PduError
from tools.pdu import plain, values
from tools.pdu.capture import Capture
from tools.pdu.encode import SpecError, encode
from tools.pdu.extract import Extract
from tools.pdu.tree import tree
from tools.programs import ROOT, called, examples, micropython

_BLOCK = 1 << 16
_WIDE = 1000  # columns, where there is no terminal to fit in
_HEAP = "192k"  # the heap of a board
_MALFORMED, _USAGE = 1, 2


def _fault(path, error):
    """Say in one line what is wrong with a file; the exit code."""
    if isinstance(error, OSError):
        print("%s: %s" % (path, error.strerror or error), file=sys.stderr)
        return _USAGE
    print("%s: %s" % (path, error), file=sys.stderr)
    return _MALFORMED


def _show(found, as_json):
    if as_json:
        values.dump(found, sys.stdout.write)
        print()
    else:
        Console(highlight=False, width=None if sys.stdout.isatty() else _WIDE).print(tree(found))


def _decode(given):
    if given.micropython:
        return _decode_inside(given)
    try:
        taker = Extract(given.extract) if given.extract else None
    except OSError as error:
        return _fault(given.extract, error)
    code = 0
    for path in given.files:
        try:
            for found in plain.objects(path, given.sms, taker, _BLOCK):
                _show(found, given.json)
        except (OSError, PduError, UnicodeDecodeError) as error:
            code = max(code, _fault(path, error))
    return code


def _decode_inside(given):
    """The same, by MicroPython under a board's heap."""
    if not micropython() or given.extract:
        why = "writes no files: leave --extract out" if given.extract else "is not to be had from PyPI for this machine"
        print("MicroPython %s" % why, file=sys.stderr)
        return _USAGE
    words = [*(["--sms"] if given.sms else []), *given.files]
    command = [sys.executable, "-m", "tools.pdu.board", "-X", "heapsize=" + _HEAP, *words]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, encoding="utf-8") as child:
        for line in child.stdout:
            if given.json:
                print(line, end="")
            else:
                _show(json.loads(line), False)
    return child.returncode


def _encode(given):
    try:
        spec = json.loads(pathlib.Path(given.spec).read_text("utf-8"))
        octets = encode(spec, pathlib.Path(given.spec).parent)
        pathlib.Path(given.output).write_bytes(octets)
    except (OSError, SpecError, UnicodeDecodeError, json.JSONDecodeError) as error:
        return _fault(given.spec, error)
    return 0


def _pcap(given):
    code, added = 0, 0
    with tempfile.TemporaryDirectory() as folder:  # nothing is at -o, and nothing there is lost, when nothing is shown
        capture = Capture(os.path.join(folder, "capture"))
        for path in given.files:
            try:
                if given.sms:
                    capture.add_lines(path, pathlib.Path(path).read_text().splitlines())
                else:
                    capture.add(path, pathlib.Path(path).read_bytes())
                added += 1
            except (OSError, PduError, UnicodeDecodeError) as error:
                code = max(code, _fault(path, error))
        capture.close()
        if added:
            try:
                shutil.copyfile(os.path.join(folder, "capture"), given.output)
            except OSError as error:
                return _fault(given.output, error)
    return code


def _arguments():
    parser = argparse.ArgumentParser(
        prog=called("pdu"),
        description="MMS PDUs, WAP pushes and short messages: shown, made, and written for Wireshark.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="%s\n\nExit code: 0 done (with warnings or without), 1 malformed, 2 wrong usage."
        % examples("pdu", "decode fox.mms", "decode --json --extract parts fox.mms", "pcap fox.mms -o fox.pcapng"),
    )
    verbs = parser.add_subparsers(required=True, metavar="decode | encode | pcap")
    lines = "the files have lines of TPDUs in hexadecimal, with or without the SMS centre's address"

    decode = verbs.add_parser("decode", help="show what is in files")
    decode.add_argument("files", nargs="+", metavar="FILE", help="an MM1 PDU or a WAP push")
    decode.add_argument("--json", action="store_true", help="an object a line, a line a file (a message with --sms)")
    decode.add_argument("--sms", action="store_true", help=lines)
    decode.add_argument("--extract", metavar="DIR", help="write the parts to this folder, under safe names")
    decode.add_argument("--micropython", action="store_true", help="do it inside MicroPython, with %s of heap" % _HEAP)
    decode.set_defaults(run=_decode)

    encode = verbs.add_parser("encode", help="make a PDU of what `decode --json --extract` gives")
    encode.add_argument("spec", metavar="SPEC.json", help="an object as from decode --json; its parts name files")
    encode.add_argument("-o", dest="output", required=True, metavar="FILE", help="where the octets go")
    encode.set_defaults(run=_encode)

    pcap = verbs.add_parser("pcap", help="write files for Wireshark")
    pcap.add_argument("files", nargs="+", metavar="FILE", help="an MM1 PDU or a WAP push")
    pcap.add_argument("--sms", action="store_true", help=lines)
    pcap.add_argument("-o", dest="output", required=True, metavar="X.pcapng", help="where the packets go")
    pcap.set_defaults(run=_pcap)
    return parser.parse_args()


if __name__ == "__main__":
    given = _arguments()
    sys.exit(given.run(given))
