"""Profiles, contexts and messages of the simulated SARA; a clause of the manuals or "log" stands with each test."""

import pytest

from tests.kit.lab.bench import push
from tests.kit.lab.bench_sara import APN, Bench
from tools.lab.modem.environment import Cell, Environment, Profile
from tools.lab.modem.registration import EUTRAN
from tools.lab.modem.sara.options import R410M, R412M


def around(profiles=(), **cell):
    return Environment([Cell("23410", "O2 - UK", "O2", **cell)], list(profiles))


MMS = Profile("mms", "user", "secret")


def test_a_profile_is_set_activated_and_told():  # 13.4 of R11; log
    bench = Bench()
    assert bench.ask("AT+UPSND=0,8;+UPSND=0,0") == ["+UPSND: 0,8,0", '+UPSND: 0,0,""', "OK"]
    assert bench.ask(APN + ';+UPSD=0,2,"u";+UPSD=0,3,"p";+UPSD=0,1') == ['+UPSD: 0,1,"mms"', "OK"]
    assert bench.ask("AT+UPSD=0,3") == ["ERROR"] and not [line for line in bench.ask("AT+UPSD=0") if '"p"' in line]
    assert bench.ask("AT+UPSDA=0,3", 990) == [] and bench.hear(20) == ["OK"]
    assert bench.ask("AT+UPSND=0,8;+UPSND=0,0") == ["+UPSND: 0,8,1", '+UPSND: 0,0,"10.64.0.1"', "OK"]
    assert bench.ask("AT+CMEE=1;+UPSDA=0,3", 2000) == ["+CME ERROR: 3"]
    assert bench.ask('AT+UDNSRN=0,"10.1.1.1"', 2000) == ['+UDNSRN: "10.1.1.1"', "OK"]
    assert bench.ask("AT+UPSDA=0,4", 2000) == ["OK"]
    assert bench.ask("AT+UPSDA=0,4", 2000) == ["+CME ERROR: 3"]
    other = Bench(activation="announced", deactivation="told", active_again="works")
    assert other.ask(APN + ";+UPSDA=0,3", 2000) == ["OK", '+UUPSDA: 0,"10.64.0.1"']
    assert other.ask("AT+UPSDA=0,3") == ["OK"] and other.ask("AT+UPSDA=0,4", 2000) == ["OK", "+UUPSDD: 0"]


@pytest.mark.parametrize(
    "values, code",
    [
        ('0,1,"mms";+UPSD=0,6,1;+UPSD=0,2,"user";+UPSD=0,3,"secret"', None),
        ('0,1,"mms";+UPSD=0,6,1;+UPSD=0,2,"user";+UPSD=0,3,"wrong"', 149),
        ('0,1,"mms";+UPSD=0,6,0;+UPSD=0,2,"user";+UPSD=0,3,"secret"', 149),
        ('0,1,"internet"', 148),
    ],
)
def test_the_network_refuses_a_wrong_apn_and_a_wrong_user(values, code):
    bench = Bench(environment=around([MMS]))
    assert bench.ask("AT+CMEE=1;+UPSD=" + values) == ["OK"]
    said = bench.ask("AT+UPSDA=0,3", 5000)
    assert said == (["OK"] if code is None else ["+CME ERROR: %d" % code])
    if code is not None:
        assert bench.ask("AT+CEER")[0].startswith('+CEER: "SM activation error",')
        announced = Bench(environment=around([MMS]), activation="announced")
        announced.ask("AT+UPSD=" + values)
        assert announced.ask("AT+UPSDA=0,3", 5000) == ["OK", "+UUPSDA: %d" % code]


def test_the_network_ends_the_context_and_every_connection_of_it():
    bench = Bench()
    key = bench.connect()
    bench.type(b"AT+USOWR=0,100\r", 60)
    bench.modem.drop_context()
    assert bench.hear(10) == ["ERROR", "+UUPSDD: 0"] and key in bench.closed
    assert bench.ask("AT+UPSND=0,8;+USOCR=6") == ["+UPSND: 0,8,0", "ERROR"]
    bench.up()
    assert bench.ask('AT+USOCR=6;+USOCO=0,"10.1.1.1",80', 300) == ["+USOCR: 0"]
    bench.modem.drop_context()
    assert bench.hear(10) == ["ERROR", "+UUPSDD: 0"]  # in the middle of AT+USOCO


