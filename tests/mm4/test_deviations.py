"""Real message centres write MM4 otherwise than TS 23.140 has it: what is read nevertheless, and written to a peer."""

import re

import pytest

from mms.codec import mm1
from tests.kit.lab.mm4 import ALICE, BOB, CAROL, DAVE, O2, ORANGE, Network
from tools.lab.network.mm4 import bodies, profiles, reading
from tools.lab.network.mm4.messages import DELIVERY_REPORT, FORWARD, READ_REPORT, Malformed, NoMm4
from tools.lab.network.mmsc import contents

DATE = 1043668800  # 2003-01-27 12:00 UTC
SYSTEM = "PostMaster@" + ORANGE


def mail(body="--b\r\nContent-Type: text/plain\r\n\r\nhello\r\n--b--\r\n", **more):
    """The octets of an MM4_forward.REQ; a header of None is left out, one of a tuple is there more than once."""
    headers = {
        "X-Mms-3GPP-MMS-Version": "5.5.0",
        "X-Mms-Message-Type": "MM4_forward.REQ",
        "X-Mms-Transaction-ID": "t1",
        "X-Mms-Message-ID": "m1",
        "X-Mms-Ack-Request": "Yes",
        "X-Mms-Originator-System": SYSTEM,
        "From": CAROL + "/TYPE=PLMN",
        "To": ALICE + "/TYPE=PLMN",
        "Sender": "%s/TYPE=PLMN@%s" % (CAROL, ORANGE),
        "Date": "Mon, 27 Jan 2003 12:00:00 +0000",
        "Content-Type": "multipart/related; boundary=b",
    }
    headers.update({name.replace("_", "-"): value for name, value in more.items()})
    rows = [(name, row) for name, value in headers.items() for row in (value if isinstance(value, tuple) else (value,))]
    return "".join("%s: %s\r\n" % row for row in rows if row[1] is not None).encode() + b"\r\n" + body.encode()


def read(*body, **more):
    return reading.read(mail(*body, **more), DATE)


def parts(*body, **more):
    return contents.unpack(read(*body, **more).envelope.content)


def test_names_and_types_have_no_case():
    message = read(
        **{"X-Mms-Transaction-ID": None, "x-mms-transaction-id": "t2", "X-Mms-Message-Type": "mm4_Forward.req"}
    )
    assert (message.kind, message.transaction) == (FORWARD, "t2")
    report = read(X_Mms_Message_Type="MM4_Delivery_report.REQ", **{"X-Mms-MM-Status-code": "retrieved"})
    assert (report.kind, report.status) == (DELIVERY_REPORT, "Retrieved")


@pytest.mark.parametrize("version", ["5.5.0", "6.3.0", "6.10.0", "", None])
def test_any_version_is_read(version):
    assert read(**{"X-Mms-3GPP-MMS-Version": version}).message_id == "m1"


@pytest.mark.parametrize("written", ['"%s"', "<%s>", '"<%s>"', "%s", "'%s' "])
def test_a_report_finds_its_message_by_an_id_in_quotes_or_brackets_and_in_another_case(written):
    network = Network()
    key = network.send((mm1.DELIVERY_REPORT, True))
    network.run(5)
    report = read(
        X_Mms_Message_Type="MM4_delivery_report.REQ", X_Mms_MM_Status_Code="Expired",
        X_Mms_Message_ID=written % key.upper(),
    )  # fmt: skip
    assert network.o2.mm4.received("x@" + ORANGE, [], report, network.now)[0] == 250
    (shown,) = network.o2.shown(ALICE, mm1.DELIVERY_IND)
    assert (shown.get(mm1.MESSAGE_ID), shown.get(mm1.STATUS)) == (key, mm1.EXPIRED)


def test_a_long_id_is_not_folded_into_an_encoded_word():
    network = Network({ORANGE: {"ids-of-numbers"}})
    network.send()
    network.run(5)
    head = network.mails[0][1].split(b"\r\n\r\n")[0]
    assert b"=?" not in head and max(map(len, head.split(b"\r\n"))) < 998


