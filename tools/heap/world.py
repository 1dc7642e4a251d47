"""The network around one board, in virtual time: its modem and camera, the MMSC and the SMS centre of the lab."""

from mms.codec import mm1, push
from tools.lab.camera.frame import frame
from tools.lab.camera.vc0706 import Vc0706
from tools.lab.modem.agenda import Agenda
from tools.lab.modem.sim800 import Card, Cell, Environment, Profile, Sim800
from tools.soak.core_network import MMSC, PROXY, CoreNetwork
from tools.soak.lines import Line, data, picture

NUMBER, IMSI, OTHER = "+447700900001", "234100000000001", "+447700900002"
LARGEST = 1100000  # octets of a message that the operator takes
_USER, _PASSWORD, _APN = "o2mms", "password", "mms.o2.example"
_SEED = 1
_RADIO = "edge-12-mcs9"  # the fastest: turns cost time
_OTHER_MS = 3000
_READ = 0x80

SETTINGS = {
    "number": NUMBER,
    "store": "store",
    "album": "album",
    "camera": {"family": "vc0706", "size": "QQVGA"},
    "operators": {
        "23410": {
            "name": "O2", "apn": _APN, "user": _USER, "password": _PASSWORD,
            "mmsc": "http://%s/" % MMSC, "octets": LARGEST, "receive_octets": LARGEST, "proxy": "%s:%d" % PROXY,
        },
    },
    "press": {"to": [OTHER], "text": "Hello"},
}  # fmt: skip

PROPOSAL = """<wap-provisioningdoc>
<characteristic type="NAPDEF"><parm name="NAPID" value="N"/><parm name="NAME" value="O2"/>
<parm name="NAP-ADDRESS" value="%s"/><parm name="NAP-ADDRTYPE" value="APN"/>
<characteristic type="NAPAUTHINFO"><parm name="AUTHTYPE" value="PAP"/><parm name="AUTHNAME" value="%s"/>
<parm name="AUTHSECRET" value="%s"/></characteristic></characteristic>
<characteristic type="APPLICATION"><parm name="APPID" value="w4"/><parm name="TO-NAPID" value="N"/>
<parm name="ADDR" value="http://%s/"/></characteristic></wap-provisioningdoc>""" % (_APN, _USER, _PASSWORD, MMSC)


class _Network(CoreNetwork):
    """With one more subscriber, whose telephone retrieves each message at once, and says that it was read."""

    def push(self, number, octets):
        """The MMSC hands a push to the SMS centre."""
        if number == NUMBER:
            super().push(number, octets)
        else:
            self._world.agenda.after(_OTHER_MS, lambda: self._retrieve(octets))

    def _retrieve(self, octets):
        pdu, now = mm1.parse(octets[push.parse(octets).body :]), self._world.now
        if pdu.type != mm1.NOTIFICATION_IND:
            return
        answer = self.relay.get(OTHER, pdu.get(mm1.CONTENT_LOCATION)[len("http://" + MMSC) :], now)
        version = [(mm1.VERSION, mm1.VERSION_1_2)]
        tid = [(mm1.TRANSACTION_ID, pdu.get(mm1.TRANSACTION_ID))]
        response = tid + version + [(mm1.STATUS, mm1.RETRIEVED), (mm1.REPORT_ALLOWED, True)]
        self.relay.post(OTHER, mm1.build(mm1.NOTIFYRESP_IND, response), now)
        message = mm1.parse(answer.octets)
        if message.get(mm1.READ_REPORT) and message.get(mm1.FROM):
            report = version + [(mm1.MESSAGE_ID, message.get(mm1.MESSAGE_ID)), (mm1.TO, message.get(mm1.FROM))]
            report += [(mm1.FROM, mm1.address(OTHER)), (mm1.READ_STATUS, _READ)]
            self.relay.post(OTHER, mm1.build(mm1.READ_REC_IND, report), now)


class _Telephone:
    """The modem of the other subscriber: it only takes short messages."""

    def deliver(self, tpdu):
        return True


class End:
    """The board's end of a serial line: octets wait in it until the board is turned."""

    def __init__(self):
        self.alive, self.baud = True, 0
        self.waiting = b""

    def arrived(self, octets):
        self.waiting += octets

    def take(self):
        """The octets that came since the last call."""
        octets, self.waiting = self.waiting, b""
        return octets


class Surroundings:
    """`now`: milliseconds; `modem`, `camera`: the machines; `ends`: the board's ends of their lines."""

    def __init__(self):
        self.now = 0
        self.world = self
        self.numbers = [NUMBER, OTHER]
        self.agenda = Agenda()
        self.network = _Network(self, lambda entry: None, lambda fault: None, _SEED)
        self.network.relay.octets = LARGEST
        around = Environment([Cell("23410", "O2 - UK", "O2")], [Profile(_APN, _USER, _PASSWORD)])
        self.modem = Sim800(Card(NUMBER, IMSI), around, _RADIO)
        self.network.modems = {NUMBER: self.modem, OTHER: _Telephone()}
        self.lines = (
            Line(self, lambda octets: self.modem.receive(octets, self.now), self._nothing, data),
            Line(self, lambda octets: self.camera.receive(octets, self.now), self._nothing, picture),
        )
        self.camera = Vc0706(self.lines[1].say, self._set_rate, lambda size, compression: frame(size, bytes(400)))
        self.ends = tuple(End() for _ in self.lines)
        for line, end in zip(self.lines, self.ends, strict=True):
            line.port = end
        self.modem.power_on()
        self.camera.power(self.now)

    def say(self, what, octets):
        """Something crossed a serial line."""

    def _nothing(self, fault):
        pass

    def _set_rate(self, baud):
        self.lines[1].baud = baud

    def next(self):
        """When something is due here, or None."""
        dues = (self.agenda.next(), self.modem.next(), self.camera.due, self.network.next())
        return min((due for due in dues if due is not None), default=None)

    def turn(self):
        """Do what is due."""
        self.agenda.advance(self.now)
        self.camera.advance(self.now)
        self.modem.advance(self.now)
        self.network.turn()
        for what, *words in self.modem.effects():
            if what == "submit":
                self.modem.submitted(self.network.submit(NUMBER, *words))
            else:
                getattr(self.network, what)(NUMBER, *words)
        if self.modem.terminal.out:
            self.lines[0].say(self.modem.read())
