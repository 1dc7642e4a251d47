"""The kinds of faults: each is a function that makes one strike a random handset, at once or on the next occasion.

`session.count_fault(name)` counts a fault when it strikes; one that was prepared and had no occasion does not count.
"""

from tools.lab.network.gateway.wap import deviations as wap
from tools.lab.network.mmsc.deviations import NAMES
from tools.soak import names, switches
from tools.soak.core_network import EPOCH, page
from tools.soak.odd import FORMS

_NEWS = (
    "RING",
    "+CREG: 1",
    '*PSNWID: "234", "10", "O2 - UK", 0, "O2", 0',
    "*PSUTTZ: 2026,11,22,10,0,0",
    "+CTZV: 0",
    "DST: 0",
    '+CIEV: 10,"23410","O2 - UK","O2", 0, 0',
    '+CMTI: "SM",9',
    "Call Ready",
    "",
)


def _any(session):
    return session.dice.choice(session.stations)


def _passing(session, name, most, begin, end):
    """A fault that begins now and is over within `most` milliseconds."""
    session.count_fault(name)
    begin()
    session.agenda.after(session.dice.between(3000, most), end)


def _brown_out(session, station=None):
    """Let the modem lose its power after a random number of its octets, in the middle of anything."""
    station = station or _any(session)

    def strike():
        session.count_fault("modem brown-out")
        session.reset(station)
        station.modem.environment.delays.brown_out = session.dice.between(2000, 6000)
        station.modem.brown_out()

    station.line.after = [session.dice.below(400), strike]


def _silence(session):
    station = _any(session)
    session.count_fault("modem silent")  # no session.reset: the handset cannot know before its next command
    station.modem.power_off()


def _lost(session):
    dice = session.dice
    _any(session).line.lose = [bool(dice.below(2)), dice.below(400), dice.between(1, 20)]


def _garbled(session):
    dice = session.dice
    _any(session).line.garble = [bool(dice.below(2)), dice.below(200), dice.between(1, 20)]


def _late(session):
    _any(session).line.hold = session.now + session.dice.between(300, 12000)


def _unsolicited(session):
    _any(session).line.news = [session.dice.choice(_NEWS) for _ in range(session.dice.between(3, 30))]


def _context(session):
    session.count_fault("context lost")
    _any(session).modem.drop_context()


def _coverage(session):
    modem = _any(session).modem
    _passing(session, "coverage lost", 200000, modem.lose_coverage, modem.find_coverage)


def _denied(session):
    modem = _any(session).modem
    _passing(session, "network denied", 100000, modem.deny, lambda: modem.deny(False))


def _reset(session):
    session.network.reset = [bool(session.dice.below(2)), session.dice.between(1, 1000)]


def _proxy(session):
    session.network.answers.extend([page(session.dice.choice((500, 502, 503, 504)))] * session.dice.between(1, 4))


def _html(session):
    session.network.answers.append(page(200))


def _dropped(session):
    session.network.drops += 1


def _refused(session):
    session.network.relay.refuse_the_next(0xC0)


def _notified(session):
    """Let the MMSC send one of its notifications again."""
    pushes = session.network.pushes
    if pushes:
        session.count_fault("notified again")
        session.network.push(*session.dice.choice(pushes))
    elif session.now < 600000:
        session.agenda.after(3000, lambda: _notified(session))


def _send_fail(session):
    _any(session).modem.send_fail()


def _short(session):
    _any(session).modem.short_accept(session.dice.between(1, 300))


def _hang(session):
    """Let the camera stop in the middle of an answer, until its power is switched off and on."""
    alice, dice = session.stations[0], session.dice

    def strike():
        session.count_fault("camera hangs")
        alice.eye.hang(dice.below(10))
        session.agenda.after(dice.between(5000, 60000), lambda: alice.eye.power(session.now))

    alice.eye_line.after = [dice.below(200), strike]


def _truncated(session):
    session.truncated = session.dice.between(1, 200)


def _eye(session):
    dice, line = session.dice, session.stations[0].eye_line
    damage = [bool(dice.below(2)), dice.below(100), dice.between(1, 20)]
    if dice.below(2):
        line.lose = damage
    else:
        line.garble = damage


def _kill(session):
    session.count_fault("program killed")
    _any(session).kill(session.dice.between(100, 20000))