def test_twenty_numbers_in_to_are_shown_and_the_mail_says_nothing_of_rcpt():
    numbers = ["+4477009003%02d" % at for at in range(20)]
    message = read(To=", ".join(number + "/TYPE=PLMN" for number in numbers), Received="from a for <%s>" % ALICE)
    assert message.envelope.to == numbers


@pytest.mark.parametrize("to", [ALICE, "<%s>" % ALICE, ALICE[1:], "00" + ALICE[1:], ALICE + "/type=plmn"])
def test_a_number_without_its_type_plus_or_brackets_is_one(to):
    assert read(To=to).envelope.to == [ALICE]


@pytest.mark.parametrize(
    "headers, sender",
    [
        ({"From": "postmaster"}, CAROL),
        ({"From": "postmaster@" + ORANGE, "Sender": SYSTEM, "X-Mms-Sender-Address": CAROL + "/TYPE=PLMN"}, CAROL),
        ({"From": "me@mail.example", "Sender": None}, "me@mail.example"),
        ({"From": "447700900102@mail.example", "Sender": None}, "447700900102@mail.example"),
        ({"From": "%s@%s" % (CAROL[1:], ORANGE)}, CAROL),
        ({"From": ORANGE, "Sender": None, "X-Mms-Originator-System": "system=%s;party=%s" % (ORANGE, CAROL)}, CAROL),
    ],
)
def test_the_sender_is_found_where_it_is(headers, sender):
    assert read(**headers).envelope.sender == sender


def test_a_message_from_nobody_is_answered_that_its_sender_is_unresolved():
    with pytest.raises(Malformed) as refused:
        read(From="postmaster", Sender="postmaster@" + ORANGE)
    assert refused.value.status == "Error-sending-address-unresolved"


@pytest.mark.parametrize(
    "more",
    [
        {"Date": None, "Content-Type": None},
        {"Subject": "re", "X-Mms-Message-Class": "Personal", "X-Mms-Request-Recipients": ALICE},
        {"From": "postmaster", "To": "postmaster", "Sender": None},
    ],
)
def test_of_a_response_only_the_x_mms_headers_count(more):
    response = read("All is good.", X_Mms_Message_Type="MM4_forward.RES", X_Mms_Request_Status_Code="Ok", **more)
    assert (response.kind, response.transaction, response.status) == (FORWARD, "t1", "Ok")


RELATED = "multipart/related; boundary=b"
SMIL = "Content-Type: application/smil\r\nContent-ID:%s\r\n\r\n<smil/>\r\n--b\r\n"
IMAGE = "Content-Type: image/gif; Name=p.gif\r\nContent-Transfer-Encoding: base64\r\n\r\nR0lG\r\n--b--\r\n"


@pytest.mark.parametrize(
    "media, id",
    [
        ("multipart/mixed; boundary=b", "0"),
        ("multipart/related; boundary=b; Start=0.smil", "0"),
        ('multipart/related; boundary="b"; start="<smil>"', "<smil>"),
        ("Multipart/Related; boundary=b", "<x.smil>"),
    ],
)
def test_the_presentation_is_found_however_it_is_named(media, id):
    content = parts("--b\r\n" + SMIL % id + IMAGE, Content_Type=media)
    assert contents.presentation(content).octets == b"<smil/>"
    assert content.media == (contents.MIXED if "mixed" in media else contents.RELATED)
    assert [(part.media, part.octets, part.name) for part in content.parts[1:]] == [("image/gif", b"GIF", "p.gif")]


def test_a_message_of_one_part_is_that_part():
    content = parts("aMOk", Content_Type="text/plain; charset=utf-8", Content_Transfer_Encoding="base64")
    assert (content.media, content.parts[0].octets, content.parts[0].charset) == ("text/plain", "hä".encode(), "utf-8")


