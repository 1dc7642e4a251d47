"""Messages between the seven operators of the lab's world, an hour of them at a time: `python -m tools.load`.

Each handset is a few lines of Python that send, retrieve and answer; SMS centres, MMSCs, MM4 between them and billing
are the lab's, in this process. It ends with status 1 when a message or a report was lost or came twice, or when the
process is larger after the last message than after three in ten of them, by more than 5 %.
"""

import argparse
import asyncio
import collections
import ctypes
import gc
import hashlib
import pathlib
import random
import resource
import sys
import tempfile
import time
from typing import Any

import aiohttp
from aiohttp import web

import tools.lab  # noqa: F401 which finds lib/
from mms.codec import mm1, multipart, push, tpdu
from tools.lab import dates, options
from tools.lab import world as worlds
from tools.lab.interconnect import Agreements
from tools.lab.network.gateway.machine import MSISDN
from tools.lab.operator import Operator
from tools.lab.shell import Server, Tasks
from tools.lab.ways import Ways

_HOUR_S = 3600
_RETRIEVAL_S = 3.0  # of the world, from a notification to the request of a handset
_AFTER_S = 120  # of the world, until everything has arrived
_OCTETS = 20000  # of a picture
_GROWTH = 1.05
_NEAR = 5


class Handsets:
    """The handsets of all subscribers: what they sent, retrieved, and were told by reports."""

    def __init__(self, operators, speed):
        self._operators, self._speed = operators, speed
        self._segments, self.spawn = collections.defaultdict(dict), Tasks().spawn
        self.server = Server([web.post("/{number}/sms", self._sms)])
        self.sent, self.had, self.reports = {}, collections.Counter(), collections.Counter()
        self.seconds = []  # (whether it crossed operators, from submission to retrieval)
        self.session = None

    async def _sms(self, request):
        number, read = "+" + request.match_info["number"], tpdu.parse(bytes.fromhex(await request.text()))
        reference, _, total, place = read.concat or (None, 0, 1, 1)
        parts = self._segments[number, read.originator, reference]
        parts[place] = read.data
        if len(parts) == total:
            del self._segments[number, read.originator, reference]
            self.spawn(self._pushed(number, b"".join(parts[place] for place in sorted(parts))))
        return web.Response()

    async def _pushed(self, number, octets):
        pdu = mm1.parse(octets[push.parse(octets).body :])
        if pdu.type == mm1.DELIVERY_IND:
            self.reports[pdu.get(mm1.MESSAGE_ID), pdu.get(mm1.STATUS)] += 1
            return
        await asyncio.sleep(_RETRIEVAL_S / self._speed)
        path = "/m/" + pdu.get(mm1.CONTENT_LOCATION).split("/m/")[1]
        octets = await self._ask("GET", number, path)
        if mm1.parse(octets).get(mm1.RETRIEVE_STATUS) != mm1.OK:
            return  # a notification that was repeated meanwhile
        if len(octets) != pdu.get(mm1.MESSAGE_SIZE):
            raise AssertionError("%d octets came, %d were announced" % (len(octets), pdu.get(mm1.MESSAGE_SIZE)))
        self._got(number, octets)
        tid = (mm1.TRANSACTION_ID, pdu.get(mm1.TRANSACTION_ID))
        done = mm1.build(mm1.NOTIFYRESP_IND, [tid, (mm1.VERSION, mm1.VERSION_1_2), (mm1.STATUS, mm1.RETRIEVED)])
        await self._ask("POST", number, "/", done)

    def _got(self, number, octets):
        """Note the picture in an M-Retrieve.conf; it is the only one with that hash."""
        picture = hashlib.sha256(octets[-_OCTETS:]).digest()
        self.had[number, picture] += 1
        began, crossed = self.sent[picture][2:]
        self.seconds.append((crossed, time.monotonic() - began))

    async def _ask(self, method, number, path, octets=None):
        url = self._operators[number].mmsc.url + path
        headers = {MSISDN: number, "Content-Type": mm1.MEDIA}
        async with self.session.request(method, url, data=octets, headers=headers) as answer:
            return await answer.read()

    async def send(self, tid, sender, recipient, picture):
        """Send one picture with a delivery report asked for."""
        fields = [(mm1.TRANSACTION_ID, tid), (mm1.VERSION, mm1.VERSION_1_2), (mm1.FROM, None)]
        fields += [(mm1.TO, mm1.address(recipient)), (mm1.DELIVERY_REPORT, True)]
        fields.append((mm1.CONTENT_TYPE, mm1.ContentType("application/vnd.wap.multipart.mixed", [])))
        body = multipart.count(1) + multipart.entry("image/jpeg", len(picture), location="p.jpg") + picture
        crossed = self._operators[sender] is not self._operators[recipient]
        known = self.sent[hashlib.sha256(picture).digest()] = [recipient, None, time.monotonic(), crossed]
        answer = mm1.parse(await self._ask("POST", sender, "/", mm1.build(mm1.SEND_REQ, fields) + body))
        known[1] = answer.get(mm1.MESSAGE_ID)

    def wrong(self):
        """A line for each message that was not retrieved once, or not reported once."""
        for picture, (recipient, key, _, _) in self.sent.items():
            copies, reports = self.had[recipient, picture], self.reports[key, mm1.RETRIEVED]
            if copies != 1 or reports != 1:
                yield "%s to %s: retrieved %d times, reported %d times" % (key, recipient, copies, reports)
        for (key, status), count in self.reports.items():
            if status != mm1.RETRIEVED:
                yield "%s: %d reports with status %02X" % (key, count, status)


