"""A mail becomes a message of MMS: each field and each kind of part, and mails that do not (RFC 4356)."""

import pytest

from tests.kit.mm3.messages import BOB, DATE, DOMAIN, PICTURE, YOU, mail
from tools.lab.network.mm3.addresses import to_number
from tools.lab.network.mm3.mapping import MailRefused, from_mail, parse
from tools.lab.network.mmsc.contents import unpack

NOW = DATE + 100
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


def got(octets, mail_from=YOU):
    return from_mail(parse(octets), mail_from, DOMAIN, NOW)


def parts(octets):
    return unpack(got(octets).content).parts


def texts(octets):
    return [part.octets.decode() for part in parts(octets) if part.media == "text/plain"]


def refusal(octets, mail_from=YOU):
    with pytest.raises(MailRefused) as caught:
        got(octets, mail_from)
    return caught.value.reply


@pytest.mark.parametrize(
    "local", ["+447700900002", "447700900002", "+447700900002/TYPE=PLMN", "447700900002/type=plmn"]
)
def test_a_number_is_found_in_the_address_that_stands_for_it(local):
    assert to_number(local + "@MMS.o2.example", DOMAIN) == BOB


def test_a_short_code_stays_one():
    assert to_number("25286@" + DOMAIN, DOMAIN) == "25286" and to_number("+25286@" + DOMAIN, DOMAIN) is None


@pytest.mark.parametrize(
    "address", ["bob@" + DOMAIN, BOB + "@mms.orange.example", BOB, "+44 7700@" + DOMAIN, "+1234567890123456@" + DOMAIN]
)
def test_other_addresses_are_no_number_of_ours(address):
    assert to_number(address, DOMAIN) is None


def test_texts_and_pictures_are_parts_octet_for_octet():
    text, picture = parts(mail(("image/jpeg", PICTURE, "hill.jpg")))
    assert (text.media, text.octets, text.charset) == ("text/plain", b"Hello from the sea", "utf-8")
    assert (picture.media, picture.octets, picture.name, picture.location) == (
        "image/jpeg", PICTURE, "hill.jpg", "1.jpg",
    )  # fmt: skip


def test_fields_of_the_mail_are_fields_of_the_message():
    fields = {"Subject": "The sea", "Importance": "High", "Date": "Mon, 27 Jan 2003 12:00:00 +0000",
              "Disposition_Notification_To": "<%s>" % YOU, "Cc": "else@mail.example"}  # fmt: skip
    message = got(mail(**fields))
    assert (message.sender, message.to, message.cc) == (YOU, [BOB], ["else@mail.example"])
    assert (message.subject, message.priority, message.date) == ("The sea", "High", DATE)
    assert message.read_report and message.message_class == "Personal"
    plain = got(mail())
    assert (plain.priority, plain.read_report, plain.date, plain.previously) == ("Normal", False, NOW, [])


def test_mails_of_programs_are_of_the_class_auto():
    assert got(mail(Auto_Submitted="auto-replied")).message_class == "Auto"
    assert got(mail(), mail_from="").message_class == "Auto"
    assert got(mail(Auto_Submitted="no")).message_class == "Personal"


def test_a_date_ahead_is_not_believed():
    assert got(mail(Date="Mon, 27 Jan 2031 12:00:00 +0000")).date == NOW
    assert got(mail(Date="yesterday")).date == NOW


def test_resent_fields_are_earlier_senders():
    octets = mail()
    resent = b"Resent-From: %s@mms.o2.example\r\nResent-Date: Mon, 27 Jan 2003 %s +0000\r\n"
    octets = resent % (b"late", b"11:00:00") + resent % (BOB.encode(), b"10:00:00") + octets
    assert got(octets).previously == [(BOB, DATE - 7200), ("late@mms.o2.example", DATE - 3600)]


def test_a_read_report_goes_only_to_the_address_that_sent_the_mail():
    assert not got(mail(Disposition_Notification_To="victim@mail.example")).read_report
    assert not got(mail(Disposition_Notification_To="%s, victim@mail.example" % YOU)).read_report
    assert not got(mail(Disposition_Notification_To=YOU), mail_from="").read_report


def test_the_sender_is_an_address_and_never_a_name_or_a_number():
    octets = mail(From='"+447700900007" <stranger@mail.example>')
    assert got(octets).sender == "stranger@mail.example"
    for forged in ("+447700900007/TYPE=PLMN@mail.example", "+447700900007", '"+447700900007 "@mail.example'):
        octets = b"From: %s\r\n" % forged.encode() + mail().split(b"\r\n", 1)[1]
        assert got(octets).sender == YOU or refusal(octets).startswith("554 5.1.7")
    assert got(mail(From="+447700900007@mail.example")).sender == "+447700900007@mail.example"
    assert refusal(mail(From="", Sender=""), mail_from="").startswith("554 5.1.7")


def test_a_sender_in_the_operators_own_domain_is_forged():
    assert refusal(mail(From="+447700900007@%s" % DOMAIN)).startswith("550 5.7.1")
    assert refusal(mail(), mail_from="+447700900007@%s" % DOMAIN.upper()).startswith("550 5.7.1")


def test_html_becomes_text_without_scripts():
    page = ("<html><title>t</title><style>p{}</style><script>alert(1)</script>"
            "<p>Fish &amp; chips<br>at &lt;five&gt;</p><p>Bye</p></html>")  # fmt: skip
    octets = mail(text=None, Content_Type="text/html; charset=utf-8") + page.encode()
    assert texts(octets) == ["Fish & chips\nat <five>\nBye"]