def test_an_id_may_be_anything_and_strange_headers_are_passed_over():
    id = "x.%s" % CAROL
    message = read(X_Mms_Transaction_ID=id, X_Mms_Message_ID=id, X_Mms_Forwarded_By="a", X_Mms_Drm_Content="No")
    assert message.transaction == message.message_id == id


@pytest.mark.parametrize(
    "text, expires",
    [
        ("600", DATE + 600),
        ("Tue, 28 Jan 2003 12:00:00 GMT", DATE + 86400),
        ("2003-01-28T12:00:00Z", DATE + 86400),
        ("2003-01-28T13:00:00+01:00", DATE + 86400),
        ("soon", 0),
        ("99999999999999999999", 4102444800),
        (None, 0),
    ],
)
def test_an_expiry_is_a_date_or_seconds(text, expires):
    assert read(X_Mms_Expiry=text).envelope.expires == expires


@pytest.mark.parametrize("name", ["X-Mms-Read-Status", "X-Mms-MM-Read-Status"])
def test_a_read_status_has_two_names(name):
    for word, status in (("read", "Read"), ("Deleted without being read", "Deleted without being read")):
        report = read(X_Mms_Message_Type="MM4_read_reply_report.REQ", **{name: word})
        assert (report.kind, report.status) == (READ_REPORT, status)


def test_a_status_has_two_names_and_may_be_unknown():
    head = {"X-Mms-Message-Type": "MM4_delivery_report.REQ"}
    assert read(**head, X_Mms_Status="Rejected").status == "Rejected"
    assert read(**head, X_Mms_MM_Status_Code="Eaten").status == "Indeterminate"


def test_every_wish_of_the_sender_is_read():
    envelope = read(
        X_Mms_Message_Class="advertisement", X_Mms_Priority="HIGH", X_Mms_Sender_Visibility="Hide",
        X_Mms_Delivery_Report="yes", X_Mms_Read_Report="Yes", X_Mms_Adaptation_Allowed="No",
        Subject="=?utf-8?q?Gr=C3=BC=C3=9Fe?=", Cc="you@mail.example", X_Mms_Forward_Counter="3",
        X_Mms_Previously_sent_by=("2, %s/TYPE=PLMN" % BOB, "1, " + DAVE),
        X_Mms_Previously_sent_date_and_time=("1, Mon, 27 Jan 2003 11:00:00 +0000", "2, nonsense"),
    ).envelope  # fmt: skip
    assert (envelope.message_class, envelope.priority, envelope.hidden) == ("Advertisement", "High", True)
    assert (envelope.delivery_report, envelope.read_report, envelope.adaptation) == (True, True, False)
    assert (envelope.subject, envelope.cc, envelope.hops) == ("Grüße", ["you@mail.example"], 4)
    assert envelope.previously == [(DAVE, DATE - 3600), (BOB, DATE)]


@pytest.mark.parametrize(
    "body, media",
    [
        ("--b\r\n" + IMAGE[:-9], RELATED),
        ("--b\r\n" + IMAGE.replace("R0lG", "R*!0l"), RELATED),
        ("no parts at all", RELATED),
        ("no boundary", "multipart/related"),
        ("", "image/jpeg"),
        ("--b\r\n" + "Content-Type: a/b\r\n\r\nx\r\n--b\r\n" * 200 + "--b--", "multipart/mixed; boundary=b"),
    ],
)
def test_a_body_that_is_cut_broken_or_empty_is_answered_as_corrupt(body, media):
    with pytest.raises(Malformed) as refused:
        read(body, Content_Type=media)
    assert (refused.value.status, refused.value.transaction) == ("Error-message-format-corrupt", "t1")


@pytest.mark.parametrize("type", [None, "m-send-req", "MM4_forward", "MM4_eat.REQ", "MM4_forward.REQUEST"])
def test_other_mail_is_no_mm4(type):
    with pytest.raises(NoMm4):
        read(X_Mms_Message_Type=type)


