"""The story: alice sends one picture to everybody, an agreement is signed, another picture follows, and the bill comes.

Six handsets are real programs; operators, mail and pages are those of the lab (tools/lab/lab.py).
"""

import asyncio
import inspect
import itertools
import re

from aiohttp import ClientSession

from tools import programs
from tools.journey.phone import Failed, Phone
from tools.journey.screen import plain
from tools.lab.lab import Lab
from tools.lab.network.portal import album
from tools.lab.ways import ALBUM
from tools.world.seen import Album

HANDSETS = ("alice", "bob", "carol", "dave", "erin", "frank")
WITHOUT_MMS = "plain"  # the profile of an old phone: its handset here stands for it, and gets texts alone
MAIL = "gran@mail.example"
SUBJECT = "The first one"
QUALITY = 97  # of its picture, which is more than a handset of 2002 takes
TEXT = "Look what I have seen. Grüße from alice!"
START_SECONDS = 90  # of the world, until all handsets are ready
SECONDS = 300  # of the world, for one message to all
REAL_SECONDS = 40  # for programs to start and to compile, at any speed
_LOOK_SECONDS = 0.1
_LINK = re.compile(r"https?://\S+/([0-9A-Z]+) code ([0-9]{8})")
FEBRUARY = "2003-02-01 09:00"  # the first day on which O2 UK takes money for a message
OPENING = "Picture messages go to Orange and T-Mobile, too: send one to your friends there."
NEWS = "The free time of picture messages is over: each costs 40p from today."
WAYS = {  # what a person is told of each way
    "mm1": "a picture message, within O2",
    "mm4": "a picture message, from one message centre to another (MM4)",
    "adapted": "a picture message by MM4, made smaller for a Nokia 7250 of 2002",
    "agreement": "no agreement yet: a text with an address and a code, and a page",
    "plain": "a phone without picture messages: a text with an address and a code, and a page",
    "album": "a picture in alice's album, by the short code",
    "mail": "an e-mail with the picture attached",
}


