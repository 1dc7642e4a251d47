"""Every unsolicited line of a SIM800 (AT manual V1.09, 19.3, and logs of real ones) in every gap of a whole session."""

import asyncio

from drivers.modem import family, sim800
from drivers.modem.digester import BLOCK, FINAL, Digester
from mms.errors import ModemError
from tests.kit.drivers.scripted import SIZES
from tests.kit.drivers.sim800 import OK, Peer, Profile, drive, names

HARMLESS = """+CIEV: 10,"45202","VinaPhone","", 0, 0
*PSNWID: "452","02","VinaPhone",0,"VinaPhone",0
*PSUTTZ: 2016,8,22,3,46,45,"+28",0
+CTZV: +28,0
DST: 0
+CCWA: "+447700900009",145,1
+CLIP: "+447700900009",145,"",0,"",0
+CRING: VOICE
RING
NO CARRIER
MO RING
MO CONNECTED
+COLP: "+447700900009",145,"",0,""
+CLCC: 1,1,4,0,0,"+447700900009",145,""
+CREG: 5,"00C8","D0C9"
+CREG: 5
+CGREG: 1,"00C8","D0C9"
+CGEV: NW DETACH
+CCWV
+CBM: 4
00040B91AA
+CDS: 4
00040B91AA
+CMT: ,4
00040B91AA
+CMTI: "SM",9
+CMTI: "SM",9,"MMS PUSH",2,1
+CDSI: "SM",9
+CSSU: 5
+CSSI: 1
+CSMINS: 1,1
+CDRIND: 0
+CHF: 0
+CENG: 0,"0081,55,00,460,00,31,f9a1,08,05,1816,255"
+CSQN: 23,0
+SIMTONE: 0
+STTONE: 0
+CR: REL ASYNC
+CUSD: 0,"Balance 5.00",15
+CMTE: 1
+CREC: 2,1,0,15,16386
+STKPCI: 0,"D0"
+DTMF: 5
+CTTS: 0
+CALV: 1
ALARM RING
UNDER-VOLTAGE WARNNING
OVER-VOLTAGE WARNNING
CHARGE-ONLY MODE
Call Ready
SMS Ready
CONNECT
3, CONNECT OK
3, CONNECT FAIL
3, ALREADY CONNECT
3, CLOSED
+CIPRXGET: 1,0
+CIPRXGET: 1,3
RECV FROM: 10.1.1.1:8080
REMOTE IP: 10.1.1.1
+IPD,5,TCP:
+RECEIVE,3,5
+CDNSGIP: 1,"proxy.example","10.1.1.1"
+SAPBR 1: DEACT
+SAPBR 2: DEACT
+SAPBR 3: DEACT
+HTTPACTION: 0,200,5
+FTPGET: 1,1
+FTPPUT: 1,1,1300
+FTPDELE: 1,0
+FTPSIZE: 1,0,5
+FTPMKD: 1,0
+FTPRMD: 1,0
+FTPLIST: 1,1"""

GRAVE = """RDY
+CFUN: 1
+CPIN: NOT READY
+CPIN: SIM PIN
NORMAL POWER DOWN
UNDER-VOLTAGE POWER DOWN
OVER-VOLTAGE POWER DOWN
+PDP: DEACT
0, CLOSED
0, CONNECT FAIL
SEND FAIL"""

REQUEST, RESPONSE = bytes(range(256)) * 2, b"".join([b"HTTP/1.1 200 Fine\r\nX: %d\r\n" % at for at in range(12)])
MESSAGE = "AT+CMGR=4", b"\r\n+CMGR: 0,,4\r\n00040B91AA\r\n" + OK


def lines(text):
    """Each unsolicited line, or two of which the second belongs to the first."""
    found = []
    for line in text.split("\n"):
        if found and line[0] == "0" and "," not in line:
            found[-1] += "\r\n" + line
        else:
            found.append(line)
    return found


class Gapped(Peer):
    """A modem that says `gap` before, between and behind the lines of every answer; never inside counted octets."""

    def __init__(self, gap):
        answers = {MESSAGE[0]: MESSAGE[1], "AT+CMGS=3": lambda: self.block(0, self._submitted, until=26)}
        super().__init__(answers, RESPONSE)
        self.gap = gap

    def _submitted(self, block):
        return b"\r\n+CMGS: 12\r\n" + OK

    def _spread(self, answer):
        if answer == b"\r\n> ":
            return self.gap + answer
        return self.gap + b"".join([b"\r\n" + line + b"\r\n" + self.gap for line in answer.split(b"\r\n") if line])

    def _answer(self, line):
        if not line.startswith("AT+CIPRXGET=2,0,"):
            answer = super()._answer(line)
            return answer if line in self.answers or self._then is None else self._spread(answer)
        asked = int(line[16:])
        octets, self.body = self.body[:asked], self.body[asked:]
        header = b"\r\n+CIPRXGET: 2,0,%d,%d\r\n" % (asked, len(self.body))
        return self.gap + header + self.gap + octets + OK + self.gap


