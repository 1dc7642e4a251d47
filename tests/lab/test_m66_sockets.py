"""The sockets of the simulated M66 (GSM_TCPIP_AN, and logs of real modules of its kind)."""

from tests.kit.lab.bench import lines
from tests.kit.lab.bench66 import UP, Bench

SEGMENT = bytes(range(146)) * 10
SINGLE = ("AT+QINDI=1", "AT+QIREGAPP", "AT+QIACT", "AT+QILOCIP")


def test_opening_says_ok_and_its_result_a_round_trip_later():
    bench = Bench()
    bench.up()
    assert bench.ask('AT+QIOPEN=0,"TCP","10.1.1.1","8080"', 680) == ["OK"]
    assert bench.ask("AT+QISTATE")[2] == '+QISTATE: 0, "TCP", "10.1.1.1", 8080, "CONNECTING"'
    assert bench.hear(40) == ["0, CONNECT OK"]
    said = bench.ask("AT+QISTATE")
    assert said[:2] == ["OK", "STATE: IP PROCESSING"] and said[8:] == ["OK"]
    assert said[2:4] == ['+QISTATE: 0, "TCP", "10.1.1.1", 8080, "CONNECTED"', '+QISTATE: 1, "", "", , "INITIAL"']
    assert bench.ask("AT+QISTAT")[2:4] == ['+QISTAT: 0, "TCP", "10.1.1.1", 8080', '+QISTAT: 1, "", "",']
    assert bench.ask('AT+QIOPEN=0,"TCP","10.1.1.1",80') == ["0, ALREADY CONNECT", "ERROR"]  # log
    for wrong in ('6,"TCP","10.1.1.1",80', '"TCP","10.1.1.1",80', '1,"TCP","10.1.1.1",0', '1,"SCTP","10.1.1.1",80'):
        assert bench.ask("AT+QIOPEN=" + wrong) == ["ERROR"], wrong
    bare = Bench(already="bare")
    bare.connect()
    assert bare.ask('AT+QIOPEN=0,"TCP","10.1.1.1",80') == ["0, ALREADY CONNECT"]


def test_single_mode_has_no_numbers():
    bench = Bench()
    bench.up(*SINGLE)
    assert bench.ask('AT+QIOPEN="TCP","10.1.1.1","80"', 3000) == ["OK", "CONNECT OK"]
    assert bench.ask("AT+QISTAT") == ["OK", "STATE: CONNECT OK"]
    assert bench.type(b"AT+QISEND=4\r", 10) == b"\r\n> " and lines(bench.type(b"four", 2000)) == ["SEND OK"]
    assert bench.ask("AT+QISACK") == ["+QISACK: 4, 4, 0", "OK"]
    assert bench.arrive(b"five!") == ["+QIRDI: 0,1,0"]
    assert bench.ask("AT+QIRD=0,1,0,1500") == ["+QIRD: 10.1.1.1:80,TCP,5", "five!", "OK"]
    assert bench.ask("AT+QICLOSE", 10) == ["CLOSE OK"] and bench.ask("AT+QISTAT") == ["OK", "STATE: IP STATUS"]
    assert bench.ask("AT+QICLOSE", 10) == ["ERROR"]


def test_single_mode_brings_the_context_up_by_itself():
    bench = Bench()
    assert bench.ask('AT+QIOPEN="TCP","10.1.1.1",80', 5000) == ["OK", "CONNECT OK"]
    multiple = Bench()
    assert multiple.ask('AT+QIMUX=1;+QIOPEN=0,"TCP","10.1.1.1",80') == ["ERROR"]


def test_the_address_has_to_be_asked_for_before_a_connection():
    bench = Bench()
    bench.up(*UP[:-1])
    assert bench.ask('AT+QIOPEN=0,"TCP","10.1.1.1",80') == ["ERROR"]
    optional = Bench(local_address="optional")
    optional.up(*UP[:-1])
    assert optional.ask('AT+QIOPEN=0,"TCP","10.1.1.1",80', 3000) == ["OK", "0, CONNECT OK"]


def test_a_name_needs_its_own_setting():  # log of an MC60
    bench = Bench()
    bench.up()
    assert bench.ask('AT+QIOPEN=0,"TCP","mmsc.example",80') == ["ERROR"]
    assert bench.ask("AT+QIDNSIP=1") == ["OK"]
    assert bench.ask('AT+QIOPEN=0,"TCP","mmsc.example",80', 3000) == ["OK", "0, CONNECT OK"]
    assert bench.ask('AT+QIOPEN=1,"TCP","10.1.1.1",80', 3000) == ["OK", "1, CONNECT OK"]
    strict = Bench(literal="refused")
    strict.up()
    assert strict.ask('AT+QIDNSIP=1;+QIOPEN=0,"TCP","10.1.1.1",80') == ["ERROR"]


