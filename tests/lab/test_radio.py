"""The radio without a modem: rates, round trips, batches."""

from tests.kit.checks import raises
from tools.lab.network.radio import Pipe, Radio, access, row, rows


def drain(pipe, until):
    """[(time, key, octets)] of all that arrives until then, asking only when the pipe says so."""
    arrived = []
    while pipe.next() is not None and pipe.next() <= until:
        now = pipe.next()
        arrived.extend([(now, key, octets) for key, octets in pipe.arrivals(now)])
    return arrived


def test_the_default_row_is_class_10_with_cs_2():
    assert row("gprs-10-cs2") == (5100, 2550, 700)
    assert row("gprs-8-cs2")[1] == 1275
    assert row("gprs-10-cs4")[1] == 4250
    assert row("gprs-12-cs2")[1] == 5100
    assert row("edge-10-mcs6")[1] == 6290
    assert len(rows()) == 25
    raises(ValueError, row, "gprs-99-cs2")


def test_umts_and_lte_have_rates_and_round_trips_of_their_own():
    assert row("umts-384")[:2] == (40800, 6800) and row("umts-64")[0] == 6800
    assert [access(name) for name in ("edge-12-mcs9", "umts-64", "lte-1", "lte-m1")] == ["gsm", "umts", "lte", "lte"]
    trips = [row(name)[2] for name in ("gprs-10-cs2", "umts-64", "umts-384", "lte-m1", "lte-1")]
    assert trips == sorted(trips, reverse=True)


def test_a_radio_that_is_tuned_to_a_visited_network_takes_its_round_trip():
    radio = Radio("gprs-10-cs2")
    radio.tune("umts-384", 280)
    radio.up.put(1, b"a", 0)
    assert radio.round_trip == 480 and 240 <= drain(radio.up, 1000)[0][0] < 242
    radio.tune()
    assert (radio.name, radio.round_trip, radio.up.rate) == ("gprs-10-cs2", 700, 2482)


def test_of_a_hundred_segments_so_many_are_lost_and_a_stream_waits_for_them():
    pipe = Pipe(1460, 100, 25)
    pipe.put(1, bytes(8760), 0)
    arrived = drain(pipe, 60000)
    assert sum([len(octets) for _, _, octets in arrived]) == 8760
    assert abs(arrived[-1][0] - (6000 + 100 + 200)) < 6
    for _ in range(100):
        pipe.put(1, bytes(50), 60000, True)
    assert pipe.waiting(1) == 5000
    assert len(drain(pipe, 120000)) == 75 and pipe.waiting(1) == 0


def test_octets_arrive_at_the_rate_and_half_a_round_trip_late():
    pipe = Radio("gprs-10-cs2").up
    octets = 5100 * 1460 // 1500  # the rest is TCP's and IP's
    pipe.put(1, bytes(octets), 1000)
    arrived = drain(pipe, 10000)
    assert sum([len(piece) for _, _, piece in arrived]) == octets
    assert abs(arrived[-1][0] - (1000 + 2000 + 350)) < 6
    assert arrived[0][0] >= 1350


def test_octets_move_in_batches_of_at_most_five_milliseconds():
    pipe = Pipe(5100, 350)
    pipe.put(1, bytes(1000), 0)
    assert max([len(octets) for _, _, octets in drain(pipe, 10000)]) <= 26


def test_a_late_caller_does_not_slow_the_radio_down():
    pipe = Pipe(1000, 100)
    pipe.put(1, bytes(500), 0)
    assert sum([len(octets) for _, octets in pipe.arrivals(600)]) == 500


def test_an_idle_radio_saves_nothing_up():
    pipe = Pipe(1000, 100)
    pipe.put(1, b"a", 0)
    drain(pipe, 10000)
    pipe.put(1, bytes(100), 10000)
    assert sum([len(octets) for _, octets in pipe.arrivals(10150)]) == 50


def test_order_holds_across_connections_and_ends_come_last():
    pipe = Pipe(1000, 100)
    pipe.put(1, b"first", 0)
    pipe.put(2, b"second", 0)
    pipe.put(1, b"", 0)
    keys = [(key, octets) for _, key, octets in drain(pipe, 1000)]
    assert b"".join([octets for key, octets in keys if key == 1]) == b"first"
    assert keys[-1] == (1, b"")


def test_a_datagram_arrives_whole():
    pipe = Pipe(1000, 100)
    pipe.put(1, bytes(200), 0, True)
    assert [len(octets) for _, _, octets in drain(pipe, 1000)] == [200]


def test_what_is_dropped_does_not_arrive():
    pipe = Pipe(1000, 100)
    pipe.put(1, bytes(50), 0)
    pipe.put(2, bytes(50), 0)
    pipe.serve(60)
    assert pipe.waiting(1) == 50
    pipe.drop(1)
    assert pipe.waiting(1) == 0
    assert sum([len(octets) for _, key, octets in drain(pipe, 1000)]) == 50