async def session(modem, pipe):
    """A cold start, a request and its response, a short message each way: what came of it."""
    if await modem.start() != "ready":
        raise ModemError("sim", None, "a PIN")
    sim, network = await modem.sim(), await modem.network()
    await modem.register()
    await modem.attach(Profile())
    stream = await modem.open("proxy.example", 8080)
    await stream.write(REQUEST)
    await stream.drain()
    pipe.say(b"\r\n+CIPRXGET: 1,0\r\n")
    response, buffer = b"", bytearray(300)
    while len(response) < len(RESPONSE):
        octets = await asyncio.wait_for(stream.readinto(buffer), 60)
        if not octets:
            raise ModemError("receive", None, "the end")
        response += buffer[:octets]
    stream.close()
    await modem.release()
    pipe.say(b'\r\n+CMTI: "SM",4\r\n')
    async for sms in modem.sms:
        if sms is not None and sms.index == 4:
            break
    await modem.done(sms)
    reference = await modem.send_sms(b"\x01\x02\xff")
    who = sim.imsi, sim.home, sim.number, sim.iccid, network.mccmnc, network.status, network.signal
    return who, response == RESPONSE, sms.tpdu, reference


def outcome(gap, size=64):
    """(what came of a session, what the peer received, the names of events)."""
    peer = Gapped(gap)

    async def story(modem, pipe, said):
        return await session(modem, pipe), peer.received == REQUEST, names(said)

    return drive(peer, story, size)


def said(text):
    return ("\r\n%s\r\n" % text).encode()


def test_no_word_of_the_table_is_missing_here():
    here = "\n".join(lines(HARMLESS) + lines(GRAVE))
    for row in (family.NEWS + sim800.NEWS).split("\n"):
        word = row.split("|")[0]
        assert word in here, word


def test_a_session_is_the_same_with_any_line_in_every_gap_of_every_answer():
    usual = outcome(b"")
    assert usual[0][1:] == (True, b"\x04\x0b\x91\xaa", 12) and usual[1]
    for line in lines(HARMLESS):
        for size in SIZES:
            done = outcome(said(line), size)
            assert done[:2] == usual[:2] and "modem_reset" not in done[2], (line, size)


def test_a_session_is_the_same_with_several_lines_in_every_gap():
    usual = outcome(b"")
    for at in range(0, len(lines(HARMLESS)), 6):
        gap = b"".join([said(line) for line in lines(HARMLESS)[at : at + 6]])
        assert outcome(gap, SIZES[at % len(SIZES)])[:2] == usual[:2], gap


def read(body, between, behind, size):
    """The octets and the kinds of things that a digester makes of a counted answer with lines around its data."""
    digester, target, kinds = Digester(*sim800.Sim800.TABLES[1:]), bytearray(len(body)), []
    digester.expect("", "+CIPRXGET: 2,", "OK", target=memoryview(target), field=2)
    answer = b"\r\n+CIPRXGET: 2,0,%d,0\r\n" % len(body) + between + body + behind + OK
    for at in range(0, len(answer), size):
        piece = answer[at : at + size]
        digester.space()[: len(piece)] = piece
        digester.commit(len(piece))
        kind = digester.digest()
        while kind is not None:
            kinds.append(kind)
            kind = digester.digest()
    return bytes(target), kinds, digester.good


def test_data_that_look_like_a_line_are_told_from_one_by_what_follows():
    line, report = said("RING"), said("+CDS: 4\r\n00040B91AA")
    for body in (line, line + line, line + b"x", b"x" + line + b"y", report + b"x", b"12345"):
        for news in (b"", line, line + line, report, report + line):
            for size in SIZES:
                assert read(body, b"", news, size)[0] == body, (body, news, size)
                got, kinds, good = read(body, news, b"", size)
                assert got == body and good, (body, news, size)
                assert kinds.count(BLOCK) == kinds.count(FINAL) == 1


def test_a_line_that_ends_a_session_ends_it_with_an_error_and_the_next_one_is_whole():
    async def story(modem, pipe, said):
        try:
            await asyncio.wait_for(session(modem, pipe), 600)
        except ModemError as error:
            assert str(error)
        peer.gap, peer.received, peer.body = b"", b"", RESPONSE
        return await session(modem, pipe), peer.received == REQUEST

    usual = outcome(b"")
    for at, line in enumerate(lines(GRAVE)):
        peer = Gapped(said(line))
        assert drive(peer, story, SIZES[at % len(SIZES)]) == usual[:2], line
