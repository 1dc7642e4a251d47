"""Start, identity, network and contexts of the simulated BG95; a clause of the manuals stands with each test."""

import pytest

from tests.kit.lab.bench95 import APN, Bench
from tools.lab.modem.bg95.options import MODELS
from tools.lab.modem.environment import Card, Cell, Environment, Profile
from tools.lab.modem.registration import EUTRAN
from tools.lab.network import roaming
from tools.lab.network.roaming import Terms


def around(profiles=(), **cell):
    return Environment([Cell("23410", "O2 - UK", "O2", **cell)], list(profiles))


def test_a_start_has_its_lines_in_order():
    bench = Bench(boot=False)
    assert bench.type(b"AT\r", 2900) == b""
    assert bench.hear(200) == ["RDY", "+CFUN: 1"]
    assert bench.ask("AT+CPIN?") == ["AT+CPIN?\r", "+CME ERROR: 14"]
    assert bench.hear(5000) == ["APP RDY", "+CPIN: READY", "+QIND: SMS DONE", "+QIND: PB DONE"]
    assert bench.ask("ATE0;+QINISTAT")[1:] == ["+QINISTAT: 7", "OK"]
    silent = Bench(boot=False, app_ready="silent", sms_done="silent")
    assert silent.hear(9000) == ["RDY", "+CFUN: 1", "+CPIN: READY"]


def test_no_unsolicited_line_comes_here_before_its_port_is_named():
    bench = Bench(boot=False, urc_port="usbat")
    assert bench.hear(9000) == []
    assert bench.ask('ATE0;+QURCCFG="urcport"')[1:] == ['+QURCCFG: "urcport","usbat"', "OK"]
    assert bench.ask('AT+QURCCFG="urcport","uart1"') == ["OK"]
    bench.modem.brown_out()
    assert bench.hear(4000)[:2] == ["RDY", "+CFUN: 1"]  # it was saved at once


@pytest.mark.parametrize("model", MODELS)
def test_each_model_says_what_it_is(model):
    bench = Bench(model=model)
    said = bench.ask("ATI")
    assert said[:2] == ["Quectel", model] and said[2].startswith("Revision: " + model[:4]) and said[3:] == ["OK"]
    assert bench.ask("AT+CGMM") == [model, "OK"] and bench.ask("AT+CGMI") == ["Quectel", "OK"]


def test_an_unknown_command_is_an_error_and_errors_are_numbers_from_the_start():
    bench = Bench(Card())
    assert bench.ask("AT+CIPSTART=1") == ["ERROR"]
    bench.modem.remove_sim()
    assert bench.ask("AT+CPIN?") == ["+CPIN: NOT INSERTED", "+CME ERROR: 10"]
    assert bench.ask("AT+QSIMSTAT?") == ["+QSIMSTAT: 0,0", "OK"]


def test_the_rate_goes_up_to_921600_and_only_saving_keeps_it():
    bench = Bench()
    assert bench.ask("AT+IPR=921600") == ["OK"] and bench.ask("AT+IPR=1000000") == ["+CME ERROR: 50"]
    assert bench.modem.options["+IPR"] == 921600
    bench.modem.brown_out()
    bench.wait(9000)
    assert bench.modem.options["+IPR"] == 115200
    bench.ask("AT+IPR=460800;&W")
    bench.modem.brown_out()
    bench.wait(9000)
    assert bench.modem.options["+IPR"] == 460800


def test_power_down_is_said_after_ok():
    bench = Bench()
    assert bench.ask("AT+QPOWD=1", 700) == ["OK"]
    assert bench.hear(200) == ["POWERED DOWN"]
    assert bench.type(b"AT\r", 1000) == b""
    bench.modem.power_on()
    assert "RDY" in bench.hear(4000)
    assert bench.ask("AT+QPOWD=0", 10) == ["AT+QPOWD=0\r", "OK", "POWERED DOWN"]


def test_a_reset_is_said_as_a_power_down_is():  # log of a BG96
    bench = Bench()
    assert bench.ask("AT+CFUN=1,1", 10) == ["OK"] and bench.hear(200) == ["POWERED DOWN"]
    assert bench.hear(4000)[0] == "RDY"


# network