def _cut(session):
    session.disk.cut_after[_any(session).name] = session.dice.below(40)


def _sms_lost(session):
    session.network.lose_sms += session.dice.between(1, 3)


def _sms_again(session):
    session.network.repeat_sms += session.dice.between(1, 2)


def _sms_odd(session):
    session.network.odd_sms.append(session.dice.below(FORMS))


def _sim_full(session):
    """Add two old messages to the SIM; the handset finds them with its next sweep."""
    station = _any(session)
    session.count_fault("SIM full")
    text = bytes.fromhex("04038177f70000112233445566770141")
    slots = station.modem.sim.card.slots
    slots["SM"] = [slot for slot in slots["SM"] if slot is not None] + [[1, text], [1, text]]


def _store_full(session):
    dice = session.dice
    session.disk.full = [dice.below(20), dice.choice((28, 36, 5))]  # littlefs says 36 for a new name; 5: a bad block
    session.agenda.after(session.dice.between(1000, 60000), lambda: setattr(session.disk, "full", None))


def _clock(session):
    """Let the date jump by days or years, or to where a board without a battery begins, and back."""
    session.count_fault("date jumps")
    session.date_offset = session.dice.choice((-800000000, -86400, 86400, 400000000, -EPOCH))
    session.agenda.after(session.dice.between(1000, 60000), lambda: setattr(session, "date_offset", 0))


def _memory(session):
    session.disk.starving[_any(session).name] = session.dice.between(1, 4)


def _stuck(session):
    """Let the serial line accept no more octets: a driver that writes waits for ever."""
    _any(session).line.stuck = True


def _garbage(session):
    """Five kilobytes of noise without the end of a line, then as many zeros."""
    session.count_fault("garbage")
    noise = session.dice.octets(5000).replace(b"\n", b"\0").replace(b"\r", b"\0")
    _any(session).line.say(noise + bytes(5000))


def _echo(session):
    session.count_fault("echo again")
    _any(session).modem.options["E"] = 1


def _sim(session):
    """Take the SIM out, and put it back."""
    modem = _any(session).modem
    _passing(session, "SIM removed", 200000, modem.remove_sim, modem.insert_sim)


def _mute(session):
    session.network.mute += 1


def _unreachable(session):
    session.network.refusals += session.dice.between(1, 3)


def _prompt(session):
    _any(session).modem.lose_prompt()


def _barred(session):
    """Let the network bar a SIM once: a handset takes a refusal after the modem was off for the network's last word."""
    station = _any(session)
    if session.count_once(station, "GPRS barred"):
        station.modem.registration.bar()


def _ended(session, station):
    session.count_fault("context lost")
    station.modem.drop_context()


def _open_block(session, station):
    """Lose octets that the driver sends, which leaves a block open: the driver types ahead to end it."""
    station.line.lose = [True, session.dice.below(400), session.dice.between(1, 20)]


def _unheard(session, station):
    """Lose the first octets that the modem sends when a connection is about to be up: they announce it."""
    if [there for there in station.modem.sockets.connections.values() if not (there.open or there.closed)]:
        station.line.lose = [False, 0, session.dice.between(5, 20)]
    elif session.now < 600000:
        session.agenda.after(_CONNECTING_MS, lambda: _unheard(session, station))


_CONNECTING_MS = 100  # a name server alone takes longer
_STARTS = (
    "app-ready attach attach-itself before-sms-ready contexts first-seconds iccid memories message-waiting model "
    "packet-attach sms-done under-voltage"
)
_OCCASIONS: dict = {name: _brown_out for name in _STARTS.split(" ")}  # switch: how a session comes to where it matters
_OCCASIONS.update(
    {
        "refusal": lambda session, station: _unreachable(session),
        "failed-connect": lambda session, station: _unreachable(session),
        "failed-open": lambda session, station: _unreachable(session),
        "lost-sockets": _ended,
        "send-fail": lambda session, station: station.modem.send_fail(),
        "partial": lambda session, station: station.modem.short_accept(session.dice.between(1, 300)),
        "type-ahead": _open_block,
        "connected-state": _unheard,
    }
)


