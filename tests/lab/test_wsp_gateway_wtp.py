"""The WTP responder of the lab's gateway, clause by clause of WAP-224-WTP, in octets written by hand."""

import random

import pytest

from tools.lab.network.gateway.wap import wtp

GTR, TTR, RID = 4, 2, 1
ACK, TVE, ABORT, RESULT, SEGMENT, NACK = 0x18, 0x1C, 0x20, 0x10, 0x30, 0x38


class User:
    def __init__(self):
        self.invoked_, self.aborted_ = [], []

    def invoked(self, tid, kind, octets):
        self.invoked_.append((tid, kind, octets))

    def aborted(self, tid, reason):
        self.aborted_.append((tid, reason))


class Peer:
    """A responder with its user; `says` gives what it answers to datagrams, with the TID's direction taken off."""

    def __init__(self, **how):
        self.user = User()
        self.responder = wtp.Responder(self.user, **how)
        self.now = 0

    def says(self, *datagrams):
        for octets in datagrams:
            self.responder.receive(octets, self.now)
        return self.said()

    def said(self):
        said, self.responder.datagrams = self.responder.datagrams, []
        assert all(octets[1] & 0x80 for octets in said)  # 8.2.1: the direction of a responder
        return [bytes([octets[0], octets[1] & 0x7F]) + octets[2:] for octets in said]

    def after(self, ms):
        self.now += ms
        self.responder.advance(self.now)
        return self.said()

    def answers(self, octets, tid=1):
        self.responder.answer(tid, octets)
        return self.said()


def invoke(data=b"x", flags=TTR, tid=1, kind=2):
    return bytes([0x08 | flags, tid >> 8, tid & 255, kind]) + data


def segment(number, data=b"x", flags=0, tid=1):
    return bytes([0x28 | flags, tid >> 8, tid & 255, number]) + data


def ack(number=None, flags=0, tid=1):
    head = bytes([ACK | flags, tid >> 8, tid & 255])
    return head if number is None else bytes([head[0] | 0x80]) + head[1:] + bytes([0x19, number])


def group_ack(number, flags=0):
    return bytes([0x98 | flags, 0, 1, 0x19, number])


def head(kind, number=None, tid=1):
    return bytes([kind, tid >> 8, tid & 255] + ([] if number is None else [number]))


MESSAGE = [b"a" * 10, b"b" * 20, b"c" * 30, b"d" * 40, b"e"]
PACKETS = [invoke(MESSAGE[0], 0), segment(1, MESSAGE[1], GTR), segment(2, MESSAGE[2]), segment(3, MESSAGE[3]),
           segment(4, MESSAGE[4], TTR)]  # fmt: skip


def test_an_invoke_gets_one_result_which_its_ack_ends():
    peer = Peer()
    assert peer.says(invoke(b"hello")) == [] and peer.user.invoked_ == [(1, 2, b"hello")]
    assert peer.answers(b"there") == [head(RESULT | TTR) + b"there"]
    assert peer.says(ack()) == [] and peer.responder.due is None


def test_a_group_is_acknowledged_and_the_last_one_by_the_result():
    peer = Peer()
    assert peer.says(*PACKETS[:2]) == [group_ack(1)]
    assert peer.says(*PACKETS[2:]) == []
    assert peer.user.invoked_ == [(1, 2, b"".join(MESSAGE))]
    assert peer.answers(b"!") == [head(RESULT | TTR) + b"!"]


@pytest.mark.parametrize("seed", range(20))
def test_packets_arrive_in_any_order_and_twice(seed):
    peer = Peer()
    packets = PACKETS * 2
    random.Random(seed).shuffle(packets)
    peer.says(*packets)
    assert peer.user.invoked_ == [(1, 2, b"".join(MESSAGE))]


def test_missing_packets_are_asked_for_half_a_round_trip_later_and_at_once_when_the_end_is_repeated():
    peer = Peer()
    assert peer.says(PACKETS[0], segment(3, MESSAGE[3], GTR)) == []
    assert peer.after(wtp.NACK_MS - 1) == []
    assert peer.after(1) == [head(NACK) + bytes([2, 1, 2])]
    assert peer.says(segment(3, MESSAGE[3], GTR | RID)) == [head(NACK) + bytes([2, 1, 2])]
    assert peer.says(segment(1, MESSAGE[1], RID), segment(2, MESSAGE[2], RID)) == [group_ack(3)]


