"""The bearer: one PIN attempt ever, one exchange at a time, the proxy is asked and not the MMSC's name."""

import asyncio

from mms import clock, limits
from mms.errors import LinkError, ModemError, Refused, SimError
from mms.events import Events
from mms.handset.store.files import new_id
from mms.handset.store.store import Store
from mms.link.url import parse_url
from tests.kit.checks import raises
from tests.kit.handset.bearer import Modem, bearer
from tests.kit.stream import Content


async def status(response, buffer):
    return response.status


def test_a_wrong_pin_is_tried_once_whatever_restarts():
    folder, modem = "build/tests/bearer-%s" % new_id(), Modem("pin")
    for _ in range(3):
        error = raises(SimError, asyncio.run, bearer(modem, folder, pin="9999").start())
        assert error.code == 16 and "9999" not in str(error)
    assert modem.tried == ["9999"]
    asyncio.run(bearer(modem, folder, pin="1234").start())
    asyncio.run(bearer(modem, folder, pin="1234").start())
    assert modem.tried == ["9999", "1234", "1234"]


def test_a_pin_whose_attempt_was_cut_by_the_power_is_not_tried_again():
    class Cut(Modem):
        async def unlock(self, pin):
            self.tried.append(pin)
            raise KeyboardInterrupt

    folder, modem = "build/tests/bearer-%s" % new_id(), Cut("pin")
    raises(KeyboardInterrupt, asyncio.run, bearer(modem, folder, pin="1234").start())
    for _ in range(2):
        error = raises(SimError, asyncio.run, bearer(modem, folder, pin="1234").start())
        assert "delete pin.r" in str(error)
    assert modem.tried == ["1234"]


def test_a_pin_whose_ok_was_lost_is_known_to_be_right_when_the_sim_is_ready():
    class Silent(Modem):
        async def unlock(self, pin):
            self.tried.append(pin)
            raise ModemError("sim")

    folder, modem = "build/tests/bearer-%s" % new_id(), Silent("pin")
    raises(ModemError, asyncio.run, bearer(modem, folder, pin="1234").start())
    modem.state = "ready"
    asyncio.run(bearer(modem, folder, pin="1234").start())
    modem.state = "pin"
    raises(ModemError, asyncio.run, bearer(modem, folder, pin="1234").start())
    assert modem.tried == ["1234", "1234"]


def test_a_sim_that_fails_while_the_pin_is_given_has_not_refused_it():
    class Failing(Modem):
        async def unlock(self, pin):
            self.tried.append(pin)
            raise SimError("sim", 14, "the SIM does not work")

    folder, modem = "build/tests/bearer-%s" % new_id(), Failing("pin")
    assert "the SIM does not work" in str(raises(SimError, asyncio.run, bearer(modem, folder, pin="1234").start()))
    assert "delete pin.r" in str(raises(SimError, asyncio.run, bearer(modem, folder, pin="1234").start()))
    modem.state = "ready"
    asyncio.run(bearer(modem, folder, pin="1234").start())
    assert not Store(folder).has("pin.r") and modem.tried == ["1234"]


def test_a_pin_that_was_taken_is_right_though_the_modem_lost_its_power_in_that_moment():
    class Weak(Modem):
        async def unlocked(self):
            if len(self.tried) == 1:
                raise ModemError("modem", None, "the SIM wants its PIN again")

    folder, modem = "build/tests/bearer-%s" % new_id(), Weak("pin")
    raises(ModemError, asyncio.run, bearer(modem, folder, pin="1234").start())
    asyncio.run(bearer(modem, folder, pin="1234").start())
    assert modem.tried == ["1234", "1234"]


def test_a_pin_that_was_wrong_stays_so_when_another_card_was_in():
    folder, modem = "build/tests/bearer-%s" % new_id(), Modem("pin")
    raises(SimError, asyncio.run, bearer(modem, folder, pin="9999").start())
    modem.state = "ready"
    asyncio.run(bearer(modem, folder, pin="9999").start())
    modem.state = "pin"
    assert raises(SimError, asyncio.run, bearer(modem, folder, pin="9999").start()).code == 16
    assert modem.tried == ["9999"]


