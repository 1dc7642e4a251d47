"""A SIM whose operator the settings lack: candidates in turn, the one that worked, and none at all."""

import sys

from mms import clock
from mms.errors import BearerError
from mms.handset import states
from mms.handset.store import filenames
from tests.kit.handset.phone import MINUTE, OPERATOR, Card, Phone, Stream, hello, refused


def tlv(tag, value):
    return bytes([tag, len(value)]) + value


# http://mms-operator.com by the access point "issuer" and the proxy 170.187.51.3:8080
OWN = tlv(
    0xAB,
    tlv(0x80, b"\1")
    + tlv(0x81, b"http://mms-operator.com")
    + tlv(0x82, b"\x10\xab\x08issuer\0\x09\x89\x0c\x9a\x0duser\0\x0esecret\0")
    + tlv(0x83, b"\x20170.187.51.3\0\x21\x85\x238080\0"),
)
HOUR = 60 * MINUTE
O2, PREPAID, LAB = "wap.o2.co.uk", "payandgo.o2.co.uk", "mms.o2.example"


def unknown(home="23410", store=None, **more):
    """A Phone without settings for its SIM, of the network `home`; `more` are attributes of its Modem."""

    class Sim(Card):
        pass

    Sim.home = home
    phone = Phone(operators={})
    if store:
        phone.store = store
        phone.begin()
    phone.modem.card = Sim
    for name in more:
        setattr(phone.modem, name, more[name])
    return phone


def sent(phone, minutes=30):
    """The state of a message so many minutes after it was accepted."""

    async def story():
        id = await phone.handset.send(hello())
        await clock.sleep(minutes * MINUTE)
        return phone.handset.outbox.item(id).state

    return phone.live(story)


def test_candidates_of_the_file_are_tried_in_turn_and_the_one_that_worked_is_kept():
    phone = unknown(aps=[LAB])
    assert sent(phone) == states.SENT
    assert phone.modem.tried[:3] == [O2, PREPAID, LAB] and set(phone.modem.tried[3:]) == {LAB}
    assert phone.store.read(filenames.OPERATOR)["operator"]["apn"] == LAB
    phone = unknown(aps=[LAB], store=phone.store)  # a new start tries nothing else
    assert sent(phone) == states.SENT and set(phone.modem.tried) == {LAB}
    assert phone.told("ready")[0]["operator"] == "O2 - UK (lab)"


