"""Long messages are put together from their segments, within bounds."""

from mms import limits
from mms.codec import charset, push, segments, tpdu
from tools.pdu.segments import Reassembler

NUMBER = "+447700900002"


def segment(sequence, data, total=2, reference=7, originator=NUMBER):
    """A Deliver of one segment."""
    return tpdu.Deliver(originator, 0, 4, 0, push.PORTS, (reference, 8, total, sequence), data, None)


def test_segments_are_put_together_in_any_order():
    data = bytes(range(256)) * 2
    parts = [tpdu.parse(octets) for octets in segments.deliver(NUMBER, data, push.PORTS, 7)]
    assert len(parts) == 4
    for order in ((0, 1, 2, 3), (3, 2, 1, 0), (1, 1, 3, 0, 0, 2)):
        assembler = Reassembler()
        whole = [assembler.add(parts[index]) for index in order]
        assert whole[-1] == data
        assert whole[:-1] == [None] * (len(order) - 1)
    assert Reassembler().add(tpdu.parse(segments.deliver(NUMBER, b"alone")[0])) == b"alone"


def test_long_text_is_put_together():
    text = "Grüße {an} alle " * 15
    assembler = Reassembler()
    for octets in segments.deliver(NUMBER, text):
        whole = assembler.add(tpdu.parse(octets))
    assert charset.decode(whole, charset.UTF_16BE) == text


def test_messages_do_not_mix():
    assembler = Reassembler()
    assert assembler.add(segment(1, b"a1")) is None
    assert assembler.add(segment(2, b"b2", reference=8)) is None
    assert assembler.add(segment(2, b"c2", originator="Orange")) is None
    assert assembler.add(segment(2, b"a2")) == b"a1a2"


def test_a_segment_that_says_something_else_makes_the_whole_worthless():
    assembler = Reassembler()
    assembler.add(segment(1, b"good"))
    assert assembler.add(segment(1, b"evil")) is None
    assert assembler.add(segment(2, b"2")) is None
    assert assembler.add(segment(1, b"good")) == b"good2"


def test_no_total_and_no_sequence_gives_a_fault():
    assembler = Reassembler()
    for total in range(256):
        for sequence in (0, 1, 2, total, total + 1 & 0xFF, 255):
            assert assembler.add(segment(sequence, b"x", total)) in (None, b"x" * total)
    assert assembler.add(segment(1, b"x", 1)) == b"x"


def test_segments_of_a_whole_have_a_bound():
    for total in (limits.SEGMENTS - 1, limits.SEGMENTS, limits.SEGMENTS + 1):
        assembler = Reassembler()
        for sequence in range(1, total + 1):
            whole = assembler.add(segment(sequence, b"x", total))
        assert whole == (b"x" * total if total <= limits.SEGMENTS else None)


def test_assemblies_have_a_bound_and_the_emptiest_goes_first():
    for count in (limits.ASSEMBLIES - 1, limits.ASSEMBLIES, limits.ASSEMBLIES + 1):
        assembler = Reassembler()
        for sequence in (1, 2):
            assembler.add(segment(sequence, b"x", 3, 100))
        for reference in range(count - 1):
            assembler.add(segment(1, b"x", 3, reference))
        assert assembler.add(segment(3, b"x", 3, 100)) == b"xxx"
        assembler.add(segment(2, b"y", 3, 0))
        kept = assembler.add(segment(3, b"z", 3, 0)) == b"xyz"
        assert kept == (count <= limits.ASSEMBLIES)
