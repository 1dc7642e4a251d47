"""No length on the wire decides an allocation, and no input takes long."""

import gc

from mms import limits
from mms.codec import charset, gsm7, links, mm1, multipart, push, slides, wsp
from mms.errors import LinkError, PduError, UsageError
from mms.handset import numbers
from mms.handset.receiving import short_messages
from mms.link.url import parse_url
from tests.kit.checks import raises
from tests.kit.codec import golden
from tests.kit.hostile.effort import a_round, rounds

try:
    from gc import mem_alloc as allocated
except ImportError:  # CPython counts no octets: there only the work is looked at

    def allocated():
        return 0


HUGE = (b"\x1f\x88\x80\x80\x80\x00", b"\x1f\x8f\xff\xff\xff\x7f", b"\x1f\xff\xff\xff\xff\xff\xff")
BLOCK = 2048
ROUNDS = 8  # of a plain loop: some 30 ms on a PC


def attempt(function, *arguments):
    for last in (False, True):
        try:
            return function(*arguments)
        except PduError:
            return None
        except MemoryError:  # in a heap of holes MicroPython may want a collection that it does not begin by itself
            if last:
                raise
        gc.collect()


def cost(decode, octets):
    """Octets that decoding allocates, all together."""
    if not allocated():
        attempt(decode, octets)
        return 0
    gc.collect()
    gc.disable()
    before = allocated()
    attempt(decode, octets)
    taken = allocated() - before
    gc.enable()
    return taken


def whole(octets):
    parser = multipart.Parser()
    for _ in parser.feed(octets):
        pass
    parser.close()


def test_a_huge_length_allocates_nothing():
    for at in range(0, 60):
        for length in HUGE:
            for decode, octets in (
                (mm1.parse, golden.NOTIFICATION),
                (mm1.parse, golden.SEND_HEADER),
                (push.parse, golden.PUSH),
                (whole, golden.BODY),
            ):
                for given in (length, length[1:]):
                    taken = cost(decode, octets[:at] + given + octets[at:])
                    assert taken < 16 * BLOCK, (decode, at, taken)


def test_a_fragmented_heap_with_holes_of_2_kb_is_enough():
    gc.collect()
    held = [None] * (gc.mem_free() // BLOCK if allocated() else 0)  # not a list that grows: an old one may seem in use
    try:
        for at in range(len(held)):
            held[at] = bytearray(BLOCK)
    except MemoryError:
        pass
    for at in range(0, len(held), 2):
        held[at] = None
    gc.collect()
    for octets in (golden.NOTIFICATION, golden.SEND_HEADER + golden.BODY, golden.RETRIEVE_CONF):
        assert attempt(mm1.parse, octets)
        for at in range(0, 40):
            for length in HUGE:
                attempt(mm1.parse, octets[:at] + length + octets[at:])
    attempt(whole, golden.BODY)
    for length in HUGE:
        attempt(whole, b"\x01" + length[1:] + golden.BODY)
        attempt(push.parse, b"\x01\x06" + length[1:] + golden.BODY)
    assert held is not None


def test_no_character_stays_in_memory():
    """MicroPython keeps every string of one character for ever; the wire has a million of them."""

    def received(first):
        text = charset.from_code_points(range(first, first + 100))
        octets = text.encode()
        document = b"<smil><body>%s" % octets + b"".join([b"&#%d;" % code for code in range(first, first + 100)])
        document += b"<par dur='%s'><img src='%s'/></par>" % (octets, octets)
        assert charset.decode(charset.encode_utf_16be(text), charset.UTF_16BE) == text
        assert charset.decode(octets, None) == charset.decode(octets, charset.UTF_8) == text
        whole = mm1.parse(golden.NOTIFICATION + b"\x96" + octets + b"\0\x83http://" + octets + b"\0")
        assert whole.get(mm1.SUBJECT) == text
        assert slides.stem(text, 1) == "part1" and slides.parse(document)
        assert gsm7.encode(text) is None
        entities = b"".join([b"\x02" + wsp.Uintvar.build(code) for code in range(first, first + 100)])
        binary = b"\x03\x05\x6a\0\x45\xc6\x0d\x03a\0\x01\x03" + octets + b"\0" + entities + b"\x01\x01"
        assert links.parse(binary, "application/vnd.wap.sic").text == text + text
        for refuse, error in ((parse_url, LinkError), (numbers.recipient, UsageError)):
            raises(error, refuse, "http://" + text)
        assert short_messages.find_link("multimedia http://" + text) == "" and numbers.e164(text, None) == text

    received(0x100)
    gc.collect()
    before = allocated()
    for first in range(0x4E00, 0x5E00, 100):
        received(first)
        gc.collect()
    assert allocated() - before < BLOCK


def test_no_input_takes_long():
    header = b"\x8c\x82"
    for octets in (
        header + b"\x96\x7f" * 2000,
        header + b"\x00" * 4094,
        header + b"\x97a\0" * 1300,
        header + b"X\0" * 2000,
        header + b"\x84\x1f\x8f\x00" + b"\x81\x80" * 1000,
        header + b"\x96\x1f\x9e\x00\x02\x03\xe8" + b"\xd8\x00" * 2000,
        header + b"\x96" + b"\xe2\x98" * 250 + b"\0",
    ):
        assert rounds(mm1.parse, octets) < ROUNDS
    for octets in (
        b"<" * 8192,
        b"<a " * 2700,
        b"&#" * 4096,
        b"<!--" * 2048,
        b"<a b='" * 1365,
        b"<par>" * 1638,
        b"&" * 8192,
        b"<img src='" + b"&#x41;" * 1300 + b"'/>",
    ):
        assert rounds(slides.parse, octets) < ROUNDS
    many = slides.parse(b"<smil><body><par>" + b"<img src='a'/>" * (limits.TAGS - 3))
    assert rounds(slides.order, [multipart.Part()] * limits.PARTS, many) < ROUNDS
    for number in (None, charset.UTF_8, charset.UCS_2, charset.ISO_8859_1, 2026):
        assert rounds(charset.decode, b"\xe2\x98\xd8\x00" * 128, number) < ROUNDS


def test_what_takes_long_is_seen():
    def long():
        for _ in range(2 * ROUNDS):
            a_round()

    assert rounds(long) > ROUNDS


def test_a_megabyte_of_layout_is_refused_at_once():
    if allocated():
        octets = b"<" * 16384
    else:
        octets = b"<smil><body>" + b"<par a='b'>" * 100000
    assert rounds(slides.parse, octets) < ROUNDS
