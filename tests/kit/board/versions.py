"""Small programs of two versions: each of their modules says its version, and main.py prints all of them."""

import random
import string

from tools.board.flash.sets import STARTER

MODULES = 5
FILLER = 5200  # octets of each module: of the whole set 20 kB go over the line
_PROGRAM = """
def main():
    from mms import %s
    print(%s)
    return 130
"""


def files(version):
    """{path: octets} of the program of a version."""
    names = ["m%d" % number for number in range(MODULES)]
    program = _PROGRAM % (", ".join(names), ", ".join(name + ".version" for name in names))
    made = {"main.py": STARTER.read_bytes(), "lib/mms_program.py": program.encode()}
    for name in names:
        letters = random.Random("%s %s" % (name, version)).choices(string.ascii_letters, k=FILLER)
        made["lib/mms/%s.py" % name] = ("version = %r\n#%s\n" % (version, "".join(letters))).encode()
    return made


def write(folder, version):
    """Lay the program of a version out in a folder, as an earlier flash left it."""
    for path, octets in files(version).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(octets)


def says(version):
    """The line that a whole program of the version prints."""
    return " ".join([str(version)] * MODULES)
