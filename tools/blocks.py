"""Files of assets/ in blocks of 512 octets, 508 of content and their CRC-32 (big-endian), as a handset reads them.

lib/mms/handset/store/blocks.py is the reader; compilers of tables are the writers.
"""

import binascii

_CONTENT = 508  # octets of a block before its CRC-32


def pack(content):
    """The octets of a file; zeros fill the last block."""
    pieces = [content[at : at + _CONTENT].ljust(_CONTENT, b"\0") for at in range(0, len(content), _CONTENT)]
    return b"".join(piece + binascii.crc32(piece).to_bytes(4, "big") for piece in pieces)