def test_each_registration_has_a_network_of_its_own():  # 27.007, 7.2, 10.1.20, 10.1.22
    gsm = Bench(environment=around(access=0))
    line = "AT+CREG?;+CGREG?;+CEREG?;+COPS?;+QNWINFO;+QCSQ"
    assert gsm.ask(line)[:4] == ["+CREG: 0,1", "+CGREG: 0,1", "+CEREG: 0,4", '+COPS: 0,0,"O2 - UK",0']
    lte = Bench(environment=around(access=EUTRAN), model="EC25")
    said = lte.ask(line)
    assert said[2:5] == ["+CEREG: 0,1", '+COPS: 0,0,"O2 - UK",7', '+QNWINFO: "FDD LTE","23410","LTE BAND 3",1650']
    assert said[5].startswith('+QCSQ: "LTE",-79,')
    narrow = Bench(environment=around(access=EUTRAN))
    assert narrow.ask("AT+COPS?;+QNWINFO") == [
        '+COPS: 0,0,"O2 - UK",8',
        '+QNWINFO: "eMTC","23410","LTE BAND 3",1650',
        "OK",
    ]
    assert narrow.ask("AT+COPS=?", 20000)[0].startswith('+COPS: (2,"O2 - UK","O2","23410",8),')
    narrow.modem.lose_coverage()
    assert narrow.ask("AT+QNWINFO;+QCSQ;+CEREG?") == ["+QNWINFO: No Service", '+QCSQ: "NOSERVICE"', "+CEREG: 0,2", "OK"]


def test_sms_only_is_six_and_seven():  # 27.007, 7.2
    bench = Bench(environment=around(access=EUTRAN, sms_only=True))
    assert bench.ask("AT+CREG?;+CEREG?") == ["+CREG: 0,6", "+CEREG: 0,1", "OK"]
    bench.up()
    abroad = Bench(Card(imsi="310410123456789"), around(access=EUTRAN), service="sms-only")
    assert abroad.ask("AT+CREG?;+CEREG?;+CGATT?") == ["+CREG: 0,7", "+CEREG: 0,7", "+CGATT: 0", "OK"]
    abroad.ask(APN)
    assert abroad.ask("AT+QIACT=1", 5000) == ["ERROR"]


def test_a_module_attaches_by_itself_or_is_asked():
    assert Bench().ask("AT+CGATT?") == ["+CGATT: 1", "OK"]
    asked = Bench(packet_attach="asked")
    assert asked.ask("AT+CGATT?;+CGREG?") == ["+CGATT: 0", "+CGREG: 0,0", "OK"]
    asked.up()
    assert asked.ask("AT+CGATT?") == ["+CGATT: 1", "OK"]


# contexts


def test_a_context_is_configured_activated_and_told():  # 2.3.1 to 2.3.3
    bench = Bench()
    assert bench.ask("AT+QICSGP=1") == ['+QICSGP: 1,"","","",0', "OK"]
    assert bench.ask("AT+QIACT=1", 10) == ["ERROR"]
    assert bench.ask('AT+QICSGP=1,1,"mms","me","it",1') == ["OK"]
    assert bench.ask("AT+QICSGP=1;+CGDCONT?") == [
        '+QICSGP: 1,"mms","me","it",1',
        '+CGDCONT: 1,"IP","mms","0.0.0.0",0,0,0,0',
        "OK",
    ]
    assert bench.ask("AT+QIACT=1", 990) == [] and bench.ask("AT", 5) == []  # nothing else is answered
    assert bench.hear(10) == ["OK"]
    assert bench.ask("AT+QIACT?") == ['+QIACT: 1,1,1,"10.64.0.1"', "OK"]
    assert bench.ask("AT+QIACT=1", 2000) == ["ERROR"]
    bench.connect()
    assert bench.ask("AT+QIDEACT=1", 500) == ["OK"]
    assert bench.closed == [1] and bench.ask("AT+QISTATE;+QIACT?") == ["OK"]
    for wrong in ('17,1,"a"', '1,4,"a"', '1,1,"a","","",4', '1,1,"%s"' % ("a" * 63)):
        assert bench.ask("AT+QICSGP=" + wrong) == ["ERROR"]
    assert Bench(active_again="works").ask(APN + ";+QIACT=1", 2000) == ["OK"]


def test_three_contexts_are_the_most():  # 2.3.2
    bench = Bench()
    said = [bench.ask('AT+QICSGP=%d,1,"a";+QIACT=%d' % (cid, cid), 2000) for cid in (1, 2, 16, 3)]
    assert said == [["OK"], ["OK"], ["OK"], ["ERROR"]]


