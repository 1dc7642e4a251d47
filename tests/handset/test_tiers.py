"""Prices by the size of a message and by where the handset is: O2 Germany in January 2003."""

from mms import clock
from mms.codec import mm1
from mms.handset.sending.message import Message
from mms.handset.states import ACKNOWLEDGED
from tests.kit.handset.inbox import notification
from tests.kit.handset.phone import MINUTE, OPERATOR, Camera, Card, Phone

JANUARY = 1043658000  # 27 January 2003, 09:00 UTC
EDGE = 30720


class German(Card):
    imsi, home = "262070000000001", "26207"


class Sensor(Camera):
    """A VGA frame of quality 79 has 60,000 octets, one of QVGA 21,000; less quality makes fewer of them."""

    sizes = "VGA", "QVGA"

    def capture(self, size, quality):
        octets = int((60000 if size == "VGA" else 21000) * 2 ** ((quality - 79) / 30))
        self._octets = b"\xff\xd8" + bytes(octets - 4) + b"\xff\xd9"
        return super().capture(size, quality)


def phone(**more):
    """A Phone of O2 Germany with a camera, at home."""
    clock._told = None
    made = Phone(Sensor(), operators={"26207": OPERATOR}, **more)
    made.modem.card, made.modem.where.mccmnc = German, "26207"
    return made


def picture(made, *texts, **wishes):
    """The Item of a message with a picture, a minute after it was accepted."""

    async def story():
        clock.tell(JANUARY)
        message = Message(["you@mail.example", "25286"])
        message.wishes.update(wishes)
        for text in texts:
            message.text(text)
        message.picture()
        id = await made.handset.send(message)
        await clock.sleep(2 * MINUTE)
        return made.handset.outbox.item(id)

    return made.live(story)


def test_a_picture_is_made_to_fit_under_the_tier_when_that_is_asked():
    large, small = picture(phone()), picture(phone(), under="tier")
    assert large.record["octets"] >= EDGE and large.status["paid"] == [2 * 99, 0, "EUR"]
    assert EDGE // 2 < small.record["octets"] < EDGE and small.status["paid"] == [2 * 39, 0, "EUR"]


def test_an_address_of_e_mail_and_a_short_code_go_out_as_such():
    made = phone()
    picture(made)
    ((_, _, pdu),) = [one for one in made.mmsc.heard if one[0] == "POST"]
    assert pdu.all(mm1.TO) == ["you@mail.example", "25286/TYPE=PLMN"]


def test_abroad_each_kilobyte_costs_more_both_ways():
    made = phone(retrieve={"roaming": "now"})
    made.modem.where.mccmnc, made.modem.where.status = "20820", "roaming"
    item = picture(made, under="tier")
    kilobytes = (item.record["octets"] + 1023) // 1024
    assert item.record["price"] == item.status["paid"] == [2 * (39 + 3 * kilobytes), 0, "EUR"]

    async def story():
        clock.tell(JANUARY)
        made.modem.arrives(*notification("T1"))
        await clock.sleep(5 * MINUTE)
        (came,) = made.handset.inbox.items()
        return came

    made = phone(retrieve={"roaming": "now"})
    made.modem.where.mccmnc, made.modem.where.status = "20820", "roaming"
    came = made.live(story)
    assert came.state == ACKNOWLEDGED
    assert came.status["paid"] == [3 * ((came.status["octets"] + 1023) // 1024), 0, "EUR"]


def test_a_network_of_the_same_country_is_not_abroad():
    made = phone()
    made.modem.where.mccmnc, made.modem.where.status = "26201", "roaming"
    assert picture(made, under="tier").status["paid"] == [2 * 39, 0, "EUR"]
