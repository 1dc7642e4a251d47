"""A relay whose recipients cannot have MMS, or not this message: the adapter, the page, and an honest report."""

import datetime

import pytest

from mms.codec import mm1
from tests.kit import photos
from tests.kit.lab import mmsc_machine
from tests.kit.lab.mmsc_machine import ALICE, BOB
from tests.kit.lab.ports import DAVE
from tools.lab.network.adaptation import adapter, profiles
from tools.lab.network.mmsc import contents, store
from tools.lab.network.mmsc.contents import MIXED, Content, Part
from tools.lab.network.mmsc.disk import Disk
from tools.lab.network.viewer.machine import Viewer

NOKIA = "Nokia6100/1.0 (04.01) Profile/MIDP-1.0 Configuration/CLDC-1.0"
UTC = datetime.timezone.utc


class Lab(mmsc_machine.Lab):
    """A relay with adapter and page; `texts` are the short messages of pages that were taken, (number, text)."""

    def __init__(self, given=(), taken=True, **settings):
        super().__init__(octets=400000, **settings)
        self.texts, self.pages, self.taken = [], {}, taken
        self.viewer = Viewer(self.relay, self._text, self.pages, "https://v.o2.example", UTC, b"secret")
        self.relay.ports = {"page": self.viewer}
        self.adapter = adapter.Adapter(
            profiles.Profiles(),
            self.relay.store,
            lambda to, message: self.viewer.link(to, message, self.now),
            given,
            lambda number: self.relay.refit(number, self.now),
        )
        self.relay.fit = self.adapter
        own = self.relay.route
        self.relay.route = lambda sender, to, now, octets=0: (
            "page" if to == DAVE or not self.adapter.takes_mms(to) else own(sender, to, now, octets)
        )

    def _text(self, page):
        if self.taken:
            self.texts.append(self.viewer.message(page))
            self.viewer.texted(page, self.now)

    def open(self):
        """Enter the code of the last text: (page, session)."""
        words = self.texts[-1][1].split()
        page = words[-3].rpartition("/")[2]
        return page, self.viewer.enter(page, words[-1], "10.0.0.1", self.now)

    def submit(self, to, *parts):
        """Have alice send parts, with a delivery report."""
        head = [(mm1.TRANSACTION_ID, "t1"), (mm1.VERSION, 0x12), (mm1.FROM, None), (mm1.TO, mm1.address(to))]
        head.append((mm1.DELIVERY_REPORT, True))
        octets = mm1.build(mm1.SEND_REQ, [*head, (mm1.CONTENT_TYPE, mm1.ContentType("text/plain", []))])
        at = mm1.parse(octets).fields[-1][2]
        assert self.post(ALICE, octets[:at] + contents.pack(Content(MIXED, parts))).get(mm1.RESPONSE_STATUS) == 0x80


def statuses(lab):
    return [pdu.get(mm1.STATUS) for number, pdu in lab.pushed if number == ALICE and pdu.type == mm1.DELIVERY_IND]


@pytest.mark.parametrize("to", [DAVE, BOB])
def test_without_an_agreement_or_a_handset_a_text_comes_and_the_sender_hears_when_the_page_was_shown(to):
    lab = Lab(given={BOB: "plain"})
    lab.submit(to, Part("image/jpeg", photos.photo()))
    assert [number for number, _ in lab.run(10)] == [] and [number for number, _ in lab.texts] == [to]
    page, session = lab.open()
    _, octets = lab.viewer.see(page, session, lab.now)
    assert contents.unpack(octets).parts[0].octets == photos.photo()
    assert statuses(lab) == []
    lab.viewer.shown(page, lab.now)
    assert statuses(lab) == [mm1.RETRIEVED]
    assert lab.run(30 * 86400) == [] and len(lab.texts) == 1


