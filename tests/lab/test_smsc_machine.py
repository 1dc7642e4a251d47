"""The SMS centre without its lines: what becomes of a submission and of a push."""

from mms.codec import segments, tpdu
from tests.kit.checks import raises
from tools.lab.calendar import Calendar
from tools.lab.network.smsc import sms
from tools.lab.network.smsc.machine import Centre

ALICE, BOB = "+447700900001", "+447700900002"
EPOCH = 1043668800  # 27 January 2003, noon
STAMP = "30107221000000"


class Network:
    """A centre, what it delivered, and handsets that take everything unless told otherwise."""

    def __init__(self):
        self.tries, self.closed, self.now = [], set(), 0
        self.centre = Centre(self._deliver, (ALICE, BOB), Calendar(EPOCH))

    def run(self, seconds):
        end = self.now + seconds * 1000
        while self.centre.due is not None and self.centre.due <= end:
            self.now = max(self.now, self.centre.due)
            tried = len(self.tries)
            self.centre.advance(self.now)
            for when, key, number, _ in self.tries[tried:]:
                if number in self.closed:
                    self.centre.refused(key, when)
                else:
                    self.centre.delivered(key, when)
        self.now = end

    def submit(self, text, sender=ALICE):
        return self.centre.submit(sender, bytes.fromhex(text.replace(" ", "")), self.now)

    def to(self, number):
        return [tpdu for _, _, to, tpdu in self.tries if to == number]

    def _deliver(self, key, number, tpdu):
        self.tries.append((self.now, key, number, tpdu))


def submission(first="01", number="0c91447700090020", rest="0000 05e8329bfd06"):
    return first + "2a" + number + rest


def test_what_one_subscriber_submits_the_other_gets_after_the_delay():
    network = Network()
    assert network.submit(submission()) == 1
    assert network.submit(submission(), BOB) == 1
    network.run(1)
    assert network.tries == []
    network.run(60)
    assert [when for when, _, _, _ in network.tries] == [2000, 2800]
    assert network.to(BOB)[0].hex() == "040c91447700090010" + "0000" + STAMP + "05e8329bfd06"


def test_national_numbers_are_completed_and_strangers_get_nothing():
    network = Network()
    network.submit(submission(number="0b817007900000f2"))
    network.submit(submission(number="0c91447700090099"))
    network.run(60)
    assert len(network.to(BOB)) == len(network.tries) == 1


def test_a_report_follows_the_delivery_and_not_the_submission():
    network = Network()
    network.closed.add(BOB)
    reference = network.submit(submission("21"))
    network.run(45)
    assert network.to(ALICE) == []
    network.closed.clear()
    network.run(60)
    report = network.to(ALICE)[0]
    assert report[:2] == bytes((6, reference)) and report[-1] == sms.DELIVERED
    assert report[2:10].hex() == "0c91447700090020"


def test_a_handset_that_is_full_or_off_gets_the_message_later_and_once():
    network = Network()
    network.closed.add(BOB)
    network.submit(submission())
    network.run(70)
    network.closed.clear()
    network.run(600)
    assert [when for when, _, _, _ in network.tries] == [2000, 32000, 62000, 92000]


def test_a_message_expires_and_its_report_says_so():
    network = Network()
    network.closed.add(BOB)
    network.submit(submission("31", rest="0000 00 05e8329bfd06"))
    network.run(600)
    network.closed.clear()
    network.run(600)
    assert len(network.to(BOB)) == 10
    assert network.to(ALICE)[0][-1] == sms.EXPIRED


def test_who_cannot_be_reached_ever_is_reported():
    network = Network()
    network.submit(submission("21", number="0c91447700090099"))
    network.run(60)
    assert network.to(ALICE)[0][-1] == sms.NOT_OBTAINABLE