def test_a_text_of_a_header_has_no_line_end():
    assert bodies.decode("=?utf-8?q?a=0D=0AX-Mms-Priority=3A_High?=") == "a X-Mms-Priority: High"


# What a mail of the exchange below has with that switch, and none has without any
SEEN = {
    "other-case": rb"X-Mms-Transaction-Id: .*\r\n(.*\r\n)*X-MMS-MESSAGE-ID: ",
    "quoted-ids": rb"X-Mms-Message-ID: \"[^\"]+\"\r\n",
    "bracketed-ids": rb"X-Mms-Transaction-ID: <[^>]+>\r\n",
    "ids-of-numbers": rb"X-Mms-Transaction-ID: [0-9a-f]+\.\+447700900102\r\n",
    "no-type": rb"\r\nTo: \+447700900102, \+447700900103\r\n",
    "x-mms-addresses": rb"X-Mms-To: \+447700900102/TYPE=PLMN,",
    "bare-response": rb"forward.RES\r\n(?!(.*\r\n)*Date: )",
    "talkative-response": rb"\r\n\r\nAll is good\.",
    "no-acknowledgement": rb"report.REQ\r\n(?!(.*\r\n)*X-Mms-Ack-Request)",
    "mixed": rb"Content-Type: multipart/mixed",
    "bare-start": rb"Content-ID: [^<]",
    "seconds": rb"X-Mms-Expiry: [0-9]+\r\n",
    "rfc3339": rb"X-Mms-Expiry: 2003-01-30T",
    "system-party": rb"X-Mms-Originator-System: system=mms\..*;party=\+447700900001\r\n",
    "other-status": rb"X-Mms-Status: Retrieved",
    "centre-report": rb"X-Mms-Originator-R/S-Delivery-Report: Yes",
    "forwarded-by": rb"X-Mms-Forwarded-By: ",
}


def exchange(switches):
    """alice's message to carol and dave, with both reports."""
    network = Network({domain: profiles.profile(switches) for domain in (O2, ORANGE)})
    key = network.send((mm1.DELIVERY_REPORT, True), (mm1.READ_REPORT, True), to=(CAROL, DAVE))
    network.run(5)
    _, retrieved, _ = network.retrieve(network.orange, CAROL)
    fields = [(mm1.VERSION, 0x12), (mm1.MESSAGE_ID, retrieved.get(mm1.MESSAGE_ID)), (mm1.TO, mm1.address(ALICE))]
    network.orange.post(CAROL, mm1.READ_REC_IND, *fields, (mm1.FROM, None), (mm1.READ_STATUS, 0x80))
    network.run(5)
    return network, key, retrieved


@pytest.mark.parametrize("switch", profiles.NAMES)
def test_a_message_and_its_reports_cross_between_peers_with_that_switch(switch):
    """Both write in that way, so each is read, too."""
    network, key, retrieved = exchange([switch])
    assert any(re.search(SEEN[switch], octets) for _, octets in network.mails)
    assert mm1.number(retrieved.get(mm1.FROM)) == ALICE
    assert [mm1.number(address) for address in retrieved.all(mm1.TO)] == [CAROL, DAVE]
    assert [pdu.get(mm1.STATUS) for pdu in network.o2.shown(ALICE, mm1.DELIVERY_IND)] == [mm1.RETRIEVED]
    assert [pdu.get(mm1.MESSAGE_ID) for pdu in network.o2.shown(ALICE, mm1.READ_ORIG_IND)] == [key]
    network.run(3600)
    assert not any(network.said("stray") or network.said("failed") for network in network.centres.values())


def test_without_switches_nothing_deviates():
    mails = [octets for domain, octets in exchange([])[0].mails]
    assert [name for name, seen in SEEN.items() if any(re.search(seen, octets) for octets in mails)] == []


def test_a_switch_that_there_is_not_is_named():
    with pytest.raises(ValueError, match="no switch sideways: there are other-case"):
        profiles.profile(["sideways"])
