"""The promises of a session, checked in the MMSC's journal and the handsets' flash; never in a handset's objects."""

import binascii
import hashlib
import json
import re
import struct

from mms.codec import mm1, multipart
from mms.errors import PduError, StoreError
from tools.lab.network.gateway.wap import pdu, wsp
from tools.lab.network.gateway.wap.deviations import SMALL_SDU
from tools.lab.network.gateway.wap.wtp import SEGMENT
from tools.soak.names import TRAITS

ALICE, BOB = "alice", "bob"
PIN, PASSWORD = "73519", "canary-of-the-operator"
_SECRETS = PIN, PASSWORD, "o2mms", "2341000000000", "+44770090000"  # with beginnings of the IMSIs and numbers
_COMMAND = re.compile("[A-Za-z+&]*")
_LINE = 556
_TRIES = 6  # attempts that the handset makes by itself before it gives up
_GATEWAYS = {"WAP: no-sar": SEGMENT, "WAP: small-sdu": SMALL_SDU}  # octets of the largest request, where it has a bound
_CUTTING = "short accept", "m66: send-fail", "program killed", "power cut in the flash"
_PROTOCOL = (  # reasons of an abort that a handset is to blame for
    pdu.PROTOCOL_ERROR, pdu.WRONG_VERSION, wsp.PROTOERR, wsp.MRUEXCEEDED, wsp.MOREXCEEDED,
)  # fmt: skip
_METHOD = 300  # octets of a request before the message, at most
_SURE = (  # faults that leave no doubt whether the MMSC has a message: they strike neither it nor its confirmation
    "HTML instead of a PDU",
    "SIM full",
    "SMS lost",
    "SMS sent again",
    "camera hangs",
    "camera: garbled octets",
    "camera: lost octets",
    "date jumps",
    "notified again",
    "odd SMS",
    "picture truncated",
    "proxy 5xx",
    "refused for now",
    "send fail",
    "short accept",
    "WAP: doubled",
    "WAP: late",
    "WAP: small-sdu",
    "WAP: verify-tid",
)


def whole(octets):
    """The content of a file of the store, or None when the file is not whole."""
    if octets is None or len(octets) < 12:
        return None
    length, crc, mark = struct.unpack(">II4s", octets[-12:])
    content = octets[:-12]
    good = mark == b"mms1" and length == len(content) and crc == binascii.crc32(content) & 0xFFFFFFFF
    return content if good else None


def record(session, name, file):
    """A record on a handset's flash, or None."""
    content = whole(session.disk.content(name, file))
    return None if content is None else json.loads(content.decode())


def _sha256(octets):
    return binascii.hexlify(hashlib.sha256(octets).digest()).decode()


def retrievals(session):
    """Bob's notifications as his flash has them: {id: status}."""
    found = {}
    for file in session.disk.names(BOB):
        if file.endswith(".n"):
            status = record(session, BOB, file)
            if status is not None and status["url"]:
                found[file[:-2]] = status
    return found


def _texts(session):
    """The number of whole copies of the plain text on bob's flash."""
    count, octets = 0, session.text.encode()
    for file in session.disk.names(BOB):
        if file.endswith(".x") and whole(session.disk.content(BOB, file)) == octets:
            status = record(session, BOB, file[:-2] + ".n")
            count += status is not None and status["state"] == "text" and status["text"] == session.text
    return count


def _text_may_go(session):
    """Whether the text may be missing: a command that lost a digit may have deleted it, or it is in quarantine, because
    memory was short each time it was parsed."""
    quarantine = [file for file in session.disk.names(BOB) if file.endswith(".q")]
    return "lost octets" in session.faults or bool(quarantine) and session.faults.get("no memory", 0) > 1


# while it runs


def check_files(session, name):
    """Check, whenever power goes, that each file with its final name on a handset's flash is whole."""
    for file in session.disk.names(name):
        if not file.endswith("~") and whole(session.disk.content(name, file)) is None:
            session.fail("torn: %s is there and not whole" % file)


def accepted_ids(session):
    """The ids of the messages that alice's flash has as accepted."""
    return [file[:-2] for file in session.disk.names(ALICE) if file.endswith(".o")]


def check_accepted(session, id, pressed):
    """Check that all of message `id`, which `send` returned, is on the flash, with a picture from after `pressed`."""
    told = record(session, ALICE, id + ".o")
    if told is None:
        session.fail("lost: %s was accepted and is not on the flash" % id)
        return
    parts = [whole(session.disk.content(ALICE, "%s.%d" % (id, index))) for index in range(len(told["parts"]))]
    pictures = [part for part in parts if part in session.frames]
    if None in parts:
        session.fail("lost: a part of %s was accepted and is not on the flash" % id)
    elif not pictures:
        session.fail("picture: not one that the camera took")
    elif session.frames[pictures[0]] < pressed:
        session.fail("picture: taken %d ms before it was wanted" % (pressed - session.frames[pictures[0]]))


