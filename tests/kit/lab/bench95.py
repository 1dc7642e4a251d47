"""A simulated BG95 on a bench (tests/kit/lab/bench.py)."""

from tests.kit.lab import bench
from tools.lab.modem.bg95 import Bg95

APN = 'AT+QICSGP=1,1,"mms","","",0'


class Bench(bench.Bench):
    """A bench with a context and with connections of this family."""

    MACHINE = Bg95

    def up(self):
        """Bring context 1 up."""
        assert self.ask(APN) == ["OK"]
        assert self.ask("AT+QIACT=1", 5000) == ["OK"]

    def connect(self, host="10.1.1.1", index=0, kind="TCP"):
        """Context and connection; its key."""
        if not self.modem.contexts.active:
            self.up()
        said = self.ask('AT+QIOPEN=1,%d,"%s","%s",8080,0,0' % (index, kind, host), 3000)
        assert said == ["OK", "+QIOPEN: %d,0" % index], said
        return self.modem.sockets.connections[index].key

    def send(self, octets, ms=10, index=0):
        """AT+QISEND with a fixed count; the lines after the octets."""
        said = self.type(b"AT+QISEND=%d,%d\r" % (index, len(octets)), 10)
        assert said == b"\r\n> ", said
        return bench.lines(self.type(octets, ms))

    def arrive(self, octets, key=1, ms=2000):
        """Octets of the far end; the lines that come within `ms`."""
        self.modem.arrived(key, octets)
        return self.hear(ms)
