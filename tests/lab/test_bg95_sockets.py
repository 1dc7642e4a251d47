"""The socket service of the simulated BG95 (TCP/IP application note V1.1; a clause stands with each test)."""

from tests.kit.lab.bench import lines
from tests.kit.lab.bench95 import APN, Bench

SEGMENT = bytes(range(146)) * 10


def error(bench):
    """The number that AT+QIGETERROR tells."""
    said = bench.ask("AT+QIGETERROR")
    assert said[1:] == ["OK"]
    return int(said[0].split(" ")[1].split(",")[0])


def test_opening_says_ok_and_its_result_a_round_trip_later():  # 2.3.4
    bench = Bench()
    bench.up()
    assert bench.ask('AT+QIOPEN=1,0,"TCP","10.1.1.1",8080', 680) == ["OK"]
    assert bench.ask("AT+QISTATE=1,0")[0].split(",")[5] == "1"
    assert bench.hear(40) == ["+QIOPEN: 0,0"]
    assert bench.ask("AT+QISTATE") == ['+QISTATE: 0,"TCP","10.1.1.1",8080,50001,2,1,0,0,"uart1"', "OK"]
    assert bench.ask("AT+QISTATE=0,2") == ["OK"]
    assert bench.ask('AT+QIOPEN=1,1,"TCP","mmsc.example",80', 1300) == ["OK"]  # and one more for a name
    assert bench.hear(200) == ["+QIOPEN: 1,0"]


def test_an_opening_that_fails_has_its_code_and_holds_its_number():  # chapter 4
    bench = Bench()
    bench.up()
    assert bench.ask('AT+QIOPEN=1,0,"TCP","nowhere.example",80', 10000) == ["OK", "+QIOPEN: 0,565"]
    assert error(bench) == 565
    assert bench.ask('AT+QIOPEN=1,0,"TCP","10.1.1.1",80', 3000) == ["OK", "+QIOPEN: 0,563"]
    assert bench.ask("AT+QICLOSE=0", 100) == ["OK"]
    bench._open = lambda key, host: bench.modem.refused(key)
    assert bench.ask('AT+QIOPEN=1,0,"TCP","10.1.1.1",80', 3000) == ["OK", "+QIOPEN: 0,566"]
    free = Bench(failed_open="free")
    free.up()
    free.ask('AT+QIOPEN=1,0,"TCP","nowhere.example",80', 10000)
    assert free.ask('AT+QIOPEN=1,0,"TCP","10.1.1.1",80', 3000) == ["OK", "+QIOPEN: 0,0"]


def test_no_context_no_connection_and_only_what_is_simulated():  # 2.3.4
    bench = Bench()
    bench.ask(APN)
    assert bench.ask('AT+QIOPEN=1,0,"TCP","10.1.1.1",80', 10) == ["OK", "+QIOPEN: 0,561"]
    bench.up()
    for rest in ('1,12,"TCP","a",80', '17,0,"TCP","a",80', '1,0,"TCP","a",0', '1,0,"TCP LISTENER","a",80', '1,0,"TCP"'):
        assert bench.ask("AT+QIOPEN=" + rest, 3000) == ["ERROR"], rest
        assert error(bench) == 552
    assert bench.ask('AT+QIOPEN=1,0,"TCP","10.1.1.1",80,0,2', 3000) == ["ERROR"]
    coded = Bench(ip_errors="coded")
    assert coded.ask("AT+QIOPEN=1", 10) == ["+CME ERROR: 552"]


def test_send_ok_means_that_the_module_has_the_octets():  # 2.3.7
    bench = Bench()
    key = bench.connect()
    assert bench.send(b"\x1a\x1b\x00+++" + SEGMENT[:1000]) == ["SEND OK"]
    assert bench.far[key] == b""
    assert bench.ask("AT+QISEND=0,0") == ["+QISEND: 1006,0,1006", "OK"]
    bench.wait(3000)
    assert bench.far[key][:6] == b"\x1a\x1b\x00+++" and len(bench.far[key]) == 1006
    assert bench.ask("AT+QISEND=0,0") == ["+QISEND: 1006,1006,0", "OK"]


def test_a_full_buffer_is_send_fail_and_takes_nothing():  # 2.3.7
    bench = Bench()
    key = bench.connect()
    said = [bench.send(SEGMENT) for _ in range(7)]
    assert said == [["SEND OK"]] * 6 + [["SEND FAIL"]]
    assert bench.ask("AT+QISEND=0,0")[0].startswith("+QISEND: 8760,")
    bench.wait(10000)
    assert bench.far[key] == SEGMENT * 6
    assert bench.send(SEGMENT) == ["SEND OK"]
    bench.modem.send_fail()
    assert bench.send(b"once") == ["SEND FAIL"]
    assert bench.send(b"more", 3000) == ["SEND OK"]
    assert bench.far[key] == SEGMENT * 7 + b"more"


