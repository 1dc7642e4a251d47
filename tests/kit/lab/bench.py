"""A simulated modem on a bench: a handset that types, a network that answers, and a clock."""

from tools.lab.modem.sim800 import Sim800

UP = ("AT+CGATT=1", "AT+CIPRXGET=1", "AT+CIPQSEND=1", 'AT+CSTT="mms","",""', "AT+CIICR", "AT+CIFSR")


class Bench:
    """`ask` gives the lines of an answer; `far` {key: octets} is what reached the far end."""

    MACHINE = Sim800

    def __init__(self, card=None, environment=None, boot=True, machine=None, **switches):
        self.modem = (machine or self.MACHINE)(card, environment)
        for name in switches:
            self.modem.turn(name.replace("_", "-"), switches[name])
        self.now = 0
        self.far, self.closed, self.submitted = {}, [], []
        self.hosts = ("10.1.1.1", "mmsc.example")
        self.reference = 7
        self.modem.power_on()
        if boot:
            self.wait(9000)
            self.ask("ATE0")

    def wait(self, ms):
        """Let time pass; the octets that the handset reads meanwhile."""
        end, said = self.now + ms, b""
        while True:
            due = self.modem.next()
            self.now = end if due is None else min(max(due, self.now), end)
            self.modem.advance(self.now)
            said += self.modem.read()
            if not self._serve() and self.now >= end:
                return said + self.modem.read()

    def _serve(self):
        effects = self.modem.effects()
        for effect in effects:
            if effect[0] == "open":
                self._open(effect[1], effect[2])
            elif effect[0] == "send":
                self.far[effect[1]] += effect[2]
            elif effect[0] == "close":
                self.closed.append(effect[1])
            else:
                self.submitted.append(effect[1])
                self.modem.submitted(self.reference)
        return effects

    def _open(self, key, host):
        self.far[key] = b""
        if host in self.hosts:
            self.modem.established(key)
        else:
            self.modem.refused(key, True)

    def type(self, octets, ms=0):
        """Write octets; the octets that come back within `ms`."""
        self.modem.receive(octets, self.now)
        return self.wait(ms)

    def ask(self, line, ms=0):
        """Write a command line; the lines that come back within `ms`."""
        return lines(self.type(line.encode() + b"\r", ms))

    def hear(self, ms):
        """The lines that come by themselves within `ms`."""
        return lines(self.wait(ms))

    def connect(self, host="10.1.1.1"):
        """Context and connection; its key."""
        for line in UP:
            self.ask(line, 2000)
        said = self.ask('AT+CIPSTART="TCP","%s",8080' % host, 3000)
        assert said == ["OK", "CONNECT OK"], said
        return 1

    def send(self, octets, ms=10):
        """AT+CIPSEND with a fixed count; the lines after the octets."""
        said = self.type(b"AT+CIPSEND=%d\r" % len(octets), 10)
        assert said == b"\r\n> ", said
        return lines(self.type(octets, ms))


def lines(said):
    """The lines in what the handset read."""
    text = "".join(chr(octet) for octet in said)  # power-on octets are no UTF-8, and all that MicroPython decodes is
    return [line for line in text.split("\r\n") if line]


def push(total=1, sequence=1):
    header = "0605040b8423f0" if total == 1 else "0b05040b8423f0000355%02x%02x" % (total, sequence)
    data = bytes.fromhex(header) + b"data"
    return bytes.fromhex("44038177f7000411223344556677") + bytes((len(data),)) + data