def test_a_proxy_that_takes_no_connection_is_passed_over_as_is_one_that_leads_nowhere():
    phone = unknown(closed=["193.113.200.195"])
    assert sent(phone) == states.SENT and phone.handset.bearer.profile.apn == LAB
    phone = unknown()
    answers = [b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n"]
    answer = phone.mmsc.__class__.__call__
    phone.modem._mmsc = lambda request: answers.pop() if answers else answer(phone.mmsc, request)
    assert sent(phone) == states.SENT and phone.handset.bearer.profile.apn == PREPAID
    assert [event["code"] for event in phone.told("failed")] == [502] and not phone.told("failed")[0]["final"]


def test_what_was_kept_gives_way_when_it_works_no_more():
    phone = unknown(aps=[LAB])
    sent(phone)
    phone = unknown(aps=[PREPAID], store=phone.store)
    assert sent(phone) == states.SENT and phone.store.read(filenames.OPERATOR)["operator"]["apn"] == PREPAID
    with open(phone.store._folder + "/" + filenames.OPERATOR, "wb") as file:
        file.write(b"{")
    phone = unknown(store=phone.store)
    assert sent(phone) == states.SENT and "operator.r" in phone.told("damaged")[0]["file"]


def answering(phone, answers):
    """Have the proxies of access points answer: {apn: octets of an answer, or None for a proxy that is silent}."""
    usual = phone.mmsc

    def answer(request):
        wrong = answers.get(phone.handset.bearer.profile.apn, b"")
        return usual(request) if wrong == b"" else wrong

    class Silent(Stream):
        async def readinto(self, buf):
            if answers.get(phone.handset.bearer.profile.apn, b"") is None:
                await clock.sleep(HOUR)
            return await Stream.readinto(self, buf)

    async def open(host, port):
        return Silent(answer)

    phone.modem.open = open


REFUSAL = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"
LOGIN = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>"


def kept(answers):
    """A Phone that has kept the first candidate of the file, and whose proxies answer so from now on."""
    phone = unknown()
    sent(phone)
    assert phone.store.read(filenames.OPERATOR)["operator"]["apn"] == O2
    assert [(event["operator"], event["apn"]) for event in phone.told("kept")] == [("O2", O2)]
    phone = unknown(store=phone.store)
    answering(phone, answers)
    return phone


def test_what_was_kept_gives_way_to_the_next_ones_in_turn_when_its_proxy_refuses():
    phone = kept({O2: REFUSAL, PREPAID: REFUSAL})
    assert sent(phone, 60) == states.SENT and phone.handset.bearer.profile.apn == LAB
    assert [(event["code"], event["final"]) for event in phone.told("failed")] == [(403, False)] * 3
    tried = phone.modem.tried
    assert [apn for at, apn in enumerate(tried) if apn not in tried[:at]] == [O2, PREPAID, LAB]
    assert phone.store.read(filenames.OPERATOR)["operator"]["apn"] == LAB
    assert [event["apn"] for event in phone.told("kept")] == [LAB]


def test_what_was_kept_gives_way_when_its_proxy_is_silent_and_the_user_wants_another_attempt():
    phone = kept({O2: None})

    async def story():
        id = await phone.handset.send(hello())
        await clock.sleep(30 * MINUTE)
        before = phone.handset.outbox.item(id).state  # without an answer it may have arrived: it went twice
        phone.handset.retry(id)
        await clock.sleep(10 * MINUTE)
        return before, phone.handset.outbox.item(id).state

    assert phone.live(story) == (states.IN_DOUBT, states.SENT)
    assert phone.store.read(filenames.OPERATOR)["operator"]["apn"] == PREPAID


def test_a_page_that_asks_to_log_in_is_no_message_centre():
    phone = unknown()
    answering(phone, {O2: LOGIN})
    assert sent(phone) == states.SENT and phone.handset.bearer.profile.apn == PREPAID


def test_nothing_else_is_tried_where_the_settings_have_the_operator_or_nothing_else_is_known():
    phone = Phone()
    phone.modem.files = {0x6FD0: OWN}
    answering(phone, {"mms.example": REFUSAL})
    assert sent(phone) == states.FAILED and set(phone.modem.tried) == {"mms.example"}
    assert [(event["code"], event["final"]) for event in phone.told("failed")] == [(403, True)]
    alone = {"home": "99999", "operator": dict(OPERATOR, name="alone")}
    phone = unknown("99999")
    phone.store.write(filenames.OPERATOR, alone)
    phone.begin()
    phone.modem.card.home = "99999"
    answering(phone, {"mms.example": REFUSAL})
    assert sent(phone) == states.FAILED and phone.store.read(filenames.OPERATOR) == alone
    assert [event["final"] for event in phone.told("failed")] == [False, True]


def test_the_sims_own_settings_come_first_and_those_of_the_user_before_all():
    phone = unknown(files={0x6FD0: OWN})
    assert sent(phone) == states.SENT
    profile = phone.handset.bearer.profile
    assert (profile.apn, profile.proxy, profile.user, profile.auth) == ("issuer", ("170.187.51.3", 8080), "user", "pap")
    assert profile.mmsc.host == "mms-operator.com"
    phone = Phone()
    phone.modem.files = {0x6FD0: OWN}
    assert sent(phone) == states.SENT and set(phone.modem.tried) == {"mms.example"}
    for wrong in (OWN[:-1], b"\xff" * 100, OWN.replace(b"issuer", b"is\1uer"), OWN.replace(b"http:", b"ftp::")):
        phone = unknown(files={0x6FD0: wrong})
        assert sent(phone) == states.SENT and phone.handset.bearer.profile.apn == O2, wrong


def test_a_sim_of_an_unknown_operator_still_receives_texts_and_says_what_is_missing():
    phone = unknown("99999")
    assert sent(phone) == states.QUEUED and phone.told("ready")[0]["operator"] == ""
    failed = phone.told("failed")[0]
    assert "no settings are known for a SIM of the network 99999" in failed["text"]
    assert "add the operator to the settings" in failed["advice"] and phone.modem.tried == []


def test_without_the_file_the_handset_goes_on():
    path = list(sys.path)
    sys.path[:] = ["build/absent"] + [folder for folder in path if "/lib/" in folder or folder == ".frozen"]
    try:
        phone = unknown()
        assert sent(phone) == states.QUEUED
    finally:
        sys.path[:] = path
    assert "there is no assets/operators.bin" in phone.told("failed")[0]["text"]


def test_what_has_ended_is_said_with_what_failed():
    phone = unknown("26202", aps=[])
    assert sent(phone) == states.QUEUED
    assert "Vodafone Germany ended MMS on 17 January 2023" in phone.told("failed")[0]["text"]
    phone = unknown("41603")
    assert sent(phone) == states.QUEUED
    assert phone.told("failed")[0]["text"].endswith("network 41603, and Umniah has ended 2G")


def test_either_length_of_the_mnc_finds_a_network():
    phone = unknown("234101")
    assert sent(phone) == states.SENT and phone.handset.bearer.profile.apn == O2


def test_a_store_that_takes_no_record_of_what_worked_loses_nothing():
    phone = unknown(aps=[LAB])
    with refused(lambda name, record: name == filenames.OPERATOR):
        assert sent(phone) == states.SENT
    assert not phone.told("kept") and not phone.store.has(filenames.OPERATOR)


def test_an_attach_that_is_refused_says_nothing_of_the_access_point():
    phone = unknown()
    phone.modem.faults = {"attach": [BearerError("attach", 30, "no network service")]}
    assert sent(phone) == states.SENT and phone.handset.bearer.profile.apn == O2
