"""Attacks that brought down or took over other telephones, by their names. Here they do nothing, and the next message
comes.
"""

import asyncio
import binascii
import hashlib
import json
import os
import sys

from mms.codec import links as markup_of_links
from mms.codec import mm1, multipart, provisioning, push, segments, wbxml
from mms.errors import UsageError
from mms.events import Events
from mms.handset import settings
from mms.handset.carrying.carrier import Carrier
from mms.handset.receiving import album, entries, indications, intake, proposals, pushes
from mms.handset.receiving.inbox import Inbox
from mms.handset.sending import texts
from mms.handset.sending.outbox import Outbox
from mms.handset.store.files import make_folder, new_id
from mms.handset.store.store import Store
from tests.kit.checks import raises
from tests.kit.codec.golden import PROVISIONING, SI, SL
from tests.kit.codec.mutants import Chance, mutant
from tests.kit.drivers.sim800 import COMMANDS, OK, Peer, drive
from tests.kit.files import Memory
from tests.kit.handset.inbox import message as retrieved
from tests.kit.handset.inbox import notification, receive, take

BOARD = sys.implementation.name == "micropython"
PUSHES = 500 if BOARD else 10000
STEP = 11 if BOARD else 1  # between two totals, and two sequence numbers
KEPT = indications, markup_of_links, pushes, texts, wbxml  # rooms that would be loaded for each message again
SENDER = "+447700900666"
SYMBIAN = "application/vnd.symbian.install"
STRANGE = [(mm1.TRANSACTION_ID, "S1"), (mm1.VERSION, 0x12), (mm1.CONTENT_LOCATION, "http://mmsc.example/s/1")]


class Box:
    """An inbox on a flash in memory, and what happened in it."""

    def __init__(self, memory):
        self.said, events = [], Events()
        events.listen(lambda event: self.said.append(event["event"]))
        self.store, self.memory = Store("store"), memory
        self.inbox = Inbox(self.store, events, Outbox(self.store, events))
        self.carrier = Carrier(settings.check({}), None, self.inbox.outbox, self.inbox, events, None)

    def get(self, *octets):
        """TPDUs come, each as it is."""
        receive(self.inbox, octets)

    def still_works(self):
        """The next message is announced."""
        del self.said[:]
        self.get(*notification())
        assert self.said == ["notified"], self.said


async def message(modem):
    """The next short message; None only says that the SIM has been looked through."""
    sms = None
    while sms is None:
        sms = await modem.sms.__anext__()
    return sms


def pushed(octets, sender=SENDER):
    return segments.deliver(sender, octets, push.PORTS, 3)


def test_smsofdeath_a_length_of_2_to_the_31_in_a_push():
    with Memory() as memory:
        box = Box(memory)
        box.get(*pushed(bytes.fromhex("0106888080808000be")))
        assert box.said == ["quarantined"] and box.inbox.items() == []
        box.still_works()


def test_ocert_2009_014_a_media_type_beyond_the_table():
    with Memory() as memory:
        box = Box(memory)
        for number in range(256):
            box.get(*pushed(b"\x01\x06\x01" + bytes([number])))
            box.get(*pushed(b"\x01\x06\x04\x03\x02" + bytes([number, number])))
        assert set(box.said) == {"quarantined"}
        box.still_works()


def test_cve_2018_9362_every_sequence_number_of_every_total():
    with Memory() as memory:
        box = Box(memory)
        head = b"\x44\x0c\x91\x44\x77\x00\x09\x60\x66\x00\x04" + b"\x22\x20\x11\x11\x11\x11\x00\x0b\x05\x00\x03\x07"
        most = 0
        for total in range(0, 256, STEP):
            for sequence in range(0, 256, STEP):
                box.get(head + bytes([total, sequence]) + b"DATA!")
                most = max(most, len(memory.files))
        assert most <= 16 + 4 * 8 + 1 and box.inbox.items() == []  # quarantine, and what waits for its other parts
        box.still_works()


def test_cve_2023_2794_an_address_and_user_data_longer_than_the_message():
    good = pushed(b"\x01\x06\x01\xbe")[0]
    place = len(good) - 12  # seven octets of ports and four of a push behind it
    with Memory() as memory:
        box = Box(memory)
        for at in (1, place):  # TP-OA and TP-UD
            for length in range(256):
                box.get(good[:at] + bytes([length]) + good[at + 1 :])
        assert "notified" not in box.said and good[place] == 11
        box.still_works()


