"""tools.pdu inside MicroPython's unix port, compiled and in ROMFS, as the handset is: see tools/board/rom.py.

`python -m tools.pdu.board [-X heapsize=192k] [--sms] FILE...` prints JSON.
"""

import sys

from tools.board import rom

# the first is what runs; the others are beside it
_ROOMS = ("values", "body", "decode", "services", "segments", "sms")
PROGRAM = ("tools/pdu/plain.py", *("tools/pdu/%s.py" % room for room in _ROOMS))

if __name__ == "__main__":
    sys.exit(rom.main(sys.argv[1:], PROGRAM))
