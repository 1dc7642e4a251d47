"""Strings that want to be a command, a header, a path or a line."""

from mms.errors import SettingsError
from mms.handset import operators, settings
from tests.kit.codec.mutants import Chance

EACH = 1000  # strings a door
EVIL = (
    b"\r", b"\n", b"\r\n", b"\x1a", b"\x1b", b"\0", b'"', b"\\", b"'", b"\t", b"\x7f", b"\x08", b" ", b",", b";",
    b'\r\nAT+CMGS="+447700900666"\r', b'",""\r\nAT+CFUN=0\r', b"\x1a\r\nATD+447700900666;\r", b"+++",
    b"\x1bAT+CPWROFF\r",
    b"\r\nOK\r\n", b'\r\n+CMTI: "SM",1\r\n', b"\r\nX-Evil: 1", b"\r\n\r\nGET / HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    b" HTTP/1.1\r\nHost: evil.example", b"\nContent-Length: 0", b"\r\nTransfer-Encoding: chunked", b"evil.example",
    b"http://evil.example/", b"@evil.example", b"evil.example:80@", b"//evil.example", b":25", b"#", b"?", b"%0d%0a",
    b"../", b"..\\", b"/../../", b"/etc/", b"main.py", b"boot.py", b"lib/x.py", b"/", b"~", b"\xc3\xa9", b"\xc2\x85",
    b"\xe2\x80\xa8", b"\xe2\x80\xae", b"\xd9\xa1", b"\xdb\xb1", b"\xef\xbc\x91", b"\xc2\xb2", b"\xe0\xa5\xa7",
    b"\xf0\x9d\x9f\x8f", b"\xc0\x8d\xc0\x8a", b"\xc0\xae\xc0\xae\xc0\xaf", b"\xc0\x9a", b"\xe0\x80\x8a", b"\xc0\xa2",
    b"\xed\xa0\x80", b"\xff", b"x" * 600, b"{user}", b"%s", b"${x}", b"`x`", b"\xe2\x80\x8b", b"\xef\xbb\xbf",
)  # fmt: skip


def strings(seed, *good):
    """EACH texts as octets: what belongs there with something evil in it, in front of it, behind it or instead."""
    chance = Chance(seed)
    for _ in range(EACH):
        octets = good[chance.below(len(good))]
        for _ in range(1 + chance.below(2)):
            at = (0, len(octets), chance.below(len(octets) + 1))[chance.below(3)]
            octets = octets[:at] + EVIL[chance.below(len(EVIL))] + octets[at + chance.below(2) * chance.below(9) :]
        yield octets


def texts(seed, *good):
    """The same as texts, as lax as the interpreter is; where it is not, half a surrogate pair comes in, too."""
    for octets in strings(seed, *good):
        try:
            yield octets.decode()
        except UnicodeError:
            yield "\ud800".join([part for part in (bytes([o for o in octets if o < 128]).decode(), "")])


def told(wanted):
    """The Profile of settings that are accepted, or None when they are refused by the key that is wrong."""
    try:
        return operators.find_profile(settings.check(wanted), "23410")
    except SettingsError as error:
        assert error.key.startswith("operators.23410"), error.key
        return None