def test_an_invoke_that_is_lost_in_front_of_its_segments_is_asked_for_too():
    peer = Peer()
    peer.says(*PACKETS[1:])
    assert peer.after(wtp.NACK_MS) == [head(NACK) + bytes([1, 0])]
    assert peer.says(invoke(MESSAGE[0], RID)) == [] and peer.user.invoked_[0][2] == b"".join(MESSAGE)


def test_a_lost_acknowledgement_of_a_group_is_repeated():
    peer = Peer()
    peer.says(*PACKETS[:2])
    assert peer.says(segment(1, MESSAGE[1], GTR | RID)) == [group_ack(1, RID)]
    peer.says(*PACKETS[2:])
    assert peer.says(segment(4, MESSAGE[4], TTR | RID)) == [group_ack(4, RID)]


def test_a_result_that_takes_long_is_held_by_an_ack_which_is_repeated_on_request():
    peer = Peer()
    peer.says(invoke())
    assert peer.says(invoke(flags=TTR | RID)) == []
    assert peer.after(wtp.ACK_MS) == [ack()]
    assert peer.says(invoke(flags=TTR | RID)) == [ack(flags=RID)]
    assert len(peer.user.invoked_) == 1


def test_a_result_without_answer_is_repeated_and_given_up():
    peer = Peer()
    peer.says(invoke())
    peer.answers(b"r")
    for _ in range(wtp.RETRIES):
        assert peer.after(wtp.RETRY_MS) == [head(RESULT | TTR | RID) + b"r"]
    assert peer.after(wtp.RETRY_MS) == [head(ABORT) + b"\x08"] and peer.user.aborted_ == [(1, 8)]
    assert peer.responder.due is None


def test_a_long_result_goes_in_groups_each_after_the_acknowledgement_of_the_one_before():
    peer, octets = Peer(), bytes(range(200)) * 70  # ten packets
    peer.says(invoke())
    got = peer.answers(octets)
    assert [packet[0] for packet in got] == [RESULT, SEGMENT, SEGMENT, SEGMENT | GTR]
    assert peer.says(ack(2), ack(7), ack()) == []
    got += (second := peer.says(ack(3)))
    assert peer.says(ack(3)) == []  # doubled on its way
    got += (third := peer.says(ack(7)))
    assert [len(second), len(third)] == [4, 2] and third[-1][:4] == head(SEGMENT | TTR, 9)
    assert got[0][3:] + b"".join(packet[4:] for packet in got[1:]) == octets
    assert peer.says(ack(9)) == [] and peer.responder.due is None


def test_packets_that_are_asked_for_are_sent_again_and_no_others():
    peer, octets = Peer(), bytes(wtp.SEGMENT * 6)
    peer.says(invoke())
    peer.answers(octets)
    again = peer.says(head(NACK) + bytes([3, 1, 3, 5]))
    assert [packet[:4] for packet in again] == [head(SEGMENT | RID, 1), head(SEGMENT | GTR | RID, 3)]
    assert len(peer.says(head(NACK) + b"\0")) == 4  # 8.3.8: none means the group
    assert [packet[:4] for packet in peer.after(wtp.RETRY_MS)] == [head(SEGMENT | GTR | RID, 3)]


def test_a_group_is_no_larger_than_the_initiator_can_take():
    peer = Peer()
    peer.says(bytes([0x88 | TTR, 0, 1, 2, 0x13, 4]) + (2800).to_bytes(2, "big") + b"x")  # 8.4.4: Maximum Group
    assert peer.user.invoked_ == [(1, 2, b"x")]
    assert len(peer.answers(bytes(8400))) == 2


def test_an_initiator_that_does_not_segment_gets_one_datagram():
    peer = Peer()
    peer.says(invoke(flags=GTR | TTR))
    assert [len(packet) for packet in peer.answers(bytes(9000))] == [9003]
    peer.says(ack(), invoke(flags=GTR | TTR, tid=2))
    assert peer.answers(bytes(wtp.DATAGRAM + 1), 2) == [head(ABORT, 9, tid=2)]


@pytest.mark.parametrize(("more", "refused"), [(-1, False), (0, False), (1, True)])
def test_a_result_has_at_most_255_packets(more, refused):
    peer = Peer()
    peer.says(invoke())
    said = peer.answers(bytes(255 * wtp.SEGMENT + more))
    assert (said == [head(ABORT) + b"\x0a"]) == refused and len(said) == (1 if refused else 4)


