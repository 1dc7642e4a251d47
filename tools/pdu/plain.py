"""Files decoded to objects; as a program, an object of JSON a line: this is what runs inside MicroPython.

`python -m tools.pdu.board [--sms] FILE...` starts it there.
"""

import gc
import sys

from mms import limits
from mms.errors import PduError
from tools.pdu import values
from tools.pdu.decode import decode


def objects(path, sms=False, taker=None, block=limits.BLOCK):
    """Yield the objects of a file: one, or with `sms` one for each message in its lines of TPDUs.

    Raises PduError and OSError.
    """
    if sms:
        from tools.pdu.sms import objects

        with open(path) as lines:
            for found in objects(lines, path, taker):
                yield found
    else:
        with open(path, "rb") as stream:
            yield decode(stream, path, taker, block)


def main():
    """Decode the files named; 0, 1 when one is malformed, 2 when one cannot be read."""
    words = sys.argv[1:]
    sms = words[:1] == ["--sms"]
    code = 0
    for path in words[sms:]:
        gc.collect()
        try:
            for found in objects(path, sms):
                values.dump(found, sys.stdout.write)
                print()
        except PduError as error:
            print("%s: %s" % (path, error), file=sys.stderr)
            code = max(code, 1)
        except OSError as error:
            print("%s: cannot be read (%s)" % (path, error), file=sys.stderr)
            code = 2
        except MemoryError:
            print("%s: more than fits in memory here" % path, file=sys.stderr)
            code = 2
    return code
