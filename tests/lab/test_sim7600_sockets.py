"""The socket service of the simulated SIM7600 family (A7600 TCPIP application note V1.00; manual V2.03)."""

import pytest

from tests.kit.lab.bench import lines
from tests.kit.lab.bench7600 import Bench
from tools.lab.modem.sim7600 import Environment, Profile


def up(**switches):
    bench = Bench(**switches)
    bench.connect()
    return bench


def test_the_service_opens_and_closes_after_its_ok():
    bench = Bench()
    bench.ask('AT+CGDCONT=1,"IP","mms"')
    assert bench.ask("AT+NETOPEN?") == ["+NETOPEN: 0", "OK"]
    assert bench.ask("AT+NETCLOSE") == ["+NETCLOSE: 2", "ERROR"]
    assert bench.ask("AT+IPADDR") == ["+IPADDR: Network not opened", "ERROR"]
    assert bench.ask("AT+NETOPEN", 500) == ["OK"]
    assert bench.ask("AT+NETOPEN") == ["ERROR"]
    assert bench.hear(1000) == ["+NETOPEN: 0"]
    assert bench.ask("AT+NETOPEN") == ["+IP ERROR: Network is already opened", "ERROR"]
    assert bench.ask("AT+CIPCCFG=10,0,0,0,1,0,75000;+NETOPEN") == ["+IP ERROR: 4", "ERROR"]
    assert bench.ask("AT+IPADDR;+NETOPEN?") == ["+IPADDR: 10.64.0.1", "+NETOPEN: 1", "OK"]
    assert bench.ask("AT+NETCLOSE") == ["OK"]
    assert bench.hear(1000) == ["+NETCLOSE: 0"]


def test_a_sim7600_says_with_another_line_that_the_network_is_not_open():
    assert Bench(model="SIM7600E").ask("AT+IPADDR") == ["+IP ERROR: Network not opened", "ERROR"]


def test_the_service_of_a_wrong_apn_fails_after_its_ok_and_without_a_network_at_once():
    bench = Bench(environment=Environment(profiles=[Profile("mms")]))
    bench.ask('AT+CGDCONT=1,"IP","internet"')
    assert bench.ask("AT+NETOPEN", 3000) == ["OK", "+NETOPEN: 1"]
    bench.modem.lose_coverage()
    assert bench.ask("AT+NETOPEN")[-1] == "ERROR"


def test_a_connection_is_told_after_its_ok_and_each_mistake_has_its_number():
    bench = Bench()
    assert bench.ask('AT+CIPOPEN=0,"TCP","10.1.1.1",8080') == ["+CIPOPEN: 0,2", "ERROR"]
    bench.up()
    assert bench.ask('AT+CIPOPEN=0,"TCP","10.1.1.1",0') == ["+CIPOPEN: 0,3", "ERROR"]
    assert bench.ask('AT+CIPOPEN=0,"UDP","10.1.1.1",53') == ["+CIPOPEN: 0,3", "ERROR"]
    assert bench.ask('AT+CIPOPEN=10,"TCP","10.1.1.1",80') == ["+CME ERROR: 50"]
    assert bench.ask('AT+CIPOPEN=9,"TCP","10.1.1.1",8080', 690) == ["OK"]
    assert bench.ask("AT+CIPCLOSE?")[0] == "+CIPCLOSE: 0,0,0,0,0,0,0,0,0,0"  # it is not there yet
    assert bench.hear(20) == ["+CIPOPEN: 9,0"]
    assert bench.ask('AT+CIPOPEN=9,"TCP","10.1.1.1",8080') == ["+CIPOPEN: 9,4", "ERROR"]
    assert bench.ask("AT+CIPOPEN?")[8:10] == ["+CIPOPEN: 8", '+CIPOPEN: 9,"TCP","10.1.1.1",8080,-1']
    assert bench.ask('AT+CIPOPEN=1,"TCP","nowhere.example",80', 9000) == ["OK", "+CIPOPEN: 1,11"]
    assert bench.ask("AT+CIPCLOSE?")[0] == "+CIPCLOSE: 0,0,0,0,0,0,0,0,0,1"