def test_where_the_note_of_a_pin_is_damaged_none_is_tried_and_the_way_on_is_told():
    folder, modem = "build/tests/bearer-%s" % new_id(), Modem("pin")
    store = Store(folder)
    with open(folder + "/pin.r", "wb") as file:
        file.write(b"damaged")
    assert "delete pin.r" in str(raises(SimError, asyncio.run, bearer(modem, folder, pin="1234").start()))
    assert modem.tried == [] and store.has("pin.r")
    modem.state = "ready"
    asyncio.run(bearer(modem, folder, pin="1234").start())
    assert not store.has("pin.r")


def test_a_sim_that_wants_what_nobody_gave_says_so():
    assert raises(SimError, asyncio.run, bearer(Modem("pin")).start()).code == 11
    assert raises(SimError, asyncio.run, bearer(Modem("puk"), pin="1234").start()).code == 12


def test_the_proxy_is_asked_in_absolute_form_and_the_stream_closed():
    modem = Modem(answer=b"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n")
    way = bearer(modem)

    async def story():
        await way.start()
        await way.up()
        return await way.request("GET", parse_url("http://mms/x"), status)

    assert asyncio.run(story()) == 204
    assert modem.opened == [("10.1.1.9", 8080)] and modem.closed == 1
    assert modem.written.startswith(b"GET http://mms/x HTTP/1.1\r\nHost: mms\r\n")


def test_a_status_that_is_no_success_is_an_error_with_its_number():
    kinds = ((403, Refused, True), (429, Refused, False), (503, Refused, False), (408, LinkError, None))
    for code, kind, permanent in kinds + ((500, LinkError, None), (101, LinkError, None)):
        modem = Modem(answer=b"HTTP/1.1 %d No\r\n\r\n" % code)
        way = bearer(modem)

        async def story():
            await way.start()  # noqa: B023
            await way.request("GET", parse_url("http://mms/x"), status)  # noqa: B023

        error = raises(kind, asyncio.run, story())
        assert error.code == code and getattr(error, "permanent", None) == permanent
        assert modem.closed == 1


def test_a_redirection_is_not_followed():
    for code in (301, 302, 303, 307, 308):
        answer = b"HTTP/1.1 %d Elsewhere\r\nLocation: http://mmsc.example:8002/x\r\nContent-Length: 0\r\n\r\n" % code
        modem = Modem(answer=answer)
        own = bearer(modem)
        asyncio.run(own.start())
        error = raises(LinkError, asyncio.run, own.request("GET", parse_url("http://mmsc.example:8002/m"), status))
        assert error.code == code and not isinstance(error, Refused)  # it may be a captive page: try again later
        assert len(modem.opened) == 1 and modem.written.count(b"HTTP/1.1") == 1


def test_octets_leave_in_full_blocks():
    def blocks(octets):
        modem = Modem(answer=b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        own = bearer(modem)
        asyncio.run(own.start())
        asyncio.run(own.request("POST", parse_url("http://mmsc.example:8002/"), status, Content(bytes(octets))))
        return modem.blocks

    head = sum(blocks(1000)) - 1000
    for more in (-1, 0):
        assert blocks(limits.BLOCK - head + more) == [limits.BLOCK + more]
    assert blocks(limits.BLOCK - head + 1) == [limits.BLOCK, 1]


def test_a_context_that_somebody_brings_up_just_now_is_not_let_go():
    modem, since, released = Modem(), clock.since, []
    own = bearer(modem)

    async def attach(profile):
        await asyncio.sleep(0)
        clock.since = since  # it is in use from now on

    async def release():
        released.append(True)

    async def story():
        await own.start()
        await own.up()
        modem.attach, modem.release = attach, release
        clock.since = lambda start: 200000
        again = asyncio.create_task(own.up())
        await asyncio.sleep(0)
        await own.rest(Events())
        await again

    try:
        asyncio.run(story())
    finally:
        clock.since = since
    assert released == []
