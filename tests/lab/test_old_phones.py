"""MMSC, SMS centre, page and adapter over real sockets: an old phone gets a text, a Nokia what it takes."""

import asyncio
import re

import aiohttp

from mms.codec import gsm7, mm1
from tests.kit import photos
from tests.kit.lab.mmsc import ALICE, BOB, Network
from tools.lab.network.adaptation.adapter import Adapter
from tools.lab.network.adaptation.profiles import Profiles
from tools.lab.network.mmsc import contents
from tools.lab.network.mmsc.contents import MIXED, Content, Part
from tools.lab.network.mmsc.shell import Mmsc
from tools.lab.network.viewer.shell import Page

NOKIA = {"User-Agent": "Nokia6100/1.0 (04.01) Profile/MIDP-1.0 Configuration/CLDC-1.0"}
PHOTO = photos.photo(octets=200000)


class Joined(Network):
    """A network whose MMSC has page and adapter."""

    given = {}

    async def __aenter__(self):
        await super().__aenter__()
        await self.mmsc.stop()
        self.mmsc = Mmsc(self.folder / "joined", self.smsc.url, (ALICE, BOB), speed=50)
        page = Page(self.mmsc.machine, self.folder / "page", lambda number: self.smsc.url, "O2", speed=50)
        adapter = Adapter(Profiles(), self.mmsc.machine.store, page.link, self.given)
        self.mmsc.add(page)
        self.mmsc.machine.route = lambda sender, to, now, octets=0: None if adapter.takes_mms(to) else "page"
        self.mmsc.machine.fit, self.mmsc.heard = adapter, adapter.hear
        await self.mmsc.start()
        self.gateway.hosts[self.mmsc.host] = self.mmsc.address
        return self

    async def send(self):
        """Have alice send bob the photo."""
        fields = [(mm1.TRANSACTION_ID, "t1"), (mm1.VERSION, 0x12), (mm1.FROM, None), (mm1.TO, mm1.address(BOB))]
        fields += [(mm1.DELIVERY_REPORT, True), (mm1.CONTENT_TYPE, mm1.ContentType("text/plain", []))]
        head = mm1.build(mm1.SEND_REQ, fields)
        head = head[: mm1.parse(head).fields[-1][2]]
        octets = head + contents.pack(Content(MIXED, (Part("image/jpeg", PHOTO, location="p.jpg"),)))
        status, said = await self.alice.http(self.gateway, "POST", self.url, octets)
        assert (status, mm1.parse(said).get(mm1.RESPONSE_STATUS)) == (200, 0x80)

    async def text(self):
        """The words of the next short message that bob gets."""
        async with asyncio.timeout(10):
            while not self.bob.sms:
                await asyncio.sleep(0.01)
        tpdu = self.bob.sms.pop(0)
        at = 1 + 2 + (tpdu[1] + 1) // 2 + 2 + 7
        return gsm7.decode(gsm7.unpack(tpdu[at + 1 :], tpdu[at]))


def test_an_old_phone_gets_a_text_whose_page_has_the_picture_and_the_sender_hears_of_it(tmp_path):
    async def story():
        net = Joined(tmp_path)
        net.given = {BOB: "plain"}
        async with net, aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
            await net.send()
            words = await net.text()
            assert words.startswith("Media message from %s. See it until " % ALICE) and len(words) <= 160
            url, code = words.split()[-3], words.split()[-1]
            async with browser.post(url, data={"code": code}) as answer:
                picture = re.search('<img src="([^"]+)"', await answer.text())[1]
            async with browser.get(url.rpartition("/")[0] + picture) as answer:
                assert await answer.read() == PHOTO
            report = await net.alice.pushed(1)
            assert (report.type, report.get(mm1.STATUS)) == (mm1.DELIVERY_IND, mm1.RETRIEVED)

    asyncio.run(story())


def test_a_nokia_that_has_asked_once_gets_a_picture_that_it_takes(tmp_path):
    async def story():
        async with Joined(tmp_path) as net:
            async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(local_addr=("127.0.3.2", 0))) as session:
                proxy = "http://" + net.gateway.address
                async with session.get(net.url + "m/none", headers=NOKIA, proxy=proxy) as answer:
                    assert answer.status == 200
            await net.send()
            notification = await net.bob.pushed(2)
            _, said = await net.bob.http(net.gateway, "GET", notification.get(mm1.CONTENT_LOCATION))
            assert len(said) == notification.get(mm1.MESSAGE_SIZE) < 46080
            pdu = mm1.parse(said)
            at = next(offset for number, _, offset in pdu.fields if number == mm1.CONTENT_TYPE)
            assert photos.opened(contents.unpack(said[at:]).parts[0].octets).size == (256, 192)

    asyncio.run(story())
