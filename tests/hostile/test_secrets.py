"""No secret in anything that a handset says: events, console, errors, trace, flash; whatever goes wrong.

Whole sessions as tools/soak plays them, each with canaries of its own: PIN, user, password, credentials for a proxy,
IMSIs and numbers. What counts as said is all that is made, shown or not.
"""

import asyncio
import json

import pytest

from mms import clock, errors
from mms.advice import sentence
from mms.codec import mm1, push, segments
from mms.events import Events
from mms.handset.carrying.bearer import Bearer
from mms.handset.console import answering
from mms.handset.console.console import Console
from mms.handset.handset import Handset
from tests.kit.handset import phone
from tests.kit.handset.inbox import notification
from tests.kit.handset.phone import hello
from tools.journey import trace
from tools.soak import session, stations
from tools.soak.lines import Line

SEEDS = 1, 2, 3, 4, 5, 6, 10, 11, 12, 23, 24, 26, 27  # of sessions; most from 10 on with a PIN
_ERRORS = ("ModemError", "LinkError", "PduError", "StoreError", "CameraError", "SettingsError", "UsageError")
PROVISIONING = (
    b"<wap-provisioningdoc>"
    b'<characteristic type="NAPDEF"><parm name="NAPID" value="N"/><parm name="NAP-ADDRESS" value="mms.example"/>'
    b'<characteristic type="NAPAUTHINFO"><parm name="AUTHTYPE" value="PAP"/><parm name="AUTHNAME" value="%s"/>'
    b'<parm name="AUTHSECRET" value="%s"/></characteristic></characteristic>'
    b'<characteristic type="APPLICATION"><parm name="APPID" value="w4"/><parm name="TO-NAPID" value="N"/>'
    b'<parm name="ADDR" value="http://mmsc.example/"/></characteristic></wap-provisioningdoc>'
)


class Canaries:
    """The secrets of one session, found nowhere else."""

    def __init__(self, seed):
        self.pin = "%05d" % (31337 + 617 * seed)
        self.user, self.password = "canary-user-%03d" % seed, "canary word %03d" % seed
        self.credentials = "Basic Y2FuYXJ5LW9m%03d" % seed
        names = session.ALICE, session.BOB
        self.imsis = {names[at]: "23410%010d" % (7351900001 + 1110000000 * at + seed) for at in (0, 1)}
        self.numbers = {names[at]: "+4477%08d" % (35190101 + 49430100 * at + seed) for at in (0, 1)}

    def all(self):
        """What nobody may see."""
        whose = list(self.imsis.values()) + [number[3:] for number in self.numbers.values()]
        return [self.pin, self.user, self.password, self.credentials] + whose

    def never(self):
        """What not even the owner sees, who is shown the settings and whom messages are from."""
        return [self.pin, self.password, self.credentials] + list(self.imsis.values())


class Holder:
    """As much of a handset as a console looks at when something fails: whose message it was."""

    class outbox:  # noqa: N801
        class store:  # noqa: N801
            @staticmethod
            def has(name):
                return True


class Said:
    """All that is said, by the place where it is."""

    def __init__(self):
        self.places = {}

    def add(self, place, text):
        self.places.setdefault(place, []).append(text)

    def hits(self, canaries, places=None):
        """(place, canary, text) wherever one is found."""
        return [
            (place, canary, text)
            for place, texts in self.places.items()
            if places is None or place in places
            for text in texts
            for canary in canaries
            if canary in text
        ]


@pytest.fixture
def said(monkeypatch):
    """Listens everywhere."""
    said = Said()

    class Told(Events):
        def __init__(self):
            super().__init__()
            for json_lines in (False, True):
                console = Console(None, Holder, self)
                console.json, console.put = json_lines, lambda line: said.add("console", line)
            self.listen(lambda event: said.add("event", "%r %s" % (event, json.dumps(event))))

    def made(kind, usual):
        def init(self, *arguments, **more):
            usual(self, *arguments, **more)
            said.add("error", "%s %r %s" % (self, self, sentence(self)))

        monkeypatch.setattr(kind, "__init__", init)

    for name in _ERRORS:
        kind = getattr(errors, name)
        made(kind, kind.__init__)
    for room in (stations, phone):
        monkeypatch.setattr(room, "Events", Told)
    usual_say, usual_write = Line.say, Line.write

    def say(self, octets):
        for line in octets.split(b"\r\n"):
            said.add("trace", trace.masked(line).decode("latin-1"))
        usual_say(self, octets)

    def write(self, octets, port):
        for line in octets.split(b"\r"):
            said.add("trace", trace.veiled(trace.masked(line.strip())).decode("latin-1"))
        return usual_write(self, octets, port)

    monkeypatch.setattr(Line, "say", say)
    monkeypatch.setattr(Line, "write", write)
    return said


class Owned(Handset):
    """A handset whose owner looks at everything as soon as it is ready, and mistypes numbers."""

    said = None

    def __init__(self, settings, store, modem, camera, events, *more):
        super().__init__(settings, store, modem, camera, events, *more)
        self._console = Console(None, self, events)
        self._console.put = lambda line: self.said.add("answer", line if isinstance(line, str) else "".join(line))
        events.listen(self._look)

    def _look(self, event):
        if event["event"] == "ready":
            asyncio.create_task(self._ask())

    async def _ask(self):
        mine, theirs = session.NUMBERS.values()
        for do in ("settings", "status", "inbox", "outbox", "help", "check", "support"):
            await answering.perform(self._console, {"do": do})
        for wrong in (mine[1:] + "x", "x" + theirs, mine + theirs):
            await answering.perform(self._console, {"do": "send", "to": [wrong], "text": "hello"})
            await answering.perform(self._console, {"do": "sms", "to": wrong, "text": "hello"})
            await answering.perform(self._console, {"do": "apply", "id": "00000000", "pin": stations.PIN})