@pytest.mark.parametrize("value, ms, code", [("soon", 710, 1), ("late", 75510, 10)])
def test_a_refused_connection(value, ms, code):
    bench = Bench(refusal=value)
    bench._open = lambda key, host: bench.modem.refused(key)
    bench.up()
    assert bench.ask('AT+CIPOPEN=0,"TCP","10.1.1.1",80', ms - 20) == ["OK"]
    assert bench.hear(20) == ["+CIPOPEN: 0,%d" % code]


def test_ok_says_nothing_and_the_line_after_it_how_much_was_taken():
    bench = up()
    octets = bytes(range(256))
    assert bench.send(octets, 5) == ["OK"]
    assert bench.type(b"AT+CIPSEND=0,5\r") == b"\r\n+CIPERROR: 8\r\n\r\nERROR\r\n"
    assert bench.hear(20) == ["+CIPSEND: 0,256,256"]
    bench.wait(2000)
    assert bench.far[1] == octets


def test_a_send_has_at_most_1500_octets_and_other_mistakes_have_other_numbers():
    bench = Bench()
    assert bench.ask("AT+CIPSEND=0,5") == ["+CIPERROR: 2", "ERROR"]
    bench.connect()
    for length in ("0", "1501", "x"):
        assert bench.ask("AT+CIPSEND=0," + length) == ["+CIPERROR: 3", "ERROR"], length
    assert bench.ask("AT+CIPSEND=1,5") == ["+CIPERROR: 4", "ERROR"]
    assert bench.send(bytes(1500)) == ["OK", "+CIPSEND: 0,1500,1500"]


def test_without_a_length_ctrl_z_ends():
    bench = up(prompt="spaced")
    assert bench.type(b"AT+CIPSEND=0,\r", 10) == b"\r\n> "
    assert lines(bench.type(b"hello\x1a", 30)) == ["OK", "+CIPSEND: 0,5,5"]


def fill(bench):
    """Send until the buffer takes less than was asked; the octets that it took."""
    for _ in range(5):
        bench.send(bytes(1500), 21)
    assert bench.send(b"\x01" * 1500, 30)[-1].startswith("+CIPSEND: 0,1500,1")
    return bench


def test_a_full_buffer_takes_a_part_and_lets_the_next_send_wait():
    bench = fill(up())
    assert bench.send(b"\x02" * 1500, 5) == ["OK"]
    asked, taken = map(int, bench.hear(5000)[0].split(",")[1:])
    assert asked == 1500 and 0 < taken < 1500
    bench.wait(20000)
    first = bench.far[1].count(1)
    assert first < 1500 and bench.far[1] == bytes(7500) + b"\x01" * first + b"\x02" * taken


def test_a_full_buffer_may_take_nothing_and_a_part_may_end_the_connection():
    assert fill(up(buffer_full="zero")).send(bytes(1500), 30) == ["OK", "+CIPSEND: 0,1500,0"]
    assert fill(up(partial="ends")).ask("AT+CIPSEND=0,5") == ["+CIPERROR: 4", "ERROR"]


def test_a_short_send_and_one_that_fails():
    bench = up()
    bench.modem.short_accept(3)
    assert bench.send(b"hello") == ["OK", "+CIPSEND: 0,5,3"]
    bench.modem.send_fail()
    assert bench.send(b"hello") == ["+CIPERROR: 1", "ERROR"]
    bench.wait(2000)
    assert bench.far[1] == b"hel"


def test_with_sendmode_1_the_line_waits_for_the_acknowledgement():
    bench = up()
    bench.ask("AT+CIPSENDMODE=1")
    assert bench.send(bytes(255), 700) == ["OK"]
    assert bench.hear(200) == ["+CIPSEND: 0,255,255"]


