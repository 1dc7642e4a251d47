"""A simulated M66 on a bench (tests/kit/lab/bench.py)."""

from tests.kit.lab import bench
from tools.lab.modem.m66 import M66

UP = ("AT+QIMUX=1", "AT+QINDI=1", 'AT+QIREGAPP="mms","",""', "AT+QIACT", "AT+QILOCIP")


class Bench(bench.Bench):
    """A bench with a context and with connections of this family."""

    MACHINE = M66

    def up(self, *lines):
        """Bring the context up, in multiple mode unless other `lines` say otherwise."""
        for line in lines or UP:
            assert self.ask(line, 5000) in (["OK"], ["10.64.0.1"]), line

    def connect(self, host="10.1.1.1", index=0, kind="TCP"):
        """Context and connection; its key."""
        if self.modem.task.state == "IP INITIAL":
            self.up()
        said = self.ask('AT+QIOPEN=%d,"%s","%s",8080' % (index, kind, host), 3000)
        assert said == ["OK", "%d, CONNECT OK" % index], said
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