def test_curse_of_silence_fills_no_sim_and_silences_nobody():
    mail = ("x" * 40 + "@example.com hello").encode()
    hostile = segments.deliver(SENDER, mail.decode(), None, 3)[0]
    at = 2 + (hostile[1] + 1) // 2 + 1  # TP-PID, behind first octet and address
    hostile = hostile[:at] + b"\x32" + hostile[at + 1 :]
    places = ["\r\n+CMGL: %d,0,,%d\r\n00%s\r\n" % (n, len(hostile), hostile.hex()) for n in range(1, 11)]
    answers = {"AT+CMGL=4": [("".join(places)).encode() + OK]}
    line = b"\r\n+CMGR: 0,,%d\r\n00%s\r\n" % (len(hostile), binascii.hexlify(hostile)) + OK
    answers.update({"AT+CMGR=%d" % number: line for number in range(1, 11)})
    peer = Peer(answers)
    with Memory() as memory:
        box = Box(memory)

        async def story(modem, pipe, events):
            await modem.start()
            for _ in range(10):
                sms = await message(modem)
                name = box.inbox.keep(sms.tpdu)
                await modem.done(sms)
                intake.handle(box.inbox, name)

        drive(peer, story)
        assert {"AT+CMGD=%d" % number for number in range(1, 11)} <= set(peer.lines)
        assert box.said == ["text"] * 10  # shown as they are
        box.still_works()


def test_commwarrior_nothing_is_written_under_its_own_name_or_run():
    mixed = mm1.ContentType("application/vnd.wap.multipart.mixed", [])
    head = [(mm1.TRANSACTION_ID, "R1"), (mm1.VERSION, 0x12), (mm1.MESSAGE_ID, "M1"), (mm1.CONTENT_TYPE, mixed)]
    names = ("main.py", "boot.py", "../main.py", "/lib/mms/limits.py", "free.sis", "settings.json")
    octets = mm1.build(mm1.RETRIEVE_CONF, head) + multipart.count(len(names))
    program = b"raise SystemExit('taken over')\n"
    for name in names:
        octets += multipart.entry(SYMBIAN, len(program), [("name", name)], name, name) + program
    with Memory(spy=True) as memory:
        box = Box(memory)
        item = entries.add(box.inbox, "00000001", "notified", tid="T1", url="http://mmsc.example/m/1")
        take(box.inbox, item, octets)
        memory.mkdir("album")
        files = asyncio.run(album.export(box.inbox.store, "00000001", "album"))
        assert [file["name"] for file in files] == list(names)  # labels
        assert [file["path"] for file in files] == ["album/00000001-%d.bin" % at for at in range(len(names))]
        for path in memory.touched:
            assert path.split("/")[0] in ("store", "album") and ".py" not in path and ".mpy" not in path
            assert "sis" not in path and "settings" not in path


def foreign(chance):
    """A push that is no MMS: a link, an order to open it, settings, others; some damaged."""
    media, body = (
        (b"\xae", SI),
        (b"\xb0", SL),
        (b"\xb0", bytes.fromhex("03066a008506080368747470733a2f2f782f000101")),  # execute-high
        (b"\xb6", PROVISIONING),
        (b"\xb2", b"\x01\x05\x6a\x00\x05\x01"),  # cache operation
        (b"\x03\x0a\x00", b"\x03\x0d\x6a\x00\x85\x07\x01"),  # e-mail notification
        (b"text/vnd.wap.sl\0", b"<sl href='http://evil.example/' action='execute-high'/>"),
        (b"text/vnd.wap.si\0", b"<si><indication href='http://evil.example/'>x</indication></si>"),
        (b"text/html\0", b"<html><script src='http://evil.example/'></script></html>"),
        (b"application/vnd.oma.drm.rights+wbxml\0", b"\x03\x0e\x6a\x00\x05"),
    )[chance.below(10)]
    body = mutant(body, chance) if chance.below(2) else body
    return b"\x01\x06" + bytes([len(media)]) + media + body


def test_service_loading_ten_thousand_pushes_that_are_no_mms_connect_to_nobody():
    chance = Chance(7)
    with Memory() as memory:
        box = Box(memory)
        for count in range(PUSHES):
            for octets in pushed(foreign(chance)):
                box.get(octets)
            assert asyncio.run(box.carrier._next()) is None
            if count % 100 == 0:
                assert len(memory.files) < 120
        assert {"link", "proposed"} <= set(box.said) and "notified" not in box.said
        box.still_works()


