"""Datagrams of a WAP gateway that mean nothing, or say more than they have to: the answer is the same (WAP-224-WTP)."""

from mms import limits
from mms.errors import BearerError
from mms.link import wsp
from mms.link.url import parse_url
from tests.kit.checks import raises
from tests.kit.link import gateway as kit

URL = parse_url("http://mmsc.example/m")
BODY = bytes(range(250)) * 12  # three segments


def answer(change):
    """The body of an answer of which each datagram is `change(datagram)`, a list of those that come instead."""

    async def story(air, gateway, world):
        usual = air.send

        def send(datagram):
            for changed in change(bytes(datagram)):
                usual(changed)

        air.send = send
        session, buffer = wsp.Session(air), bytearray(limits.BLOCK)
        response = await wsp.exchange(session, buffer, "GET", URL, [("Accept", "*/*")])
        body, count = b"", await response.readinto(buffer)
        while count:
            body += buffer[:count]
            count = await response.readinto(buffer)
        return body

    return kit.drive(story, body=BODY)


def test_a_datagram_without_a_meaning_is_passed_over():
    for noise in (
        lambda datagram: datagram[:1],
        lambda datagram: datagram[:2],
        lambda datagram: bytes([kit.ABORT << 3]) + datagram[1:3],  # without its reason
        lambda datagram: bytes([kit.MORE_RESULT << 3]) + datagram[1:3],  # without its number
        lambda datagram: bytes([0x80 | kit.ACK << 3]) + datagram[1:3] + b"\x84",  # an item without its length
        lambda datagram: bytes([kit.ABORT << 3]) + datagram[1:2],  # without the end of its transaction's number
        lambda datagram: datagram[:1] + bytes([datagram[1] ^ 0x40]) + datagram[2:4] + bytes(len(datagram) - 4),
    ):
        assert answer(lambda datagram, noise=noise: [noise(datagram), datagram, noise(datagram)]) == BODY


def test_transport_items_before_the_octets_are_no_part_of_them():
    for items in (b"\x04\x03abc", b"\x12ab", b"\x92ab\x04\x01c"):  # long, short, both (8.4)

        def change(datagram, items=items):
            head = 3 + (datagram[0] >> 3 & 15 == kit.MORE_RESULT)
            if datagram[0] >> 3 & 15 not in (kit.RESULT, kit.MORE_RESULT):
                return [datagram]
            return [bytes([datagram[0] | 0x80]) + datagram[1:head] + items + datagram[head:]]

        assert answer(change) == BODY


def test_a_line_that_ends_is_told_as_such_and_one_that_takes_no_datagram_as_another_thing():
    for reads, step, words in ((0, "connect", "takes no datagrams"), (1, "receive", "the connection ended")):

        async def story(air, gateway, world, reads=reads):
            usual, left = air.readinto, [reads]

            async def readinto(buf):
                left[0] -= 1
                return await usual(buf) if left[0] >= 0 else 0

            air.readinto = readinto
            await wsp.exchange(wsp.Session(air), bytearray(limits.BLOCK), "GET", URL, [("Accept", "*/*")])

        error = raises(BearerError, kit.drive, story, body=BODY)
        assert error.step == step and words in str(error), str(error)