def test_cipack_proves_what_arrived():
    bench = up()
    bench.send(bytes(255))
    assert bench.ask("AT+CIPACK=0") == ["+CIPACK: 255,0,0", "OK"]
    bench.modem.arrived(1, b"hello")
    bench.wait(1000)
    assert bench.ask("AT+CIPACK=0") == ["+CIPACK: 255,255,5", "OK"]
    assert bench.ask("AT+CIPACK=3") == ["+IP ERROR: Connection is not created", "ERROR"]


def test_octets_are_told_once_and_fetched_by_count():
    bench = up()
    assert bench.ask("AT+CIPRXGET=2,0") == ["+IP ERROR: No data", "ERROR"]
    bench.modem.arrived(1, b"data from server")
    assert bench.hear(1000) == ["+CIPRXGET: 1,0"]
    assert bench.ask("AT+CIPRXGET=4,0") == ["+CIPRXGET: 4,0,16", "OK"]
    assert bench.type(b"AT+CIPRXGET=2,0,5\r") == b"\r\n+CIPRXGET: 2,0,5,11\r\ndata \r\nOK\r\n"
    bench.modem.arrived(1, b"!")
    assert bench.hear(1000) == []  # not before all was read
    assert bench.type(b"AT+CIPRXGET=3,0,5\r") == b"\r\n+CIPRXGET: 3,0,5,7\r\n66726F6D20\r\nOK\r\n"
    assert bench.type(b"AT+CIPRXGET=2,0,1500\r") == b"\r\n+CIPRXGET: 2,0,7,0\r\nserver!\r\nOK\r\n"
    bench.modem.arrived(1, b"?")
    assert bench.hear(1000) == ["+CIPRXGET: 1,0"]
    assert bench.ask("AT+CIPRXGET=2,0,1501") == ["+IP ERROR: Invalid parameter", "ERROR"]
    assert bench.ask("AT+CIPRXGET=3,0,751") == ["+IP ERROR: Invalid parameter", "ERROR"]
    assert bench.ask("AT+CIPRXGET=2,2") == ["+IP ERROR: No data", "ERROR"]


def test_each_segment_may_be_told():
    bench = up(announced="each")
    for _ in range(2):
        bench.modem.arrived(1, b"x")
        assert bench.hear(1000) == ["+CIPRXGET: 1,0"]


def test_without_ciprxget_octets_come_in_band():
    bench = Bench()
    bench.up()
    bench.ask('AT+CIPRXGET=0;+CIPOPEN=1,"TCP","10.1.1.1",5253', 2000)
    bench.modem.arrived(1, b"data from server")
    assert bench.wait(1000) == b"\r\nRECV FROM:10.1.1.1:5253\r\n+IPD16\r\ndata from server"
    assert bench.ask("AT+CIPRXGET=2,1") == ["+IP ERROR: Operation failed", "ERROR"]


def test_the_far_end_closes_and_what_arrived_stays():
    bench = up()
    bench.modem.arrived(1, b"last")
    bench.modem.ended(1)
    assert bench.hear(1000) == ["+CIPRXGET: 1,0", "+IPCLOSE: 0,1"]
    assert bench.ask("AT+CIPSEND=0,5") == ["+CIPERROR: 4", "ERROR"]
    assert bench.ask("AT+CIPCLOSE=0") == ["+CIPCLOSE: 0,4", "ERROR"]
    assert bench.type(b"AT+CIPRXGET=2,0\r") == b"\r\n+CIPRXGET: 2,0,4,0\r\nlast\r\nOK\r\n"
    assert bench.ask('AT+CIPOPEN=0,"TCP","10.1.1.1",80', 2000) == ["OK", "+CIPOPEN: 0,0"]


def test_octets_that_wait_when_the_far_end_closes_were_not_taken():
    bench = fill(up())
    bench.send(b"x" * 100, 5)
    bench.modem.ended(1)
    said = bench.hear(400)
    assert said == ["+CIPSEND: 0,100,-1", "+IPCLOSE: 0,1"] or said[0].startswith("+CIPSEND: 0,100,")


def test_the_handset_closes_and_hears_of_it_later():
    bench = up()
    assert bench.ask("AT+CIPCLOSE=0") == ["OK"]
    assert bench.hear(200) == ["+CIPCLOSE: 0,0"] and bench.closed == [1]
    assert bench.ask("AT+CIPCLOSE=0") == ["+CIPCLOSE: 0,4", "ERROR"]


