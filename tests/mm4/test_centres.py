"""Two whole message centres on loopback, each with its SMS centre, queue and journal on disk, joined by MM4."""

import asyncio
import time

import aiohttp
import pytest

from mms.codec import mm1, multipart
from tests.kit.lab.mm4 import ALICE, BOB, CAROL, NUMBERS, O2, ORANGE, Agreements
from tests.kit.lab.mmsc import MEDIA, Handset
from tests.kit.programs import until
from tools.lab.network.mm4.machine import Peer
from tools.lab.network.mm4.shell import Interconnect
from tools.lab.network.mmsc.shell import Mmsc
from tools.lab.network.smsc.shell import Smsc

SPEED = 50
CODES = {O2: "23410", ORANGE: "23433"}
ADDRESSES = {ALICE: "127.0.3.1", BOB: "127.0.3.2", CAROL: "127.0.3.3"}
MAIL_S = 0.05


class Operator:
    """An MMSC with its SMS centre, and the handsets of its subscribers, by number."""

    def __init__(self, folder, domain):
        self.folder, self.domain, self.peers = folder, domain, {}
        own = [number for number in ADDRESSES if NUMBERS[number] == domain]
        self.handsets = {number: Handset(number, ADDRESSES[number]) for number in own}
        self.smsc = Smsc({}, speed=SPEED)
        self.mmsc = None

    async def start(self):
        for number, handset in self.handsets.items():
            await handset.control.start()
            self.smsc.subscribers[number] = handset.control.url
        await self.smsc.start()
        await self.begin()

    async def begin(self, port=0):
        """Start the MMSC with what is on disk."""
        callers = {ADDRESSES[number]: number for number in self.handsets}
        self.mmsc = Mmsc(self.folder, self.smsc.url, self.handsets, operator=CODES[self.domain], speed=SPEED,
                         callers=callers)  # fmt: skip
        self.mmsc.machine.route = self._route
        self.mm4 = Interconnect(self.mmsc.machine, self.mmsc.wall, self.domain, self.peers, NUMBERS.get, Agreements(),
                                self.mmsc.journal, MAIL_S, port, SPEED)  # fmt: skip
        self.mmsc.add(self.mm4)
        await self.mmsc.start()

    def _route(self, sender, recipient, now, octets=0):
        return None if recipient in self.handsets else "mm4"

    async def stop(self):
        for shell in (self.mmsc, self.smsc, *(handset.control for handset in self.handsets.values())):
            await shell.stop()

    async def post(self, number, octets):
        """What the MMSC answers to the PDU of a handset."""
        connector = aiohttp.TCPConnector(local_addr=(ADDRESSES[number], 0))
        async with aiohttp.ClientSession(connector=connector) as session:
            async with session.post(self.mmsc.url + "/", data=octets, headers=MEDIA) as answer:
                return await answer.read()

    async def send(self, number, to, picture):
        """A message with reports; returns its message id."""
        fields = [
            (mm1.TRANSACTION_ID, "t1"), (mm1.VERSION, 0x12), (mm1.FROM, None), (mm1.TO, mm1.address(to)),
            (mm1.DELIVERY_REPORT, True), (mm1.READ_REPORT, True),
            (mm1.CONTENT_TYPE, mm1.ContentType("application/vnd.wap.multipart.mixed", [])),
        ]  # fmt: skip
        entry = multipart.entry("image/jpeg", len(picture), location="p.jpg")
        octets = mm1.build(mm1.SEND_REQ, fields) + multipart.count(1) + entry + picture
        return mm1.parse(await self.post(number, octets)).get(mm1.MESSAGE_ID)

    async def retrieve(self, number, path):
        """The octets of an M-Retrieve.conf, acknowledged."""
        connector = aiohttp.TCPConnector(local_addr=(ADDRESSES[number], 0))
        async with aiohttp.ClientSession(connector=connector) as session:
            async with session.get(self.mmsc.url + path) as answer:
                octets = await answer.read()
        tid = mm1.parse(octets).get(mm1.TRANSACTION_ID)
        await self.post(number, mm1.build(mm1.ACKNOWLEDGE_IND, [(mm1.TRANSACTION_ID, tid), (mm1.VERSION, 0x12)]))
        return octets

    def said(self, event):
        return self.mmsc.journal.all(event)


