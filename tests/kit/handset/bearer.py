"""A bearer over a modem that counts what is asked of it."""

from mms.errors import SimError
from mms.handset import settings as handset_settings
from mms.handset.carrying.bearer import Bearer
from mms.handset.store.files import new_id
from mms.handset.store.store import Store

OPERATOR = {"apn": "mms.example", "mmsc": "http://mmsc.example:8002/", "proxy": "010.001.001.009:8080"}


class Sim:
    imsi, home, number, iccid = "234100000000001", "23410", None, None


class Modem:
    """Counts what is asked of it."""

    chosen = False

    def __init__(self, state="ready", pin="1234", answer=b""):
        self.state, self.pin, self.answer = state, pin, answer
        self.tried = []
        self.opened = []
        self.closed = 0
        self.written, self.blocks = b"", []

    async def start(self):
        return self.state

    async def unlock(self, pin):
        self.tried.append(pin)
        if pin != self.pin:
            raise SimError("sim", 16, "incorrect password")

    async def unlocked(self):
        pass

    async def sim(self):
        return Sim

    async def register(self, seconds):
        pass

    async def attach(self, profile=None):
        assert profile is None or profile.apn == "mms.example"

    async def open(self, host, port):
        self.opened.append((host, port))
        return self

    async def readinto(self, buf):
        piece, self.answer = self.answer[: len(buf)], self.answer[len(buf) :]
        buf[: len(piece)] = piece
        return len(piece)

    async def write(self, buf):
        self.written += bytes(buf)
        self.blocks.append(len(buf))

    async def drain(self):
        pass

    def close(self):
        self.closed += 1


def bearer(modem, folder=None, **more):
    wanted = {"operators": {"23410": OPERATOR}}
    wanted.update(more)
    store = Store(folder or "build/tests/bearer-%s" % new_id())
    return Bearer(modem, handset_settings.check(wanted), store)