def test_an_opening_that_fails_holds_its_number():  # logs of M26 and M95
    bench = Bench(last_error="told")
    bench.up()
    bench._open = lambda key, host: bench.modem.refused(key)
    assert bench.ask('AT+QIOPEN=0,"TCP","10.1.1.1",80', 3000) == ["OK", "0, CONNECT FAIL"]
    assert bench.ask("AT+QISTATE")[2].endswith(', "CONNECTING"')
    assert bench.ask("AT+QIGETERROR") == ["+QIGETERROR: 566,socket connect failed", "OK"]
    assert bench.ask('AT+QIOPEN=0,"TCP","10.1.1.1",80', 3000) == ["ERROR"]
    assert bench.ask("AT+QICLOSE=0", 10) == ["0, CLOSE OK"]
    assert bench.ask('AT+QIOPEN=0,"TCP","10.1.1.1",80', 3000) == ["OK", "0, CONNECT FAIL"]
    free = Bench(failed_open="free", refusal="late")
    free.up()
    free._open = lambda key, host: free.modem.refused(key)
    assert free.ask('AT+QIOPEN=0,"TCP","10.1.1.1",80', 75000) == ["OK"] and free.hear(1000) == ["0, CONNECT FAIL"]
    assert free.ask('AT+QIOPEN=0,"TCP","10.1.1.1",80') == ["OK"]


def test_send_ok_means_that_the_module_has_the_octets():
    bench = Bench()
    key = bench.connect()
    assert bench.send(b"\x1a\x1b\x00" + SEGMENT[:1000]) == ["SEND OK"]
    assert bench.far[key] == b"" and bench.ask("AT+QISACK=0") == ["+QISACK: 1003, 0, 1003", "OK"]
    bench.wait(3000)
    assert bench.far[key][:3] == b"\x1a\x1b\x00" and bench.ask("AT+QISACK=0") == ["+QISACK: 1003, 1003, 0", "OK"]
    assert bench.ask("AT+QISACK") == ["ERROR"]  # log: a number is needed in multiple mode
    late = Bench(send_ok="acknowledged")
    late.connect()
    assert late.send(b"late", 600) == [] and late.hear(400) == ["SEND OK"]
    late.modem.ended(1)
    assert late.send(b"lost", 2000) == ["0, CLOSED", "SEND FAIL"]


def test_send_fail_tells_nothing_of_how_many_octets_were_taken():
    for switch, taken in (("none", 0), ("half", 730)):
        bench = Bench(send_fail=switch)
        key = bench.connect()
        bench.modem.send_fail()
        assert bench.send(SEGMENT, 3000) == ["SEND FAIL"]
        assert bench.far[key] == SEGMENT[:taken]
        assert bench.ask("AT+QISACK=0") == ["+QISACK: %d, %d, 0" % (taken, taken), "OK"]
    full = Bench()
    full.connect()
    assert [full.send(SEGMENT) for _ in range(7)] == [["SEND OK"]] * 6 + [["SEND FAIL"]]


def test_what_cannot_be_sent_is_an_error():
    bench = Bench()
    assert bench.ask("AT+QISEND=0,4") == ["ERROR"]
    key = bench.connect()
    assert bench.ask("AT+QISEND=0,1461") == ["ERROR"] and bench.ask("AT+QISEND=0,0") == ["ERROR"]
    bench.type(b"AT+QISEND=0,4\r", 10)
    bench.modem.ended(key)
    assert bench.hear(2000) == []  # no line inside octets after a prompt
    assert lines(bench.type(b"late")) == ["ERROR", "0, CLOSED"]
    assert bench.ask("AT+QISEND=0,4") == ["ERROR"]
    unset = Bench(role="unset")
    unset.connect()
    assert unset.ask("AT+QISEND=0,4") == ["ERROR"]
    assert unset.ask("AT+QISRVC=1") == ["OK"] and unset.send(b"sent") == ["SEND OK"]


def test_octets_after_the_prompt_are_echoed_until_they_are_asked_not_to_be():
    bench = Bench(data_echo="always", prompt="bare")
    bench.connect()
    assert bench.type(b"AT+QISEND=0,4\r", 10) == b"\r\n>" and bench.type(b"seen", 10) == b"seen\r\nSEND OK\r\n"
    bench.ask("AT+QISDE=0")
    bench.type(b"AT+QISEND=0,4\r", 10)
    assert bench.type(b"seen", 10) == b"\r\nSEND OK\r\n"
    usual = Bench()
    usual.connect()
    usual.ask("ATE1")
    usual.type(b"AT+QISEND=0\r", 10)
    assert usual.type(b"seen\x1a", 10).startswith(b"seen\x1a\r\n")


def test_a_lost_prompt_leaves_the_module_waiting_for_octets():
    bench = Bench()
    key = bench.connect()
    bench.modem.lose_prompt()
    assert bench.type(b"AT+QISEND=0,9\r", 10000) == b""
    assert bench.ask("AT+CSQ", 1) == []  # they were the first seven of the nine octets
    assert lines(bench.type(b"!!", 2000)) == ["SEND OK"] and bench.far[key] == b"AT+CSQ\r!!"