def test_what_cannot_be_sent_is_an_error():  # 2.3.7
    bench = Bench()
    assert bench.ask("AT+QISEND=0,4", 10) == ["ERROR"]
    key = bench.connect()
    assert bench.ask("AT+QISEND=0,1461", 10) == ["ERROR"] and error(bench) == 552
    bench.type(b"AT+QISEND=0,4\r", 10)
    bench.modem.ended(key)
    assert bench.hear(2000) == []  # no line inside octets after a prompt
    assert lines(bench.type(b"late")) == ["ERROR", '+QIURC: "closed",0']
    assert bench.ask("AT+QISEND=0,4", 10) == ["ERROR"] and error(bench) == 567


def test_without_a_count_ctrl_z_sends():  # 2.3.7
    bench = Bench(prompt="bare")
    key = bench.connect()
    assert bench.type(b"AT+QISEND=0\r", 10) == b"\r\n>"
    assert lines(bench.type(b"hello\x1a", 2000)) == ["SEND OK"]
    assert bench.far[key] == b"hello"


def test_a_line_tells_of_octets_once_until_all_were_read():  # 2.4.2 and 2.3.8
    bench = Bench()
    bench.connect()
    assert bench.arrive(b"OK\r\n" * 400) == ['+QIURC: "recv",0']
    assert bench.arrive(b"more") == []
    assert bench.ask("AT+QIRD=0,0") == ["+QIRD: 1604,0,1604", "OK"]
    assert bench.type(b"AT+QIRD=0,1500\r") == b"\r\n+QIRD: 1500\r\n" + b"OK\r\n" * 375 + b"\r\n\r\nOK\r\n"
    assert bench.arrive(b"!") == []
    assert bench.type(b"AT+QIRD=0\r") == b"\r\n+QIRD: 105\r\n" + b"OK\r\n" * 25 + b"more!\r\n\r\nOK\r\n"
    assert bench.ask("AT+QIRD=0,1500") == ["+QIRD: 0", "OK"]
    assert bench.ask("AT+QIRD=0,0") == ["+QIRD: 1605,1605,0", "OK"]
    assert bench.arrive(b"?") == ['+QIURC: "recv",0']
    assert bench.ask("AT+QIRD=0,1501") == ["ERROR"] and bench.ask("AT+QIRD=1,10") == ["ERROR"]
    shown = Bench(recv_length="shown")
    shown.connect()
    assert shown.arrive(b"four") == ['+QIURC: "recv",0,4']


def test_octets_that_are_left_after_closed_can_be_read():  # 2.4.1
    bench = Bench()
    key = bench.connect()
    bench.modem.arrived(key, b"last")
    bench.modem.ended(key)
    assert bench.hear(2000) == ['+QIURC: "recv",0', '+QIURC: "closed",0']
    assert bench.ask("AT+QISTATE=1,0")[0].split(",")[5] == "4"
    assert bench.ask("AT+QIRD=0") == ["+QIRD: 4", "last", "OK"]
    assert bench.ask("AT+QIRD=0") == ["+QIRD: 0", "OK"]
    assert bench.ask("AT+QICLOSE=0", 10) == ["OK"]
    assert bench.ask("AT+QIRD=0") == ["ERROR"]
    lost = Bench(unread="lost")
    lost.connect()
    lost.modem.arrived(1, b"last")
    lost.modem.ended(1)
    lost.wait(2000)
    assert lost.ask("AT+QIRD=0") == ["+QIRD: 0", "OK"]


def test_closing_lets_the_last_octets_leave_and_answers_nothing_else_meanwhile():  # 2.3.5
    bench = Bench()
    key = bench.connect()
    bench.send(SEGMENT)
    assert bench.ask("AT+QICLOSE=0", 200) == []
    assert bench.ask("AT", 10) == []
    assert bench.hear(3000) == ["OK"]
    assert bench.far[key] == SEGMENT and bench.closed == [key]
    assert bench.ask("AT+QICLOSE=0", 10) == ["OK"]  # also of one that is not there
    bench.connect()
    bench.send(SEGMENT)
    assert bench.ask("AT+QICLOSE=0,0", 5) == ["OK"]  # nobody waits for the far end


def test_datagrams_are_read_one_by_one():
    bench = Bench()
    key = bench.connect(kind="UDP")
    bench.send(b"datagram", 2000)
    assert bench.far[key] == b"datagram"
    bench.modem.arrived(key, b"first")
    bench.modem.arrived(key, b"second")
    bench.wait(2000)
    assert bench.ask("AT+QIRD=0") == ["+QIRD: 5", "first", "OK"]
    assert bench.ask("AT+QIRD=0") == ["+QIRD: 6", "second", "OK"]
    joined = Bench(datagrams="joined")
    key = joined.connect(kind="UDP")
    joined.modem.arrived(key, b"first")
    joined.modem.arrived(key, b"second")
    joined.wait(2000)
    assert joined.ask("AT+QIRD=0") == ["+QIRD: 11", "firstsecond", "OK"]
