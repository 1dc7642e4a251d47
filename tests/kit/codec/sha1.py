"""SHA-1 (FIPS 180-4) for an interpreter whose hashlib has none."""


def _rotate(word, bits):
    return (word << bits | word >> 32 - bits) & 0xFFFFFFFF


class sha1:
    """As hashlib's."""

    block_size, digest_size = 64, 20

    def __init__(self, octets=b""):
        self._octets = bytes(octets)

    def update(self, octets):
        self._octets += octets

    def digest(self):
        length = len(self._octets)
        padding = b"\x80" + bytes((55 - length) % 64) + (8 * length).to_bytes(8, "big")
        octets, state = self._octets + padding, (0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0)
        for at in range(0, len(octets), 64):
            state = _digested(octets[at : at + 64], state)
        return b"".join([word.to_bytes(4, "big") for word in state])


def _digested(block, state):
    words = [int.from_bytes(block[at : at + 4], "big") for at in range(0, 64, 4)]
    for at in range(16, 80):
        words.append(_rotate(words[at - 3] ^ words[at - 8] ^ words[at - 14] ^ words[at - 16], 1))
    a, b, c, d, e = state
    for at in range(80):
        if at < 20:
            f, k = b & c | ~b & d, 0x5A827999
        elif at < 40:
            f, k = b ^ c ^ d, 0x6ED9EBA1
        elif at < 60:
            f, k = b & c | b & d | c & d, 0x8F1BBCDC
        else:
            f, k = b ^ c ^ d, 0xCA62C1D6
        a, b, c, d, e = (_rotate(a, 5) + (f & 0xFFFFFFFF) + e + k + words[at]) & 0xFFFFFFFF, a, _rotate(b, 30), c, d
    return tuple([(old + new) & 0xFFFFFFFF for old, new in zip(state, (a, b, c, d, e))])  # noqa: B905