def test_of_alternatives_the_text_is_taken_and_of_a_page_its_pictures():
    octets = (
        b"From: you@mail.example\r\nContent-Type: multipart/alternative; boundary=a\r\n\r\n"
        b"--a\r\nContent-Type: text/plain\r\n\r\nplain\r\n"
        b"--a\r\nContent-Type: multipart/related; boundary=b\r\n\r\n"
        b"--b\r\nContent-Type: text/html\r\n\r\n<p>marked</p>\r\n"
        b"--b\r\nContent-Type: image/gif\r\n\r\nGIF89a...\r\n--b--\r\n--a--\r\n"
    )
    text, picture = parts(octets)
    assert (text.octets, picture.media) == (b"plain", "image/gif")


@pytest.mark.parametrize(
    "charset, octets",
    [("iso-8859-1", b"Gr\xfc\xdfe"), ("utf-8", "Grüße".encode()), ("windows-1252", b"Gr\xfc\xdfe"),
     ("x-unknown", b"Gr\xfc\xdfe"), ("utf-16", "Grüße".encode("utf-16")), ("x-unknown", "Grüße".encode())],
)  # fmt: skip
def test_texts_are_read_in_their_charset(charset, octets):
    head = b"From: you@mail.example\r\nContent-Type: text/plain; charset=%s\r\n" % charset.encode()
    assert texts(head + b"Content-Transfer-Encoding: 8bit\r\n\r\n" + octets) == ["Grüße"]


@pytest.mark.parametrize("charset", ["punycode", "idna", "unicode_escape", "rot13", "base64"])
def test_codecs_that_are_no_charsets_are_not_reached(charset):
    head = b"From: you@mail.example\r\nContent-Type: text/plain; charset=%s\r\n\r\n" % charset.encode()
    assert texts(head + b"\\x41 +AGE- xn--a") == ["\\x41 +AGE- xn--a"]


@pytest.mark.parametrize(
    "encoding, octets",
    [("base64", b"R3LDvMOfZQ=="), ("quoted-printable", b"Gr=C3=BC=C3=9Fe"), ("BASE64", b"R3LDvMO\r\nfZQ")],
)
def test_transfer_encodings_are_undone(encoding, octets):
    head = b"From: you@mail.example\r\nContent-Type: text/plain; charset=utf-8\r\n"
    assert texts(head + b"Content-Transfer-Encoding: %s\r\n\r\n" % encoding.encode() + octets) == ["Grüße"]


def test_flowed_lines_are_one_paragraph():
    head = b"From: you@mail.example\r\nContent-Type: text/plain; format=flowed\r\n\r\n"
    assert texts(head + b"one \r\ntwo\r\n three\r\n") == ["one two\nthree"]


def test_files_that_are_not_for_phones_are_left_out_and_the_text_says_so():
    octets = mail(
        ("image/svg+xml", SVG, "a.svg"), ("application/x-msdownload", b"MZ", "b.jpg"), ("image/gif", b"GIF87a", "")
    )
    text, picture = parts(octets)
    assert text.octets.decode() == (
        "Hello from the sea\n\n[2 left out, not for a phone: application/x-msdownload, image/svg+xml]"
    )
    assert picture.media == "image/gif"


def test_a_picture_is_one_by_its_octets_whatever_it_is_called():
    (text, picture) = parts(mail(("application/octet-stream", PICTURE, "x.exe"), ("image/png", SVG, "x.png")))
    assert (picture.media, picture.octets) == ("image/jpeg", PICTURE) and b"1 left out" in text.octets


@pytest.mark.parametrize("media", ["image/jpg", "image/pjpeg"])
def test_other_names_of_jpeg_are_jpeg(media):
    assert parts(mail((media, PICTURE, "x.jpg")))[1].media == "image/jpeg"


def test_an_attached_text_is_text_and_an_attached_page_is_left_out():
    octets = mail(("text/plain", b"a note", "n.txt"), ("text/html", b"<p>page", "p.html"))
    assert texts(octets) == ["Hello from the sea\n\na note\n\n[1 left out, not for a phone: text/html]"]


def test_a_mail_of_nothing_else_is_refused_and_an_empty_one_is_an_empty_text():
    assert refusal(mail(("image/svg+xml", SVG, "a.svg"), text="")).startswith("554 5.6.1")
    assert texts(mail(text="", Subject="Only a subject")) == [""]


def test_the_twenty_first_part_is_left_out():
    found = parts(mail(*[("image/gif", b"GIF89a", "%d.gif" % at) for at in range(30)]))
    assert len(found) == 20 and b"[11 left out" in found[0].octets


def test_names_are_labels():
    names = [part.name for part in parts(mail(("image/gif", b"GIF89a", "../..\\etc/a\u202egpj.\x07" + "x" * 99)))]
    assert names == ["", "agpj." + "x" * 35]


def test_a_mail_in_a_loop_is_refused():
    hop = b"Received: from a by b; Mon, 27 Jan 2003 12:00:00 +0000\r\n"
    assert got(hop * 25 + mail()).sender == YOU
    assert refusal(hop * 26 + mail()).startswith("554 5.4.6")


@pytest.mark.parametrize(
    "octets",
    [
        b"Subject: %s\r\n\r\n" % (b"(" * 9000),
        b"X: y\r\n" * 201 + b"\r\n",
        b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n' + b"--b\r\n\r\n" * 2001,
        b"".join(b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (at, at) for at in range(40)),
        b"".join(b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (at, at) for at in range(4000)),
    ],
)
def test_bombs_of_fields_and_multiparts_are_refused(octets):
    assert refusal(octets).startswith("554 5.6.0")


@pytest.mark.parametrize("octets", [b"", b"\0" * 100, b"\xff\xfe:\r\n\r\n", b"From\r\n: \r\n\r\nhello", b"\r\n\r\n"])
def test_nonsense_is_a_text_or_a_refusal(octets):
    assert got(octets).sender == YOU