def play(monkeypatch, said, seed, pin_of_the_card=None):
    """One session with the canaries of its seed: (the canaries, the result, what is on the flash)."""
    canaries = Canaries(seed)
    monkeypatch.setattr(stations, "USER", canaries.user)
    monkeypatch.setattr(stations, "PASSWORD", canaries.password)
    monkeypatch.setattr(stations, "IMSIS", canaries.imsis)
    for room in (stations, session):
        monkeypatch.setattr(room, "NUMBERS", canaries.numbers)
    monkeypatch.setattr(stations, "PIN", canaries.pin)
    for kind in stations.SETTINGS:
        settings = stations._settings(*kind)
        settings["operators"]["23410"]["headers"] = {"Proxy-Authorization": canaries.credentials}
        monkeypatch.setitem(stations.SETTINGS, kind, settings)
    if pin_of_the_card is not None:
        monkeypatch.setattr(stations, "PIN", pin_of_the_card)
    monkeypatch.setattr(Owned, "said", said)
    monkeypatch.setattr(stations, "Handset", Owned)
    disks = []

    class Disk(session.Disk):
        def __init__(self, dice):
            super().__init__(dice)
            disks.append(self)

    with monkeypatch.context() as patched:
        patched.setattr(session, "Disk", Disk)
        result = session.play(seed)
    (disk,) = disks
    flash = b"".join(disk.content(name, file) for name in session.NUMBERS for file in disk.names(name))
    return canaries, result, flash.decode("latin-1")


def test_no_canary_is_found_in_anything_that_is_said(monkeypatch, said):
    secrets, places, struck = 0, set(), set()
    for seed in SEEDS:
        canaries, result, flash = play(monkeypatch, said, seed, "0000" if seed % 2 else None)
        said.add("flash", flash)
        assert said.hits(canaries.all(), ("event", "console", "error")) == []
        assert said.hits(canaries.never()) == []
        assert not [text for text in result["broken"] if "untyped" in text]
        secrets += len(canaries.all())
        struck |= set(result["faults"])
        places |= set(said.places)
        said.places.clear()
    assert secrets >= 50 and len(struck) > 10
    assert places == {"event", "console", "answer", "error", "trace", "flash"}
    assert [fault for fault in struck if "not tried again" in fault]  # a wrong PIN, too


def test_a_canary_that_is_said_somewhere_is_found(monkeypatch, said):
    usual = Bearer.up

    async def up(self, *arguments, **more):
        await usual(self, *arguments, **more)
        self.modem.events.say("told", text=self.profile.password)
        self.store.write("zz.r", {"user": self.sim.imsi})
        errors.LinkError("answer", None, self.profile.headers[-1][1])

    monkeypatch.setattr(Bearer, "up", up)
    monkeypatch.setattr(trace, "masked", lambda line: line)
    canaries, _, flash = play(monkeypatch, said, 1)
    said.add("flash", flash)
    found = {(place, canary) for place, canary, _ in said.hits(canaries.all())}
    imsi = canaries.imsis[session.ALICE]
    for place, canary in (
        ("event", canaries.password),
        ("console", canaries.password),
        ("error", canaries.credentials),
        ("flash", imsi),
        ("trace", imsi),
        ("trace", canaries.password),
    ):
        assert (place, canary) in found


def test_nothing_secret_in_what_others_say_is_in_an_event(monkeypatch, said):
    canaries, one = Canaries(0), phone.Phone()
    number = canaries.numbers[session.BOB][1:]
    words = "no subscriber +%s, nor %s" % (number, number)
    refusal = [(mm1.VERSION, 0x12), (mm1.RETRIEVE_STATUS, 0xE1), (mm1.RETRIEVE_TEXT, words)]
    one.mmsc.then = [
        phone.confirmation(None, (mm1.RESPONSE_STATUS, 0xE1), (mm1.RESPONSE_TEXT, words)),
        mm1.build(mm1.RETRIEVE_CONF, refusal + [(mm1.CONTENT_TYPE, mm1.ContentType("text/plain", []))]),
    ]
    login = canaries.user.encode(), canaries.password.encode()
    report = mm1.build(mm1.DELIVERY_IND, [(mm1.MESSAGE_ID, "M1")])
    pushes = [
        push.build(1, "text/" + number, b""),
        push.build(1, mm1.MEDIA, report, "x-" + number),
        push.build(1, "text/vnd.wap.connectivity-xml", PROVISIONING % login),
    ]

    async def story():
        await one.handset.send(hello())
        await clock.sleep(1000)
        one.modem.arrives(*notification())
        await clock.sleep(1000)
        for octets in pushes:
            one.modem.arrives(*segments.deliver("+447700900999", octets, push.PORTS, 3))
            await clock.sleep(1000)

    one.live(story)
    assert [len(one.told(name)) for name in ("failed", "quarantined", "proposed")] == [2, 2, 1]
    assert said.hits(canaries.all(), ("event", "console")) == []
    assert [text for _, _, text in said.hits([number], ["error"]) if words in text]  # it was there