def test_profiles_are_stored_and_reset():  # 13.4 of R11
    bench = Bench()
    bench.ask(APN + ';+UPSDA=0,1;+UPSD=0,1,"other"')
    assert bench.ask("AT+UPSDA=0,2;+UPSD=0,1") == ['+UPSD: 0,1,"mms"', "OK"]
    assert bench.ask("AT+UPSDA=0,0;+UPSD=0,1") == ['+UPSD: 0,1,""', "OK"]
    bench.modem.brown_out()
    bench.wait(9000)
    assert bench.ask("ATE0;+UPSD=0,1")[1:] == ['+UPSD: 0,1,"mms"', "OK"]


# the R4


def test_the_context_of_an_r4_comes_with_the_attach_by_the_definition_of_that_time():  # 19.1
    bench = Bench(environment=around([MMS], access=EUTRAN), model=R410M)
    assert bench.ask("AT+CGACT?;+CGATT?")[-2:] == ["+CGATT: 1", "OK"]
    assert bench.ask('AT+USOCR=6;+USOCO=0,"10.1.1.1",80', 90000) == ["+USOCR: 0", "ERROR"]  # no APN: no way to the MMSC
    define, login = 'AT+CGDCONT=1,"IP","mms"', 'AT+UAUTHREQ=1,1,"user","secret"'
    assert bench.ask(define) == ["OK"] and bench.ask(login) == ["ERROR"]  # 13.15.1 of R09: it is active
    assert bench.ask("AT+CGACT=0,1") == ["ERROR"]  # the last one (27.007, 10.1.10)
    assert bench.ask("AT+CFUN=4", 500) == ["OK"] and bench.ask("AT+USOCR=6") == ["ERROR"]
    assert bench.ask(login) == ["OK"]
    bench.ask("AT+CFUN=1", 500)
    bench.wait(9000)
    assert bench.ask("AT+CGACT?;+CGPADDR=1") == ["+CGACT: 1,1", "+CGPADDR: 1,10.64.0.1", "OK"]
    assert bench.ask('AT+USOCR=6;+USOCO=0,"10.1.1.1",80', 3000) == ["+USOCR: 0", "OK"]
    refused = Bench(environment=around([MMS], access=EUTRAN), model=R410M, define_active="refused")
    assert refused.ask(define) == ["ERROR"]


def test_an_r4_without_e_utran_activates_its_context():
    bench = Bench(environment=around([MMS], access=0), model=R412M)
    assert bench.ask('AT+CGDCONT=1,"IP","mms";+CMEE=1;+CGACT=1,1', 5000) == ["+CME ERROR: 149"]
    assert bench.ask('AT+UAUTHREQ=2,1,"user","secret"') == ["+CME ERROR: 50"]  # not defined
    bench.modem.turn("uauthreq", "password-first")
    assert bench.ask('AT+UAUTHREQ=1,1,"secret","user";+CGACT=1,1', 5000) == ["OK"]
    assert bench.ask("AT+CGEREP=1;+USOCR=6") == ["+USOCR: 0", "OK"]
    bench.modem.drop_context()
    assert bench.hear(10) == ["+CGEV: NW PDN DEACT 1"]
    assert bench.ask("AT+USORD=0,0") == ["+CME ERROR: 3"]


# messages


def test_messages_are_told_once_wanted_and_kept_in_memories_of_their_own():
    bench = Bench()
    assert bench.ask("AT+CNMI?;+CPMS=?") == [
        "+CNMI: 1,0,0,0,0",
        '+CPMS: ("SM","ME","MT"),("SM","ME","MT"),("SM","ME","MT")',
        "OK",
    ]
    assert bench.ask("AT+CNMI=3,1") == ["ERROR"] and bench.ask("AT+CNMI=2,1,0,1,0") == ["OK"]
    assert bench.modem.deliver(push()) and bench.hear(10) == ['+CMTI: "SM",1']
    assert bench.ask("AT+CMGDA=6") == ["ERROR"]  # no command of AT+CLAC (log)
    assert bench.ask('AT+CPMS="ME","ME","ME";+CMGR=1')[0].startswith("+CPMS: 0,50")
    bench.ask("AT+CSMS=1;+CNMI=2,2,0,1,0")
    assert bench.modem.sms.deliver(push()) is False and bench.hear(10)[0].startswith("+CMT: ")
    assert bench.ask("AT+CNMA", 10) == ["OK"]
    early = Bench(boot=False)
    early.wait(3100)
    early.ask("ATE0")
    assert early.ask("AT+CMGF=0;+CMGL=4") == ["+CMS ERROR: 314"]
