"""A request and its answer pass the lab's WAP gateway whole, however its datagrams are lost, doubled and late."""

import random

import pytest

from tools.lab.network.gateway.wap import deviations, wtp

GTR, TTR, RID, TVE = 4, 2, 1, 4
SIZE, GROUP, TIMER_MS, TID = 100, 3, 3000, 7
SENT = bytes(range(251)) * 5


class User:
    """WTP's user: answers a whole Invoke with its octets in reverse, many times over."""

    def __init__(self):
        self.heard = []

    def invoked(self, tid, kind, octets):
        self.heard.append(octets)

    def aborted(self, tid, reason):
        raise AssertionError("aborted: %d" % reason)


class Initiator:
    """One transaction by the standard: groups of packets, a timer that repeats the last one, acknowledgements."""

    def __init__(self, octets):
        self.packets = [octets[at : at + SIZE] for at in range(0, len(octets), SIZE)]
        self.base, self.said, self.result, self.last, self.due = 0, [], {}, None, 0
        self.group()

    def say(self, number, again=0):
        end = min(self.base + GROUP, len(self.packets)) - 1
        flags = again | (TTR if number == len(self.packets) - 1 else GTR if number == end else 0)
        head = [0x28 | flags, 0, TID, number] if number else [0x08 | flags, 0, TID, 2]
        self.said.append(bytes(head) + self.packets[number])

    def group(self):
        for number in range(self.base, min(self.base + GROUP, len(self.packets))):
            self.say(number)

    def expire(self, now):
        self.due = now + TIMER_MS
        if not self.result:
            self.say(min(self.base + GROUP, len(self.packets)) - 1, RID)

    def hear(self, octets):
        kind, flags = octets[0] >> 3 & 15, octets[0] & 7
        if kind == 3 and flags & TVE and not octets[0] & 0x80:
            self.said.append(bytes([0x1C, 0, TID]))
        elif kind == 3 and octets[0] & 0x80 and octets[4] == min(self.base + GROUP, len(self.packets)) - 1:
            if octets[4] < len(self.packets) - 1:
                self.base = octets[4] + 1
                self.group()
        elif kind == 7:
            for number in octets[4:]:
                self.say(number, RID)
        elif kind in (2, 6):
            number = octets[3] if kind == 6 else 0
            self.result[number] = octets[4 if kind == 6 else 3 :]
            self.last = number if flags & TTR else self.last
            if flags & (GTR | TTR):
                missing = [each for each in range(number) if each not in self.result]
                head = [0x38, 0, TID, len(missing), *missing] if missing else [0x98, 0, TID, 0x19, number]
                self.said.append(bytes(head))

    @property
    def whole(self):
        """The result, once it has all its packets."""
        if self.last is None or len(self.result) <= self.last:
            return None
        return b"".join(self.result[number] for number in range(self.last + 1))


class Dice(random.Random):
    def below(self, count):
        return self.randrange(count)


@pytest.mark.parametrize("seed", range(40))
def test_both_ways_are_whole_and_the_request_is_served_once(seed):
    air, user = deviations.Deviations(Dice(seed)), User()
    for name, percent in (("lost", 15), ("doubled", 15), ("late", 15)):
        air.switch(name, percent)
    responder, client = wtp.Responder(user), Initiator(SENT)
    answer = SENT[::-1] * 12
    flying, now, answered = [], 0, False
    while client.whole is None and now < 200000:
        for octets in client.said:
            flying += [(now + 50 + delay, 1, octets) for delay in air.delays()]
        for octets in responder.datagrams:
            flying += [(now + 50 + delay, 0, octets) for delay in air.delays()]
        client.said, responder.datagrams = [], []
        now += 10
        arrived, flying = [row for row in flying if row[0] <= now], [row for row in flying if row[0] > now]
        for _, up, octets in sorted(arrived, key=lambda row: row[0]):
            responder.receive(octets, now) if up else client.hear(octets)
        responder.advance(now)
        if client.due <= now:
            client.expire(now)
        if user.heard and not answered:
            answered = True
            responder.answer(TID, answer)
    assert user.heard == [SENT] and client.whole == answer
