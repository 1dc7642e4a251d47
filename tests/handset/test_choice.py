"""A SIM whose operator the settings lack: candidates in turn, the one that worked, and none at all."""

import sys

from mms import clock
from mms.handset import states
from mms.handset.store import filenames
from tests.kit.handset.phone import MINUTE, Card, Phone, hello


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


def test_either_length_of_the_mnc_finds_a_network():
    phone = unknown("234101")
    assert sent(phone) == states.SENT and phone.handset.bearer.profile.apn == O2
