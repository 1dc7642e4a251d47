"""Damaged vectors: an object with warnings, or PduError with an offset in the file; never anything else."""

import io

import pytest

from mms.errors import PduError
from tests.vectors import make
from tools.pdu import values
from tools.pdu.decode import decode
from tools.pdu.tree import tree

OCTETS = (0x00, 0x1E, 0x1F, 0x7F, 0x80, 0xFE, 0xFF)
WHOLE = [path for path in make.files() if path.suffix == ".hex"]


def told(octets, drawn=False):
    """Whether the octets are decoded; what they are is written, and drawn where that is asked for."""
    try:
        found = decode(io.BytesIO(octets), "")
    except PduError as error:
        assert 0 <= error.offset <= len(octets), error
        assert "\n" not in str(error)
        return False
    values.dump(found, str)
    assert not drawn or tree(found)
    return True


@pytest.mark.parametrize("path", WHOLE, ids=lambda path: path.stem)
def test_cut_off_anywhere_and_changed_anywhere(path):
    octets = make.read(path)
    decoded = sum(told(octets[:end], end % 8 == 0) for end in range(len(octets)))
    for at in range(0, len(octets), 1 + len(octets) // 40):  # all of a short one, some of a long one
        for octet in OCTETS:
            decoded += told(octets[:at] + bytes([octet]) + octets[at + 1 :], at % 8 == 0)
    assert decoded > len(octets) // 4 or path.stem.startswith("malformed")
