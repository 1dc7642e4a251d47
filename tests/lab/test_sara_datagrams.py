"""UDP sockets of the simulated SARA (UBX-17003787 R16, 19.9 to 19.13; log of a SARA-U260)."""

from tests.kit.lab.bench import lines
from tests.kit.lab.bench_sara import Bench


def opened(**switches):
    bench = Bench(**switches)
    bench.up()
    assert bench.ask("AT+USOCR=17,9200") == ["+USOCR: 0", "OK"]
    return bench


def test_a_datagram_goes_where_each_command_says():  # 19.11
    bench = opened()
    assert bench.type(b'AT+USOST=0,"10.1.1.1",9201,4\r', 10) == b"\r\n@"
    bench.wait(50)
    assert lines(bench.type(b"ping", 20)) == ["+USOST: 0,4", "OK"]
    assert bench.ask('AT+USOST=0,"mmsc.example",9200,3,"abc"', 2000) == ["+USOST: 0,3", "OK"]
    assert bench.far == {1: b"ping", 2: b"abc"}
    assert bench.ask("AT+USOCTL=0,0;+USOCTL=0,2") == ["+USOCTL: 0,0,17", "+USOCTL: 0,2,7", "OK"]
    assert bench.ask("AT+USOCTL=0,10") == ["ERROR"]  # 19.23: TCP only
    assert bench.ask("AT+USOCL=0", 10) == ["OK"]
    bench.wait(2000)
    assert sorted(bench.closed) == [1, 2]


def test_datagrams_are_read_one_by_one_with_their_sender():  # 19.13.4; log
    bench = opened()
    bench.ask('AT+USOST=0,"10.1.1.1",9201,3,"abc"', 100)
    bench.modem.arrived(1, b'po"ng')
    bench.modem.arrived(1, b"second")
    assert bench.hear(2000) == ["+UUSORD: 0,5"]
    assert bench.ask("AT+USORF=0,0") == ["+USORF: 0,11", "OK"]
    said = bench.type(b"AT+USORF=0,1024\r", 5)
    assert said == b'\r\n+USORF: 0,"10.1.1.1",9201,5,"po"ng"\r\nOK\r\n\r\n+UUSORF: 0,6\r\n'
    assert bench.ask("AT+USORF=0,3", 5) == ['+USORF: 0,"10.1.1.1",9201,3,"sec"', "OK", "+UUSORF: 0,3"]
    assert bench.ask("AT+USORD=0,9", 5) == ['+USORD: 0,3,"ond"', "OK"]
    assert bench.ask("AT+USORF=0,9") == ['+USORF: 0,0,""', "OK"]


def test_a_socket_may_have_a_far_end_of_its_own():  # 19.9
    bench = opened()
    assert bench.ask('AT+USOWR=0,3,"abc"') == ["ERROR"]
    assert bench.ask('AT+USOCO=0,"10.1.1.1",9201') == ["OK"]
    assert bench.ask('AT+USOWR=0,3,"abc"', 2000) == ["+USOWR: 0,3", "OK"] and bench.far == {1: b"abc"}
    assert bench.ask("AT+USOCTL=0,4") == ['+USOCTL: 0,4,"10.1.1.1",9201', "OK"]


def test_the_end_of_the_context_takes_the_socket():
    bench = opened(lost_sockets="told")
    bench.modem.drop_context()
    assert bench.hear(10) == ["+UUSOCL: 0", "+UUPSDD: 0"]
    assert bench.ask("AT+USORF=0,0") == ["ERROR"]