def check_given_up(session, station, event):
    """Check a handset that will not try again by itself: it has tried often enough, or the user has to decide, or the
    MMSC does not have the message, or announced it as too large, or it is too large for the WAP gateway."""
    if event["step"] == "size" and _exceeds_gateway(session, station, event["id"]):
        return
    for kind in (".s", ".n"):
        status = record(session, station.name, event["id"] + kind)
        if status is not None and kind == ".n" and _for_good(session, status["tid"]):
            continue
        if status is not None and status["state"] in ("failed", "expired") and status["attempts"] < _TRIES:
            session.fail("given up: %s after %d attempts: %s" % (event["id"], status["attempts"], event["text"]))


def _exceeds_gateway(session, station, id):
    """Whether a message to send is larger than a WAP gateway took in this session."""
    told = record(session, station.name, id + ".o")
    least = [octets for fault, octets in _GATEWAYS.items() if fault in session.faults]
    return told is not None and bool(least) and told["octets"] + _METHOD > min(least)


def _for_good(session, tid):
    for entry in session.network.journal:
        if entry.get("tid") == tid:
            missed = entry["event"] == "missed" and entry["status"] in (404, 0xE2)
            if missed or "huge-size" in entry.get("deviations", ()):
                return True
    return False


def check_entry(session, entry):
    """Check, when the MMSC writes the `entry` of its journal, that the flash has what it must have by then."""
    session.say(entry["event"], b"%d" % entry["ms"])
    event = entry["event"]
    if event == "submitted":
        _submitted(session, entry)
    elif event in ("notifyresp", "acknowledged") and entry.get("status", mm1.RETRIEVED) == mm1.RETRIEVED:
        tid = entry["tid"]
        for id, status in retrievals(session).items():
            if tid in (status["tid"], status["answer"]) and whole(session.disk.content(BOB, id + ".m")) is not None:
                return
        session.fail("acknowledged before it was durable: %s" % tid)
    elif event == "delivered":
        _deleted(session, entry)
    elif event == "aborted" and entry["reason"] in _PROTOCOL and not (session.damaged or _is_cut(session)):
        session.fail("protocol: the WAP gateway gives up a transaction with the reason %02X" % entry["reason"])
    elif event == "left" and not [name for name in session.faults if not _lets_close(name)]:
        session.fail("session: %s left one open at the WAP gateway" % session.by_number[entry["number"]].name)


def _deleted(session, entry):
    """Check, when the MMSC deletes a message, that bob's flash has its octets, whole."""
    had = [digest for _, digest in entry["had"]]
    for id, status in retrievals(session).items():
        octets = whole(session.disk.content(BOB, id + ".m"))
        if status["tid"] == entry["tid"] and octets is not None and _sha256(octets) in had:
            return
    session.fail("deleted: the MMSC had %s, served %s, and bob has neither" % (entry["had"], entry["served"]))


def _submitted(session, entry):
    id = entry["tid"]
    if session.damaged and id not in session.accepted:
        return  # octets lost on a serial line have changed the transaction id
    status = record(session, ALICE, id + ".s")
    before = [row for row in session.network.journal if row["event"] == "submitted" and row["tid"] == id]
    if status is None or status["state"] == "sent":
        session.fail("duplicate: %s went out when it was %s" % (id, status and status["state"]))
    elif len(before) > 1:
        session.count_fault("(sent twice, flagged)")
        if not status["maybe_duplicate"]:
            session.fail("duplicate: %s went out again without a flag" % id)
        sure = "abroad" not in session.traits  # a modem that is carried away in the middle of an answer loses it
        if sure and not [name for name in session.faults if name[0] != "(" and not _sure(name)]:
            session.fail("duplicate: %s went out again and was never in doubt" % id)
        if len(before) > 2 + session.asked.get(id, 0):
            session.fail("duplicate: %s went out %d times" % (id, len(before)))
        if before[0]["pdu_sha256"] != entry["pdu_sha256"] and not session.damaged:
            session.fail("changed: %s is not octet for octet the same" % id)


def _is_cut(session):
    """Whether a modem may have sent a part of a datagram: a program that ended in its middle was one reason."""
    return any(name in session.faults for name in _CUTTING)


def _lets_close(fault):
    """Whether a handset can end its session at the WAP gateway in spite of a fault: not where it loses its context."""
    return fault != "(carried abroad)" and (fault[0] == "(" or calm(fault))


def calm(fault):
    """Whether a fault strikes neither a modem nor what it sends and gets."""
    return fault in TRAITS.values() or fault[:6] == "MMSC: "


def _sure(fault):
    return fault in _SURE or calm(fault)


# Said to a modem whose family is not known yet, in case an earlier program has left it in the middle of a block, or it
# waits for an RTS that is not wired.
LEAVING = ("+CIPSHUT", "+NETCLOSE", "+QIDEACT=1", "+QIDEACT", "+UPSDA=0,4", "&K0")


def check_secrets(session, text):
    """Check that a text that a handset says has no secret in it."""
    for secret in _SECRETS:
        if text.find(secret) >= 0:
            session.fail("secret: %s is in %s" % (secret, text))


