"""Mounts the ROMFS and runs main.py from it, as a board's firmware does at power-on. tools/board/rom.py starts it."""

import json
import os
import sys

import uctypes
import vfs

_address, _octets = [int(word) for word in os.getenv("ROMFS").split()]
vfs.mount(vfs.VfsRom(uctypes.bytearray_at(_address, _octets)), "/rom")
sys.argv[1:] = json.loads(os.getenv("WORDS"))
sys.path[0:1] = ["/rom", "/rom/lib"]  # in place of the working folder

import main  # noqa: E402

sys.exit(main.main())