def test_a_page_that_is_never_shown_is_a_message_that_expired():
    lab = Lab()
    lab.submit(DAVE, Part("text/plain", b"hello"))
    lab.run(10)
    end = lab.viewer.due
    lab.run((end - lab.now) // 1000 + 1)
    lab.viewer.advance(lab.now)
    lab.run(86400)
    assert statuses(lab) == [mm1.EXPIRED] and not lab.pages


def test_the_notification_tells_the_size_of_what_the_nokia_gets_and_it_gets_that():
    lab = Lab()
    lab.adapter.learn(BOB, NOKIA)
    lab.submit(BOB, Part("image/jpeg", photos.photo()), Part("audio/amr", b"#!AMR\n" + b"\x3c" * 3200))
    [(_, notification)] = lab.run(10)
    pdu, octets = lab.get(BOB, notification.get(mm1.CONTENT_LOCATION))
    assert notification.get(mm1.MESSAGE_SIZE) == len(octets) <= 46080
    at = next(offset for number, _, offset in pdu.fields if number == mm1.CONTENT_TYPE)
    picture, notice = contents.unpack(octets[at:]).parts
    assert photos.opened(picture.octets).size == (256, 192)
    lab.texts.append((BOB, notice.octets.decode()))
    page, session = lab.open()
    whole = contents.unpack(lab.viewer.see(page, session, lab.now)[1])
    assert [part.media for part in whole.parts] == ["image/jpeg", "audio/amr"]
    assert whole.parts[0].octets == photos.photo()


def test_a_message_that_was_too_large_for_a_handset_fits_when_it_is_known_and_is_announced_again():
    lab = Lab()
    lab.submit(BOB, Part("image/jpeg", photos.photo()))
    [(_, first)] = lab.run(10)
    assert first.get(mm1.MESSAGE_SIZE) > len(photos.photo())
    lab.adapter.learn(BOB, NOKIA)
    assert lab.run(10) == []
    [(_, again)] = lab.run(300)
    _, octets = lab.get(BOB, again.get(mm1.CONTENT_LOCATION))
    assert again.get(mm1.MESSAGE_SIZE) == len(octets) <= 46080
    lab.adapter.learn(BOB, "Android-Mms/2.0")
    [(_, third)] = lab.run(310)
    _, octets = lab.get(BOB, third.get(mm1.CONTENT_LOCATION))
    assert third.get(mm1.MESSAGE_SIZE) == len(octets) > len(photos.photo())
    assert first.get(mm1.TRANSACTION_ID) == third.get(mm1.TRANSACTION_ID)


def test_a_deferred_message_is_announced_again_to_another_handset():
    lab = Lab()
    lab.submit(BOB, Part("image/jpeg", photos.photo()))
    [(_, first)] = lab.run(10)
    tid = first.get(mm1.TRANSACTION_ID)
    lab.answer(BOB, mm1.NOTIFYRESP_IND, (mm1.TRANSACTION_ID, tid), (mm1.VERSION, 0x10), (mm1.STATUS, mm1.DEFERRED))
    assert lab.run(3600) == []
    lab.adapter.learn(BOB, NOKIA)
    [(_, again)] = lab.run(310)
    assert again.get(mm1.MESSAGE_SIZE) <= 46080


def test_a_message_that_cannot_be_made_to_fit_goes_as_a_text_with_the_link():
    lab = Lab(given={BOB: "nokia6100"})
    lab.submit(BOB, Part("text/plain", b"x" * 60000))
    assert lab.run(10) == [] and lab.texts[0][0] == BOB
    lab.viewer.shown(lab.open()[0], lab.now)
    assert statuses(lab) == [mm1.RETRIEVED]


def test_the_text_goes_out_after_a_restart_that_came_before_the_sms_centre_took_it(tmp_path):
    lab = Lab(taken=False, store=store.Memory())
    lab.submit(DAVE, Part("text/plain", b"hello"))
    lab.run(10)
    assert lab.texts == [] and len(lab.pages) == 1
    again = Lab(store=lab.relay.store)
    again.relay.bodies.update(lab.relay.bodies)
    again.pages.update(lab.pages)
    again.relay.resume(0)
    again.run(10)
    assert [number for number, _ in again.texts] == [DAVE] and len(again.pages) == 1
    page, session = again.open()
    assert again.viewer.see(page, session, again.now)


class Killed(Exception):
    """The process ends here."""


class Mortal(Disk):
    """A store whose process is killed before its change number `last`."""

    def __init__(self, path, last):
        super().__init__(path)
        self.left = last

    def put(self, *row):
        self._live()
        super().put(*row)

    def drop(self, *row):
        self._live()
        super().drop(*row)

    def _live(self):
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                raise Killed


def test_a_process_that_is_killed_before_any_change_goes_on_where_it_was(tmp_path):
    last, ended = 0, False
    while not ended:
        disk = Mortal(tmp_path / ("%d.sqlite" % last), None)
        lab = Lab(store=disk)
        lab.submit(DAVE, Part("text/plain", b"hello"))
        disk.left = last
        try:
            lab.run(10)
            lab.viewer.shown(lab.open()[0], lab.now)
            ended = True
        except Killed:
            pass
        disk.close()
        disk = Mortal(tmp_path / ("%d.sqlite" % last), None)
        again = Lab(store=disk)
        again.relay.bodies.update(lab.relay.bodies)
        again.pages.update(lab.pages)
        again.relay.resume(0)
        again.run(10)
        if not ended:
            again.texts = again.texts or [again.viewer.message(page) for page in again.viewer.pages]
            page, session = again.open()
            assert contents.unpack(again.viewer.see(page, session, again.now)[1]).parts[0].octets == b"hello"
            again.viewer.shown(page, again.now)
        assert statuses(lab) + statuses(again) == [mm1.RETRIEVED]
        again.viewer.advance(30 * 86400 * 1000)
        again.run(30 * 86400)
        assert not disk.all("page") and not disk.all("delivery") and len(statuses(again)) <= 1
        disk.close()
        last += 1
    assert last > 8
