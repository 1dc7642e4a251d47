"""Rows that cost: a picture to oneself with its report, a short message; and between two boards, both ways."""

import contextlib

from tools.campaign.attempt import Impossible
from tools.campaign.probes.probe import ProbeError, Refused
from tools.hil.steps import tell_supply
from tools.hil.walk import Held, first

ACCEPTED_S = 300  # a camera's three attempts
CONFIRMED_S, ARRIVES_S, REPORT_S = 900, 900, 600
OCTETS = 30000  # of a usual picture, for its price
TEXT = "hardware in the loop"


class Journey:
    """One message on its way from `sender` to `receiver`, a row for each step; `part` names the rows.

    `costs` are asked once, before anything is sent; `needs` are (part, name) of rows without which nothing is.
    """

    def __init__(self, walk, part, sender, receiver, costs, needs):
        self.walk, self.part, self.sender, self.receiver, self.costs = walk, part, sender, receiver, costs
        self.needs = needs
        self.begun, self.id, self.received, self.octets = 0.0, None, None, None

    async def row(self, name, work, board, *needs):
        """A row of this message."""
        return await self.walk.row(self.part, name, work, board, [(self.part, need) for need in needs])

    async def begin(self, thing, is_mms, need):
        """The first row, a yes to the price; `need`: (part, name) of the row without which nothing goes."""
        await self.walk.row(self.part, "cost", lambda: self.permit(thing, is_mms), self.sender, [*self.needs, need])

    def to(self):
        """The recipient's number; raises Impossible where it is unknown."""
        number = self.receiver.facts["number"]
        if number is None:
            raise Impossible("its number is not known: NUMBER=+44... says it (NUMBER2 of the second board)")
        return number

    async def permit(self, thing, ask_price):
        """The cost, to which a person has said yes; raises Impossible."""
        self.to()
        price = currency = None
        if ask_price:
            with contextlib.suppress(ProbeError):
                found = await self.sender.ask("price", 60, octets=OCTETS)
                if found.get("known"):
                    price, currency = found["amount"] + found["due"], found["currency"]
        return "a yes to its price, %s" % self.costs.permit(thing, price, currency)

    async def picture(self):
        """The rows of a picture, from the shutter to the report on it."""
        same = self.sender is self.receiver
        thing = "A picture is sent %s" % ("to this board itself" if same else "to the other board")
        await self.begin(thing, True, ("way", "mmsc"))
        self.begun = self.sender.clock.now()
        await self.row("accepted", self._accept, self.sender, "cost")
        await self.row("camera", self._tell_camera, self.sender, "accepted")
        await self.row("confirmed", lambda: self._come(self.sender, "confirmed", CONFIRMED_S), self.sender, "accepted")
        await self.row("announced", self._announced, self.receiver, "confirmed")
        await self.row("here", self._retrieved, self.receiver, "announced")
        await self.row("whole", self._compare, self.receiver, "here")
        await self.row("report", self._report, self.sender, "here")
        await self.row("power", self._tell_power, self.sender, "accepted")

    async def text(self):
        """The rows of a short message."""
        same = self.sender is self.receiver
        thing = "A short message is sent %s" % ("to this board itself" if same else "to the other board")
        await self.begin(thing, False, ("way", "register"))
        self.begun = self.sender.clock.now()

        async def accept():
            self.id = (await self.sender.ask("sms", 60, to=[self.to()], text=TEXT))["id"]
            return "it is durable"

        await self.row("accepted", accept, self.sender, "cost")
        await self.row("confirmed", lambda: self._come(self.sender, "confirmed", CONFIRMED_S), self.sender, "accepted")
        await self.row("here", self._text_here, self.receiver, "confirmed")

    async def _accept(self):
        """Have a picture accepted, or, where the camera gives none, a text."""
        wishes = {"to": [self.to()], "text": TEXT, "delivery_report": True}
        seconds = self.walk.seconds(ACCEPTED_S)
        try:
            self.id = (await self.sender.ask("send", seconds, picture=True, **wishes))["id"]
        except Refused as error:
            if error.step not in ("camera", "picture", "send"):
                raise
            self.camera = error
            self.id = (await self.sender.ask("send", seconds, **wishes))["id"]
            return "a text alone is durable: there was no picture"
        accepted = await self.sender.seen("accepted", self.walk.seconds(30), self.begun, id=self.id)
        self.octets = accepted["octets"]
        return "%d octets are durable" % self.octets

    camera = None

    async def _tell_camera(self):
        if self.camera is not None:
            if self.camera.step == "send":
                raise Impossible(self.camera.text)
            raise self.camera
        shot = await self.sender.seen("captured", self.walk.seconds(5), self.begun)
        return "%s x %s, %s octets" % (shot.get("width"), shot.get("height"), shot.get("octets"))

    async def _come(self, board, event, seconds):
        """Wait for an event of the message; the time since the walk asked for it."""
        said = await board.seen(event, self.walk.seconds(seconds), self.begun, id=self.id)
        return Held("it came", round(1000 * (said["at"] - self.begun)))

    async def _announced(self):
        said = await first(self.receiver, ["notified"], self.walk.seconds(ARRIVES_S), self.begun)
        self.received = said["id"]
        return Held("%s octets wait" % said.get("octets"), round(1000 * (said["at"] - self.begun)))

    async def _retrieved(self):
        """Wait until the message is here, or fetch it where the settings leave that to the user."""
        seconds = self.walk.seconds(ARRIVES_S)
        said = await first(self.receiver, ["retrieved", "deferred"], seconds, self.begun, id=self.received)
        if said["event"] == "deferred":
            await self.receiver.ask("fetch", 60, id=self.received)
            said = await self.receiver.seen("retrieved", seconds, self.begun, id=self.received)
        return Held("%s octets" % said.get("octets"), round(1000 * (said["at"] - self.begun)))

    async def _compare(self):
        message = await self.receiver.ask("read", 60, id=self.received)
        pictures = [part["octets"] for part in message["parts"] if part["type"].startswith("image/")]
        if TEXT not in (message.get("text") or ""):
            raise Refused("read", None, "its text is not the one that was sent")
        if self.camera is not None:
            return "its text is the one that was sent"
        sent = (await self.sender.seen("captured", self.walk.seconds(5), self.begun))["octets"]
        if pictures != [sent]:
            raise Impossible("the picture of %d octets came as %s: the message centre adapts it" % (sent, pictures))
        return "its text and a picture of %d octets, as they were sent" % sent

    async def _report(self):
        said = await self.sender.seen("delivered", self.walk.seconds(REPORT_S), self.begun, id=self.id)
        if said["status"] != "retrieved":
            raise Refused("report", None, "it says: %s" % said["status"])
        return Held("it says: retrieved", round(1000 * (said["at"] - self.begun)))

    async def _tell_power(self):
        """Whether the supply held while the message moved, and the battery, where the board measures it."""
        weak = [said for said in self.sender.since(self.begun) if said["event"] in ("undervoltage", "modem_reset")]
        if weak:
            text = "the supply gave way: %s" % (weak[0].get("text") or weak[0]["event"])
            raise Refused("power", None, text, "470 to 1000 uF across the modem's supply pins, and short thick wires")
        battery = [said for said in self.sender.since(0) if said["event"] == "battery"]
        levels = ", the battery has %s mV" % battery[-1]["mv"] if battery else ""
        with contextlib.suppress(ProbeError, Impossible):
            levels += ", the modem %s" % await tell_supply(self.sender)
        return "neither undervoltage nor a restart%s" % levels

    async def _text_here(self):
        end, since = self.walk.seconds(ARRIVES_S), self.begun
        while True:
            said = await self.receiver.seen("text", end, since)
            if said.get("text") == TEXT:
                return Held("its text is the one that was sent", round(1000 * (said["at"] - self.begun)))
            since = said["at"] + 0.0001


async def walk_messages(walk, boards, costs):
    """All messages: of one board to itself, or of two boards both ways."""
    pairs = [(boards[0], boards[0])] if len(boards) == 1 else [(boards[0], boards[1]), (boards[1], boards[0])]
    needs = [("board", "ready"), ("second board", "ready")][: len(boards)]
    for sender, receiver in pairs:
        arrow = "to itself" if sender is receiver else "%s to %s" % (sender.name, receiver.name)
        await Journey(walk, "MMS " + arrow, sender, receiver, costs, needs).picture()
        await Journey(walk, "SMS " + arrow, sender, receiver, costs, needs).text()