def cancellation(about):
    fields = [(mm1.TRANSACTION_ID, "C1"), (mm1.VERSION, 0x13)] + ([(0x3E, about)] if about else [])
    return push.build(1, mm1.MEDIA, mm1.build(0x96, fields), 4)


def test_a_stranger_cancels_no_message_whoever_he_says_he_is():
    mmsc = "+447700900999"
    with Memory() as memory:
        box = Box(memory)
        box.get(*notification())
        take(box.inbox, box.inbox.items()[0], retrieved())  # Message-ID M1
        box.get(*pushed(push.build(1, mm1.MEDIA, mm1.build(mm1.NOTIFICATION_IND, STRANGE), 4)))  # leads to nothing
        before = len(box.inbox.items())
        for sender in (SENDER, mmsc[1:], mmsc + "0", "0" + mmsc[3:], "MMSC", "0"):
            del box.said[:]
            box.get(*pushed(cancellation("M1"), sender))
            assert box.said == ["quarantined"] and len(box.inbox.items()) == before, sender
        assert box.inbox.store.names(".a") == []  # nor is anybody answered
        box.get(*pushed(cancellation(""), mmsc))
        assert len(box.inbox.items()) == before
        box.get(*pushed(cancellation("M1"), mmsc))
        assert box.said[-1] == "cancelled" and len(box.inbox.items()) == before - 1
        box.still_works()


class Held:
    """A handset with settings in a file and a proposal in its inbox."""

    class Bearer:
        class sim:
            imsi, home = "234101234567890", "23410"

        profile = None

    bearer = Bearer

    def __init__(self, box, path):
        self.inbox, self.events = box.inbox, box.inbox.events
        self.settings = settings.check({"operators": {"23410": {"apn": "mms.example", "mmsc": "http://mmsc.example/"}}})
        self.settings["file"] = path


def _of(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).digest()


def test_settings_from_nobody_or_with_another_mac_are_never_applied():
    folder = "build/tests/settings-%s" % new_id()
    path = folder + "/settings.json"
    make_folder(folder)
    with open(path, "w") as file:
        file.write(json.dumps({"operators": {}}))
    right = provisioning.mac("NETWPIN", PROVISIONING, "234101234567890")
    for params in ((), right[:1], [("sec", 0), ("mac", "0" * 40)], [("sec", 9), right[1]], [("mac", "")]):
        with Memory() as memory:
            box = Box(memory)
            box.get(*pushed(push.build(1, provisioning.BINARY, PROVISIONING, None, params)))
            (item,) = box.inbox.items()
            handset = Held(box, path)
            before, ours = _of(path), json.dumps(handset.settings["operators"])
            raises(UsageError, asyncio.run, proposals.apply(handset, item.id))
            assert _of(path) == before and json.dumps(handset.settings["operators"]) == ours
            assert os.listdir(folder) == ["settings.json"]


def test_simjacker_the_driver_neither_asks_for_nor_answers_the_toolkit_of_the_sim():
    for table in COMMANDS:
        for row in table.strip().split("\n"):
            line = row.split("|")[2]
            for word in ("STK", "STG", "STI", "CSIM", "CCHO", "CGLA", "CUSATW", "CUSATA", "CUSD", "ATD"):
                assert word not in line
            assert "CRSM" not in line or line.startswith(("AT+CRSM=176,", "AT+CRSM=192,"))  # to read, never to write
    peer = Peer()

    async def story(modem, pipe, events):
        await modem.start()
        before = len(peer.lines)
        for news in (b"+STKPCI: 0,D0", b"+STKPCI: 2", b"+STC: 11", b"+CUSD: 2,x", b"+CLIP: x", b"RING"):
            pipe.say(b"\r\n" + news + b"\r\n")
        for _ in range(200):
            await asyncio.sleep(0)
        return [line for line in peer.lines[before:] if not line.startswith(("AT+CMGL", "AT+CPMS"))]

    assert drive(peer, story) == []


def test_a_short_message_for_the_sim_shows_nothing_and_opens_nothing():
    head = b"\x44\x0c\x91\x44\x77\x00\x09\x60\x66\x7f\xf6" + b"\x22\x20\x11\x11\x11\x11\x00"
    command = bytes.fromhex("027000001c0d00000000b00000000000000000000000")
    with Memory() as memory:
        box = Box(memory)
        box.get(head + bytes([len(command)]) + command)
        assert box.said == ["quarantined"] and asyncio.run(box.carrier._next()) is None
        box.still_works()
