"""The charsets that charset.py does not decode itself: MIBenums (IANA character sets) and Python's names.

Decoding these takes CPython.
"""

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