class Story:
    """The story on the lab `speed` times as fast as the world; `report` has what came of it, as far as it came."""

    def __init__(self, world, out, radio, speed, screen, date):
        self._out, self._speed, self._screen, self._world = out, speed, screen, world
        self._lab = Lab(
            world, out / "lab", radio, speed, names=[row.name for row in world.subscribers], wide=True, date=date
        )
        self._seen, self._phones = Album(out / "seen"), {}
        self._told_of, self._end = {}, 0
        names = [row.name for row in world.operators]
        self.report = {"ok": False, "date": date, "speed": speed, "operators": names, "messages": [], "bill": None}

    async def run(self):
        """Tell the whole story; raises Failed."""
        try:
            await self._lab.start()
            self._screen.say("[bold]seven operators[/]: %s" % ", ".join(self.report["operators"]))
            await self._start_phones()
            await self._hear(OPENING)
            to = [*self._numbers("bob", "carol", "dave", "erin", "frank"), ALBUM, MAIL]
            first = await self._send(to, SUBJECT, quality=QUALITY)
            await self._all_see(first)
            self._sign()
            second = await self._send(self._numbers("erin"), "And another")
            await self._see_handset(second, "erin", "mm4")
            await self._reports(second)
            if self.report["date"] < FEBRUARY:
                await self._turn(FEBRUARY)
                third = await self._send(self._numbers("bob"), "It costs something now")
                await self._see_handset(third, "bob", "mm1")
                await self._reports(third)
            await self._bill()
            self.report["ok"] = True
        finally:
            await asyncio.gather(*(phone.stop() for phone in self._phones.values()))
            await self._lab.stop()

    async def _start_phones(self):
        for name in HANDSETS:
            settings = self._lab.settings(name, self._out)
            profile = self._world.subscriber(name).profile
            if profile and profile != WITHOUT_MMS:
                settings["profile"] = profile
            modem, camera = self._lab.lines(name)
            self._phones[name] = Phone(name, settings, self._out, modem, camera, programs.interpreter(), self._heard)
        await asyncio.gather(*(phone.start() for phone in self._phones.values()))
        for phone in self._phones.values():
            await phone.seen("context_up", self._seconds(START_SECONDS))

    def _numbers(self, *names):
        return [self._world.subscriber(name).number for name in names]

    async def _send(self, to, subject, **more):
        """Send one picture; the message as the report has it. `more` are arguments of the command."""
        alice, seconds = self._phones["alice"], self._seconds(SECONDS)
        self._screen.say("[bold]sends a picture to %s[/]" % ", ".join(self._told(one) for one in to), "alice")
        wishes = {"picture": True, "text": TEXT, "subject": subject, "delivery_report": True, **more}
        reply = await alice.ask("send", seconds, to=to, **wishes)
        accepted = await alice.seen("accepted", seconds, id=reply["id"])
        message = {
            "id": reply["id"],
            "title": subject,
            "to": to,
            "octets": accepted["octets"],
            "price": reply["price"],  # in minor units, None as long as the network has not told the date
            "currency": reply.get("currency"),
            "recipients": [],
        }
        self.report["messages"].append(message)
        await alice.seen("confirmed", seconds, id=reply["id"])
        return message

    def _told(self, address):
        names = {row.number: row.name for row in self._world.subscribers}
        return names.get(address) or {ALBUM: "the album", MAIL: "an e-mail address"}[address]

    async def _all_see(self, message):
        for name, way in (("bob", "mm1"), ("carol", "mm4"), ("dave", "adapted")):
            await self._see_handset(message, name, way)
        for name, way in (("erin", "agreement"), ("frank", "plain")):
            await self._see_page(message, name, way)
        await self._see_album(message)
        await self._see_mail(message)
        await self._reports(message)

    async def _see_handset(self, message, name, way):
        """A handset has the message: its parts are exported."""
        phone, seconds = self._phones[name], self._seconds(SECONDS)
        told = self._told_of[name] = self._told_of.get(name, 0) + 1
        retrieved = await self._until(lambda: _nth(phone.events, "retrieved", told), name, "retrieve")
        files = (await phone.ask("export", seconds, id=retrieved["id"]))["files"]
        self._note(message, name, self._numbers(name)[0], way, self._seen.files(name, files))

    async def _see_page(self, message, name, way):
        """A handset has a text with a link and opens nothing: the page is asked for as a browser does."""
        phone = self._phones[name]
        text = await self._until(lambda: _linked(phone.events), name, "text")
        page, code = _LINK.search(text).groups()
        home = self._world.subscriber("alice").home  # the operator of the sender shows the page
        rows, _ = await self._seen.page(name, "%s/%s" % (self._lab.ways.pages[home].url, page), code)
        self._screen.say("opens the page of the text with its code", name)
        self._note(message, name, self._numbers(name)[0], way, rows, text=text)

    async def _see_album(self, message):
        portal = self._lab.ways.portals[self._world.subscriber("alice").home]
        do, owner = portal.site.database.do, self._numbers("alice")[0]
        pictures = await self._until(lambda: do(album.pictures, owner), "album", "file")
        rows = [self._seen.keep("album", "image/jpeg", await do(album.original, owner, row.id)) for row in pictures]
        self._note(message, "the album", ALBUM, "album", rows)

    async def _see_mail(self, message):
        box = self._lab.ways.mailbox
        mail = await self._until(lambda: next(iter(box.mails[MAIL]), None), "gran", "mail")
        self._note(message, "gran", MAIL, "mail", self._seen.mail("gran", mail))

    def _note(self, message, who, address, way, rows, text=""):
        """Put into the report how a message was seen; raises Failed where it is not the picture of the camera."""
        frame = self._lab.cameras["alice"].frames[-1]
        (picture,) = [row for row in rows if row["media"] == "image/jpeg"]
        same = picture["sha256"] == frame.sha256
        if same == (way == "adapted") or picture["octets"] > frame.octets:
            raise Failed(who, "compare", "the picture is %s the camera's" % ("as large as" if same else "not"))
        homes = {row.number: row.home for row in self._world.subscribers}
        network = self._world.operator(homes[address]).name if address in homes else ""
        message["recipients"].append(
            {"who": who, "address": address, "network": network, "way": WAYS[way], "text": text, "parts": rows}
        )
        self._screen.say("[bold]%s[/]" % WAYS[way], who)

    async def _reports(self, message):
        """Alice's outbox has what became of the message at each recipient."""
        alice, to = self._phones["alice"], message["to"]
        statuses = {}

        async def told():
            kept = (await alice.ask("outbox", self._seconds(SECONDS)))["messages"]
            statuses.update(next(one["reports"] for one in kept if one["id"] == message["id"]))
            return len(statuses) == len(to)

        await self._until(told, "alice", "delivered")
        for row in message["recipients"]:
            row["status"] = statuses[row["address"]]

    def _sign(self):
        """Erin's operator and alice's sign an agreement while everything runs."""
        homes = [self._world.subscriber(name).home for name in ("alice", "erin")]
        self._lab.agreements.change({"between": homes, "state": "on"})
        self._screen.say(
            "[bold]%s and %s sign an agreement[/]" % tuple(self._world.operator(one).name for one in homes)
        )

    async def _turn(self, date):
        """Let it be another date at every operator."""
        self._lab.dates.set(date)
        self._screen.say("[bold]it is %s at every operator[/]" % date)
        await self._hear(NEWS)

    async def _hear(self, words):
        """A text of alice's operator: it tells her something, and its stamp tells her handset the date of prices."""
        alice, operator = self._phones["alice"], self._lab.operators[self._world.subscriber("alice").home]
        where = {"to": self._numbers("alice")[0], "from": operator.billing.operator.number}
        async with ClientSession() as session:
            async with session.post(operator.smsc.url + "/text", params=where, data=words.encode()) as answer:
                answer.raise_for_status()
        said = await alice.seen("text", self._seconds(SECONDS), text=words)
        self._screen.say("a text of %s: %s" % (plain(said["sender"]), words), "alice")
        price = await alice.ask("price", self._seconds(SECONDS))
        self._screen.say(plain(price["text"].split("\n")[0]), "alice")

    async def _bill(self):
        """The sums of both sides, which have to agree."""
        alice, seconds, row = self._phones["alice"], self._seconds(SECONDS), self._world.subscriber("alice")
        said = await alice.ask("price", seconds)
        sums = [month["sent"] + month["fees"] + month["received"] - month["refunded"] for month in said["months"]]
        handset = {said["currency"]: sum(sums)} if sums else {}  # none where no price is known
        billing = self._lab.billings[row.home]
        operator = billing.sums(row.number)
        rows = billing.bill(row)
        self.report["bill"] = {"lines": rows, "operator": operator, "handset": handset}
        self._screen.say("[bold]the operator's bill[/]", row.name)
        for line in rows:
            self._screen.say(plain(line))
        if operator != handset:
            raise Failed("alice", "bill", "the operator has %s, the handset %s" % (operator, handset))

    async def _until(self, found, who, step):
        """The first result of `found()` that is true; raises Failed when it takes too long."""
        end = asyncio.get_running_loop().time() + self._seconds(SECONDS)
        while not (result := await _value(found())):
            if asyncio.get_running_loop().time() > end:
                raise Failed(who, step, "it did not happen (%d s of the world waited)" % SECONDS)
            await asyncio.sleep(_LOOK_SECONDS)
        return result

    def _heard(self, name, event):
        self._screen.event(name, event)

    def _seconds(self, seconds):
        return seconds / self._speed + REAL_SECONDS


def _nth(events, kind, count):
    """The event of that kind that came as the `count`-th, or None."""
    return next(itertools.islice((event for event in events if event["event"] == kind), count - 1, None), None)


def _linked(events):
    """The text with an address and a code among the events, or None."""
    return next((said["text"] for said in events if said["event"] == "text" and _LINK.search(said["text"])), None)


async def _value(result):
    return await result if inspect.isawaitable(result) else result
