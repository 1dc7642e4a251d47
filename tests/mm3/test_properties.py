"""Whatever comes as a mail, or as the parts of a message, is mapped or refused, and harms no line of SMTP."""

import email
import email.policy

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kit.mm3.messages import DATE, DOMAIN, PICTURE, YOU, envelope, mail
from tools.lab.network.mm3 import bodies, machine
from tools.lab.network.mm3.mapping import POLICY, to_mail
from tools.lab.network.mmsc.contents import MIXED, Content, Part, unpack

WHOLE = mail(("image/jpeg", PICTURE[:200], "hill.jpg"), ("text/html", b"<p>x", "x.html"), Subject="The sea")
NAMES = st.text(max_size=60)
MEDIA = st.one_of(
    st.sampled_from(["image/jpeg", "text/plain", "audio/amr", "message/rfc822", "multipart/mixed"]),
    st.text(max_size=30),
)
CHARSETS = st.sampled_from(["", "utf-8", "utf-16", "us-ascii", "iso-8859-1", "nonsense"])
PARTS = st.lists(st.builds(Part, MEDIA, st.binary(max_size=300), NAMES, NAMES, NAMES, CHARSETS), max_size=5)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=40), st.integers(0, len(WHOLE)), st.integers(0, 80))
def test_a_damaged_mail_is_a_message_a_report_or_a_refusal(octets, at, gone):
    arrival = machine.read(WHOLE[:at] + octets + WHOLE[at + gone :], YOU, DOMAIN, DATE)
    if arrival.envelope:
        assert "@" in arrival.envelope.sender and len(unpack(arrival.envelope.content).parts) <= bodies.PARTS
    else:
        assert arrival.told is not None or arrival.refusal[:3] in ("550", "554")


@settings(max_examples=60, deadline=None)
@given(PARTS, st.text(max_size=200))
def test_any_parts_and_any_subject_are_a_mail_of_short_ascii_lines(parts, subject):
    made = to_mail(envelope(subject=subject), DOMAIN)
    made.clear_content()
    bodies.write(made, Content(MIXED, tuple(parts)))
    octets = made.as_bytes(policy=POLICY)
    assert max(octets) < 128 and max(map(len, octets.split(b"\r\n"))) <= 998
    assert b"\n" not in octets.replace(b"\r\n", b"")
    again = email.message_from_bytes(octets, policy=email.policy.default)
    files = [part for part in parts if not part.media.startswith("application/smil") and part.media != "text/plain"]
    assert [part.get_payload(decode=True) for part in again.walk() if part.is_attachment()] == [
        part.octets for part in files
    ]