def drive(folder, story):
    async def run():
        o2, orange = Operator(folder / "o2", O2), Operator(folder / "orange", ORANGE)
        try:
            await o2.start()
            await orange.start()
            join(o2, orange)
            return await asyncio.wait_for(story(o2, orange), 60)
        finally:
            await o2.stop()
            await orange.stop()

    return asyncio.run(run())


def join(*operators):
    for operator in operators:
        for other in operators:
            if other is not operator:
                operator.peers[other.domain] = Peer(other.mm4.address)


def test_a_picture_crosses_and_the_senders_handset_gets_both_reports(tmp_path):
    async def story(o2, orange):
        picture = bytes(range(256)) * 400
        key = await o2.send(ALICE, CAROL, picture)
        url = (await orange.handsets[CAROL].pushed(1)).get(mm1.CONTENT_LOCATION)
        octets = await orange.retrieve(CAROL, "/m/" + url.split("/m/")[1])
        assert octets.endswith(picture)
        retrieved = mm1.parse(octets)
        assert mm1.number(retrieved.get(mm1.FROM)) == ALICE
        report = await o2.handsets[ALICE].pushed(1)
        assert (report.type, report.get(mm1.MESSAGE_ID)) == (mm1.DELIVERY_IND, key)
        assert (mm1.number(report.get(mm1.TO)), report.get(mm1.STATUS)) == (CAROL, mm1.RETRIEVED)
        fields = [(mm1.VERSION, 0x12), (mm1.MESSAGE_ID, retrieved.get(mm1.MESSAGE_ID)), (mm1.TO, mm1.address(ALICE))]
        await orange.post(CAROL, mm1.build(mm1.READ_REC_IND, [*fields, (mm1.FROM, None), (mm1.READ_STATUS, 0x80)]))
        report = await o2.handsets[ALICE].pushed(1)
        assert (report.type, report.get(mm1.MESSAGE_ID)) == (mm1.READ_ORIG_IND, key)

    drive(tmp_path, story)


@pytest.mark.parametrize("stopped", [O2, ORANGE])
def test_a_message_centre_that_starts_again_goes_on_with_its_transactions(tmp_path, stopped):
    async def story(o2, orange):
        ours = {O2: o2, ORANGE: orange}[stopped]
        for _ in range(10):
            await o2.send(ALICE, CAROL, b"x" * 1000)
        await until(lambda: orange.said("arrived"), 20)
        port = int(ours.mm4.address.split(":")[1])
        await ours.mmsc.stop()
        await ours.begin(port)

        def journal(operator, event):
            text = (operator.folder / "journal.jsonl").read_text()
            return text.count('"event": "%s"' % event)

        await until(lambda: journal(o2, "handed") == 10, 20)
        assert journal(orange, "accepted") == 10

    drive(tmp_path, story)


@pytest.mark.parametrize("octets", [30000, 300000])
def test_a_message_through_two_centres_takes_half_a_second_more_at_most(tmp_path, octets):
    """The lab's own time: what the world's delays take is not counted."""

    async def story(o2, orange):
        async def seconds(to, operator, delays):
            known = len(operator.said("notified"))
            before = time.monotonic()
            await o2.send(ALICE, to, bytes(octets))
            await until(lambda: len(operator.said("notified")) > known, 20)
            return time.monotonic() - before - delays / SPEED

        one = min([await seconds(BOB, o2, 0.6) for _ in range(3)])
        two = min([await seconds(CAROL, orange, 0.9 + MAIL_S) for _ in range(3)])
        print("%d octets: one centre %.3f s, two %.3f s" % (octets, one, two))
        assert two - one < 0.5

    drive(tmp_path, story)
