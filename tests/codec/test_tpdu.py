"""SMS TPDUs."""

from mms import limits
from mms.codec import push, segments, tpdu
from mms.errors import PduError
from tests.kit.checks import raises

NUMBER = "+447700900002"
HEAD = bytes.fromhex("0c91447700090020") + b"\x00\x04" + bytes.fromhex("32114122310200")


def delivered(data, first=0x44, length=None):
    """A Deliver of octets, header included."""
    return tpdu.parse(bytes([first]) + HEAD + bytes([len(data) if length is None else length]) + data)


def test_a_push_comes_with_its_ports_and_time():
    (octets,) = segments.deliver(NUMBER, b"data", push.PORTS, time=1700000000)
    assert octets == b"\x44" + HEAD + b"\x0b\x06\x05\x04\x0b\x84\x23\xf0data"
    found = tpdu.parse(octets)
    assert (found.originator, found.pid, found.dcs, found.time) == (NUMBER, 0, 4, 1700000000)
    assert (found.ports, found.concat, found.data, found.text) == ((2948, 9200), None, b"data", None)


def test_elements_of_a_header_come_in_any_order_and_size():
    for header, ports, concat in (
        ("0b 05040b8423f0 0003070201", (2948, 9200), (7, 8, 2, 1)),
        ("0b 0003070201 05040b8423f0", (2948, 9200), (7, 8, 2, 1)),
        ("0c 08041234 0201 05040b8423f0", (2948, 9200), (0x1234, 16, 2, 1)),
        ("04 0402f5f6", (0xF5, 0xF6), None),
        ("0a 2403010203 0003070201", None, (7, 8, 2, 1)),
        ("00", None, None),
    ):
        header = bytes.fromhex(header.replace(" ", ""))
        found = delivered(header + b"data")
        assert (found.ports, found.concat, found.data) == (ports, concat, b"data")


def test_a_wrong_user_data_header_is_skipped_and_the_data_are_kept():
    for header, ports, concat in (
        ("05 0004070201ff", None, None),  # a concatenation of a wrong length
        ("05 0803070201", None, None),
        ("05 0003070000", None, None),  # of nothing
        ("05 0003070200", None, None),  # part 0
        ("05 0003070203", None, None),  # part 3 of 2
        ("0a 0003070201 0503000b84", None, (7, 8, 2, 1)),
        ("0a 0003070201 0003080302", None, (8, 8, 3, 2)),  # twice: the last counts
        ("0a 0003070201 0003080300", None, (7, 8, 2, 1)),  # and is none: the one before does
        ("0b 0003070201 080412340302", None, (0x1234, 16, 3, 2)),
        ("0c 05040b8423f0 050400010002", (1, 2), None),
        ("07 05030b8423 0000", None, None),
        ("08 0003070201 050423", None, (7, 8, 2, 1)),  # the last element is longer than what is left
        ("06 0003070201 05", None, (7, 8, 2, 1)),
        ("03 000307", None, None),
        ("01 05", None, None),
    ):
        octets = bytearray(bytes.fromhex(header.replace(" ", "")))
        octets[0] = len(octets) - 1
        found = delivered(bytes(octets) + b"data")
        assert (found.ports, found.concat, found.data) == (ports, concat, b"data"), header


def test_no_total_and_sequence_is_an_error_and_only_those_that_count_are_told():
    for sequence in range(256):
        for total in range(256) if sequence in (0, 1, 2, 127, 255) else (0, 1, sequence - 1, sequence, 255):
            found = delivered(b"\x05\x00\x03\x07" + bytes([total, sequence]) + b"data")
            assert found.concat == ((7, 8, total, sequence) if 1 <= sequence <= total else None)


def test_a_header_or_data_beyond_the_end_is_an_error():
    for header in ("06 05040b84", "ff"):
        raises(PduError, delivered, bytes.fromhex(header.replace(" ", "")))
    raises(PduError, delivered, b"", 0x44)
    raises(PduError, delivered, b"", 0x44, 1)
    raises(PduError, delivered, b"abc", 0x04, 4)
    raises(PduError, delivered, b"x" * 141, 0x04)
    assert delivered(b"x" * 140, 0x04).data == b"x" * 140
    assert delivered(b"abcd", 0x04, 3).data == b"abc"


def test_times_have_a_zone():
    for octets, seconds in (
        ("32114122310200", 1700000000),
        ("32114132310240", 1700000000),
        ("3211412231024a", 1700000000 + 24 * 900),
        ("00101000000000", 946684800),
        ("99211332959500", 4102444799),
        ("42209200000000", 1709164800),
        ("00000000000000", None),
        ("ffffffffffffff", None),
    ):
        assert tpdu.Time.parse(bytes.fromhex(octets)) == seconds
        if seconds and octets.endswith("00"):
            assert tpdu.Time.build(seconds).hex() == octets
    raises(PduError, segments.deliver, NUMBER, "", None, 0, 0)


def test_addresses_are_numbers_or_names():
    for address, octets in (
        (NUMBER, "0c91447700090020"),
        ("12345", "05812143f5"),
        ("*#06a", "0581ba60fc"),
        ("Orange", "0bd04f79d87d2e03"),
    ):
        octets = bytes.fromhex(octets.replace(" ", ""))
        assert tpdu.Address.build(address) == octets
        assert tpdu.Address.parse(octets) == address
    for bad in ("", "+", "1" * 21, "Orange Internet", "☺"):
        raises(PduError, segments.submit, bad, "text")
    segments.submit("1" * 20, "text")
    assert tpdu.Address.parse(b"\x14\x81" + b"\x11" * 10) == "1" * 20
    raises(PduError, tpdu.parse, b"\x04\x15\x81" + b"\x11" * 20)
    raises(PduError, tpdu.parse, b"\x04\xff\x81" + b"\x11" * 150)


