"""24 countries by agreement by policy: where the handset registers, what it tells, sends, defers, and does at home.

Countries and partners are those of the home network's list of 2003; the tables say what each agreement and each policy
means for a person. `make test` plays each agreement and each policy in each country, `make long` all combinations.
"""

import pytest

from mms import clock
from mms.codec import mm1
from mms.handset.sending import requests
from tests.kit.handset.traveller import HOME, MINUTE, OTHER, WORLD, Traveller, cells
from tests.kit.tier import amount
from tools.lab.network.roaming import NONE, Terms
from tools.soak.stations import FAMILIES

PARTNERS = {
    "ireland": "27202", "germany": "26207", "netherlands": "20412", "france": "20820", "italy": "22288",
    "spain": "21403", "hong-kong": "45406", "austria": "23205", "switzerland": "22802", "hungary": "21601",
    "norway": "24201", "belgium": "20620", "denmark": "23801", "sweden": "24001", "finland": "24405",
    "portugal": "26803", "greece": "20201", "luxembourg": "27077", "czech-republic": "23002", "poland": "26001",
    "turkey": "28601", "singapore": "52503", "australia": "50502", "usa": "310410",
}  # fmt: skip
NO_AGREEMENT, NOBODY = ("register", "PLMN not allowed (3)"), ("register", "no network")
# What a modem tells where the partner has ended all that the modem has: others have no agreement, or nobody is there.
NO_3G = {"australia": NOBODY, "usa": NO_AGREEMENT}
NO_2G = {"switzerland": NOBODY, "singapore": NOBODY, **NO_3G}
ENDED = {"sim800": NO_2G, "m66": NO_2G, "sara": NO_3G, "sim7600": {}, "bg95": {}}
NO_DATA, NO_DATA_HERE = "GPRS services not allowed (", "GPRS services not allowed in this PLMN"

# agreement with the partner: (Terms, (step, words) of the failure that is told or None, services that work)
AGREEMENTS = {
    "all": (Terms(), None, "data texts"),
    "no data": (Terms(("voice", "sms")), ("attach", NO_DATA_HERE), "texts"),
    "no data for this SIM": (Terms(("voice", "sms"), attach=7), ("attach", NO_DATA), "texts"),
    "texts alone": (Terms(("sms",)), ("attach", NO_DATA_HERE), "texts"),
    "no texts": (Terms(("voice", "gprs")), ("sms", "refused AT+CMGS"), "data"),
    "data alone": (Terms(("gprs",)), ("sms", "refused AT+CMGS"), "data"),
    "no access point": (Terms(context=27), ("context", "Missing or unknown APN"), "texts"),
    "none": (Terms(()), NO_AGREEMENT, ""),
    "not in this area": (Terms((), refused=13), ("register", "Roaming not allowed in this location area"), ""),
}

# policy: what becomes of a message abroad, there when the user asks for it, and at home
SENDING = {"yes": ("sent", "sent"), "ask": ("held", "sent"), "no": ("held", "held")}
RETRIEVING = {"now": ("fetched", "fetched"), "manual": ("deferred", "fetched"), "never": ("deferred", "held")}
POLICIES = [(send, retrieve) for send in SENDING for retrieve in RETRIEVING] + [("forbidden", "now")]


def expected(country, agreement, policy, family):
    """(failure that is told or None, whether the handset registers, three times: message out, message in, text)."""
    _, fault, works = AGREEMENTS[agreement]
    send, retrieve = policy
    ended = ENDED[family].get(country)
    if ended:
        works = ""
        fault = ended if agreement != "not in this area" or ended == NOBODY else fault
    elif family in ("sim800", "m66") and agreement == "data alone":
        fault, works = ("register", "IMSI unknown in HLR"), ""  # the modem does not attach by itself
    registers = works != ""
    at_home = ("sent", "fetched", "sent")
    if not registers:
        return fault, False, [("waits", "unannounced", "waits")] * 2 + [at_home]
    if send == "forbidden":
        into = "held" if "texts" in works else "unannounced"
        return ("roaming", "roaming.forbidden"), True, [("held", into, "held")] * 2 + [at_home]
    phases = []
    for out, into in zip(SENDING[send], RETRIEVING[retrieve], strict=True):
        if "data" not in works:
            out, into = "waits" if out == "sent" else out, "held" if into == "held" else "waits"
        if "texts" not in works:
            into = "unannounced"
        phases.append((out, into, "sent" if "texts" in works else "waits"))
    return fault, True, [*phases, at_home]


