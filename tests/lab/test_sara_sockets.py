"""TCP sockets of the simulated SARA (UBX-17003787 R16, chapter 19; a clause or "log" stands with each test)."""

import pytest

from tests.kit.lab.bench import lines
from tests.kit.lab.bench_sara import Bench

R4 = "SARA-R410M"
PIECE = bytes(range(256)) * 4


def reason(bench):
    """The number that AT+USOER tells."""
    said = bench.ask("AT+USOER")
    assert said[1:] == ["OK"]
    return int(said[0].split(" ")[1])


def test_a_number_is_given_and_the_connection_answers_when_it_is_there():  # 19.3, 19.9
    bench = Bench()
    assert bench.ask("AT+USOCR=6") == ["ERROR"]  # no context
    bench.up()
    assert [bench.ask("AT+USOCR=6")[0] for _ in range(7)] == ["+USOCR: %d" % index for index in range(7)]
    assert bench.ask("AT+USOCR=17,5684;+USOCR=5") == ["ERROR"]  # seven at most
    assert bench.ask('AT+USOCO=2,"10.1.1.1",8080', 680) == []
    assert bench.ask("AT+USOCTL=2,10") == []  # the command still runs
    assert bench.hear(40) == ["OK"]
    assert bench.ask("AT+USOCTL=2,10;+USOCTL=2,0;+USOCTL=2,4;+USOCTL=3,10") == [
        "+USOCTL: 2,10,4",
        "+USOCTL: 2,0,6",
        '+USOCTL: 2,4,"10.1.1.1",8080',
        "+USOCTL: 3,10,0",
        "OK",
    ]
    assert bench.ask('AT+USOCO=3,"mmsc.example",80', 1390) == []  # a name takes one more round trip
    assert bench.hear(40) == ["OK"]
    assert bench.ask("AT+USOCL=0;+USOCR=6", 10) == ["+USOCR: 0", "OK"]


@pytest.mark.parametrize("model, code", [("SARA-U201", 113), (R4, 11)])
def test_a_failed_connection_is_an_error_with_its_reason_and_keeps_its_number(model, code):  # 19.8; log
    bench = Bench(model=model)
    bench.up()
    assert bench.ask("AT+USOCR=6;+CMEE=1")[0] == "+USOCR: 0"
    assert bench.ask('AT+USOCO=0,"nowhere.example",80', 10000) == ["ERROR"]
    assert reason(bench) == code and bench.ask("AT+USOCTL=0,1")[0] == "+USOCTL: 0,1,%d" % code
    assert bench.ask("AT+USOCR=6;+USOCL=0", 10) == ["+USOCR: 1", "OK"]
    closed = Bench(model=model, failed_connect="closed")
    closed.up()
    assert closed.ask('AT+USOCR=6;+USOCO=0,"nowhere.example",80', 10000) == ["+USOCR: 0", "ERROR", "+UUSOCL: 0"]
    assert closed.ask("AT+USOCR=6")[0] == "+USOCR: 0"


def test_an_r4_connects_and_closes_in_the_background():  # 19.7, 19.9
    bench = Bench(model=R4)
    bench.up()
    assert bench.ask('AT+USOCR=6;+USOCO=0,"10.1.1.1",80,1', 10) == ["+USOCR: 0", "OK"]
    assert bench.ask("AT+USOCTL=0,10")[0] == "+USOCTL: 0,10,2"
    assert bench.hear(1000) == ["+UUSOCO: 0,0"]
    assert bench.ask("AT+USOCL=0,1", 10) == ["OK"]
    assert bench.hear(2000) == ["+UUSOCL: 0"]
    other = Bench()
    other.connect()
    assert other.ask("AT+USOCL=0,1", 10) == ["ERROR"]


def test_closing_waits_for_the_octets_and_a_round_trip_or_for_seconds():  # 19.7
    bench = Bench(model=R4)
    key = bench.connect()
    assert bench.send(PIECE) == ["+USOWR: 0,1024", "OK"]
    assert bench.ask("AT+USOCL=0", 900) == [] and bench.far[key] == PIECE
    assert bench.hear(1000) == ["OK"] and key in bench.closed
    assert bench.ask("AT+USOCTL=0,10") == ["+USOCTL: 0,10,0", "OK"]  # log: a free number
    slow = Bench(model=R4, close="slow")
    slow.connect()
    assert slow.ask("AT+USOCL=0", 12000) == []
    assert slow.hear(1000) == ["OK"]


# writing