@pytest.mark.parametrize(("tid", "kind"), [(9, 2), (8, 2), (0x4009, 2), (10, 0x22)])
def test_a_tid_that_is_not_newer_is_verified_and_a_new_one_on_request(tid, kind):
    peer = Peer()
    peer.says(invoke(tid=9))
    peer.answers(b"", 9)
    assert peer.says(ack(tid=9), invoke(b"again", tid=tid, kind=kind)) == [head(TVE, tid=tid)]
    assert peer.says(invoke(b"again", TTR | RID, tid, kind)) == [head(TVE, tid=tid)]  # the question was lost
    assert len(peer.user.invoked_) == 1
    assert peer.says(head(TVE, tid=tid)) == [] and peer.user.invoked_[1:] == [(tid, 2, b"again")]


def test_an_old_invoke_that_comes_late_is_not_served_twice():
    peer = Peer()
    peer.says(invoke(tid=9))
    peer.answers(b"", 9)
    peer.says(ack(tid=9), invoke(tid=9))
    assert peer.says(head(ABORT, 2, tid=9)) == [] and len(peer.user.invoked_) == 1
    assert peer.says(segment(3, tid=9), segment(4, b"", TTR, tid=8)) == [] and peer.responder.due is None


def test_the_first_tid_is_verified_by_a_strict_responder():
    peer = Peer(is_strict=True)
    assert peer.says(PACKETS[0], PACKETS[1]) == [head(TVE)]
    assert peer.says(head(TVE)) == [group_ack(1)]
    assert peer.says(*PACKETS[2:], head(TVE)) == [] and len(peer.user.invoked_) == 1


@pytest.mark.parametrize(
    ("octets", "reason"),
    [(invoke(kind=0x42), 6), (invoke(kind=3), 1), (bytes([0x40, 0, 1]), 1), (bytes([0x08, 0, 1]), 1),
     (bytes([0x8A, 0, 1, 2, 0x13, 4]), 1)],
)  # fmt: skip
def test_a_pdu_that_cannot_be_is_aborted_with_its_reason(octets, reason):
    peer = Peer()
    assert peer.says(octets) == [head(ABORT, reason)] and peer.user.invoked_ == []


@pytest.mark.parametrize("octets", [b"", b"\x0a", b"\x0a\x00", b"\0", b"\0\x05\x0a\0", b"\0\x80", b"\x40\x80\x01",
                                    b"\x20\x00\x01", b"\x18\x00\x07", b"\x38\x00\x07\x01\x01"])  # fmt: skip
def test_octets_without_a_transaction_are_dropped(octets):
    assert Peer().says(octets) == []


def test_pdus_in_one_datagram_are_taken_in_turn():
    peer = Peer()
    peer.says(invoke())
    peer.answers(b"r")
    second = invoke(b"two", tid=2)
    assert peer.says(b"\0\x03" + ack() + b"\x80" + bytes([len(second)]) + second) == []
    assert peer.user.invoked_[1:] == [(2, 2, b"two")]


def test_a_responder_without_segmentation_refuses_packets_and_says_so_in_results():
    peer = Peer(is_segmenting=False)
    assert peer.says(invoke(flags=GTR)) == [head(ABORT) + b"\x04"]
    assert peer.says(segment(1, tid=2)) == [head(ABORT, 4, tid=2)]
    peer.says(invoke(tid=3))
    assert peer.answers(b"r", 3) == [head(RESULT | GTR | TTR, tid=3) + b"r"]


def test_classes_0_and_1_have_no_result():
    peer = Peer()
    assert peer.says(invoke(b"zero", kind=0)) == [] and peer.says(invoke(b"one", kind=1)) == [ack()]
    assert peer.user.invoked_ == [(1, 0, b"zero"), (1, 1, b"one")] and peer.responder.due is None


def test_an_initiator_that_aborts_or_falls_silent_is_forgotten():
    peer = Peer()
    peer.says(invoke())
    assert peer.says(head(ABORT | 1, 0xE1)) == [] and peer.user.aborted_ == [(1, 0xE1)]
    assert peer.answers(b"late") == []
    peer.says(invoke(flags=0, tid=2))
    peer.after(wtp.GONE_MS)
    assert peer.responder.due is None and peer.said() == []