def test_a_long_push_comes_as_concatenated_messages_in_both_orders_of_elements():
    network = Network()
    body = bytes(range(256)) + b"end"
    for _ in range(2):
        assert network.centre.push(BOB, "MMSC", body, network.now) == 3
    network.run(60)
    headers, data = [], []
    for octets in network.to(BOB):
        at = 1 + 2 + 4 + 2 + 7  # past the first octet, MMSC as address, PID, DCS, time
        assert octets[:7].hex() == "4407d0cde67408"
        length, header = octets[at], octets[at + 2 : at + 13]
        assert len(octets) - at - 1 == length <= 140
        headers.append(header.hex())
        data.append(octets[at + 13 :])
    assert headers[:3] == ["05040b8423f000030103%02d" % n for n in (1, 2, 3)]
    assert headers[3:] == ["00030203%02d05040b8423f0" % n for n in (1, 2, 3)]
    assert b"".join(data[:3]) == b"".join(data[3:]) == body


def test_a_push_of_133_octets_is_one_message_and_of_134_two():
    network = Network()
    assert network.centre.push(BOB, "MMSC", bytes(133), 0) == 1
    assert network.centre.push(BOB, "MMSC", bytes(134), 0) == 2
    network.run(60)
    assert [len(octets) for octets in network.to(BOB)] == [157, 157, 35]


def test_messages_to_one_handset_never_overtake_each_other():
    network = Network()
    network.closed.add(BOB)
    network.centre.push(BOB, "MMSC", bytes(300), 0)
    network.run(10)
    network.closed.clear()
    network.submit(submission())
    network.run(600)
    sequences = [octets[28] if octets[0] & 0x40 else 0 for octets in network.to(BOB)]
    assert sequences == [1, 1, 2, 3, 0]


def test_no_prefix_of_a_submission_is_taken_and_none_does_harm():
    octets = bytes.fromhex(submission().replace(" ", ""))
    network = Network()
    for end in range(14):
        raises(sms.SmsError, network.centre.submit, ALICE, octets[:end], 0)
    raises(sms.SmsError, network.centre.submit, ALICE, b"\x00" + octets[1:], 0)
    raises(sms.SmsError, network.centre.submit, ALICE, octets + bytes(140), 0)
    raises(sms.SmsError, network.centre.push, "+447700900099", "MMSC", b"x", 0)


def test_dates_are_those_of_the_calendar():
    for seconds, text in (
        (0, "07101000000000"),
        (951782400, "00209200000000"),
        (1043668799, "30107211959500"),
        (4102444799, "99211332959500"),
    ):
        assert sms.stamp(seconds).hex() == text


def test_stamps_are_of_local_time_with_its_distance_from_utc():
    for quarters, text in (
        (4, "30107231000040"),
        (-20, "3010727000000a"),
        (-4, "30107211000048"),
        (38, "30107212030083"),
    ):
        stamp = sms.stamp(EPOCH, quarters)
        assert tpdu.parse(sms.Submit(bytes.fromhex(submission().replace(" ", ""))).deliver(ALICE, stamp)).time == EPOCH
        assert stamp.hex() == text


def test_another_decoder_reads_what_the_centre_writes():
    body = bytes(range(256))
    for ports_first in (True, False):
        pieces = [tpdu.parse(octets) for octets in sms.push("MMSC", body, sms.stamp(EPOCH), 7, ports_first)]
        assert [piece.concat for piece in pieces] == [(7, 8, 2, 1), (7, 8, 2, 2)]
        assert b"".join(bytes(piece.data) for piece in pieces) == body
        for piece in pieces:
            assert (piece.originator, piece.ports, piece.time) == ("MMSC", (2948, 9200), EPOCH)
    report = tpdu.parse(sms.status_report(42, BOB, sms.stamp(EPOCH), sms.stamp(EPOCH + 60), sms.EXPIRED))
    assert (report.recipient, report.reference, report.status) == (BOB, 42, sms.EXPIRED)
    assert (report.time, report.done) == (EPOCH, EPOCH + 60)


def test_what_another_encoder_submits_is_delivered_as_it_was_written():
    for octets in segments.submit(BOB, "Gr\u00fc\u00dfe \u20ac " * 30):
        delivered = tpdu.parse(sms.Submit(octets).deliver(ALICE, sms.stamp(EPOCH)))
        submitted = segments.parse_submit(octets)
        assert (delivered.originator, delivered.text) == (ALICE, submitted.text)
        assert delivered.concat == submitted.concat