def test_a_silent_far_end_is_given_up():
    bench = up()
    bench.ask("AT+CIPTIMEOUT=75000,15000,15000")
    bench.modem.radio.up.put = lambda *octets: None  # nothing leaves
    bench.send(bytes(10))
    assert bench.hear(14800) == []
    assert bench.hear(200) == ["+IPCLOSE: 0,2"] and bench.closed == [1]


def test_a_lost_network_is_told_and_held_until_the_handset_closes_it():
    bench = up()
    bench.modem.drop_context()
    assert bench.hear(10) == ["+CGEV: NW PDN DEACT 1", "+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY"]
    assert bench.ask("AT+NETOPEN?") == ["+NETOPEN: 1", "OK"]
    assert bench.ask("AT+CIPCLOSE?")[0].startswith("+CIPCLOSE: 1,")
    assert bench.ask("AT+CIPSEND=0,5") == ["+CIPERROR: 2", "ERROR"]
    assert bench.ask("AT+NETOPEN") == ["+IP ERROR: Network is already opened", "ERROR"]
    assert bench.ask('AT+CIPOPEN=1,"TCP","10.1.1.1",80') == ["+CIPOPEN: 1,2", "ERROR"]
    assert bench.ask("AT+CIPCLOSE=0", 200) == ["OK", "+CIPCLOSE: 0,0"]
    assert bench.ask("AT+NETCLOSE", 1000) == ["OK", "+NETCLOSE: 0"]
    assert bench.ask("AT+NETOPEN", 3000) == ["OK", "+NETOPEN: 0"]


def test_names_are_resolved_on_demand():
    bench = up()
    bench.modem.environment.names["mmsc.example"] = "10.1.1.9"
    assert bench.ask('AT+CDNSGIP="mmsc.example"', 1000) == ['+CDNSGIP: 1,"mmsc.example","10.1.1.9"', "OK"]
    assert bench.ask('AT+CDNSGIP="nowhere.example"', 1000) == ["+CDNSGIP: 0,10", "ERROR"]


def test_udp_has_a_port_of_its_own_and_names_the_far_end_with_each_datagram():
    bench = Bench()
    bench.up()
    assert bench.ask('AT+CIPOPEN=1,"UDP",,,5000') == ["+CIPOPEN: 1,0", "OK"]
    assert bench.ask("AT+CIPSEND=1,5") == ["+CIPERROR: 3", "ERROR"]
    assert bench.type(b'AT+CIPSEND=1,5,"10.1.1.1",9201\r', 10) == b"\r\n>"
    assert lines(bench.type(b"HELLO", 30)) == ["OK", "+CIPSEND: 1,5,5"]
    bench.wait(1000)
    (key,) = [key for key in bench.far if bench.far[key] == b"HELLO"]
    bench.modem.arrived(key, b"answer")
    assert bench.hear(1000) == ["+CIPRXGET: 1,1"]
    assert bench.type(b"AT+CIPRXGET=2,1,1500\r") == b"\r\n+CIPRXGET: 2,1,6,0\r\nanswer\r\nOK\r\n"
    assert bench.type(b'AT+CIPSEND=1,3,"10.1.1.1",9201\r', 10) == b"\r\n>"
    bench.type(b"END", 30)
    assert bench.ask("AT+CIPCLOSE=1") == ["+CIPCLOSE: 1,0", "OK"]
    bench.wait(1000)
    assert bench.far[key] == b"HELLOEND" and bench.closed == [key]


def test_the_service_may_need_an_attach():
    bench = Bench(attach_itself="no", netopen="refused")
    assert bench.ask("AT+NETOPEN", 5000) == ["OK", "+NETOPEN: 1"]
    assert bench.ask("AT+CGATT=1", 5000)[-1] == "OK" and bench.ask("AT+NETOPEN", 5000) == ["OK", "+NETOPEN: 0"]