def test_text_goes_both_ways_in_as_few_segments_as_it_can():
    for text, count, dcs in (
        ("", 1, 0),
        ("x" * 160, 1, 0),
        ("x" * 161, 2, 0),
        ("x" * 306, 2, 0),
        ("x" * 307, 3, 0),
        ("€" * 80, 1, 0),
        ("x" * 152 + "€" + "x" * 20, 2, 0),
        ("☺" * 70, 1, 8),
        ("☺" * 71, 2, 8),
        ("☺" * 66 + "😀" + "☺" * 10, 2, 8),
    ):
        tpdus = segments.submit(NUMBER, text, reference=5, report=True)
        found = [segments.parse_submit(octets) for octets in tpdus]
        assert len(tpdus) == count
        assert "".join([part.text for part in found]) == text
        assert (found[0].dcs, found[0].report, found[0].recipient) == (dcs, True, NUMBER)
        assert found[0].reference == 5
        for octets in tpdus:
            assert len(octets) <= limits.TPDU


def test_data_goes_both_ways():
    for size, count in ((140, 1), (141, 2), (268, 2), (269, 3)):
        data = bytes(range(256)) * 2
        whole = [tpdu.parse(octets) for octets in segments.deliver("1", data[:size])]
        assert len(whole) == count
        assert b"".join([part.data for part in whole]) == data[:size]
    for size, count in ((133, 1), (134, 2), (256, 2), (257, 3)):
        assert len(segments.deliver("1", bytes(size), push.PORTS)) == count


def test_segments_have_a_bound():
    for size in (limits.SEGMENT * limits.SEGMENTS - 1, limits.SEGMENT * limits.SEGMENTS):
        assert len(segments.submit(NUMBER, bytes(size))) == limits.SEGMENTS
    raises(PduError, segments.submit, NUMBER, bytes(limits.SEGMENT * limits.SEGMENTS + 1))


def test_alphabets_are_told_by_all_coding_schemes():
    """The groups of 3GPP TS 23.038, clause 4, by (first, last): one letter a scheme, in turn."""
    groups = (
        (0x00, 0x1F, "777788882222" + "7777"),  # the last four are reserved
        (0x20, 0x3F, "8"),  # compressed
        (0x40, 0x5F, "7777888822227777"),  # as the first two, and to be deleted when it was read
        (0x60, 0x7F, "8"),
        (0x80, 0xBF, "7"),  # reserved
        (0xC0, 0xDF, "7"),  # messages wait
        (0xE0, 0xEF, "2"),
        (0xF0, 0xFF, "77778888"),  # bit 3 is reserved, and left alone
    )
    seen = 0
    for first, last, letters in groups:
        assert first == seen
        for dcs in range(first, last + 1):
            letter = letters[(dcs - first) % len(letters)]
            length, text = {"7": (2, "aB"), "8": (2, None), "2": (2, "\u6121")}[letter]
            octets = b"\x04\x05\x81\x21\x43\xf5\x00" + bytes([dcs]) + HEAD[-7:] + bytes([length])
            assert tpdu.parse(octets + b"\x61\x21").text == text, dcs
            seen += 1
    assert seen == 256


def test_a_reserved_type_is_a_deliver():
    good = segments.deliver(NUMBER, "Hello", time=1700000000)[0]
    assert tpdu.parse(bytes([good[0] | 0x03]) + good[1:]) == tpdu.parse(good)


def test_half_a_character_does_not_reach_into_the_next_segment():
    for dcs in (0x08, 0xE0):
        octets = b"\x04\x05\x81\x21\x43\xf5\x00" + bytes([dcs]) + HEAD[-7:] + b"\x03\x00a\x00"
        assert (tpdu.parse(octets).data, tpdu.parse(octets).text) == (b"\x00a", "a")


def test_a_status_report_says_what_became_of_it():
    octets = b"\x06\x07\x05\x81\x21\x43\xf5" + bytes.fromhex("32114122310200") * 2 + b"\x41"
    found = tpdu.parse(octets)
    assert found == tpdu.StatusReport("12345", 7, 0x41, 1700000000, 1700000000)
    raises(PduError, tpdu.parse, octets[:-1])


def test_octets_that_are_no_tpdu_are_an_error():
    good = segments.deliver(NUMBER, "Hello", time=1700000000)[0]
    for end in range(len(good)):
        raises(PduError, tpdu.parse, good[:end])
    raises(PduError, tpdu.parse, b"\x01" + good[1:])
    raises(PduError, segments.parse_submit, good)
    for size in (limits.TPDU, limits.TPDU + 1):
        octets = good + bytes(size - len(good))
        if size > limits.TPDU:
            raises(PduError, tpdu.parse, octets)
        else:
            assert tpdu.parse(octets).text == "Hello"


def test_no_damage_gives_anything_but_a_value_or_a_pdu_error():
    for good in (segments.deliver(NUMBER, "Grüße {an} alle" * 9, push.PORTS)[0], segments.deliver("Orange", b"x")[0]):
        for at in range(len(good)):
            for special in b"\x00\x1e\x1f\x7f\x80\xfe\xff":
                try:
                    tpdu.parse(good[:at] + bytes([special]) + good[at + 1 :])
                except PduError as error:
                    assert 0 <= error.offset <= len(good)
