"""What a modem says: octets through the dialogue's digester."""

from drivers.modem import sim800
from drivers.modem.digester import FINAL, NEWS, PROMPT, Digester
from tests.kit.codec.mutants import mutant

OK = b"\r\nOK\r\n"
SAID = (  # put into what a modem says
    OK,
    b"\r\nERROR\r\n",
    b"\r\n+CME ERROR: 99999999999999999999\r\n",
    b"\r\n+CME ERROR: -1\r\n",
    b"\r\n+CME ERROR: \xd9\xa3\r\n",
    b'\r\n+CMTI: "SM",99999999999999999999\r\n',
    b'\r\n+CMTI: "SM",\xc2\xb2\r\n',
    b"\r\n+CMTI: \r\n",
    b"\r\n+CMT: ,1\r\n00\r\n",
    b"\r\n+CMT: ,0\r\nFF\r\n",
    b"\r\n> ",
    b"\r\n+CIPRXGET: 1,0\r\n",
    b"\r\n+CIPRXGET: 1,9\r\n",
    b"\r\n+CIPRXGET: 2,0,4294967296,1\r\n",
    b"\r\n+CIPRXGET: 2,0,-1,-1\r\n",
    b"\r\n+CIPRXGET: 2\r\n",
    b"\r\n+CIPRXGET: 4,0,99999999999999999999\r\n",
    b"\r\nDATA ACCEPT:0,-1\r\n",
    b"\r\nRDY\r\n",
    b"\r\n0, CLOSED\r\n",
    b"\r\n0, CONNECT FAIL\r\n",
    b"\r\n+PDP: DEACT\r\n",
    b"\r\nNORMAL POWER DOWN\r\n",
    b"\xd9\xa3",
    b"\xc0\x8d\xc0\x8a",
    b"\x1b[2J",
    b"-1",
    b"1_0",
    b" 7 ",
    b"9" * 30,
    b",",
    b'"',
    b"\0\xff",
    b"\r\n",
    b"x" * 1100,  # more than a line may have
)
_EXPECTED = (  # what a command may wait for: how its replies begin, what ends it well, a prompt, a block
    (None, "OK", False, None),
    ("", "OK", False, None),
    ("+CREG:", "OK", False, None),
    ("", "", False, None),
    ("+CMGS:", "OK", True, None),
    (None, "DATA ACCEPT:", True, None),
    ("+CIPRXGET: 2,", "OK", False, 2),
)
_TALK = (
    b'\r\n+CREG: 0,5\r\n\r\nOK\r\n\r\n+CMTI: "SM",3\r\n\r\n+CSQ: 17,0\r\n\r\n+CME ERROR: 14\r\n',
    b"\r\n> \r\n+CMGS: 7\r\n\r\nOK\r\n\r\nDATA ACCEPT:0,1460\r\n\r\n0, CLOSED\r\n",
    b"\r\n+CMT: ,18\r\n07911326040000F0040B911346610089F60000208062917314080CC8F71D14969741F977FD07\r\n\r\nOK\r\n",
    b"\r\n+CIPRXGET: 2,0,40,12\r\n" + b"\r\nOK\r\n\r\n0, CLOSED\r\n+CMTI: x\r\nERROR\r\n>  " + OK,
    b"\r\n+CIPRXGET: 1,0\r\n\r\n10.0.0.7\r\n\r\n310260000000007\r\n\r\nRDY\r\n\r\n+PDP: DEACT\r\n\r\n0, CONNECT OK\r\n",
    b'\r\n+COPS: (2,"a","a","23410"),(1,"b","b","23415"),,(0-4),(0-2)\r\n\r\nOK\r\n',
    b"x" * 1500 + OK,
)


def digest(octets):
    """What is taken out of what a modem says: first octet, what was asked; second, how many come at a time."""
    reply, final, prompt, field = _EXPECTED[octets[0] % len(_EXPECTED)]
    size, octets = max(1 + octets[1] % 64, len(octets) // 200), octets[2:]
    digester, target, told = Digester(*sim800.Sim800.TABLES[1:]), bytearray(64), []
    digester.expect("AT", reply, final, prompt, memoryview(target) if field else None, field or 0)

    def heard(digester, kind):
        meaning = digester.meaning if kind == NEWS else ""
        told.append((kind, "" if kind == PROMPT else digester.text, meaning, digester.second, digester.good))

    for _ in range(_PIECES if octets[:1] == b"x" else 0):
        feed(digester, _PIECE, heard)
    feed(digester, octets, heard, size)
    count = len(told)
    assert count <= len(octets)
    for attempt in range(3):  # as drivers/modem/syncing.py does it
        digester.expect("AT", None, "OK")
        feed(digester, OK, heard)
        if told and told[-1][0] == FINAL and told[-1][4]:
            return count if count < 4 else None, [told, bytes(target), attempt]
        if attempt:
            digester.abandon_block()
    raise ValueError("never well again")


def feed(digester, octets, heard, size=64):
    """Put octets into a digester, so many at a time: `heard(digester, kind)` for each thing that comes out."""
    octets = memoryview(octets)
    while octets:
        space = digester.space()
        count = min(len(space), len(octets), size)
        space[:count] = octets[:count]
        octets = octets[count:]
        digester.commit(count)
        kind = digester.digest()
        while kind is not None:
            heard(digester, kind)
            kind = digester.digest()


_PIECE, _PIECES = b"x" * 50, 200  # 10,000 octets without an end of line


def talk(chance):
    """What a modem says, damaged; before it what was asked (see _EXPECTED) and how many octets come at a time."""
    return beside(chance, 2) + mutant(_TALK[chance.below(len(_TALK))], chance, SAID)


def beside(chance, count):
    """Octets that say how an input is used."""
    return bytes([chance.below(256) for _ in range(count)])
