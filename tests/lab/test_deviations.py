"""What real message centres do otherwise, switch by switch: what a handset is told then, and what the journal says."""

import argparse
import asyncio
import json
import subprocess
import sys

import aiohttp
import pytest

from mms.codec import mm1
from mms.errors import PduError
from tests.kit.lab.mmsc import ALICE as ALICE_OF_THE_SHELL
from tests.kit.lab.mmsc import MEDIA, Network, submission
from tests.kit.lab.mmsc_machine import ALICE, BOB, RELATED, TEXT, URL, Lab, sha256
from tools.lab import options
from tools.lab.network.mmsc.deviations import NAMES, Deviations, other_host
from tools.lab.network.mmsc.shell import Mmsc

SUBJECT = (mm1.SUBJECT, "hi")
CUTS = ("cut-in-header", "cut-before-type", "cut-between-parts", "cut-in-part")


def notified(*deviations):
    """The notification of a message under these deviations, and the lab that sent it."""
    lab = Lab()
    for name in deviations:
        lab.relay.deviations.switch(name)
    lab.send(SUBJECT, (mm1.DELIVERY_REPORT, True))
    return lab.run(1)[0][1], lab


def path(notification):
    return "/m/" + notification.get(mm1.CONTENT_LOCATION).split("/m/")[1]


def fetched(lab, notification):
    return lab.relay.get(BOB, path(notification), lab.now)


def acknowledge(lab, notification):
    tid = notification.get(mm1.TRANSACTION_ID)
    lab.answer(BOB, mm1.NOTIFYRESP_IND, (mm1.TRANSACTION_ID, tid), (mm1.VERSION, 0x12), (mm1.STATUS, mm1.RETRIEVED))


@pytest.mark.parametrize(
    "name, field", [("no-from", mm1.FROM), ("no-subject", mm1.SUBJECT), ("no-size", mm1.MESSAGE_SIZE)]
)
def test_a_notification_leaves_a_field_out_that_the_message_has(name, field):
    assert notified()[0].has(field)
    notification, lab = notified(name)
    assert not notification.has(field)
    assert lab.said("notified")[0]["deviations"] == [name]
    pdu = mm1.parse(fetched(lab, notification).octets)
    assert field == mm1.MESSAGE_SIZE or pdu.has(field)


