"""The socket stack of the simulated SIM800: states, refusals, sending, receiving, and the other stack."""

from tests.kit.lab.bench import UP, Bench, lines


def up():
    bench = Bench()
    bench.ask("AT+CMEE=1")
    bench.connect()
    return bench


def state(bench):
    said = bench.ask("AT+CIPSTATUS")
    assert said[0] == "OK"  # first the result, then the state
    return said[1]


def test_each_step_has_its_state_and_refuses_to_be_skipped():
    bench = Bench()
    bench.ask("AT+CMEE=1;+CGATT=1", 2000)
    assert state(bench) == "STATE: IP INITIAL"
    assert bench.ask("AT+CIICR") == ["+CME ERROR: 3"]
    assert bench.ask("AT+CIFSR") == ["ERROR"]
    assert bench.ask('AT+CSTT="mms"') == ["OK"]
    assert state(bench) == "STATE: IP START"
    assert bench.ask('AT+CSTT="mms"') == ["+CME ERROR: 3"]
    assert bench.ask("AT+CIPMUX=1") == ["+CME ERROR: 3"]
    assert bench.ask("AT+CIICR", 500) == []
    assert bench.hear(1000) == ["OK"]
    assert state(bench) == "STATE: IP GPRSACT"
    assert bench.ask('AT+CIPSTART="TCP","10.1.1.1",80') == ["+CME ERROR: 3"]
    assert bench.type(b"AT+CIFSR\r") == b"\r\n10.64.0.1\r\n"  # and no OK
    assert state(bench) == "STATE: IP STATUS"
    assert bench.ask("AT+CIFSR;E0") == ["10.64.0.1", "OK"]
    assert bench.ask('AT+CIPSTART="TCP","10.1.1.1",80') == ["OK"]
    assert state(bench) == "STATE: TCP CONNECTING"
    assert bench.hear(1000) == ["CONNECT OK"]
    assert state(bench) == "STATE: CONNECT OK"
    assert bench.ask('AT+CIPSTART="TCP","10.1.1.1",80') == ["ALREADY CONNECT"]
    assert bench.ask("AT+CIPCLOSE=1") == ["CLOSE OK"]
    assert state(bench) == "STATE: TCP CLOSED"
    assert bench.ask("AT+CIPCLOSE") == ["+CME ERROR: 3"]
    assert bench.ask('AT+CIPSTART="TCP","10.1.1.1",80') == ["+CME ERROR: 3"]
    assert bench.ask("AT+CIPSHUT", 1000) == ["SHUT OK"]
    assert state(bench) == "STATE: IP INITIAL"


def test_connecting_takes_a_round_trip_and_a_name_one_more():
    for host, ms in (("10.1.1.1", 700), ("mmsc.example", 1400)):
        bench = Bench()
        for line in UP:
            bench.ask(line, 2000)
        bench.ask('AT+CIPSTART="TCP","%s","80"' % host)
        assert bench.hear(ms - 20) == []
        assert bench.hear(30) == ["CONNECT OK"]


def test_a_host_that_nobody_knows_is_a_failed_connection_after_a_while():
    bench = Bench()
    for line in UP:
        bench.ask(line, 2000)
    assert bench.ask('AT+CIPSTART="TCP","nowhere.example",80', 1000) == ["OK"]
    assert bench.hear(10000) == ["STATE: TCP CLOSED", "CONNECT FAIL"]


def test_a_fixed_count_takes_every_octet_as_data():
    bench = up()
    octets = bytes(range(256))
    assert bench.send(octets) == ["DATA ACCEPT:256"]
    bench.wait(2000)
    assert bench.far[1] == octets


def test_without_a_count_ctrl_z_ends_and_escape_cancels():
    bench = up()
    bench.type(b"AT+CIPSEND\r", 10)
    assert lines(bench.type(b"hello\x1a")) == ["DATA ACCEPT:5"]
    bench.type(b"AT+CIPSEND\r", 10)
    bench.type(b"never\x1b")
    bench.wait(2000)
    assert bench.far[1] == b"hello"


