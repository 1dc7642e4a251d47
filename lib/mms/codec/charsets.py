"""The charsets that charset.py does not decode itself: MIBenums (IANA character sets), Python's names, and encoding.

Decoding these takes CPython. `encode` works everywhere for the charsets that charset.py decodes.
"""

from mms.codec import charset

# by MIBenum: IANA's name or an alias of it
NAMES = {
    17: "shift_jis",
    18: "euc-jp",
    36: "ks_c_5601-1987",
    37: "iso-2022-kr",
    38: "euc-kr",
    39: "iso-2022-jp",
    40: "iso-2022-jp-2",
    81: "iso-8859-6-e",
    82: "iso-8859-6-i",
    84: "iso-8859-8-e",
    85: "iso-8859-8-i",
    109: "iso-8859-13",
    110: "iso-8859-14",
    111: "iso-8859-15",
    112: "iso-8859-16",
    113: "gbk",
    114: "gb18030",
    1012: "utf-7",
    2024: "windows-31j",
    2025: "gb2312",
    2026: "big5",
    2027: "macintosh",
    2084: "koi8-r",
    2085: "hz",
    2088: "koi8-u",
    2101: "big5hkscs",
    2109: "cp874",
    2259: "tis-620",
}
# Names that differ in Python. -E and -I say how a text of two directions is ordered, which decoding does not change
_PYTHON = {81: "iso-8859-6", 82: "iso-8859-6", 84: "iso-8859-8", 85: "iso-8859-8", 2024: "cp932"}
NAMES.update({3 + part: "iso-8859-%d" % part for part in range(1, 11)})
NAMES.update({2250 + part: "windows-%d" % (1250 + part) for part in range(9)})


def number(name):
    """The MIBenum of the charset called `name`, as IANA spells it, with hyphens or underscores, or None."""
    name = name.lower()
    for known in NAMES:
        if name.replace("_", "-") == NAMES[known].replace("_", "-"):
            return known
    return None


def decode(octets, number):
    """Decode `octets` by Python's codec, with U+FFFD for octets that are no text; None where there is no codec."""
    if number not in NAMES:
        return None
    text = octets.decode(_PYTHON.get(number) or NAMES[number], "replace")
    # UTF-7 can hold half a surrogate pair, which is no text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def encode(text, number):
    """The octets of `text` in the charset with that MIBenum.

    Raises ValueError when the charset is unknown here, or does not have all of the text.
    """
    if number in (charset.US_ASCII, charset.ISO_8859_1):
        bound = 0x80 if number == charset.US_ASCII else 0x100
        if any(ord(character) >= bound for character in text):
            raise ValueError("not in charset %d" % number)
        return bytes([ord(character) for character in text])
    if number in (charset.UTF_8, charset.ANY):
        return charset.encode_utf_8(text)
    if number in (charset.UCS_2, charset.UTF_16BE):
        return charset.encode_utf_16be(text)
    if number in (charset.UTF_16, charset.UTF_16LE):
        octets = bytearray(charset.encode_utf_16be(text if number == charset.UTF_16LE else "\ufeff" + text))
        for at in range(0, len(octets) if number == charset.UTF_16LE else 0, 2):
            octets[at], octets[at + 1] = octets[at + 1], octets[at]
        return bytes(octets)
    if not charset.PYTHON or number not in NAMES:
        raise ValueError("no charset %d here" % number)
    return text.encode(_PYTHON.get(number) or NAMES[number])
