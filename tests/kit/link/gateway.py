"""A WAP gateway in virtual time, behind a radio that loses, doubles and delays datagrams (WAP-224-WTP, WAP-230-WSP)."""

import asyncio

from tests.kit.drivers.scripted import World, run

UP, DOWN, HALF_MS = 2550, 5100, 350  # octets a second of class 10 with CS-2, and half a round trip
MMSC_MS = 300
SEGMENT = 1400
REPEAT_MS = 7000
INVOKE, RESULT, ACK, ABORT, MORE_INVOKE, MORE_RESULT, NACK = 1, 2, 3, 4, 5, 6, 7
GTR, TTR, RID = 4, 2, 1
REPLY = b"\x04\x20\x20application/vnd.wap.mms-message\x00"
SIZED = b"\x04\x20\x24application/vnd.wap.mms-message\x00\x8d\x02"  # two octets of Content-Length follow


class Air:
    """A Stream of datagrams. `faults` are asked with (direction, count, octets): milliseconds of each copy's delay."""

    def __init__(self, world, gateway, faults):
        self.world, self.gateway, self.faults = world, gateway, faults
        self.counts = {"up": 0, "down": 0}
        self.octets = {"up": 0, "down": 0}
        self.free = {"up": 0, "down": 0}
        self.came, self.news = [], asyncio.Event()
        self.closed = False
        self.merges = False  # whether datagrams that wait are read as one
        gateway.air = self

    def carry(self, way, octets, arrive):
        count = self.counts[way]
        self.counts[way] += 1
        self.octets[way] += len(octets)
        rate = UP if way == "up" else DOWN
        start = max(self.free[way], self.world.now)
        self.free[way] = start + (len(octets) * 1000 + rate - 1) // rate
        for delay in self.faults(way, count, octets):
            self.world.after(self.free[way] + HALF_MS + delay - self.world.now, lambda: arrive(octets))

    async def write(self, buf):
        self.carry("up", bytes(buf), self.gateway.take)

    def send(self, octets):
        self.carry("down", bytes(octets), self._arrive)

    def _arrive(self, octets):
        self.came.append(octets)
        self.news.set()

    async def readinto(self, buf):
        while not self.came:
            self.news.clear()
            await self.news.wait()
        octets = self.came.pop(0)
        if self.merges:
            octets += b"".join(self.came)
            self.came = [octets[len(buf) :]] if len(octets) > len(buf) else []
            octets = octets[: len(buf)]
        buf[: len(octets)] = octets
        return len(octets)

    async def drain(self):
        pass

    def close(self):
        self.closed = True


class Transaction:
    """One transaction of class 2 on the side that answers."""

    def __init__(self, gateway, tid):
        self.gateway, self.tid = gateway, tid
        self.invoke, self.last, self.end = {}, None, None
        self.result, self.first, self.count, self.repeats = None, 0, 0, 0

    def send(self, octets):
        tid = self.tid | 0x8000
        self.gateway.air.send(octets[:1] + bytes((tid >> 8, tid & 0xFF)) + octets[1:])

    def take(self, number, flags, octets):
        again = number in self.invoke
        self.invoke[number] = octets
        if flags & TTR:
            self.last = number
        if flags & (GTR | TTR):
            self.end = number if self.end is None else max(self.end, number)
        if self.end is None or self.result is not None:
            if again and flags & TTR and self.gateway.holds:
                self.send(bytes((ACK << 3,)))
            return
        missing = [at for at in range(self.end + 1) if at not in self.invoke]
        if missing and (flags & (GTR | TTR) or self.gateway.impatient):
            self.send(bytes([NACK << 3, len(missing)] + missing))
        if missing:
            return
        if self.end > 0:
            self.send(bytes((0x80 | ACK << 3, 0x19, self.end)))
        if self.last == self.end:
            self.result = b""
            message = b"".join([self.invoke[at] for at in range(self.last + 1)])
            self.gateway.world.after(self.gateway.slow_ms, lambda: self.answer(message))

    def answer(self, message):
        self.result = self.gateway.answer(message)
        if self.result is not None:
            self.group()

    def segment(self, at, again=0):
        segments = (len(self.result) + SEGMENT - 1) // SEGMENT
        flags = again
        if at == segments - 1:
            flags |= TTR
        elif at == self.first + self.count - 1:
            flags |= GTR
        octets = self.result[at * SEGMENT : (at + 1) * SEGMENT]
        self.send(bytes((MORE_RESULT << 3 | flags, at)) + octets if at else bytes((RESULT << 3 | flags,)) + octets)

    def group(self):
        left = (len(self.result) + SEGMENT - 1) // SEGMENT - self.first
        self.count, self.repeats = min(left, self.gateway.group), 0
        for at in range(self.first, self.first + self.count):
            self.segment(at)
        self.watch(self.first)

    def watch(self, first):
        def repeat():
            if self.count and self.first == first and self.repeats < 4:
                self.repeats += 1
                self.segment(first + self.count - 1, RID)
                self.watch(first)

        self.gateway.world.after(REPEAT_MS, repeat)

    def acknowledged(self, number):
        if self.count and number == self.first + self.count - 1:
            self.first, self.count = self.first + self.count, 0
            if self.first * SEGMENT < len(self.result):
                self.group()


class Gateway:
    """Answers Connect, and each request with `body`; `told` and `aborted` keep the ends of sessions."""

    def __init__(self, world, body=b"", group=3):
        self.world, self.body, self.group = world, body, group
        self.slow_ms, self.holds, self.verifies = 1, False, False
        self.impatient = False  # whether it lists what is missing at each segment that goes again
        self.connected = b"\x02\x07\x00\x00"  # ConnectReply of session 7
        self.reply = REPLY
        self.transactions = {}
        self.requests, self.told, self.aborted, self.verified = [], [], [], []

    def take(self, octets):
        kind, flags, tid = octets[0] >> 3 & 15, octets[0] & 7, octets[1] << 8 | octets[2]
        if kind == INVOKE and octets[3] & 3 == 0:
            self.told.append(octets[4:])
            return
        transaction = self.transactions.get(tid)
        if kind == INVOKE and transaction is None:
            transaction = self.transactions[tid] = Transaction(self, tid)
            if self.verifies:
                transaction.send(bytes((ACK << 3 | 4,)))
        if kind in (INVOKE, MORE_INVOKE) and transaction:
            transaction.take(octets[3] if kind == MORE_INVOKE else 0, flags, octets[4:])
        elif kind == ABORT:
            self.aborted.append(octets[3])
        elif kind == ACK and flags & 4:
            self.verified.append(tid)
        elif kind == ACK and transaction:
            transaction.acknowledged(octets[4] if octets[0] & 0x80 else 0)
        elif kind == NACK and transaction:
            for at in octets[4 : 4 + octets[3]]:
                transaction.segment(at, RID)

    def answer(self, message):
        if message[0] == 1:
            self.slow_ms = MMSC_MS
            return self.connected
        self.requests.append(message)
        return self.reply + self.body if self.reply is not None else None


def fine(way, count, octets):
    return (0,)


def drive(story, faults=fine, body=b"", group=3, prepare=None):
    """What `story(air, gateway, world)` returns in virtual time."""
    world = World()
    gateway = Gateway(world, body, group)
    if prepare:
        prepare(gateway)

    async def begin():
        return await story(Air(world, gateway, faults), gateway, world)

    return run(begin(), world)