def test_a_block_is_asked_for_by_an_at_sign_and_not_echoed():  # 19.10.4
    bench = Bench()
    key = bench.connect()
    bench.ask("ATE1")
    assert bench.type(b"AT+USOWR=0,6\r", 10) == b"AT+USOWR=0,6\r\r\n@"
    bench.wait(50)
    assert bench.type(b'\x1a\x1b\r"+\n', 9) == b""
    assert bench.hear(2) == ["+USOWR: 0,6", "OK"]
    bench.wait(2000)
    assert bench.far[key] == b'\x1a\x1b\r"+\n'
    assert bench.ask("ATE0;+USOCTL=0,2;+USOCTL=0,11")[1:] == ["+USOCTL: 0,2,6", "+USOCTL: 0,11,0", "OK"]


def test_octets_within_50_ms_of_the_at_sign_are_lost():  # 19.10.4
    bench = Bench()
    key = bench.connect()
    bench.type(b"AT+USOWR=0,4\r", 10)
    assert bench.type(b"lost", 1000) == b""
    assert lines(bench.type(b"AT\r\n", 1000)) == ["+USOWR: 0,4", "OK"]  # the feed cannot be interrupted
    assert bench.far[key] == b"AT\r\n"
    kept = Bench(hasty="kept")
    kept.connect()
    kept.type(b"AT+USOWR=0,4\r", 10)
    assert lines(kept.type(b"kept", 1000)) == ["+USOWR: 0,4", "OK"]


def test_octets_of_a_command_line_are_quoted_or_in_hex():  # 19.10.2, 19.16
    bench = Bench()
    key = bench.connect()
    assert bench.ask('AT+USOWR=0,12,"Hello, world"', 2000) == ["+USOWR: 0,12", "OK"]
    assert bench.ask('AT+USOWR=0,11,"Hello, world"', 20) == ["ERROR"]
    assert bench.ask("AT+UDCONF=1,1;+UDCONF=1") == ["+UDCONF: 1,1", "OK"]
    assert bench.ask('AT+USOWR=0,512,"%s"' % ("0aFF" * 256), 2000) == ["+USOWR: 0,512", "OK"]
    assert bench.far[key] == b"Hello, world" + b"\x0a\xff" * 256
    for wrong in ('513,"%s"' % ("00" * 513), '1,"0"', '1,"0g"', '2,"00"'):
        assert bench.ask("AT+USOWR=0," + wrong, 20) == ["ERROR"], wrong
    assert bench.send(PIECE) == ["+USOWR: 0,1024", "OK"]  # a block is not affected
    assert bench.ask("AT+USOWR=0,1025", 20) == ["ERROR"] and bench.ask("AT+USOWR=0,0", 20) == ["ERROR"]


def test_an_r4_refuses_long_lines_joined_commands_and_a_comma():  # R09, 1.1.4.1 and 1.1.5
    bench = Bench(model=R4)
    key = bench.connect()
    assert bench.ask('AT+USOWR=0,5,"a b;c"', 2000) == ["+USOWR: 0,5", "OK"]
    assert bench.ask('AT+USOWR=0,5,"Hello";+CSQ', 20) == ["ERROR"] and bench.ask("AT+CSQ;+USOCTL=0,2")[-1] == "OK"
    assert bench.ask('AT+USOWR=0,3,"a,b"', 20) == ["ERROR"]
    assert bench.ask('AT+USOWR=0,1010,"%s"' % ("x" * 1010), 20) == ["ERROR"]
    assert bench.far[key] == b"a b;c"


def test_fewer_octets_may_be_taken_and_a_full_queue_takes_none():  # 19.10.1, 19.10.4
    bench = Bench()
    key = bench.connect()
    bench.modem.short_accept(100)
    assert bench.send(PIECE) == ["+USOWR: 0,100", "OK"]
    there = bench.modem.sockets.connections[0]
    there.transmit(PIECE * 8)
    assert bench.send(PIECE) == ["+USOWR: 0,468", "OK"]
    assert bench.send(PIECE) == ["ERROR"] and reason(bench) == 11
    bench.wait(9000)
    assert bench.far[key] == PIECE[:100] + PIECE * 8 + PIECE[:468]
    assert bench.ask("AT+USOCTL=0,2")[0] == "+USOCTL: 0,2,8760"
    bench.modem.send_fail()
    assert bench.send(b"once") == ["ERROR"] and bench.send(b"more") == ["+USOWR: 0,4", "OK"]


