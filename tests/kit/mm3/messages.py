"""Messages of MMS and mails, for tests of the way between them."""

import email.policy
from email.message import EmailMessage

from tests.kit.pictures import jpeg
from tools.lab.network.mmsc.contents import RELATED, Content, Part, pack
from tools.lab.network.mmsc.envelope import Envelope

DOMAIN = "mms.o2.example"
ALICE, BOB = "+447700900001", "+447700900002"
YOU = "you@mail.example"
DATE = 1043668800  # 27 January 2003, 12:00
PICTURE = jpeg("QVGA", 5000)
SMIL = b'<smil><head/><body><par><img src="p.jpg"/><text src="t.txt"/></par></body></smil>'
PARTS = (
    Part("application/smil", SMIL, id="0.smil", location="0.smil"),
    Part("image/jpeg", PICTURE, id="p", location="p.jpg"),
    Part("text/plain", "Grüße vom Hügel".encode(), location="t.txt", charset="utf-8"),
)


def envelope(parts=PARTS, **fields):
    """An Envelope from alice to an address of mail; `fields` replace its own."""
    start = "0.smil" if parts is PARTS else ""
    fields.setdefault("content", pack(Content(RELATED, tuple(parts), start)))
    return Envelope(**{"key": "0f1e2d3c", "sender": ALICE, "to": [YOU], "date": DATE, **fields})


def mail(*attachments, text="Hello from the sea", **fields):
    """The octets of a mail; attachments are (media, octets, name)."""
    made = EmailMessage(policy=email.policy.SMTP)
    named = {"From": "You <%s>" % YOU, "To": "%s@%s" % (BOB, DOMAIN), "Message-ID": "<1@mail.example>", **fields}
    for name, value in named.items():
        made[name.replace("_", "-")] = value
    if text is not None:
        made.set_content(text)
    for media, octets, name in attachments:
        made.add_attachment(octets, *media.split("/"), filename=name)
    return made.as_bytes()