def _octets():
    """The octets of memory that this process has, without those that it could give back at once."""
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # of glibc, which keeps what a burst took
    if trim:
        trim(0)
    pages = int(pathlib.Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize()


async def _hour(folder, messages, speed, seed):
    """Run one hour; returns (Handsets, octets after three in ten messages, octets at the end)."""
    world = worlds.load()
    world = world.only([row.name for row in world.subscribers if row.profile is None])
    calendars = {row.mccmnc: dates.calendar(row.mccmnc) for row in world.operators}
    agreements = Agreements(world, calendars)
    codes = list(calendars)
    for at, code in enumerate(codes):
        for other in codes[at + 1 :]:
            agreements.change({"between": [code, other]})
    ways, operators, controls = Ways(world, agreements, speed), {}, {}
    handsets = Handsets(operators, speed)
    dice = random.Random(seed)
    running: list[Any] = [ways, handsets.server]
    await ways.start()
    await handsets.server.start()
    try:
        for row in world.operators:
            operator = Operator(
                world, row, folder / row.mccmnc, controls, calendars[row.mccmnc], lambda number: None, speed
            )
            running.append(operator)
            await operator.start(ways.join)
            ways.joined(operator)
            for each in operator.subscribers:
                operators[each.number] = operator
                controls[each.number] = "%s/%s" % (handsets.server.url, each.number[1:])
        async with aiohttp.ClientSession() as handsets.session:
            near = [each.number for each in world.subscribers if each.home == world.home]
            early = await _send(handsets, dice, list(operators), near, messages, speed)
            await asyncio.sleep(_AFTER_S / speed)
            return handsets, early, _octets()
    finally:
        for shell in reversed(running):
            await shell.stop()


async def _send(handsets, dice, numbers, near, messages, speed):
    """Send all messages, evenly over an hour of the world, one in five of them among the numbers `near`.

    Returns the octets of this process after three in ten.
    """
    begin, early = time.monotonic(), 0
    for at in range(messages):
        await asyncio.sleep(max(0, begin + at * _HOUR_S / messages / speed - time.monotonic()))
        sender, recipient = dice.sample(near if at % _NEAR == 0 else numbers, 2)
        handsets.spawn(handsets.send("t%d" % at, sender, recipient, dice.randbytes(_OCTETS)))
        if at == messages * 3 // 10:
            early = _octets()
    return early


def _parser():
    parser = argparse.ArgumentParser(prog="python -m tools.load", description=__doc__)
    parser.add_argument("--messages", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    options.add_clock(parser)
    return parser


def main():
    """The command line; the exit status."""
    given = _parser().parse_args()
    with tempfile.TemporaryDirectory() as folder:
        handsets, early, late = asyncio.run(_hour(pathlib.Path(folder), given.messages, given.speed, given.seed))
    wrong = list(handsets.wrong())
    print("\n".join(wrong))
    for crossed in (False, True):
        times = sorted(seconds * given.speed for this, seconds in handsets.seconds if this is crossed)
        if times:
            way = "between two operators" if crossed else "within one operator"
            print("%d messages %s: %.1f s of the world, half of them" % (len(times), way, times[len(times) // 2]))
    growth = late / early
    print("%d messages, %d of them wrong" % (len(handsets.sent), len(wrong)))
    print("%.1f MB after three in ten, %.1f MB at the end: %.3f times" % (early / 1e6, late / 1e6, growth))
    return 1 if wrong or growth > _GROWTH else 0


if __name__ == "__main__":
    sys.exit(main())