def test_octets_are_told_once_each_or_twice_and_read_with_their_address():
    bench = Bench()
    bench.connect()
    assert bench.ask("AT+QIRD=0,1,0,1500") == ["OK"]  # log: nothing is there
    assert bench.arrive(b"OK\r\n" * 400) == ["+QIRDI: 0,1,0"] and bench.arrive(b"more") == []
    head = b"\r\n+QIRD: 10.1.1.1:8080,TCP,1500\r\n"
    assert bench.type(b"AT+QIRD=0,1,0,1500\r") == head + b"OK\r\n" * 375 + b"\r\nOK\r\n"
    assert bench.ask("AT+QIRD=0,1,0,1501") == ["ERROR"] and bench.ask("AT+QIRD=0,2,0,10") == ["ERROR"]
    assert bench.ask("AT+QIRD=0,1,1,10") == ["ERROR"] and bench.ask("AT+QIRD=1,1,0,10") == ["ERROR"]
    for switch, told in (("each", (2, 1)), ("twice", (2, 0))):
        other = Bench(notice=switch)
        other.connect()
        assert [len(other.arrive(octets)) for octets in (bytes(1900), b"more")] == list(told)


def test_the_second_form_of_the_notice_counts():  # log of an MC60
    bench = Bench()
    bench.up(UP[0], "AT+QINDI=2", *UP[2:])
    bench.connect()
    assert bench.arrive(bytes(1332)) == ["+QIRDI: 0,1,0,1,1332,1332"]
    assert bench.arrive(bytes(1359)) == ["+QIRDI: 0,1,0,2,1359,2691"]
    bench.ask("AT+QIRD=0,1,0,1500")
    bench.ask("AT+QIRD=0,1,0,1500")
    assert bench.arrive(b"!!") == ["+QIRDI: 0,1,0,1,2,2"]


def test_without_a_notice_octets_come_in_band():
    bench = Bench()
    bench.up(UP[0], *UP[2:])
    bench.connect()
    bench.modem.arrived(1, b"now")
    assert bench.wait(2000) == b"\r\n+RECEIVE: 0, 3\r\nnow"  # log of an M26
    assert bench.ask("AT+QIRD=0,1,0,10") == ["ERROR"]
    single = Bench()
    single.up(*SINGLE[1:])
    single.ask('AT+QIOPEN="TCP","10.1.1.1",80', 3000)
    single.modem.arrived(1, b"now")
    assert single.wait(2000) == b"now"
    single.ask("AT+QIHEAD=1;+QISHOWPT=1;+QISHOWRA=1")
    single.modem.arrived(1, b"now")
    assert single.wait(2000) == b"\r\nRECV FROM: 10.1.1.1:80\r\nIPD3TCP:now"


def test_octets_that_are_left_after_closed_can_be_read():
    bench = Bench()
    key = bench.connect()
    bench.modem.arrived(key, b"last")
    bench.modem.ended(key)
    assert bench.hear(2000) == ["+QIRDI: 0,1,0", "0, CLOSED"]
    assert bench.ask("AT+QISTATE")[2].endswith('"CLOSED"')
    assert bench.ask("AT+QIRD=0,1,0,1500")[1:] == ["last", "OK"]
    assert bench.ask("AT+QIRD=0,1,0,1500") == ["ERROR"]  # log
    assert bench.ask('AT+QIOPEN=0,"TCP","10.1.1.1",80', 3000) == ["OK", "0, CONNECT OK"]
    lost = Bench(unread="lost")
    lost.connect()
    lost.modem.arrived(1, b"last")
    lost.modem.ended(1)
    lost.wait(2000)
    assert lost.ask("AT+QIRD=0,1,0,1500") == ["ERROR"]
    numbered = Bench(closed_line="numbered")
    numbered.up(*SINGLE)
    numbered.ask('AT+QIOPEN="TCP","10.1.1.1",80', 3000)
    numbered.modem.ended(1)
    assert numbered.hear(2000) == ["0, CLOSED"]


def test_datagrams_are_read_one_by_one():
    for switch, said in (("one", [b"first", b"second"]), ("joined", [b"firstsecond"])):
        bench = Bench(datagrams=switch)
        key = bench.connect(kind="UDP")
        bench.send(b"datagram", 2000)
        assert bench.far[key] == b"datagram" and bench.ask("AT+QISACK=0") == ["ERROR"]
        bench.modem.arrived(key, b"first")
        bench.modem.arrived(key, b"second")
        bench.wait(2000)
        for octets in said:
            head = b"\r\n+QIRD: 10.1.1.1:8080,UDP,%d\r\n" % len(octets)
            assert bench.type(b"AT+QIRD=0,1,0,1500\r") == head + octets + b"\r\nOK\r\n"