def test_a_send_timer_ends_an_entry_that_was_left_in_the_middle():
    bench = up()
    bench.ask("AT+CIPATS=1,2")
    bench.ask('AT+CIPSTART="TCP","10.1.1.1",80', 2000)
    bench.type(b"AT+CIPSEND=100\r", 50)
    assert bench.type(b"AT\r", 1900) == b""
    assert b"DATA ACCEPT:3" in bench.wait(200)
    assert bench.ask("AT") == ["OK"]


def test_only_cipack_proves_that_octets_arrived():
    bench = up()
    bench.send(bytes(255))
    assert bench.ask("AT+CIPACK") == ["+CIPACK: 255,0,255", "OK"]
    bench.wait(100 + 700 - 60)
    assert bench.ask("AT+CIPACK")[0] != "+CIPACK: 255,255,0"
    bench.wait(60)
    assert bench.ask("AT+CIPACK") == ["+CIPACK: 255,255,0", "OK"]


def test_slow_send_waits_for_the_acknowledgement():
    bench = up()
    bench.ask("AT+CIPQSEND=0")
    assert bench.send(bytes(255), 700) == []
    assert bench.hear(150) == ["SEND OK"]


def test_a_send_takes_at_most_1460_octets_and_never_more_than_the_buffer_has():
    bench = up()
    assert bench.ask("AT+CIPSEND?") == ["+CIPSEND: 1460", "OK"]
    assert bench.ask("AT+CIPSEND=1461") == ["+CME ERROR: 3"]
    assert bench.ask("AT+CIPSEND=0") == ["+CME ERROR: 3"]
    for _ in range(6):
        bench.send(bytes(1460), 1)
    assert bench.ask("AT+CIPSEND?")[0] == "+CIPSEND: 0"
    assert bench.ask("AT+CIPSEND=1460") == ["+CME ERROR: 3"]
    bench.wait(10000)
    assert bench.ask("AT+CIPSEND?")[0] == "+CIPSEND: 1460"
    assert len(bench.far[1]) == 8760


def test_send_fail_and_a_short_accept_can_be_had():
    bench = up()
    bench.modem.send_fail()
    assert bench.send(b"lost") == ["SEND FAIL"]
    bench.modem.short_accept(3)
    assert bench.send(b"abcd") == ["DATA ACCEPT:3"]
    assert bench.send(b"d") == ["DATA ACCEPT:1"]
    bench.wait(2000)
    assert bench.far[1] == b"abcd"


def test_an_upload_with_the_buffer_filled_runs_at_the_rate_of_the_radio():
    bench = up()
    start, left = bench.now, 30000
    while left:
        room = int(bench.ask("AT+CIPSEND?")[0].split(" ")[1])
        if room < min(left, 1460):
            bench.wait(20)
            continue
        bench.send(bytes(min(room, left)), 127)
        left -= min(room, left)
    while len(bench.far[1]) < 30000:
        bench.wait(5)
    assert bench.now - start < 1.02 * (350 + 30000 / 2.550 + 127 + 20)


