"""Compiles assets/profiles.bin out of assets/profiles.toml: `python -m tools.profiles`.

The file is a row of blocks of 512 octets, as operators.bin is: 508 of content, then their CRC-32 (big-endian). The
content, whose numbers are big-endian, too:

    header      "MMSP" (4), the format, 1 (1), how many profiles (1), octets of the content (2)
    profiles    the length of the five texts (1), and the texts, each with a NUL behind it: name of the profile,
                User-Agent, URL of the UAProf, MMS version, the most octets of a message in decimal digits

A phone without MMS has no row: a handset cannot be one.
"""

import argparse
import struct
import sys

from tools import blocks
from tools.lab.network.adaptation.profiles import ProfileError, Profiles
from tools.programs import ROOT

TARGET = ROOT / "assets" / "profiles.bin"
_HEADER = 8


def compile(profiles):
    """The octets of profiles.bin, from Profiles; raises ProfileError for a row that is too long."""
    rows = []
    for profile in profiles:
        texts = (profile.key, profile.user_agent, profile.uaprof, profile.mms, str(profile.octets))
        row = "".join(text + "\0" for text in texts).encode()
        if len(row) > 255:
            raise ProfileError("%s: %d octets of texts are more than 255" % (profile.key, len(row)))
        if profile.mms:
            rows.append(bytes([len(row)]) + row)
    octets = _HEADER + sum(map(len, rows))
    content = struct.pack(">4sBBH", b"MMSP", 1, len(rows), octets) + b"".join(rows)
    return blocks.pack(content)


def main():
    """Check the table and write the file; the exit code."""
    argparse.ArgumentParser(prog="tools.profiles", description=(__doc__ or "").split("\n")[0]).parse_args()
    try:
        whole = compile(Profiles())
    except ProfileError as error:
        print(error, file=sys.stderr)
        return 1
    TARGET.write_bytes(whole)
    print("%s: %d octets, %d profiles" % (TARGET.relative_to(ROOT), len(whole), whole[5]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