def test_credentials_count_only_with_an_authentication():
    bench = Bench(environment=around([Profile("mms", "me", "it")]))
    reasons = []
    for more in ('"mms","me","it",0', '"mms","me","no",2', '"other","me","it",1'):
        assert bench.ask("AT+QICSGP=1,1," + more) == ["OK"]
        assert bench.ask("AT+QIACT=1", 2000) == ["ERROR"]
        reasons.append(bench.ask("AT+CEER;+QIGETERROR")[:2])
    code = "+QIGETERROR: 561,PDP context opening failed"
    assert reasons == [
        ["+CEER: User authentication failed", code],
        ["+CEER: User authentication failed", code],
        ["+CEER: Missing or unknown APN", code],
    ]
    assert bench.ask('AT+QICSGP=1,1,"mms","me","it",3;+QIACT=1', 2000) == ["OK"]


def test_a_context_that_the_network_ended_has_to_be_deactivated():
    bench = Bench()
    bench.connect()
    bench.modem.drop_context()
    assert bench.hear(10) == ['+QIURC: "pdpdeact",1']
    assert bench.ask("AT+QISEND=0,4", 10) == ["ERROR"] and bench.closed == [1]
    assert bench.ask("AT+QIACT=1", 2000) == ["ERROR"]
    assert bench.ask("AT+QIDEACT=1", 1000) == ["OK"]
    bench.connect()
    free = Bench(after_deactivation="free")
    free.up()
    free.modem.drop_context()
    assert free.ask("AT+QIACT=1", 2000) == ['+QIURC: "pdpdeact",1', "OK"]


def test_no_context_comes_up_without_coverage():
    bench = Bench()
    bench.ask(APN)
    bench.modem.lose_coverage()
    assert bench.ask("AT+QIACT=1", 5000) == ["ERROR"]
    assert bench.ask("AT+QIGETERROR") == ["+QIGETERROR: 561,PDP context opening failed", "OK"]


SERVING, NEAR = 'AT+QENG="servingcell"', 'AT+QENG="neighbourcell"'


def cells(*accesses):
    networks = (("23410", "O2 - UK"), ("23415", "Vodafone"), ("23433", "EE"), ("23410", "O2 - UK"))
    return Environment([Cell(*networks[at], access=accesses[at]) for at in range(len(accesses))])


@pytest.mark.parametrize(
    ("model", "access", "said"),
    (
        ("BG95-M3", EUTRAN, '"eMTC","FDD",234,10,7ED1,84,1650,3,3,3,C3,-107,-10,-79,11,41'),
        ("BG96", EUTRAN, '"CAT-M","FDD",234,10,7ED1,84,1650,3,3,3,C3,-107,-10,-79,11,41'),
        ("EC25", EUTRAN, '"LTE","FDD",234,10,7ED1,84,1650,3,3,3,C3,-107,-10,-79,11,41'),
        ("EC25", 2, '"WCDMA",234,10,C3,7ED1,10738,84,254,-79,-7,-,-,-,-,-'),
        ("BG96", 0, '"GSM",234,10,C3,7ED1,31,62,-,-79,255,255,0,26,26,1,-,-,-,-,-,-,-,-,-,"-"'),
    ),
)
def test_the_serving_cell_is_told_in_the_words_of_its_technology(model, access, said):  # 6.17
    bench = Bench(environment=cells(access), model=model)
    assert bench.ask(SERVING) == ['+QENG: "servingcell","NOCONN",' + said, "OK"]
    bench.connect()
    assert bench.ask(SERVING)[0].startswith('+QENG: "servingcell","CONNECT",')


def test_a_module_that_searches_or_is_refused_says_so_of_its_cell():  # 6.17
    bench = Bench(environment=cells(0))
    bench.modem.deny()
    bench.wait(9000)
    assert bench.ask("AT+CREG?")[0] == "+CREG: 0,3"
    assert bench.ask(SERVING)[0].startswith('+QENG: "servingcell","LIMSRV","GSM",234,10,')
    bench.modem.lose_coverage()
    assert bench.ask(SERVING) == ['+QENG: "servingcell","SEARCH"', "OK"]
    assert bench.ask(NEAR) == ["OK"] and bench.ask('AT+QENG="3gcomm"') == ["+CME ERROR: 50"]
    assert bench.ask("AT+QENG=?") == ['+QENG: ("servingcell","neighbourcell")', "OK"]


