"""A session with a WAP gateway: octets arrive whole though datagrams are lost, doubled, late or out of order."""

import random

from mms import clock, limits
from mms.errors import LinkError, TooLarge
from mms.link import wsp, wtp
from mms.link.url import parse_url
from tests.kit.checks import raises
from tests.kit.link import gateway as kit
from tests.kit.stream import Content

URL = parse_url("http://mmsc.example/m")
HEADERS = [("Accept", "*/*, application/vnd.wap.mms-message"), ("User-Agent", "t"), ("x-a", "b")]
TYPE = [("Content-Type", "application/vnd.wap.mms-message")]


def octets(count):
    return (bytes([at * 7 % 251 for at in range(251)]) * (count // 251 + 1))[:count]


async def collect(response, buffer):
    body = []
    while True:
        count = await response.readinto(buffer)
        if not count:
            return b"".join(body)
        body.append(bytes(buffer[:count]))


def exchange(size, body=b"", faults=kit.fine, group=3, prepare=None):
    """(what was posted, the body that came, the gateway, milliseconds) of a Post of `size` octets, or a Get of none."""
    sent = octets(size)

    async def story(air, gateway, world):
        session, buffer = wsp.Session(air), bytearray(limits.BLOCK)
        method, headers, content = ("POST", HEADERS + TYPE, Content(sent)) if size else ("GET", HEADERS, None)
        response = await wsp.exchange(session, buffer, method, URL, headers, True, content)
        assert (response.status, response.media) == (200, TYPE[0][1])
        came = await collect(response, buffer)
        ms = world.now
        acked = session.acked
        await session.leave()
        session.close()
        await clock.sleep(1000)
        assert gateway.told == [b"\x05\x07"] and gateway.aborted == [] and air.closed
        assert content is None or len(content.completed) == 1 and acked == len(gateway.requests[0])
        return gateway.requests[0][-size:], came, air, ms

    posted, came, air, ms = kit.drive(story, faults, body, group, prepare)
    assert not size or posted == sent
    assert came == body
    return air, ms


def test_the_request_is_a_post_with_type_accept_and_user_agent_after_a_connect_with_the_size_of_an_sdu():
    written = []

    def note(way, count, datagram):
        if way == "up":
            written.append(datagram)
        return (0,)

    exchange(3, b"answer", note)
    connect, _, post = written[:3]
    assert connect[0] == 0x0A  # TTR alone: the gateway may answer in segments
    most = b"\xc3\xb1\x60"  # 1,104,096
    assert connect[3:] == b"\x02\x01\x10\x0a\x00\x04\x80" + most + b"\x04\x81" + most
    headers = b"\xbe\x80\x80\x80\xbe\xa9t\x00x-a\x00b\x00"  # media types by their numbers
    place = b"http://mmsc.example/m"
    assert post[3:] == b"\x02\x60" + bytes([len(place), len(headers)]) + place + headers + octets(3)


def only(way, at, copies):
    def faults(direction, count, datagram):
        return copies if (direction, count) == (way, at) else (0,)

    return faults


def test_a_lost_doubled_or_late_datagram_anywhere_costs_time_and_nothing_else():
    air, _ = exchange(20000, octets(9000))
    for way in ("up", "down"):
        for at in range(air.counts[way] - 1):  # the last one up ends the session
            for copies in ((), (0, 0), (0, 2500), (4000,)):
                if not copies and way == "up" and at == air.counts["up"] - 2:
                    continue  # nobody waits for an answer to the last acknowledgement

                exchange(20000, octets(9000), only(way, at, copies))


def at_random(way, count, datagram):
    if datagram[0] >> 3 & 15 == kit.INVOKE and datagram[3] & 3 == 0:
        return (0,)  # the end of a session goes once
    drawn = random.getrandbits(5)
    return () if drawn < 2 else (0, 100 * drawn) if drawn < 5 else (300 * drawn - 1000,) if drawn < 9 else (0,)


def test_a_radio_that_loses_doubles_and_reorders_at_random_delivers_whole_messages():
    for seed in range(60):
        random.seed(seed)
        exchange(25000, octets(16000), at_random, 1 + seed % 7)


def test_only_the_segments_that_are_missing_go_again():
    lost = []

    def faults(way, count, datagram):
        again = datagram[0] & kit.RID
        if way == "up" and datagram[0] >> 3 == kit.MORE_INVOKE and datagram[3] in (2, 3) and not again:
            lost.append(datagram[3])
            return ()
        return (0,)

    whole, usual = exchange(20000, b"answer")
    air, ms = exchange(20000, b"answer", faults)
    assert lost == [2, 3]
    assert air.counts["up"] == whole.counts["up"] + 2
    assert ms < usual + 3000


def test_a_list_that_crosses_the_segments_it_asks_for_does_not_make_them_go_twice():
    def prepare(gateway):
        gateway.impatient = True

    def faults(way, count, datagram):
        lost = way == "up" and datagram[0] == kit.MORE_INVOKE << 3 and datagram[3] in (1, 2, 3)
        return () if lost else (0,)

    whole, _ = exchange(7000, b"answer")
    air, _ = exchange(7000, b"answer", faults, prepare=prepare)
    assert air.counts["down"] == whole.counts["down"] + 3  # lists of three, two and one
    assert air.counts["up"] == whole.counts["up"] + 3


def test_a_gateway_that_falls_silent_is_asked_five_times_more_and_then_given_up():
    def faults(way, count, datagram):
        return () if way == "up" and count > 3 else (0,)

    times = []

    async def story(air, gateway, world):
        session = wsp.Session(air)
        content = Content(octets(20000))
        begun = world.now
        try:
            await wsp.exchange(session, bytearray(limits.BLOCK), "POST", URL, HEADERS + TYPE, True, content)
        except LinkError as error:
            times.append(world.now - begun)
            return str(error), content.completed, air.counts["up"]

    error, completed, count = kit.drive(story, faults)
    assert error == "answer: the WAP gateway does not answer"
    assert completed == []  # so the message is not in doubt
    assert count == 2 + 5 + 2 * 5  # Connect and its end, one group, and five times its first and last segment
    assert 60000 < times[0] < 120000


def test_an_acknowledgement_that_says_wait_ends_the_repetitions_of_a_request():
    def prepare(gateway):
        gateway.holds, answer = True, gateway.answer

        def slowly(message):
            given = answer(message)
            gateway.slow_ms = 30000
            return given

        gateway.answer = slowly

    air, ms = exchange(0, b"answer", prepare=prepare)
    assert ms > 30000
    assert air.counts["up"] == 6  # Connect, its end, Get and once again, the end of the result, Disconnect


def test_a_gateway_may_ask_whether_a_transaction_is_ours():
    seen = []

    def prepare(gateway):
        gateway.verifies = True
        seen.append(gateway)

    exchange(5000, b"answer", prepare=prepare)
    assert len(seen[0].verified) == 2


def test_an_acknowledgement_and_a_result_may_come_in_one_datagram():
    def prepare(gateway):
        usual = kit.Air.send

        def join(air, datagram):
            kind = datagram[0] >> 3 & 15
            if kind == kit.ACK:
                gateway.joined = datagram
            elif kind == kit.RESULT and getattr(gateway, "joined", None):
                long = bytes((0x80 | len(datagram) >> 8, len(datagram) & 0xFF))
                first, gateway.joined = gateway.joined, None
                usual(air, b"\0" + bytes((len(first),)) + first + long + datagram)
            else:
                usual(air, datagram)

        gateway.join = join

    async def story(air, gateway, world):
        air.send = lambda datagram: gateway.join(air, datagram)
        session, buffer = wsp.Session(air), bytearray(limits.BLOCK)
        response = await wsp.exchange(session, buffer, "POST", URL, HEADERS + TYPE, True, Content(octets(2000)))
        return await collect(response, buffer)

    assert kit.drive(story, body=octets(900), prepare=prepare) == octets(900)


def test_datagrams_that_a_modem_gives_as_one_cost_time_and_no_octet_gets_into_the_message():
    def slowly(size, group):
        async def story(air, gateway, world):
            air.merges = True
            session, buffer = wsp.Session(air), bytearray(limits.BLOCK)
            response = await wsp.exchange(session, buffer, "GET", URL, HEADERS)
            body = b""
            while True:
                await clock.sleep(900)
                count = await response.readinto(buffer)
                if not count:
                    return body
                body += bytes(buffer[:count])

        return kit.drive(story, body=octets(size), group=group)

    for size in (1380, 1400, 2780, 4200, 9000):
        for group in (1, 2, 3):
            assert slowly(size, group) == octets(size)


def test_segments_that_a_modem_gave_as_one_are_asked_for_at_once_and_one_after_the_other():
    def joined(group):
        async def story(air, gateway, world):
            session, buffer = wsp.Session(air), bytearray(limits.BLOCK)
            begun = world.now
            usual = air._arrive
            waiting = []

            def arrive(datagram):  # the modem gives no segment of a group that goes for the first time by itself
                kind, flags = datagram[0] >> 3 & 15, datagram[0] & 7
                if kind not in (kit.RESULT, kit.MORE_RESULT) or flags & kit.RID or not air.counts["up"] > 2:
                    usual(datagram)
                    return
                waiting.append(datagram)
                if flags & (kit.GTR | kit.TTR):
                    usual(b"".join(waiting)[: limits.BLOCK])
                    waiting.clear()

            air._arrive = arrive
            response = await wsp.exchange(session, buffer, "GET", URL, HEADERS)
            return await collect(response, buffer), world.now - begun

        return kit.drive(story, body=octets(11000), group=group)

    for group in (2, 4):
        body, ms = joined(group)
        assert body == octets(11000)
        # Each of 8 goes twice, the second time after a round trip: no group waits until the gateway repeats its end.
        assert ms < 8 * (2 * kit.HALF_MS + 2 * 1400 * 1000 // kit.DOWN) + kit.REPEAT_MS


def with_the_last_segment(more, body, reply=kit.REPLY):
    """The body that comes when the modem joins the datagrams `more(datagram)` to the last one of the result."""

    async def story(air, gateway, world):
        usual = air.send

        def send(datagram):
            last = datagram[0] >> 3 & 15 in (kit.RESULT, kit.MORE_RESULT) and datagram[0] & kit.TTR
            usual(datagram + more(datagram) if last and air.counts["down"] else datagram)

        air.send, gateway.reply = send, reply
        session, buffer = wsp.Session(air), bytearray(limits.BLOCK)
        return await collect(await wsp.exchange(session, buffer, "GET", URL, HEADERS), buffer)

    return kit.drive(story, body=body)


def test_a_last_segment_and_its_repetition_that_a_modem_gives_as_one_are_one():
    for size in (0, 15, 1500):
        for again in (0, kit.RID):
            more = lambda datagram, again=again: bytes([datagram[0] | again]) + datagram[1:]  # noqa: E731
            assert with_the_last_segment(more, octets(size)) == octets(size)


def test_octets_behind_the_content_length_are_no_part_of_the_message():
    for size in (0, 300, 1500):
        reply = kit.SIZED + size.to_bytes(2, "big")
        assert with_the_last_segment(lambda _: b"\x13\xff\xf4\x04\x20\x01\x80", octets(size), reply) == octets(size)


def failure(prepare, size=10, kind=LinkError):
    return raises(kind, exchange, size, b"x", prepare=prepare)


def aborts(first, reason):
    def prepare(gateway):
        gateway.reply = None
        usual = gateway.answer

        def answer(message):
            if message[0] != 1:
                last = max(gateway.transactions) | 0x8000
                gateway.air.send(bytes((first, last >> 8, last & 0xFF, reason)))
            return usual(message)

        gateway.answer = answer

    return prepare


def test_an_abort_is_an_error_with_its_reason_and_too_large_is_said_so():
    error = failure(aborts(0x20, 0x07))
    assert error.code == 7 and "WTP" in str(error)
    error = failure(aborts(0x21, 0xE4))
    assert error.code == 0xE4 and "WSP" in str(error)
    for reason in (0x04, 0x09, 0x0A, 0xE6):
        assert "too large" in str(failure(aborts(0x20, reason), kind=TooLarge))


def test_255_segments_are_the_most_and_one_more_octet_is_too_large_before_the_request_is_sent():
    class Sized:
        def __init__(self, octets):
            self.octets = octets

    async def story(air, gateway, world):
        session = wsp.Session(air)
        await wsp.exchange(session, bytearray(limits.BLOCK), "POST", URL, HEADERS + TYPE, True, Sized(357000))

    error = raises(TooLarge, kit.drive, story)
    assert error.permanent and "is the most for a WAP gateway" in str(error)
    head = bytes(100)
    assert wtp._Message(head, Sized(255 * 1400 - 100), 1400).segments == 255
    raises(TooLarge, wtp._Message, head, Sized(255 * 1400 - 99), 1400)


def test_a_modem_with_smaller_datagrams_gets_smaller_segments_and_more_of_them_in_a_group():
    sizes, ends = [], []

    def note(way, count, datagram):
        if way == "up":
            sizes.append(len(datagram))
            ends.extend([datagram[3]] if datagram[0] == kit.MORE_INVOKE << 3 | kit.GTR else [])
        return (0,)

    kit.Air.most = 1024
    try:
        exchange(20000, octets(9000), note)
    finally:
        del kit.Air.most
    assert max(sizes) == 1024 and ends == [6, 13]


def test_a_gateway_that_takes_less_says_so_when_the_session_begins():
    def prepare(gateway):
        gateway.connected = b"\x02\x07\x04\x00\x03\x81\x87\x68"  # 1000 octets to the server

    assert "takes 1000" in str(failure(prepare, 990, TooLarge))


def test_answers_that_are_none_are_errors_of_one_line():
    def connected(given):
        def prepare(gateway):
            gateway.connected = given

        return prepare

    def replied(given):
        def prepare(gateway):
            gateway.reply = given

        return prepare

    for given in (b"\x03\x00", b"\x99", b"\x02", b"\x02\x07\x05\x00\x01", b"\x02\xff\xff\xff\xff\xff\xff"):
        failure(connected(given))
    for given in (b"", b"\x05\x20\x00", b"\x04\x20\xff\xff\xff\xff\xff\xff", b"\x04\x20\x90\x01", b"\x04\x20\x03ab"):
        failure(replied(given))


def test_thirty_thousand_octets_over_class_ten_take_at_most_a_twentieth_more_than_their_bound():
    for size, body in ((30000, b"x" * 100), (0, octets(30000))):
        group = 5 if size else 3
        air, ms = exchange(size, body)
        segments = (len(octets(size) or body) + 200) // 1400 + 1
        groups = (segments + group - 1) // group
        travel = air.octets["up"] * 1000 / kit.UP if size else air.octets["down"] * 1000 / kit.DOWN
        bound = 2 * 700 + kit.MMSC_MS + (groups - 1) * 700 + travel
        assert ms <= 1.05 * bound