def test_a_prompt_may_be_late_or_lost():  # log
    bench = Bench(prompt="late", write_result="late")
    bench.connect()
    assert bench.type(b"AT+USOWR=0,4\r", 2290) == b"" and bench.wait(20) == b"\r\n@"
    bench.wait(50)
    assert bench.type(b"slow", 85) == b"" and bench.hear(10) == ["+USOWR: 0,4", "OK"]
    bench.modem.lose_prompt()
    assert bench.type(b"AT+USOWR=0,4\r", 5000) == b"" and bench.type(b"AT\r", 1000) == b""
    assert lines(bench.type(b"A", 100)) == ["+USOWR: 0,4", "OK"]


def test_the_far_end_interrupts_a_block_with_an_error():  # 19.10.1
    bench = Bench()
    key = bench.connect()
    bench.type(b"AT+USOWR=0,1000\r", 60)
    bench.type(PIECE[:500])
    bench.modem.ended(key)
    assert bench.hear(2000) == ["ERROR", "+UUSOCL: 0"]
    heard = []
    bench.modem.terminal.heard = heard.append
    assert bench.type(b"...\rATI\r" + bytes(300), 1) == b"\r\nSARA-U201-03B-00\r\n\r\nOK\r\n"  # no block takes them
    bench.type(bytes(192) + b"\r")
    assert reason(bench) == 32 and heard == [b"AT+USOER"]
    assert bench.ask("AT+CMEE=1;+USOWR=0,4") == ["+CME ERROR: 3"]


# reading


def test_a_line_tells_of_octets_when_there_were_none_and_after_a_part_was_read():  # 19.12.1, 19.12.4
    bench = Bench()
    bench.connect()
    assert bench.arrive(b'"OK"\r\n' * 100) == ["+UUSORD: 0,24"]  # as many as had come when it was said
    assert bench.arrive(b"more") == []
    assert bench.ask("AT+USORD=0,0") == ["+USORD: 0,604", "OK"]
    expected = b'\r\n+USORD: 0,8,""OK"\r\n"O"\r\nOK\r\n\r\n+UUSORD: 0,596\r\n'
    assert bench.type(b"AT+USORD=0,8\r", 5) == expected
    said = bench.type(b"AT+USORD=0,1024\r", 5)
    assert said.startswith(b'\r\n+USORD: 0,596,"K"\r\n') and said.endswith(b'more"\r\nOK\r\n')
    assert bench.ask("AT+USORD=0,10") == ['+USORD: 0,0,""', "OK"]
    assert bench.ask("AT+USORD=0,1025") == ["ERROR"]
    assert bench.ask("AT+USOCTL=0,3") == ["+USOCTL: 0,3,604", "OK"]
    assert Bench(model=R4).ask("AT+USORD=0,0") == ["ERROR"]


def test_hex_and_the_empty_line_and_nothing_after_a_part():  # 19.16; log of a LARA
    bench = Bench(after_data="blank", partial_read="silent")
    bench.connect()
    bench.ask("AT+UDCONF=1,1")
    assert bench.arrive(b"OK\r\n") == ["+UUSORD: 0,4"]
    assert bench.type(b"AT+USORD=0,3\r", 5) == b'\r\n+USORD: 0,3,"4F4B0D"\r\n\r\nOK\r\n'
    r4 = Bench(model=R4)
    r4.connect()
    r4.modem.turn("blank-lines", "some")
    assert r4.type(b"AT+USORD=0,5\r") == b'\r\r\n\r\r\n+USORD: 0,""\r\n\r\nOK\r\n'


def test_the_end_is_told_once_all_is_read():  # 19.10.1
    bench = Bench(announced="doubled")
    key = bench.connect()
    assert bench.arrive(b"last") == ["+UUSORD: 0,4"] * 2
    bench.modem.ended(key)
    assert bench.hear(2000) == []
    assert bench.ask("AT+USOCTL=0,10") == ["+USOCTL: 0,10,7", "OK"]
    assert bench.ask("AT+CMEE=1;+USOWR=0,4") == ["+CME ERROR: 3"]
    assert bench.ask("AT+USORD=0,4", 5) == ['+USORD: 0,4,"last"', "OK"] + ["+UUSOCL: 0"] * 2
    assert bench.ask("AT+USORD=0,4", 5) == ["+CME ERROR: 3"]  # log
    lost = Bench(unread="lost")
    key = lost.connect()
    lost.arrive(b"last")
    lost.modem.ended(key)
    assert lost.hear(2000) == ["+UUSOCL: 0"]