def seen(traveller, out, text):
    """The state of the message out, of the one in, and of the text: by MMSC and SMS centre, then by the handset."""
    last = {event["id"]: event["event"] for event in traveller.said if event["event"] in ("held", "failed")}
    held = {id for id in last if last[id] == "held"}
    items = traveller.handset.inbox.items()
    into = "waits" if items else "unannounced"
    if any(entry.get("status") == mm1.DEFERRED for entry in traveller.entries("notifyresp")):
        into = "deferred"
    into = "held" if items and items[0].id in held else into
    into = "fetched" if traveller.entries("retrieved") else into
    sent = [entry for entry in traveller.entries("submitted") if entry["sender"] == traveller.station.number]
    assert len(sent) < 2 and len(traveller.entries("retrieved")) < 2
    told = {event["id"] for event in traveller.told("confirmed")}
    return (
        "sent" if sent else "held" if out in held else "waits",
        into,
        "sent" if text in told else "held" if text in held else "waits",
    )


async def trip(traveller):
    """What `seen` sees abroad, there after the user has asked for both messages, and at home."""
    out, text = await traveller.send(), await requests.send_text(traveller.handset, OTHER, "hello")
    traveller.announce()
    await clock.sleep(4 * MINUTE)
    found = [seen(traveller, out, text)]
    traveller.ask(out)
    await clock.sleep(2 * MINUTE)
    found.append(seen(traveller, out, text))
    traveller.modem.carry(cells(WORLD.HOME))
    await clock.sleep(16 * MINUTE)
    return [*found, seen(traveller, out, text)]


def play(country, agreement, policy, family):
    """What happens, in the form of `expected`."""
    partner, (send, retrieve) = PARTNERS[country], policy
    roaming = {"forbidden": [partner]} if send == "forbidden" else {"send": send}
    terms = AGREEMENTS[agreement][0]
    around = cells(country, {partner: terms}, others=terms if agreement == "not in this area" else NONE)
    traveller = Traveller(family, around, roaming=roaming, retrieve={"roaming": retrieve})
    phases = traveller.travel(trip)
    faults = [(event["step"], event["text"]) for event in traveller.told("failed") if event["step"] != "receive"]
    registered = [(event["mccmnc"], event["status"]) for event in traveller.told("registered")]
    assert [row for row in registered if row != (HOME, "home")] in ([], [(partner, "roaming")])
    return faults, (partner, "roaming") in registered, phases


def rows(country):
    """(agreement, policy, family) of a country: each agreement with a policy and a family of its own, or with all."""
    place = list(PARTNERS).index(country)
    for at, agreement in enumerate(AGREEMENTS):
        few = [POLICIES[(place + at) % len(POLICIES)]]
        for turn, policy in enumerate(amount(few, POLICIES)):
            yield agreement, policy, FAMILIES[(place + at + turn) % len(FAMILIES)]


def test_the_countries_are_those_of_the_world():
    assert sorted(PARTNERS) == sorted(WORLD.countries) and len(PARTNERS) == 24


@pytest.mark.long
@pytest.mark.parametrize("country", PARTNERS)
def test_each_agreement_and_each_policy_has_its_outcome(country):
    for agreement, policy, family in rows(country):
        row = (country, agreement, policy, family)
        fault, registers, phases = expected(*row)
        faults, registered, found = play(*row)
        assert (registered, found) == (registers, phases), (row, faults)
        if fault is None:
            assert faults == [], row
        else:
            assert any(step == fault[0] and fault[1] in text for step, text in faults), (row, faults)