def test_what_arrives_is_announced_once_and_fetched_in_counted_blocks():
    bench = up()
    bench.modem.arrived(1, b'OK\r\n+CMTI: "SM",1\r\n' + bytes(2000))
    assert bench.wait(2000) == b"\r\n+CIPRXGET: 1\r\n"
    assert bench.ask("AT+CIPRXGET=4") == ["+CIPRXGET: 4,2019", "OK"]
    said = bench.type(b"AT+CIPRXGET=2,19\r")
    assert said == b'\r\n+CIPRXGET: 2,19,2000\r\nOK\r\n+CMTI: "SM",1\r\n\r\nOK\r\n'
    assert bench.ask("AT+CIPRXGET=3,2") == ["+CIPRXGET: 3,2,1998", "0000", "OK"]
    assert bench.ask("AT+CIPRXGET=2,1461") == ["+CME ERROR: 50"]
    assert bench.ask("AT+CIPRXGET=3,731") == ["+CME ERROR: 50"]
    assert len(bench.type(b"AT+CIPRXGET=2,1460\r")) == 25 + 1460 + 6
    bench.type(b"AT+CIPRXGET=2,1460\r")
    assert bench.ask("AT+CIPRXGET=2,1460") == ["+CIPRXGET: 2,0,0", "OK"]
    assert bench.hear(5000) == []
    bench.modem.arrived(1, b"more")
    assert bench.hear(1000) == ["+CIPRXGET: 1"]


def test_the_window_bounds_what_the_far_end_may_send():
    bench = up()
    room = bench.modem.room(1)
    bench.modem.arrived(1, bytes(room))
    assert bench.modem.room(1) == 0
    bench.wait(5000)
    assert bench.modem.room(1) == 0
    bench.type(b"AT+CIPRXGET=2,1460\r")
    assert bench.modem.room(1) == 1460


def test_the_end_comes_after_the_last_octet_which_can_still_be_fetched():
    bench = up()
    bench.modem.arrived(1, b"the end")
    bench.modem.ended(1)
    assert bench.hear(2000) == ["+CIPRXGET: 1", "CLOSED"]
    assert state(bench) == "STATE: TCP CLOSED"
    assert bench.ask("AT+CIPSEND=1") == ["+CME ERROR: 3"]
    assert bench.ask("AT+CIPRXGET=2,100") == ["+CIPRXGET: 2,7,0", "the end", "OK"]


def test_manual_receiving_has_to_be_chosen_before_connecting():
    bench = up()
    assert bench.ask("AT+CIPRXGET=0") == ["+CME ERROR: 3"]
    bench.ask("AT+CIPSHUT", 1000)
    assert bench.ask("AT+CIPRXGET=0") == ["OK"]
    bench.ask('AT+CSTT="mms"')
    bench.ask("AT+CIICR", 2000)
    bench.ask("AT+CIFSR")
    bench.ask('AT+CIPSTART="TCP","10.1.1.1",80', 2000)
    assert bench.ask("AT+CIPRXGET=2,100") == ["+CME ERROR: 3"]
    bench.modem.arrived(2, b"bare")
    assert bench.wait(2000) == b"bare"
    bench.ask("AT+CIPHEAD=1")
    bench.modem.arrived(2, b"head")
    assert bench.wait(2000) == b"\r\n+IPD,4:head"


def test_a_lost_context_lets_nothing_through_until_cipshut():
    bench = up()
    bench.modem.drop_context()
    assert bench.hear(100) == ["+PDP: DEACT"]
    assert state(bench) == "STATE: PDP DEACT"
    for line in ('AT+CSTT="mms"', "AT+CIICR", 'AT+CIPSTART="TCP","10.1.1.1",80', "AT+CIPSEND=1"):
        assert bench.ask(line) == ["+CME ERROR: 3"]
    assert bench.closed == [1]
    assert bench.ask("AT+CIPSHUT", 1000) == ["SHUT OK"]
    assert bench.ask('AT+CSTT="mms"') == ["OK"]


