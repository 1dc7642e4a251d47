"""Registration, operators and contexts of the simulated SIM7600 family (A76XX manual V2.03, chapters 4 and 5)."""

import pytest

from tests.kit.lab.bench7600 import EUTRAN, Bench, lte
from tools.lab.modem.sim7600 import Card, Cell, Environment, Profile

_UTRAN = 2


def states(bench):
    return [line.partition(",")[2] for line in bench.ask("AT+CREG?;+CGREG?;+CEREG?")[:3]]


def test_outside_of_eutran_cereg_is_unknown_and_the_attach_comes_by_itself():
    bench = Bench(boot=False)
    bench.wait(8000)
    bench.ask("ATE0")
    assert states(bench) == ["1", "0", "4"]  # registered, and not yet attached
    bench.wait(2000)
    assert states(bench) == ["1", "1", "4"]


def test_where_it_does_not_attach_by_itself_cgatt_is_needed():
    bench = Bench(attach_itself="no")
    bench.wait(60000)
    assert states(bench) == ["1", "0", "4"]
    assert bench.ask("AT+CGATT=1", 2000) == ["OK"]
    assert states(bench) == ["1", "1", "4"]


@pytest.mark.parametrize("imsi, expected", [("234100000000001", ["6", "1", "1"]), ("208010000000001", ["7", "5", "5"])])
def test_eutran_without_voice_is_sms_only_for_creg_and_registered_for_cereg(imsi, expected):
    bench = Bench(Card(imsi=imsi), lte(sms_only=True))
    bench.wait(3000)
    assert states(bench) == expected


def test_a_handset_that_detached_stays_detached():
    bench = Bench(environment=lte())
    assert states(bench) == ["1", "1", "1"]
    assert bench.ask("AT+CGATT=0", 1000)[-1] == "OK"
    assert states(bench) == ["1", "0", "0"]
    bench.modem.lose_coverage()
    bench.modem.find_coverage()
    bench.wait(9000)
    assert states(bench) == ["1", "0", "0"]
    assert bench.ask("AT+CGATT=1", 2000)[-1] == "OK"
    assert states(bench) == ["1", "1", "1"]


@pytest.mark.parametrize("written, place", [("bare", "00C3,00007ED1"), ("quoted", '"00C3","00007ED1"')])
def test_cereg_tells_the_cell_and_its_technology_when_it_changes(written, place):
    bench = Bench(environment=lte(), cells=written)
    bench.ask("AT+CEREG=2;+CREG=2;+CGEREP=0")
    assert bench.ask("AT+CEREG?") == ["+CEREG: 2,1," + place, "OK"]
    bench.modem.lose_coverage()
    assert bench.hear(10) == ["+CEREG: 0", "+CREG: 2", "+CEREG: 2"]
    bench.modem.find_coverage()
    assert bench.hear(5000) == ["+CREG: 1," + place, "+CEREG: 1,%s,7" % place]


def test_denied_is_3_everywhere():
    bench = Bench()
    bench.modem.deny()
    bench.wait(5000)
    assert states(bench) == ["3", "3", "3"]


def test_operators_have_their_access_technology():
    cells = [Cell("23410", "O2 - UK", "O2", access=EUTRAN), Cell("23415", "voda UK", "voda", False, access=_UTRAN)]
    bench = Bench(environment=Environment(cells))
    assert bench.ask("AT+COPS=?", 20000) == [
        '+COPS: (2,"O2 - UK","O2","23410",7),(3,"voda UK","voda","23415",2),,(0-4),(0-2)',
        "OK",
    ]
    assert bench.ask("AT+COPS=3,2;+COPS?") == ['+COPS: 0,2,"23410",7', "OK"]
    assert bench.ask('AT+COPS=1,2,"23410",7', 5000)[-1] == "OK"
    assert bench.ask('AT+COPS=1,2,"23415"', 9000)[-1] == "+CME ERROR: network not allowed - emergency calls only"


@pytest.mark.parametrize(
    "access, begins, mode",
    [
        (0, "+CPSI: GSM,Online,234-10,0x00C3,32465,", 1),
        (_UTRAN, "+CPSI: WCDMA,Online,234-10,0x00C3,32465,", 4),
        (EUTRAN, "+CPSI: LTE,Online,234-10,0x00C3,32465,", 8),
    ],
)
def test_the_serving_cell_is_told_by_its_technology(access, begins, mode):
    bench = Bench(environment=Environment([Cell("23410", "O2 - UK", access=access)]))
    said = bench.ask("AT+CPSI?;+CNSMOD?")
    assert said[0].startswith(begins) and said[1] == "+CNSMOD: 0,%d" % mode
    bench.ask("AT+CGEREP=0")
    bench.modem.lose_coverage()
    assert bench.ask("AT+CPSI?;+CNSMOD?") == ["+CPSI: NO SERVICE,Online", "+CNSMOD: 0,0", "OK"]


@pytest.mark.parametrize("order, first, second", [("password-first", "pass", "user"), ("user-first", "user", "pass")])
def test_cgauth_has_the_order_of_the_firmware(order, first, second):
    bench = Bench(environment=Environment(profiles=[Profile("mms", "user", "pass")]), cgauth=order)
    bench.ask('AT+CMEE=1;+CGDCONT=1,"IP","mms"')
    for values, result in (((first, second), "0"), ((second, first), "1")):
        assert bench.ask('AT+CGAUTH=1,1,"%s","%s"' % values) == ["OK"]
        assert bench.ask("AT+NETOPEN", 3000) == ["OK", "+NETOPEN: " + result]
        bench.ask("AT+NETCLOSE", 3000)


def test_a_context_without_a_user_is_refused_where_one_is_wanted_and_says_why():
    bench = Bench(environment=Environment(profiles=[Profile("mms", "user", "pass")]))
    bench.ask('AT+CMEE=1;+CGDCONT=1,"IP","mms";+CGAUTH=1,1,"pass","user"')
    assert bench.ask("AT+CGAUTH=1,0") == ["OK"]
    assert bench.ask("AT+CGACT=1,1", 3000) == ["+CME ERROR: 149"]
    assert bench.ask('AT+CGAUTH=2,1,"pass","user"') == ["+CME ERROR: 50"]  # no such context


def test_contexts_have_fifteen_numbers_three_types_and_outlive_a_restart():
    bench = Bench()
    bench.ask("AT+CMEE=1")
    assert bench.ask('AT+CGDCONT=15,"IPV4V6","ims"') == ["OK"]
    assert bench.ask('AT+CGDCONT=16,"IP","mms"') == ["+CME ERROR: 50"]
    assert bench.ask('AT+CGDCONT=1,"PPP","mms"') == ["+CME ERROR: 50"]
    bench.ask("AT+CRESET", 13000)
    assert '+CGDCONT: 15,"IPV4V6","ims","0.0.0.0",0,0,,,,' in bench.ask("ATE0;+CGDCONT?")


def test_a_network_named_without_its_technology_may_be_one_of_e_utran_only():  # 4.2.2.1
    bench = Bench(access_asked="lte")
    assert bench.ask('AT+CMEE=1;+COPS=1,2,"23410"', 9000) == ["+CME ERROR: 30"]
    assert bench.ask('AT+COPS=1,2,"23410",0', 9000)[-1] == "OK"
    assert Bench(environment=lte(), access_asked="lte").ask('AT+COPS=1,2,"23410"', 9000)[-1] == "OK"
    assert Bench().ask('AT+COPS=1,2,"23410"', 9000)[-1] == "OK"
