"""What the declarations rely on: the same of PyPI's construct and of the engine, wherever this runs."""

import construct
from construct import (
    Adapter,
    Byte,
    Bytes,
    Construct,
    FormatFieldError,
    GreedyBytes,
    GreedyRange,
    StreamError,
    StringEncoded,
    StringError,
    Struct,
    ValidationError,
)
from tests.kit.checks import raises

NOT_UTF_8 = (
    b"\xc0\x80",  # overlong
    b"\xc0\xae\xc0\xae\xc0\xaf",  # "../", overlong
    b"\xe0\x80\x80",
    b"\xf0\x80\x80\x80",
    b"\xed\xa0\x80",  # a surrogate
    b"\xf4\x90\x80\x80",  # above U+10FFFF
    b"\xf5\x80\x80\x80",
    b"\x80",
    b"\xe2\x98",
    b"\xc3(",
)


def common(format, data, obj):
    """`data` parses to `obj`, and `obj` builds to `data`."""
    assert format.parse(data) == obj
    assert format.build(obj) == data


def test_numbers_must_fit():
    common(Byte, b"\xff", 255)
    for value in (-1, 256, "a", None):
        raises(FormatFieldError, Byte.build, value)
    raises(StreamError, Byte.parse, b"")


def test_octets_are_counted_by_number_or_by_the_context():
    common(Bytes(3), b"abc", b"abc")
    raises(StreamError, Bytes(3).parse, b"ab")
    raises(StreamError, Bytes(3).build, b"ab")
    counted = Struct("n" / Byte, "data" / Bytes(lambda this: this.n * 2))
    assert counted.parse(b"\x02abcdef").data == b"abcd"
    assert counted.build({"n": 1, "data": b"xy"}) == b"\x01xy"
    raises(StreamError, Bytes(-1).parse, b"abc")
    common(GreedyBytes, b"", b"")
    common(GreedyBytes, b"abc", b"abc")


def test_a_structure_knows_its_fields_by_name_and_the_one_around_it():
    inner = Struct("b" / Bytes(lambda this: this._.a))
    outer = Struct("a" / Byte, "inner" / inner)
    found = outer.parse(b"\x02xyz")
    assert found.a == 2
    assert found["inner"].b == b"xy"
    assert outer.build({"a": 1, "inner": {"b": b"x"}}) == b"\x01x"
    raises(KeyError, outer.build, {"a": 1})
    raises(AttributeError, getattr, found, "c")


def test_a_length_of_4_gb_reads_only_what_is_there():
    huge = Struct("data" / Bytes((1 << 32) - 1))
    raises(StreamError, huge.parse, bytes(3000))


def test_a_greedy_list_ends_before_what_it_cannot_parse():
    pairs = GreedyRange(Bytes(2))
    common(pairs, b"", [])
    common(pairs, b"\x00\x01\x00\x02", [b"\x00\x01", b"\x00\x02"])
    whole = Struct("pairs" / pairs, "rest" / GreedyBytes)
    found = whole.parse(b"\x00\x01\x02")
    assert (found.pairs, found.rest) == ([b"\x00\x01"], b"\x02")


class Counted(Construct):
    """Stops its list at the third element."""

    def _parse(self, stream, context, path):
        if context["_index"] == 2:
            raise ValidationError("enough", path=path)
        return Byte._parse(stream, context, path)


def test_a_greedy_list_counts_its_elements_and_can_be_stopped():
    assert GreedyRange(Counted()).parse(b"\x05\x06\x07\x08") == [5, 6]


class Greedy(Construct):
    """Asks for more memory than there is."""

    def _parse(self, stream, context, path):
        raise MemoryError


def test_the_engine_never_takes_memory_running_out_for_malformed_octets():
    if not hasattr(construct, "__version__"):  # PyPI's has one, and this fault
        raises(MemoryError, GreedyRange(Greedy()).parse, b"abc")


def test_text_is_utf_8_and_nothing_but_utf_8():
    text = StringEncoded(GreedyBytes, "utf8")
    for sample in ("", "plain", "Grüße", "☺", "\ud7ff\ue000\uffff", "😀\U0010ffff"):
        common(text, sample.encode(), sample)
    for octets in NOT_UTF_8:
        raises(StringError, text.parse, octets)
        raises(StringError, text.parse, b"before" + octets + b"after")
    raises(StringError, StringEncoded(GreedyBytes, "utf8").build, b"octets")


class Doubled(Adapter):
    """Twice what is on the wire."""

    def _decode(self, obj, context, path):
        return obj * 2

    def _encode(self, obj, context, path):
        return obj // 2


def test_an_adapter_stands_between_octets_and_object():
    common(Doubled(Byte), b"\x04", 8)
    assert Struct("a" / Doubled(Byte)).parse(b"\x04").a == 8