@pytest.mark.parametrize(
    ("accesses", "said"),
    (
        (
            (EUTRAN, 2, 0, EUTRAN),
            [
                '"neighbourcell intra","LTE",1650,84,-10,-107,-79,11,41,6,22,6,46',
                '"neighbourcell","WCDMA",10713,3,16,2,85,-790,-70,41',
                '"neighbourcell","GSM",84,3,14,50,255,0,31,-790,41',
                '"neighbourcell intra","LTE",1650,87,-10,-107,-79,11,41,6,22,6,46',
            ],
        ),
        ((EUTRAN, EUTRAN), ["", '"neighbourcell inter","LTE",1850,85,-10,-107,-79,11,41,0,22,6']),
        (
            (2, EUTRAN, 0, 2),
            [
                '"neighbourcell","LTE",1850,85,-107,-10,41',
                '"neighbourcell","GSM",31,-79,32,-5',
                '"neighbourcell","WCDMA",10663,-723,87,-790,-70,2,-32768,-',
            ],
        ),
        (
            (0, EUTRAN, 2, 0),
            [
                '"neighbourcell","LTE",1850,85,-107,-10',
                '"neighbourcell","WCDMA",10688,86,-79,-7',
                '"neighbourcell","GSM",234,10,C3,7ED4,31,95,-79,26,26,0,0',
            ],
        ),
    ),
)
def test_neighbours_are_told_in_the_words_of_the_serving_cells_mode(accesses, said):  # 6.17
    bench = Bench(environment=cells(*accesses), model="EC25")
    told = bench.ask(NEAR)
    assert len(told) == len(said) + 1 and told[-1] == "OK"
    assert [line for at, line in enumerate(told[:-1]) if said[at] and line != "+QENG: " + said[at]] == []
    bench.connect()
    assert not [line for line in bench.ask(NEAR) if '"GSM"' in line]  # they are heard in idle mode only


def test_a_refused_attach_is_told_with_its_cause():
    bench = Bench(environment=cells(0), packet_attach="asked")
    assert bench.ask("AT+CEER") == ["+CEER: No information available", "OK"]
    bench.modem.environment.cells[0].terms = Terms(attach=roaming.NO_GPRS)
    assert bench.ask("AT+CGATT=1", 5000) == ["+CME ERROR: 107"]
    assert bench.ask("AT+CEER") == ["+CEER: " + roaming.WORDS[roaming.NO_GPRS], "OK"]


def test_flow_control_is_kept_by_saving_only():
    bench = Bench()
    assert bench.ask("AT+IFC?;+IFC=2,2;+IFC?") == ["+IFC: 0,0", "+IFC: 2,2", "OK"]
    assert bench.ask("AT+IFC=3,3") == ["+CME ERROR: 50"]
    bench.modem.brown_out()
    bench.wait(9000)
    assert bench.ask("ATE0;+IFC?")[-2:] == ["+IFC: 0,0", "OK"]
    bench.modem.rts_off()
    bench.ask("AT+IFC=2,2;&W")
    assert bench.type(b"AT\r", 500) == b""  # RTS is off: the module keeps its octets
    bench.modem.rts_on()
    assert bench.hear(100)[-1] == "OK"


def test_contexts_apart_are_another_commands_and_no_restart_keeps_them():
    bench = Bench(environment=around([Profile("mms")]), contexts="apart")
    assert bench.ask('AT+CGDCONT=1,"IP","mms"') == ["OK"] and bench.ask("AT+QIACT=1") == ["ERROR"]
    assert bench.ask('AT+QICSGP=1,1,"mms"') == ["OK"] and bench.ask("AT+QIACT=1", 5000) == ["OK"]
    assert bench.ask("AT+QIACT?") == ['+QIACT: 1,1,1,"10.64.0.1"', "OK"]
    assert bench.ask('AT+QICSGP=2,1,"other";+CGDCONT?') == ['+CGDCONT: 1,"IP","mms","10.64.0.1",0,0,0,0', "OK"]
    bench.modem.brown_out()
    bench.wait(9000)
    assert bench.ask("ATE0;+QICSGP=1;+CGDCONT?")[-3:] == [
        '+QICSGP: 1,"","","",0',
        '+CGDCONT: 1,"IP","mms","0.0.0.0",0,0,0,0',
        "OK",
    ]