@pytest.mark.parametrize(
    "name, size",
    [("huge-size", lambda n: 2**32 - 1), ("double-size", lambda n: 2 * n), ("half-size", lambda n: n // 2)],
)
def test_a_message_size_that_is_not_true(name, size):
    notification, lab = notified(name)
    assert notification.get(mm1.MESSAGE_SIZE) == size(len(fetched(lab, notification).octets))


def test_a_location_on_another_host_of_the_same_domain():
    notification, lab = notified("other-host")
    assert notification.get(mm1.CONTENT_LOCATION).startswith(other_host(URL) + "/m/")
    assert other_host(URL) == "http://mms2.o2.example:8002" and other_host("http://mmsc/") == "http://mmsc/"
    assert fetched(lab, notification).status == 200


@pytest.mark.parametrize("first", (False, True))
def test_a_message_that_is_announced_again_has_the_same_location(first):
    """For a handset a message at another location is another message."""
    notification, lab = notified(*["other-host"] * first)
    if not first:
        lab.relay.deviations.switch("other-host")
    else:
        lab.relay.deviations = Deviations()
    ((_, again),) = lab.run(300)
    assert again.get(mm1.CONTENT_LOCATION) == notification.get(mm1.CONTENT_LOCATION)


def test_headers_in_another_order_are_the_same_between_the_first_and_the_last():
    usual, lab = notified()
    straight = mm1.parse(fetched(lab, usual).octets)
    orders = set()
    lab.relay.deviations.switch("shuffled-headers")
    for _ in range(4):
        pdu = mm1.parse(fetched(lab, usual).octets)
        assert not pdu.warnings
        order = [number for number, _, _ in pdu.fields]
        expected = [number for number, _, _ in straight.fields]
        assert sorted(order) == sorted(expected) and order != expected
        assert order[:3] == expected[:3] == [mm1.MESSAGE_TYPE, mm1.TRANSACTION_ID, mm1.VERSION]
        assert order[-1] == mm1.CONTENT_TYPE
        orders.add(tuple(order))
    assert len(orders) == 4


def test_mms_1_0_knows_no_retrieve_status():
    notification, lab = notified("version-1.0")
    pdu = mm1.parse(fetched(lab, notification).octets)
    assert notification.get(mm1.VERSION) == pdu.get(mm1.VERSION) == mm1.VERSION_1_0
    assert not pdu.has(mm1.RETRIEVE_STATUS) and pdu.get(mm1.CONTENT_TYPE).media == RELATED
    gone = mm1.parse(lab.relay.get(BOB, "/m/none", 0).octets)
    assert gone.get(mm1.CONTENT_TYPE).media == "text/plain" and not gone.has(mm1.RETRIEVE_STATUS)
    assert lab.send().get(mm1.VERSION) == mm1.VERSION_1_0


def test_a_report_with_the_sender_in_to_and_the_recipient_in_from():
    notification, lab = notified("swapped-report")
    acknowledge(lab, notification)
    number, report = lab.pushed[-1]
    assert number == ALICE and report.type == mm1.DELIVERY_IND
    assert mm1.number(report.get(mm1.TO)) == ALICE and mm1.number(report.get(mm1.FROM)) == BOB


def test_a_report_under_another_message_id():
    notification, lab = notified("other-report-id")
    acknowledge(lab, notification)
    report = lab.pushed[-1][1]
    assert report.type == mm1.DELIVERY_IND
    assert report.get(mm1.MESSAGE_ID) not in (None, lab.said("submitted")[0]["message_id"])


def test_a_message_that_is_not_found_once_is_there_afterwards():
    notification, lab = notified()
    for name in ("http-404", "not-found", "busy"):
        lab.relay.deviations.switch(name, 1)
    lab.relay.deviations.switch("version-1.0")  # without a status it would be the message
    assert fetched(lab, notification).status == 404
    for status in (0xE2, 0xC0):
        answer = fetched(lab, notification)
        pdu = mm1.parse(answer.octets)
        assert pdu.get(mm1.RETRIEVE_STATUS) == status and pdu.get(mm1.CONTENT_TYPE).media == "text/plain"
        assert len(answer.octets) > pdu.body
    assert mm1.parse(fetched(lab, notification).octets).get(mm1.CONTENT_TYPE).media == RELATED
    assert [entry["status"] for entry in lab.said("missed")] == [404, 0xE2, 0xC0]


@pytest.mark.parametrize("name", CUTS)
def test_a_cut_answer_ends_where_its_name_says(name):
    notification, lab = notified()
    whole = fetched(lab, notification).octets
    pdu = mm1.parse(whole)
    type_at = [offset for number, _, offset in pdu.fields if number == mm1.CONTENT_TYPE][0]
    lab.relay.deviations.switch(name)
    ends = set()
    for _ in range(40):
        answer = fetched(lab, notification)
        assert answer.plain and whole.startswith(answer.octets) and len(answer.octets) < len(whole)
        ends.add(len(answer.octets))
    if name == "cut-in-header":
        assert {2, 3} < ends and max(ends) < pdu.body and type_at not in ends
    elif name == "cut-before-type":
        assert ends == {type_at}
    elif name == "cut-between-parts":
        assert ends == {pdu.body + 1, whole.index(TEXT) + len(TEXT)}
    else:
        assert len(ends) == 4 and min(ends) > pdu.body + 1


def test_a_cut_answer_tells_its_own_length_or_that_of_the_whole_one_or_none():
    notification, lab = notified()
    whole = len(fetched(lab, notification).octets)
    lab.relay.deviations.switch("cut-in-part")
    answer = fetched(lab, notification)
    assert answer.length == len(answer.octets) < whole
    lab.relay.deviations.switch("cut-by-close", 1)
    assert fetched(lab, notification).length == whole
    lab.relay.deviations.switch("no-length", 1)
    assert fetched(lab, notification).length is None


def test_what_the_mmsc_deletes_is_in_its_journal_with_what_it_served():
    notification, lab = notified()
    lab.relay.deviations.switch("cut-in-part", 1)
    short, whole = fetched(lab, notification).octets, fetched(lab, notification).octets
    assert lab.said("delivered") == [] and len(fetched(lab, notification).octets) == len(whole)
    acknowledge(lab, notification)
    entry = lab.said("delivered")[0]
    assert entry["had"] == [(len(whole), sha256(whole))]
    assert entry["served"] == [(len(short), sha256(short)), (len(whole), sha256(whole))]


def test_what_is_acknowledged_and_was_never_served_is_told_so():
    notification, lab = notified()
    acknowledge(lab, notification)
    entry = lab.said("delivered")[0]
    [(octets, digest)] = entry["had"]
    assert entry["served"] == [] and octets == notification.get(mm1.MESSAGE_SIZE) and len(digest) == 64


def test_a_switch_that_is_misspelt_is_refused():
    with pytest.raises(KeyError):
        Lab().relay.deviations.switch("no-form")
    for text in ("no-form", "no-from=0", "no-from=often"):
        with pytest.raises(argparse.ArgumentTypeError):
            options.deviation(text)
    assert options.deviation("no-from") == ("no-from", None) and options.deviation("busy=3") == ("busy", 3)
    asked = subprocess.run([sys.executable, "-m", "tools.lab.network.mmsc", "--help"], capture_output=True, text=True)
    assert all("  " + name in asked.stdout for name in NAMES)


@pytest.mark.parametrize("names, told", [((), True), (("cut-by-close",), False), (("no-length",), None)])
def test_the_shell_serves_a_cut_answer_as_it_is(tmp_path, names, told):
    """told: whether the Content-Length is that of what came, that of more, or missing."""

    async def story():
        async with Network(tmp_path) as net:
            await net.alice.http(net.gateway, "POST", net.url, submission())
            notification = await net.bob.pushed(2)
            for name in (*names, "cut-in-part"):
                net.mmsc.machine.deviations.switch(name)
            host, port = net.mmsc.address.split(":")
            reader, writer = await asyncio.open_connection(host, int(port))
            ask = "GET %s HTTP/1.1\r\nHost: x\r\nX-WAP-Network-Client-MSISDN: %s\r\nConnection: close\r\n\r\n"
            writer.write((ask % (path(notification), net.bob.number)).encode())
            return (await asyncio.wait_for(reader.read(), 10)).partition(b"\r\n\r\n")

    head, _, octets = asyncio.run(story())
    lengths = [int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
    assert head.startswith(b"HTTP/1.1 200 ") and b"chunked" not in head.lower() and octets[:2] == b"\x8c\x84"
    assert lengths == [] if told is None else (lengths == [len(octets)]) == told


def test_a_handset_without_a_gateway_is_known_by_its_address(tmp_path):
    async def story():
        async with Network(tmp_path) as net:
            shell = Mmsc(tmp_path / "2", net.smsc.url, (ALICE_OF_THE_SHELL,), callers={"127.0.0.1": BOB}, speed=50)
            await shell.start()
            headers = {"X-WAP-Network-Client-MSISDN": "+447700900009", **MEDIA}
            async with aiohttp.ClientSession() as session:
                await session.post(shell.url, data=submission(), headers=headers)
            await shell.stop()
            assert shell.hosts == ["mmsc.o2.example", "mms2.o2.example"]

    asyncio.run(story())
    entry = json.loads((tmp_path / "2" / "journal.jsonl").read_text().splitlines()[0])
    assert entry["event"] == "submitted" and entry["sender"] == BOB


def test_every_cut_leaves_something_that_the_codec_tells_from_a_whole_message():
    """Cut anywhere before its body, it is no PDU with a Content-Type any more."""
    notification, lab = notified("cut-in-header")
    for _ in range(40):
        try:
            pdu = mm1.parse(fetched(lab, notification).octets)
        except PduError:
            continue
        assert pdu.body is None