def _turned(name, families):
    """The kind of fault for a switch of the modem: set to another value, with an occasion on which that matters."""

    def turn(session):
        station = session.dice.choice([station for station in session.stations if station.family in families])
        station.modem.switches.met = lambda name: session.count_once(
            station, names.told(switches.kind(station.family, name))[0]
        )
        station.modem.turn(name, session.dice.choice(switches.SWITCHES[station.family][name][0][1:]))
        if name in _OCCASIONS:
            _OCCASIONS[name](session, station)

    return turn


def _deviation(name):
    """The kind of fault for a deviation of the MMSC from the standard, once or a few times."""

    def deviate(session):
        deviations, dice = session.network.relay.deviations, session.dice
        deviations.turn = dice.below(1000)
        if name == "cut-by-close":
            deviations.switch(dice.choice(_CUTS), 1)
        deviations.switch(name, 1 if name in _REFUSALS else dice.between(1, 2) if name in _CUTS else dice.between(1, 9))

    return deviate


_CUTS = [name for name in sorted(NAMES) if name[:4] == "cut-" and name != "cut-by-close"]
_REFUSALS = ("http-404", "not-found")  # the handset gives up, and its user asks again


def _astray(name):
    """The kind of fault for a deviation of the WAP gateway: a few times, or of a part of all datagrams for a while."""

    def deviate(session):
        deviations, dice = session.network.wap.deviations, session.dice
        if name in wap.TIMES:
            deviations.switch(name, dice.between(1, 3))
            return
        deviations.switch(name, dice.between(2, _ASTRAY))
        session.agenda.after(dice.between(10000, 300000), lambda: deviations.switch(name, 0))

    return deviate


_ASTRAY = 25  # of a hundred datagrams, at most
# kind of fault: the trait of the sessions that it is for
OF_TRAIT = {"bg95-datagrams": "wap", "m66-datagrams": "wap", "sim7600-waking": "sleep"}
OF_TRAIT.update({"wap-" + name: "wap" for name in wap.NAMES})
OF_FAMILY = {}  # kind of fault: the only family of modems that has it
KINDS = {
    "brown-out": _brown_out,
    "silence": _silence,
    "lost": _lost,
    "garbled": _garbled,
    "late": _late,
    "unsolicited": _unsolicited,
    "context": _context,
    "coverage": _coverage,
    "denied": _denied,
    "reset": _reset,
    "proxy": _proxy,
    "html": _html,
    "dropped": _dropped,
    "refused": _refused,
    "notified": _notified,
    "send-fail": _send_fail,
    "short": _short,
    "hang": _hang,
    "truncated": _truncated,
    "eye": _eye,
    "kill": _kill,
    "cut": _cut,
    "sms-lost": _sms_lost,
    "sms-again": _sms_again,
    "sms-odd": _sms_odd,
    "sim-full": _sim_full,
    "store-full": _store_full,
    "clock": _clock,
    "memory": _memory,
    "stuck": _stuck,
    "garbage": _garbage,
    "echo": _echo,
    "sim": _sim,
    "mute": _mute,
    "unreachable": _unreachable,
    "prompt": _prompt,
    "barred": _barred,
}
for _kind, _name, _families in switches.fitting():
    KINDS[_kind] = _turned(_name, _families)
    if len(_families) == 1:
        OF_FAMILY[_kind] = _families[0]
for _name in NAMES:
    KINDS["mmsc-" + _name] = _deviation(_name)
for _name in wap.NAMES:
    KINDS["wap-" + _name] = _astray(_name)
_AT_ONCE = ("eye", "hang", "truncated")  # faults of the camera, which is used once, at the beginning
WITHIN_MS = 14000  # of the shutter: a journey without faults takes about as long


def arrange(session):
    """Choose the faults of this session and their times: none in one of sixteen, else one to four."""
    dice, present = session.dice, [None] + [station.family for station in session.stations]
    if session.only is None and dice.below(16) == 0:
        return
    kinds = [kind for kind in sorted(KINDS) if session.only in (None, kind) and OF_FAMILY.get(kind) in present]
    kinds = [kind for kind in kinds if kind not in OF_TRAIT or OF_TRAIT[kind] in session.traits]
    for _ in range(dice.between(1, 4) if kinds else 0):
        kind = dice.choice(kinds)
        when = 0 if kind in _AT_ONCE else dice.below(WITHIN_MS)
        session.agenda.after(when, lambda kind=kind: KINDS[kind](session))
