"""A whole handset with a simulated modem in the lab's countries, with MMSC and SMS centre, in virtual time."""

import copy
import gc

from mms import clock
from mms.codec import mm1
from mms.handset import settings as handset_settings
from mms.handset import states
from mms.handset.sending.message import Message
from tests.kit.lab.mmsc_machine import submission
from tools.lab import world
from tools.lab.modem import reach
from tools.lab.network import roaming
from tools.soak import session, stations

WORLD = world.load()
HOME = "23410"
MINUTE = 60000
OTHER = stations.NUMBERS[stations.BOB]


def cells(country, terms=None, others=roaming.NONE):
    """The cells of a country for a SIM of HOME: by the agreements, or `terms` {network: Terms} and `others`."""
    found = reach.cells(WORLD, HOME, country, WORLD.radio)
    for cell in found if terms is not None else ():
        cell.terms = terms.get(cell.mccmnc, others)
        cell.steered = cell.terms.steered
    return found


class Traveller(session.Session):
    """Alice's handset, which is switched on among `cells`; `more` are settings of hers.

    said: its events, in order. The handset of the session's other station is off, and no faults strike.
    """

    def __init__(self, family, cells, **more):
        super().__init__(1, "nothing", (family, family))
        self.said = []
        self.station = self.stations[0]
        self.modem = self.station.modem
        self.modem.sim.card.pin = None
        self.modem.environment.cells = cells
        wanted = copy.deepcopy(self.station.settings)
        wanted.pop("pin", None)
        wanted.update(more)
        self.station.settings = handset_settings.check(wanted)
        self._result = None

    def handle_event(self, station, life, event):
        """Note an event; those of a life that has ended are not heard."""
        if self.disk.lives.get(station.name) == life:
            self.said.append(event)

    def _journalled(self, entry):
        """An entry of the MMSC's journal breaks no promise here: the other subscriber has no handset."""

    @property
    def handset(self):
        """The Handset, None while it is off."""
        return self.station.handset

    def told(self, name, **fields):
        """Every event of that name with these fields."""
        found = [event for event in self.said if event["event"] == name]
        return [event for event in found if all(event.get(key) == fields[key] for key in fields)]

    def travel(self, story):
        """The result of the coroutine `story(self)`, which begins when the handset has read its SIM."""
        gc.freeze()  # the program collects before each exchange: all that was there before would be looked at each time
        try:
            session.run(self, self._live(story))
        finally:
            gc.unfreeze()
        assert self.broken == [], self.broken
        return self._result

    async def _live(self, story):
        self.station.start()
        await self.ready()
        self._result = await story(self)
        self.station.task.cancel()

    async def ready(self):
        """Wait until the handset has read its SIM."""
        while self.handset is None or self.handset.bearer.sim is None:
            await clock.sleep(100)

    async def send(self):
        """The id of a message to the other subscriber."""
        message = Message(OTHER, "A text")
        message.text("from far away")
        return await self.handset.send(message)

    def announce(self):
        """Have the MMSC announce a message from the other subscriber."""
        pdu = submission(to=[self.station.number])
        answer = mm1.parse(self.network.relay.post(OTHER, pdu, self.now).octets)
        assert answer.get(mm1.RESPONSE_STATUS) == mm1.OK

    def ask(self, id):
        """Do as a user who wants the message with that id to go, and to have all that came."""
        for item in self.handset.inbox.items():
            if item.state in (states.NOTIFIED, states.DEFERRED):
                self.handset.fetch(item.id)
        if self.handset.outbox.item(id).state == states.QUEUED:
            self.handset.retry(id)

    def entries(self, event):
        """What the MMSC's journal has of that event."""
        return [entry for entry in self.network.journal if entry["event"] == event]
