"""A simulated SARA on a bench (tests/kit/lab/bench.py)."""

from tests.kit.lab import bench
from tools.lab.modem.sara import Sara

APN = 'AT+UPSD=0,1,"mms";+UPSD=0,6,0'


class Bench(bench.Bench):
    """A bench with a profile and with sockets of this family."""

    MACHINE = Sara

    def up(self):
        """Bring the context of the sockets up."""
        if self.modem.lte():
            assert self.ask('AT+CGDCONT=1,"IP","mms";+CGACT=1,1', 5000) == ["OK"]
        else:
            assert self.ask(APN) == ["OK"]
            assert self.ask("AT+UPSDA=0,3", 5000) == ["OK"]

    def connect(self, host="10.1.1.1"):
        """Context and connection; its key."""
        if not self.modem.online():
            self.up()
        said = self.ask("AT+USOCR=6")
        assert said[1:] == ["OK"], said
        index = int(said[0][-1])
        assert self.ask('AT+USOCO=%d,"%s",8080' % (index, host), 3000) == ["OK"]
        return self.modem.sockets.connections[index].key

    def send(self, octets, ms=20, index=0):
        """AT+USOWR, 50 ms after the @ the octets; the lines after them."""
        said = self.type(b"AT+USOWR=%d,%d\r" % (index, len(octets)), 10)
        assert said == b"\r\n@", said
        assert self.wait(50) == b""
        return bench.lines(self.type(octets, ms))

    def arrive(self, octets, key=1, ms=2000):
        """Octets of the far end; the lines that come within `ms`."""
        self.modem.arrived(key, octets)
        return self.hear(ms)
