"""The promises of sessions with a journey abroad: the settings hold there, each choice is told, all goes on at home."""

from mms.codec import mm1
from tools.soak import oracles
from tools.soak.abroad import place

ALICE, BOB = "alice", "bob"
PROMPT_MS = 15000  # until a person says what he allows abroad
_SOON_MS = 330000  # by then the handset has looked at a message again, which it does every five minutes
_OVERDUE_MS = 4200000  # after so long a message that is deferred was announced again, in a session that is long
_CHOICES = ("roaming.", "retrieve.roaming")  # each reason names the setting
_UNTRUE = ("MMSC: half-size", "date jumps")  # what makes the handset's count of a day's octets too small


def _moving(session):
    return [station for station in session.stations if station.journey is not None]


def check_entry(session, entry):
    """Check that the request which the MMSC has just noted was allowed where it came from."""
    where, event = session.network.place, entry["event"]
    if where is None or event not in ("submitted", "retrieved", "notifyresp", "acknowledged") or session.damaged:
        return
    station = session.by_number[entry["recipient" if event == "retrieved" else "sender"]]
    journey, rules = station.journey, station.settings["roaming"]
    if [known for known in rules.get("forbidden", ()) if where.startswith(known)]:
        session.fail("abroad: %s %s in %s, which is forbidden" % (station.name, event, where))
    if event == "submitted":
        if rules["send"] == "no" or rules["send"] == "ask" and entry["tid"] not in journey.agreed:
            session.fail("abroad: %s went out in %s, and roaming.send is %s" % (entry["tid"], where, rules["send"]))
    elif event == "retrieved":
        choice = station.settings["retrieve"]["roaming"]
        if choice == "never" or choice == "manual" and entry["tid"][1:] not in session.fetched:
            text = "abroad: %s was fetched in %s, and retrieve.roaming is %s"
            session.fail(text % (entry["tid"], where, choice))
    journey.octets += entry.get("octets", 0)
    most = rules.get("octets_a_day")
    if most is not None and journey.octets > most and not [name for name in _UNTRUE if name in session.faults]:
        session.fail("abroad: %s moved %d octets in a day, and %d is the most" % (station.name, journey.octets, most))


def check_event(session, station, event):
    """Check what a handset tells of its choices abroad."""
    name = event["event"]
    if name not in ("deferred", "held", "expiring", "expired"):
        return
    journey, id = station.journey, event["id"]
    session.count_fault("(%s)" % name)
    if name == "expired":
        session.fail("expired: %s was not fetched in time" % id)
    elif name == "expiring":
        if [row for row in journey.told if row[:2] == (name, id)]:
            session.fail("expiring: %s was announced again twice" % id)
    elif not [word for word in _CHOICES if event["why"].find(word) >= 0]:
        session.fail("reason: %s is %s for the reason %r" % (id, name, event["why"]))
    if name == "deferred" and not _deferred(session, id) and "HTML instead of a PDU" not in session.faults:
        session.fail("deferred: the MMSC does not know of %s" % id)
    journey.told.append((name, id, event.get("why", ""), session.now))


def _deferred(session, id):
    """Whether the MMSC was told that bob fetches a message later."""
    status = oracles.record(session, BOB, id + ".n")
    for entry in session.network.journal:
        if entry["event"] in ("notifyresp", "stray") and entry.get("status") == mm1.DEFERRED:
            if status is None or entry["tid"] == status["tid"]:
                return True
    return False


def help(session):
    """Do what users do: some send and fetch abroad when their handset asks, and all switch a modem off and on at home
    whose SIM a network abroad has made invalid (TS 24.008, 4.4.4.7)."""
    for station in _moving(session):
        if station.journey.over and station.modem.registration.selection.invalid:
            session.count_fault("(switched off and on)")
            session.reset(station)
            station.modem.power_on()
        handset, journey = station.handset, station.journey
        if handset is None or not journey.agrees or place(station.modem) is None:
            continue
        if station.name == ALICE:
            for id in session.accepted:
                status = oracles.record(session, ALICE, id + ".s")
                asks = status is not None and status["state"] == "queued" and "roaming.send is ask" in status["why"]
                if asks and oracles.ask(session, "(allowed abroad)", handset.retry, id):
                    journey.agreed.add(id)
        else:
            for id, status in oracles.retrievals(session).items():
                if status["state"] == "deferred" and oracles.ask(session, "(fetched abroad)", handset.fetch, id):
                    session.fetched.add(status["tid"])


def check_waiting(session):
    """Check, every PROMPT_MS, that alice was told of a message which the settings hold abroad for long."""
    alice = session.stations[0]
    if alice.journey is None or place(alice.modem) is None or alice.settings["roaming"]["send"] != "no":
        session.held_ms = 0
        return
    waiting = [id for id in session.accepted if _is_queued(session, id)]
    session.held_ms = session.held_ms + PROMPT_MS if waiting else 0
    told = [row[1] for row in alice.journey.told if row[0] == "held"]
    if session.held_ms > _SOON_MS and set(waiting) - set(told) and _is_calm(session):
        session.fail("held: alice was not told that %s waits" % waiting)


def _is_queued(session, id):
    status = oracles.record(session, ALICE, id + ".s")
    return status is None or status["state"] == "queued"


def _is_calm(session):
    """Whether nothing but journeys has struck."""
    return not [name for name in session.faults if name[0] != "(" and not oracles.calm(name)]


def settled(session):
    """Whether everybody is back at home, and no network is left chosen by hand."""
    return all([station.journey.settled() for station in _moving(session)])


def state(session):
    """The state of journeys that are not settled, in words."""
    unsettled = [station for station in _moving(session) if not station.journey.settled()]
    return "".join(["; %s is not back, or a network is chosen by hand" % station.name for station in unsettled])


def check_told(session):
    """Check at the end, where nothing but journeys has struck, that what was deferred for long was announced again."""
    if not _is_calm(session):
        return
    for station in _moving(session):
        for name, id, _, ms in station.journey.told:
            if name != "deferred":
                continue
            fetched = [entry["ms"] for entry in session.network.journal if entry["event"] == "retrieved"]
            again = [row for row in station.journey.told if row[:2] == ("expiring", id)]
            if session.is_long and fetched and min(fetched) - ms > _OVERDUE_MS and not again:
                session.fail("expiring: %s was not announced again" % id)
