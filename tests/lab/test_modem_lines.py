"""Command lines of the simulated SIM800: what it takes, what it drops, how it says no."""

import random

from tests.kit.lab.bench import Bench


def test_a_reply_stands_between_line_ends():
    bench = Bench()
    assert bench.type(b"AT+CSQ\r") == b"\r\n+CSQ: 17,0\r\n\r\nOK\r\n"


def test_it_echoes_until_it_is_told_not_to():
    bench = Bench()
    assert bench.type(b"ATE1\r") == b"\r\nOK\r\n"
    assert bench.type(b"AT\r") == b"AT\r\r\nOK\r\n"


def test_a_line_may_come_one_octet_at_a_time_and_with_nuls():
    bench = Bench()
    said = b""
    for octet in b"\x00A\x00T+C\x00SQ\r\x00":
        said += bench.type(bytes((octet,)))
    assert said == b"\r\n+CSQ: 17,0\r\n\r\nOK\r\n"


def test_commands_are_combined_with_semicolons_and_answered_with_one_result():
    bench = Bench()
    assert bench.ask("ATE0V1+CSQ;+CFUN?;&D2") == ["+CSQ: 17,0", "+CFUN: 1", "OK"]


def test_a_semicolon_in_quotes_separates_nothing():
    assert Bench().ask('AT+CSTT="a;b","",""') == ["OK"]


def test_an_error_ends_the_line():
    bench = Bench()
    assert bench.ask("AT+CSQ;+NONSENSE;+CFUN?") == ["+CSQ: 17,0", "ERROR"]


def test_cmee_chooses_how_an_error_is_told_and_is_kept_by_and_w():
    bench = Bench()
    assert bench.ask("AT+CIICR") == ["ERROR"]
    assert bench.ask("AT+CMEE=2;+CIICR") == ["+CME ERROR: operation not allowed"]
    assert bench.ask("AT+CMEE=1;+CIICR") == ["+CME ERROR: 3"]
    bench.modem.power_on()
    bench.wait(9000)
    assert bench.ask("AT+CMEE?")[-2:] == ["+CMEE: 0", "OK"]
    bench.ask("AT+CMEE=1;&W")
    bench.modem.power_on()
    bench.wait(9000)
    assert bench.ask("AT+CMEE?")[-2:] == ["+CMEE: 1", "OK"]


def test_results_are_numbers_after_v0_and_nothing_after_q1():
    bench = Bench()
    bench.ask("ATV0")
    assert bench.type(b"AT\r") == b"0\r"
    assert bench.type(b"AT+CSQ\r") == b"+CSQ: 17,0\r\n0\r"
    bench.ask("ATQ1")
    assert bench.type(b"AT\r") == b""


def test_noise_and_endless_lines_are_not_commands():
    bench = Bench()
    assert bench.type(b"\x1b\x1a\xff\xfe\r") == b""
    assert bench.ask("AT+CSTT=" + "x" * 5000) == ["ERROR"]
    assert bench.ask("AT") == ["OK"]


def test_what_comes_while_a_command_runs_is_lost():
    bench = Bench()
    assert bench.ask("AT+COPS=?", 100) == []
    assert bench.ask("AT+CSQ", 100) == []
    assert bench.hear(15000)[-1] == "OK"
    assert bench.hear(15000) == []


def test_an_unsolicited_line_comes_between_a_command_and_its_answer():
    bench = Bench()
    bench.ask("AT+CGATT=1", 500)
    bench.modem.unsolicited("+CMTE: 1")
    assert bench.hear(2000) == ["+CMTE: 1", "OK"]


def test_an_unsolicited_line_waits_until_the_octets_after_a_prompt_are_in():
    bench = Bench()
    bench.connect()
    assert bench.type(b"AT+CIPSEND=4\r", 10) == b"\r\n> "
    bench.type(b"ab")
    bench.modem.unsolicited("RING")
    assert bench.wait(100) == b""
    assert bench.type(b"cd") == b"\r\nDATA ACCEPT:4\r\n\r\nRING\r\n"


def test_the_prompt_takes_its_time_and_octets_before_it_are_lost():
    bench = Bench()
    bench.connect()
    assert bench.type(b"AT+CIPSEND=4\r") == b""
    bench.type(b"lost")
    assert bench.wait(10) == b"\r\n> "
    assert bench.wait(1000) == b""


def test_the_last_line_is_repeated():
    bench = Bench()
    bench.ask("AT+CSQ")
    assert bench.type(b"A/") == b"\r\n+CSQ: 17,0\r\n\r\nOK\r\n"


def test_every_command_of_gammu_kannel_and_modemmanager_is_answered():
    bench = Bench()
    bench.type(b"\x1b")
    for line in """AT+MODE=2|AT+CMEE=1|AT+CSCS?|AT+CSCS=?|AT+CSCS="HEX"|AT+CGMM|AT+CGMI|AT+CGMR|AT+CGSN
        AT+CIMI|AT+CREG=2|AT+CGREG=2|AT+CGATT?|AT+CREG?|AT+CGREG?|AT+COPS=3,2|AT+COPS?|AT+CPMS=?
        AT+CPMS="ME"|AT+CNMI=?|AT+CNMI=2,1,0,1,0|AT+CPBS=?|AT+CBC|AT+CSQ|AT+CMGF=0|AT+CMGL=4|AT+CSCA?
        ATZ|AT|AT&F|ATE0|AT+IFC=2,2|AT+CPIN?|AT+CSMS=?|AT+CNMI=1,2,0,1,0|ATX4|AT&C1|AT+GCAP|AT+WS46=?
        AT+CGDCONT=?|AT+CFUN?|AT+CSIM=10,"A0F2000016"|AT+CRSM=176,12258,0,0,10|AT+CPOL?|AT+CNUM
        AT+CLCK=?|AT+CTZU=1|AT+CESQ=?|AT+CIND=?|AT+CGEREP=?|AT+CPMS="SM","ME","ME"|ATI|AT+GSV|AT+GSN""".replace(
        "\n", "|"
    ).split("|"):
        said = bench.ask(line.strip(), 100)
        assert said and (said[-1] in ("OK", "ERROR") or said[-1][:4] == "+CME"), (line, said)


def test_nothing_that_is_typed_breaks_the_modem():
    random.seed(20261122)
    names = sorted(Bench().modem.terminal.commands)
    endings = ("", "?", "=?", "=", "=1", "=1,1", '="x",2', "=,", '="', "=99999999999", "=-1", ";", "=\xe9")
    for _ in range(20):
        bench = Bench()
        for _ in range(40):
            line = "AT" + random.choice(names) + random.choice(endings)
            bench.type(line.encode() + b"\r", random.choice((0, 10, 3000)))
            noise = bytes([random.getrandbits(8) for _ in range(8)])
            if random.getrandbits(2) == 0:
                bench.type(noise + random.choice((b"\x1a", b"\x1b", b"\r")), 10)
            elif random.getrandbits(3) == 0:
                bench.modem.deliver(noise)
        bench.wait(0)
        bench.modem.power_on()
        assert b"RDY" in bench.wait(3100)
