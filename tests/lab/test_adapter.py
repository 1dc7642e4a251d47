"""The adapter of an MMSC: it learns the handsets of subscribers from their requests, and keeps to their sizes."""

import pytest

from mms.codec import mm1
from tests.kit import photos
from tools.lab.network.adaptation import adapter, profiles
from tools.lab.network.mmsc import contents
from tools.lab.network.mmsc.contents import MIXED, Content, Part
from tools.lab.network.mmsc.envelope import Envelope
from tools.lab.network.mmsc.store import Memory

BOB, FRANK = "+447700900002", "+447700900003"
NOKIA = "Nokia6100/1.0 (04.01) Profile/MIDP-1.0 Configuration/CLDC-1.0"
TODAY = "http://www.google.com/oha/rdf/ua-profile-kila.xml"


def make(store, **given):
    return adapter.Adapter(
        profiles.Profiles(), store, lambda recipient, envelope: "https://v.example/ " + recipient, **given
    )


def envelope(*parts, **fields):
    return Envelope("1", "+447700900001", to=[BOB], content=contents.pack(Content(MIXED, parts)), **fields)


def test_the_last_request_of_a_subscriber_tells_its_handset_also_after_a_restart():
    store = Memory()
    known = make(store)
    assert known.profile(BOB) is None and known.takes_mms(BOB)
    known.learn(BOB, NOKIA)
    assert known.profile(BOB).key == make(store).profile(BOB).key == "nokia6100"
    known.learn(BOB, "Android-Mms/2.0", TODAY)
    assert make(store).profile(BOB).key == "today"
    known.learn(BOB, "micropython-mms")
    assert make(store).profile(BOB) is None


def test_the_headers_of_http_and_of_wsp_name_the_handset():
    known = make(Memory())
    known.hear(BOB, {"User-Agent": "x/1", "x-wap-profile": '"http://nds.nokia.com/uaprof/N6100r100.xml"'})
    known.hear(FRANK, {"Profile": TODAY})
    known.hear(None, {"User-Agent": NOKIA})
    assert known.profile(BOB).key == "nokia6100" and known.profile(FRANK).key == "today"
    known.hear(BOB, {})
    assert known.profile(BOB) is None


def test_a_handset_without_mms_gets_the_link_until_another_one_asks():
    store = Memory()
    known = make(store, given={FRANK: "plain"})
    message = envelope(Part("text/plain", b"hello"))
    assert not known.takes_mms(FRANK) and known(FRANK, message) is None
    known.learn(FRANK, NOKIA)
    assert known.takes_mms(FRANK) and known(FRANK, message) is message.content
    assert make(store, given={FRANK: "plain"}).takes_mms(FRANK)
    with pytest.raises(profiles.ProfileError):
        make(store, given={FRANK: "brick"})


def test_an_unknown_handset_gets_everything_as_it_is():
    message = envelope(Part("image/jpeg", photos.photo()))
    assert make(Memory())(BOB, message) is message.content


def test_the_whole_pdu_has_the_size_that_the_handset_takes_however_long_its_header_is():
    known = make(Memory(), given={BOB: "nokia6100"})
    to = ["+4477009%05d" % number for number in range(20)]
    message = envelope(Part("image/jpeg", photos.photo()), Part("text/plain", b"x" * 38000), subject="ü" * 40)
    message.to = to
    octets = known(BOB, message)
    fields = [(mm1.TRANSACTION_ID, "r" * 25), (mm1.VERSION, 0x10), (mm1.MESSAGE_ID, "i" * 24), (mm1.DATE, 1 << 30)]
    fields += [(mm1.FROM, mm1.address(message.sender)), (mm1.SUBJECT, message.subject)]
    fields += [(mm1.TO, mm1.address(number)) for number in to]
    fields += [(mm1.MESSAGE_CLASS, mm1.PERSONAL), (mm1.PRIORITY, 0x81), (mm1.DELIVERY_REPORT, True)]
    whole = len(mm1.build(mm1.RETRIEVE_CONF, fields)) + len(octets)
    assert 44000 < whole <= 46080


def test_a_message_that_its_sender_wants_unchanged_is_a_link_where_it_does_not_fit():
    known = make(Memory(), given={BOB: "nokia6100"})
    assert known(BOB, envelope(Part("image/jpeg", photos.photo()), adaptation=False)) is None
    small = envelope(Part("text/plain", b"hello"), adaptation=False)
    assert known(BOB, small) is small.content


def test_the_link_names_the_recipient():
    known = make(Memory(), given={BOB: "nokia6100"})
    made = contents.unpack(known(BOB, envelope(Part("audio/amr", b"#!AMR\n"))))
    assert made.parts[0].octets.decode() == "1 sound, see it at https://v.example/ " + BOB
