"""A message of MMS becomes a mail: each field and each kind of part (RFC 4356)."""

import email
import email.policy

import pytest

from tests.kit.mm3.messages import ALICE, BOB, DATE, DOMAIN, PICTURE, YOU, envelope
from tools.lab.network.mm3 import bodies
from tools.lab.network.mm3.mapping import notify, to_mail
from tools.lab.network.mmsc.contents import MIXED, Content, Part, pack


def sent(**fields):
    """The mail as its reader parses it."""
    return email.message_from_bytes(to_mail(envelope(**fields), DOMAIN).as_bytes(), policy=email.policy.default)


def test_pictures_are_attached_texts_are_readable_and_the_layout_is_gone():
    mail = sent()
    (picture,) = mail.iter_attachments()
    assert mail.get_body(("plain",)).get_content().strip() == "Grüße vom Hügel"
    assert (picture.get_content_type(), picture.get_filename(), picture.get_content()) == (
        "image/jpeg", "p.jpg", PICTURE,
    )  # fmt: skip
    assert [part.get_content_type() for part in mail.walk()] == ["multipart/mixed", "text/plain", "image/jpeg"]


def test_all_octets_are_seven_bits_and_all_lines_short_enough_for_smtp():
    octets = to_mail(envelope(subject="Ä" * 100, parts=[Part("text/plain", b"x" * 5000)]), DOMAIN).as_bytes()
    assert max(octets) < 128 and max(map(len, octets.split(b"\r\n"))) <= 998


def test_numbers_and_short_codes_become_addresses_in_the_domain_and_mail_addresses_stay():
    mail = sent(to=[YOU, BOB], cc=["25286", "not an address", "evil@x\r\nBcc: all@mail.example"])
    assert (mail["From"], mail["To"]) == ("%s@%s" % (ALICE, DOMAIN), "%s, %s@%s" % (YOU, BOB, DOMAIN))
    assert mail["Cc"] == "25286@" + DOMAIN and "Bcc" not in mail


def test_fields_of_the_message_are_fields_of_the_mail():
    mail = sent(subject="A hill\r\nBcc: x@y", priority="High", message_class="Auto", read_report=True)
    assert mail["Subject"] == "A hill Bcc: x@y" and "Bcc" not in mail
    assert mail["Message-ID"] == "<0f1e2d3c@mms.o2.example>"
    assert mail["Date"].datetime.timestamp() == DATE
    assert (mail["Importance"], mail["Auto-Submitted"]) == ("high", "auto-generated")
    assert mail["Disposition-Notification-To"] == mail["From"]
    quiet = sent()
    assert quiet["Importance"] == "normal"
    assert not {"Auto-Submitted", "Disposition-Notification-To", "Resent-From"} & set(quiet.keys())


def test_a_long_message_id_is_neither_folded_nor_encoded():
    key = "k" * 200
    assert b"\nMessage-ID: <%s@mms.o2.example>\r\n" % key.encode() in to_mail(envelope(key=key), DOMAIN).as_bytes()


def test_earlier_senders_are_resent_fields_the_last_one_on_top():
    mail = sent(previously=[(BOB, DATE - 200), ("+447700900003", DATE - 100)])
    assert [str(row) for row in mail.get_all("Resent-From")] == ["+447700900003@" + DOMAIN, BOB + "@" + DOMAIN]
    assert [row.datetime.timestamp() for row in mail.get_all("Resent-Date")] == [DATE - 100, DATE - 200]


def test_a_delivery_report_is_asked_for_or_forbidden():
    assert notify(envelope(delivery_report=True)) == "SUCCESS,FAILURE"
    assert notify(envelope()) == "NEVER"


def test_a_hidden_sender_is_in_no_octet_of_the_mail():
    made = to_mail(envelope(hidden=True, read_report=True), DOMAIN)
    octets = made.as_bytes()
    assert b"447700900001" not in octets and b"7700900001" not in octets
    assert made["From"] == made["Disposition-Notification-To"] == "anonymous@mms.o2.example"


@pytest.mark.parametrize(
    "media, name, seen",
    [
        ("audio/amr", "../../bell.amr", ("audio/amr", "bell.amr")),
        ("image/png", "x.exe", ("image/png", "x.png")),
        ("text/html", "page.html", ("text/html", "page.html")),
        ("message/rfc822", "", ("application/octet-stream", "part.bin")),
        ('bad"media', "a\r\nb", ("application/octet-stream", "a b.bin")),
    ],
)
def test_other_parts_are_attachments_and_their_names_are_labels(media, name, seen):
    mail = to_mail(envelope(), DOMAIN)
    mail.clear_content()
    bodies.write(mail, Content(MIXED, (Part(media, b"octets", name=name),)))
    (part,) = email.message_from_bytes(mail.as_bytes(), policy=email.policy.default).iter_attachments()
    assert (part.get_content_type(), part.get_filename()) == seen and part.get_content_disposition() == "attachment"


def test_two_files_of_one_name_keep_apart():
    parts = [Part("image/jpeg", PICTURE, location="p.jpg"), Part("image/jpeg", PICTURE, location="p.jpg")]
    assert [part.get_filename() for part in sent(parts=parts).iter_attachments()] == ["p.jpg", "2-p.jpg"]


def test_a_message_of_one_text_is_a_mail_of_one_part():
    mail = sent(content=pack(Content("text/plain", (Part("text/plain", b"only this"),))))
    assert mail.get_content_type() == "text/plain" and mail.get_content().strip() == "only this"