def test_six_connections_at_a_time_carry_their_numbers():
    bench = Bench()
    bench.ask("AT+CMEE=1;+CIPMUX=1")
    for line in UP:
        bench.ask(line, 2000)
    assert bench.ask('AT+CIPSTART=0,"TCP","10.1.1.1",80', 1000) == ["OK", "0, CONNECT OK"]
    assert state(bench) == "STATE: IP PROCESSING"
    assert bench.ask('AT+CIPSTART=5,"TCP","10.1.1.1",81', 1000) == ["OK", "5, CONNECT OK"]
    assert bench.ask('AT+CIPSTART=6,"TCP","10.1.1.1",81', 1000) == ["+CME ERROR: 50"]
    assert bench.type(b"AT+CIPSEND=5,2\r", 10) == b"\r\n> "
    assert lines(bench.type(b"hi", 1000)) == ["DATA ACCEPT:5,2"]
    assert bench.far == {1: b"", 2: b"hi"}
    bench.modem.arrived(2, b"ho")
    assert bench.hear(1000) == ["+CIPRXGET: 1,5"]
    assert bench.ask("AT+CIPRXGET=2,5,10") == ["+CIPRXGET: 2,5,2,0", "ho", "OK"]
    assert bench.ask("AT+CIPACK=5") == ["+CIPACK: 2,2,0", "OK"]
    assert bench.ask("AT+CIPCLOSE=0,1") == ["0, CLOSE OK"]
    bench.modem.ended(2)
    assert bench.hear(1000) == ["5, CLOSED"]
    assert bench.ask('AT+CIPSTART=0,"TCP","10.1.1.1",80', 1000) == ["OK", "0, CONNECT OK"]


def test_a_datagram_leaves_whole():
    bench = Bench()
    for line in UP:
        bench.ask(line, 2000)
    assert bench.ask('AT+CIPSTART="UDP","10.1.1.1",9201', 1000) == ["OK", "CONNECT OK"]
    sends = []
    bench.modem.effect = lambda *what: sends.append(what)
    bench.send(bytes(300), 3000)
    assert [len(what[2]) for what in sends] == [300]


def test_a_datagram_that_was_sent_leaves_though_its_socket_is_closed_unless_power_goes():
    for power, effects in ((True, ["send", "close"]), (False, ["close"])):
        bench = Bench()
        for line in list(UP) + ["AT+CIPQSEND=1"]:
            bench.ask(line, 2000)
        bench.ask('AT+CIPSTART="UDP","10.1.1.1",9201', 1000)
        sends = []
        bench.modem.effect = lambda *what: sends.append(what)  # noqa: B023
        bench.send(bytes(300), 20)
        if power:
            assert bench.ask("AT+CIPCLOSE") == ["CLOSE OK"]
        else:
            bench.modem.power_off()
        bench.wait(2000)
        assert [what[0] for what in sends] == effects


def test_names_are_looked_up_on_request():
    bench = up()
    bench.modem.environment.names["mmsc.example"] = "10.1.1.9"
    assert bench.ask('AT+CDNSGIP="mmsc.example"', 1000) == [
        "OK",
        '+CDNSGIP: 1,"mmsc.example","10.1.1.9"',
    ]
    assert bench.ask('AT+CDNSGIP="nowhere.example"', 1000) == ["OK", "+CDNSGIP: 0,8"]


def test_bearers_and_sockets_are_two_stacks():
    bench = Bench()
    bench.ask("AT+CMEE=1;+CGATT=1", 2000)
    bench.ask('AT+SAPBR=3,1,"CONTYPE","GPRS"')
    bench.ask('AT+SAPBR=3,1,"APN","mms"')
    assert bench.ask("AT+SAPBR=2,1") == ['+SAPBR: 1,3,"0.0.0.0"', "OK"]
    assert bench.ask("AT+SAPBR=1,1", 2000) == ["OK"]
    assert bench.ask("AT+SAPBR=1,1", 2000) == ["+CME ERROR: 3"]
    assert bench.ask("AT+SAPBR=2,1") == ['+SAPBR: 1,1,"10.64.0.1"', "OK"]
    assert state(bench) == "STATE: IP INITIAL"
    assert bench.ask("AT+CIPSHUT", 1000) == ["SHUT OK"]
    assert bench.ask("AT+SAPBR=2,1")[0] == '+SAPBR: 1,1,"10.64.0.1"'
    bench.modem.drop_context()
    assert bench.hear(10) == ["+SAPBR 1: DEACT"]
