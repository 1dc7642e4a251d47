"""A simulated SIM7600 on a bench: see bench.py."""

from tests.kit.lab import bench
from tools.lab.modem.sim7600 import Cell, Environment, Sim7600

EUTRAN = 7


def lte(**more):
    """An environment with one cell of the fourth generation."""
    return Environment([Cell("23410", "O2 - UK", "O2", access=EUTRAN, **more)])


class Bench(bench.Bench):
    """With the dialogue of this family."""

    MACHINE = Sim7600

    def up(self):
        """The socket service is open, octets are fetched when asked for."""
        assert self.ask('AT+CMEE=1;+CIPRXGET=1;+CGDCONT=1,"IP","mms"') == ["OK"]
        assert self.ask("AT+NETOPEN", 3000) == ["OK", "+NETOPEN: 0"]

    def connect(self, host="10.1.1.1"):
        """Service and connection 0; its key."""
        self.up()
        said = self.ask('AT+CIPOPEN=0,"TCP","%s",8080' % host, 3000)
        assert said == ["OK", "+CIPOPEN: 0,0"], said
        return max(self.far)

    def send(self, octets, ms=100):
        """AT+CIPSEND with a fixed count; the lines after the octets."""
        said = self.type(b"AT+CIPSEND=0,%d\r" % len(octets), 10)
        assert said == b"\r\n>", said
        return bench.lines(self.type(octets, ms))