def check_command(session, station, line):
    """Check that a command line is one that the modem knows, in plain characters and not too long."""
    if session.damaged:
        return
    if len(line) > _LINE or min(line) < 32 or max(line) > 126:
        session.fail("grammar: %r" % line)
        return
    text = line.decode()[2:]
    name = _COMMAND.match(text).group(0)
    if name not in station.modem.terminal.commands and name[:1] not in ("", "E") and text not in LEAVING:
        session.fail("grammar: %s" % text)


# at the end


def _submissions(session):
    """The submissions that the MMSC can deliver: octets lost on a serial line may have changed bob's number."""
    bob = session.stations[1].number
    taken = [entry for entry in session.network.journal if entry["event"] == "submitted"]
    return [entry for entry in taken if entry["to"] == [bob] or not session.damaged]


def _unreported(session):
    """Whether a delivery report may name another message than alice's, so that she cannot know it for hers."""
    return session.damaged or "MMSC: other-report-id" in session.faults


def finished(session):
    """Whether the MMSC and the flash say that there is nothing left to do."""
    if not session.accepted:
        return False
    submitted = [entry["tid"] for entry in _submissions(session)]
    delivered = sum([1 for entry in session.network.journal if entry["event"] == "delivered"])
    if not submitted or delivered < len(submitted) or [id for id in session.accepted if id not in submitted]:
        return False
    for id in session.accepted:
        status = record(session, ALICE, id + ".s")
        if status is None or status["state"] != "sent" or not (status["reports"] or _unreported(session)):
            return False
    statuses = list(retrievals(session).values())
    if len(statuses) < len(submitted) or [1 for status in statuses if status["state"] != "acknowledged"]:
        return False
    return not session.text or _texts(session) > 0 or _text_may_go(session)


def state(session):
    """The state of the session, in words."""
    said = []
    for id in session.accepted:
        status = record(session, ALICE, id + ".s") or {"state": "queued", "why": ""}
        said.append("%s %s (%s)" % (id, status["state"], status["why"]))
    for id, status in sorted(retrievals(session).items()):
        said.append("bob %s %s (%s)" % (id, status["state"], status["why"]))
    if session.text:
        said.append("%d texts" % _texts(session))
    return "; ".join(said + [entry["event"] for entry in session.network.journal[-6:]])


def help(session):
    """Ask the handsets to try again, as people do when their telephone shows that something failed."""
    alice, bob = session.stations
    for id in session.accepted:
        status = record(session, ALICE, id + ".s")
        if alice.handset is not None and status is not None and status["state"] in ("failed", "in doubt"):
            if ask(session, "(asked to retry)", alice.handset.retry, id) and status["state"] == "in doubt":
                session.asked[id] = session.asked.get(id, 0) + 1
    for id, status in retrievals(session).items():
        if bob.handset is not None and status["state"] in ("failed", "expired"):
            session.fetched.add(status["tid"])
            ask(session, "(asked to fetch)", bob.handset.fetch, id)


def ask(session, name, request, id):
    """Make one request: whether the handset took it. If it cannot do it now, the next `help` asks again."""
    session.count_fault(name)
    try:
        request(id)
        return True
    except (StoreError, MemoryError):
        return False


def check_messages(session):
    """Check at the end that everything that was accepted came, whole, and as often as it was sent."""
    for station in session.stations:
        check_files(session, station.name)
    for id in session.accepted:
        reports = record(session, ALICE, id + ".s")["reports"]
        if reports != {"0": "retrieved"} and not _unreported(session):
            session.fail("report: alice is told %s of %s" % (reports, id))
    if session.text and _texts(session) > 1:
        session.fail("text: bob has it %d times" % _texts(session))
    submissions, bad = _submissions(session), []
    received = [_parts(session, id) for id in retrievals(session)]
    for entry in submissions:
        sent = [part["sha256"] for part in entry["parts"]]
        if sent not in received:
            session.fail("different: what bob has is not what the MMSC got")
        pictures = [_sha256(octets) for octets in session.frames]
        if not [1 for sha in sent if sha in pictures]:
            bad.append(entry["tid"])
    for tid in bad:
        # Octets that the serial line lost in the last block are noticed too late: the message is then sent again.
        if not session.damaged or bad.count(tid) == len([1 for entry in submissions if entry["tid"] == tid]):
            session.fail("different: the MMSC has no picture that the camera took")
    for station in session.stations:
        if station.modem.sim.card.retries[0] != 3:
            session.fail("PIN: a wrong one was tried")


def _parts(session, id):
    """The hashes of the parts of a retrieved message, from the flash."""
    octets = whole(session.disk.content(BOB, id + ".m"))
    if octets is None:
        return None
    try:
        pdu = mm1.parse(octets)
        hashes, parser = [], multipart.Parser()
        for what, value in parser.feed(memoryview(octets)[pdu.body :]):
            if what == multipart.PART:
                digest = hashlib.sha256()
            elif what == multipart.DATA:
                digest.update(value)
            elif what == multipart.END:
                hashes.append(binascii.hexlify(digest.digest()).decode())
        parser.close()
    except PduError:
        return None
    return hashes
