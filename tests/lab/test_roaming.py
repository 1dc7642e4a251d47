"""Abroad with a simulated SIM800: what 24 countries answer, by the agreement of the home network, at the AT level."""

import pytest

from tests.kit.lab.bench import Bench
from tools.lab import world as worlds
from tools.lab.modem import reach
from tools.lab.modem.bg95 import Bg95
from tools.lab.modem.environment import Card
from tools.lab.modem.sim800 import Sim800
from tools.lab.network.roaming import Terms

WORLD = worlds.load()
LONGEST = 130000  # ms: four refused location updates on a network, 15 s apart, before another one is tried
NO_GSM, NO_AGREEMENT = (2, None, "30"), (3, None, "111")  # AT+CREG?, network, +CME ERROR of AT+CGATT=1

# country: (AT+CREG?, network, "OK" or +CME ERROR of AT+CGATT=1) for O2, T-Mobile and Orange of the UK
COUNTRIES = {
    "ireland": ((5, "27202", "OK"), NO_AGREEMENT, NO_AGREEMENT),
    "germany": ((5, "26207", "OK"), (5, "26201", "OK"), NO_AGREEMENT),
    "netherlands": ((5, "20412", "OK"), (5, "20416", "OK"), NO_AGREEMENT),
    "france": ((5, "20820", "OK"), (5, "20801", "OK"), (5, "20820", "148")),
    "italy": ((5, "22288", "OK"), NO_AGREEMENT, NO_AGREEMENT),
    "spain": ((5, "21403", "OK"), NO_AGREEMENT, NO_AGREEMENT),
    "hong-kong": ((5, "45406", "OK"), NO_AGREEMENT, NO_AGREEMENT),
    "austria": ((5, "23205", "OK"), (5, "23203", "OK"), (5, "23205", "OK")),
    "switzerland": (NO_GSM, NO_GSM, NO_GSM),
    "hungary": ((5, "21601", "OK"), (5, "21630", "OK"), NO_AGREEMENT),
    "norway": ((5, "24201", "OK"), NO_AGREEMENT, NO_AGREEMENT),
    "belgium": ((5, "20601", "148"), NO_AGREEMENT, (5, "20610", "OK")),
    "denmark": ((5, "23801", "OK"), NO_AGREEMENT, (5, "23802", "OK")),
    "sweden": ((5, "24001", "OK"), NO_AGREEMENT, NO_AGREEMENT),
    "finland": ((5, "24405", "OK"), NO_AGREEMENT, NO_AGREEMENT),
    "portugal": ((5, "26803", "OK"), NO_AGREEMENT, NO_AGREEMENT),
    "greece": ((5, "20201", "OK"), NO_AGREEMENT, NO_AGREEMENT),
    "luxembourg": ((5, "27077", "OK"), NO_AGREEMENT, NO_AGREEMENT),
    "czech-republic": ((5, "23002", "OK"), (5, "23001", "OK"), NO_AGREEMENT),
    "poland": ((5, "26001", "OK"), (5, "26002", "OK"), (5, "26001", "OK")),
    "turkey": ((5, "28601", "148"), NO_AGREEMENT, NO_AGREEMENT),
    "singapore": (NO_GSM, NO_GSM, NO_GSM),
    "australia": (NO_GSM, NO_GSM, NO_GSM),
    "usa": ((5, "310260", "OK"), (5, "310260", "OK"), NO_AGREEMENT),
}
HOMES = ("23410", "23430", "23433")


def abroad(country, home="23410", machine=Sim800):
    """A bench whose modem was carried to a country, with verbose numbers of errors and AT+COPS in digits."""
    card = Card(imsi=home + "0000000001")
    bench = Bench(card, reach.environment(WORLD, home), machine=machine)
    bench.ask("AT+CMEE=1;+COPS=3,2")
    bench.modem.carry(reach.cells(WORLD, home, country, WORLD.radio))
    return bench


def code(bench, line, ms=0):
    """OK, or the number of the error that a command ends with."""
    return bench.ask(line, ms)[-1].rpartition(" ")[2]


def test_the_world_has_the_countries_of_the_matrix():
    assert sorted(WORLD.countries) == sorted(COUNTRIES)


@pytest.mark.parametrize("home", HOMES)
@pytest.mark.parametrize("country", COUNTRIES)
def test_each_country_answers_by_the_agreement_of_the_home_network(country, home):
    status, network, attached = COUNTRIES[country][HOMES.index(home)]
    bench = abroad(country, home)
    bench.wait(LONGEST)
    assert bench.ask("AT+CREG?") == ["+CREG: 0,%d" % status, "OK"]
    assert bench.ask("AT+COPS?")[0] == ('+COPS: 0,2,"%s"' % network if network else "+COPS: 0")
    assert code(bench, "AT+CGATT=1", 5000) == attached
    stat = {"OK": 5, "148": 3}.get(attached, status)
    assert bench.ask("AT+CGREG?;+CGATT?") == ["+CGREG: 0,%d" % stat, "+CGATT: %d" % (attached == "OK"), "OK"]


@pytest.mark.parametrize(
    ("country", "network", "selected", "attached"),
    [
        ("portugal", "26801", "32", "103"),
        ("turkey", "28602", "32", "106"),
        ("france", "20810", "OK", "107"),
        ("poland", "26002", "OK", "OK"),
        ("norway", "24202", "32", "111"),
        ("belgium", "20610", "32", "112"),
        ("netherlands", "20416", "32", "113"),
        ("luxembourg", "27001", "30", "30"),
    ],
)
def test_a_network_selected_by_hand_refuses_with_its_cause(country, network, selected, attached):
    bench = abroad(country)
    bench.wait(LONGEST)
    assert code(bench, 'AT+COPS=1,2,"%s"' % network, LONGEST) == selected
    status = {"32": 3, "OK": 5, "30": 2}[selected]
    assert bench.ask("AT+CREG?")[0] == "+CREG: 0,%d" % status
    assert code(bench, "AT+CGATT=1", 5000) == attached


@pytest.mark.parametrize(
    ("country", "network", "error", "words"),
    [
        ("poland", "26002", "148", "Missing or unknown APN"),
        ("czech-republic", "23001", "132", "Service option not supported"),
        ("greece", "20205", "133", "Requested service option not subscribed"),
    ],
)
def test_a_refused_context_has_an_error_and_the_words_of_its_cause(country, network, error, words):
    bench = abroad(country)
    bench.wait(LONGEST)
    assert code(bench, 'AT+COPS=1,2,"%s"' % network, LONGEST) == "OK"
    assert bench.ask("AT+CEER")[0] == "+CEER: No information available"
    bench.ask('AT+CGDCONT=1,"IP","mms.o2.example"')
    bench.modem.environment.profiles[0].user = None
    assert code(bench, "AT+CGACT=1,1", 9000) == error
    assert bench.ask("AT+CEER")[0] == "+CEER: " + words


def test_a_wrong_user_is_another_cause_than_a_wrong_apn():
    bench = abroad("ireland")
    bench.wait(LONGEST)
    bench.ask('AT+CGDCONT=1,"IP","mms.o2.example";+CGDCONT=2,"IP","internet"')
    assert code(bench, "AT+CGACT=1,1", 9000) == "149"
    assert code(bench, "AT+CGACT=1,2", 9000) == "148"


def test_the_home_network_refuses_four_updates_on_a_network_that_it_likes_less():
    bench = abroad("germany")
    bench.ask("AT+CREG=1")
    bench.wait(40000)
    assert bench.ask("AT+CREG?")[0] == "+CREG: 1,2"
    bench.wait(20000)
    assert bench.ask("AT+COPS?")[0] == '+COPS: 0,2,"26207"'


def test_a_network_that_is_liked_less_accepts_a_modem_that_insists_after_four_refusals():
    bench = abroad("germany")
    assert bench.ask('AT+COPS=1,2,"26201"', 55000) == []
    assert bench.hear(20000) == ["OK"]
    assert bench.ask("AT+COPS?")[0] == '+COPS: 1,2,"26201"'


def test_a_modem_that_only_prefers_a_network_is_steered_to_another_and_back_to_automatic():
    bench = abroad("germany")
    assert code(bench, 'AT+COPS=4,2,"26201"', 100000) == "OK"
    assert bench.ask("AT+COPS?")[0] == '+COPS: 0,2,"26207"'


def test_a_network_that_said_no_is_forbidden_until_it_accepts_and_others_are_not_asked_twice():
    bench = abroad("netherlands", "23430")
    bench.wait(LONGEST)
    assert bench.modem.sim.card.forbidden == ["20408", "20412"]
    assert bench.ask("AT+COPS=?", 20000)[0] == (
        '+COPS: (3,"NL KPN","NL KPN","20408"),(3,"O2 - NL","O2 - NL","20412"),'
        '(2,"T-Mobile NL","TMO NL","20416"),,(0-4),(0-2)'
    )
    bench.modem.power_on()
    bench.wait(9000)
    assert bench.ask("AT+CREG?")[-2] == "+CREG: 0,5"


def test_an_illegal_mobile_is_served_nowhere_until_its_power_is_cut():
    bench = abroad("portugal")
    assert code(bench, 'AT+COPS=1,2,"26801"', LONGEST) == "32"
    assert bench.ask("AT+COPS=0", LONGEST)[-1] == "+CME ERROR: 32"
    bench.modem.power_on()
    bench.wait(9000)
    assert bench.ask("AT+CREG?")[-2] == "+CREG: 0,5"


def test_gprs_that_is_not_allowed_is_so_on_other_networks_until_power_off_but_not_in_that_network_only():
    bench = abroad("france")
    assert code(bench, 'AT+COPS=1,2,"20810"', LONGEST) == "OK"
    assert code(bench, "AT+CGATT=1", 5000) == "107"
    bench.ask("AT+COPS=0", LONGEST)
    assert bench.ask("AT+COPS?")[0] == '+COPS: 0,2,"20820"'
    assert code(bench, "AT+CGATT=1", 5000) == "107"
    belgian = abroad("belgium")
    assert code(belgian, "AT+CGATT=1", 9000) == "30"
    belgian.wait(9000)
    assert code(belgian, "AT+CGATT=1", 9000) == "148"
    belgian.ask('AT+COPS=1,2,"20620"', LONGEST)
    assert code(belgian, "AT+CGATT=1", 5000) == "OK"


def test_a_sim_that_its_own_network_bars_has_gprs_again_after_power_off():
    bench = Bench()
    assert code(bench, "AT+CMEE=1;+CGATT=1", 5000) == "OK"
    bench.modem.registration.bar()
    assert bench.ask("AT+CGATT?")[0] == "+CGATT: 0" and bench.ask("AT+CREG?")[0] == "+CREG: 0,1"
    for _ in range(2):
        assert code(bench, "AT+CGATT=1", 5000) == "107"
    bench.modem.power_on()
    bench.wait(9000)
    assert code(bench, "AT+CGATT=1", 5000) == "OK"


def test_without_an_agreement_for_texts_none_go_and_none_come():
    bench = abroad("austria")
    assert code(bench, 'AT+COPS=1,2,"23201"', LONGEST) == "OK"
    bench.ask("AT+CMGF=0")
    bench.ask("AT+CMGS=17", 100)
    assert bench.type(b"0001000C91447790090020000004D4F29C0E\x1a", 9000).endswith(b"+CMS ERROR: 50\r\n")
    assert not bench.modem.deliver(bytes.fromhex("040C914477009010000000622170010100000141"))


@pytest.mark.parametrize("machine", (Sim800, Bg95))
def test_an_agreement_for_gprs_alone_denies_the_rest_and_attaches(machine):
    bench = Bench(Card(), reach.environment(WORLD, "23410"), machine=machine)
    cells = reach.cells(WORLD, "23410", "ireland", WORLD.radio)
    cells[0].terms = Terms(("gprs",))
    bench.modem.carry(cells)
    bench.wait(9000)
    bench.ask("AT+CMEE=1")
    assert bench.ask("AT+CREG?")[0] == "+CREG: 0,3" and bench.ask("AT+CEER")[0] == "+CEER: IMSI unknown in HLR"
    assert code(bench, "AT+CGATT=1", 5000) == "OK"
    assert "5" in (bench.ask("AT+CGREG?")[0][-1], bench.ask("AT+CEREG?")[0][-1])


class Lte(Sim800):
    """A machine with all the radios, to see which one it takes."""

    ACCESS = ("gsm", "umts", "lte")


def test_a_modem_takes_the_best_radio_that_the_network_has_too_and_the_way_home_is_added():
    for country, row, trip, attach in (("switzerland", "lte-1", 60 + 35, 400 + 70), ("turkey", "lte-1", 140, 560)):
        bench = abroad(country, machine=Lte)
        bench.wait(9000)
        assert (bench.modem.radio.name, bench.modem.radio.round_trip) == (row, trip)
        assert bench.modem.environment.delays.attach == attach
    bench = abroad("netherlands", machine=Lte)
    bench.wait(LONGEST)
    assert (bench.modem.radio.name, bench.modem.radio.round_trip) == ("umts-384", 220)
    gsm = abroad("hong-kong")
    gsm.wait(9000)
    assert (gsm.modem.radio.name, gsm.modem.radio.round_trip) == ("gprs-10-cs2", 980)
    assert gsm.modem.environment.delays.context == 1280


def test_back_home_everything_is_as_it_was():
    bench = abroad("hong-kong")
    bench.wait(9000)
    bench.modem.carry(reach.cells(WORLD, "23410", "uk", WORLD.radio))
    bench.wait(9000)
    assert bench.ask("AT+CREG?") == ["+CREG: 0,1", "OK"]
    assert bench.modem.radio.round_trip == 700 and bench.modem.environment.delays.context == 1000


def test_a_signal_that_fades_ends_in_an_unknown_registration_and_comes_back():
    bench = abroad("ireland")
    bench.wait(9000)
    bench.modem.fade(5, 10)
    assert bench.ask("AT+CSQ;+CREG?") == ["+CSQ: 5,0", "+CREG: 0,5", "OK"]
    assert bench.modem.radio.up.loss == 10
    bench.modem.fade(1)
    assert bench.ask("AT+CREG?") == ["+CREG: 0,4", "OK"]
    bench.modem.fade(20)
    bench.wait(9000)
    assert bench.ask("AT+CSQ;+CREG?") == ["+CSQ: 20,0", "+CREG: 0,5", "OK"]


def test_a_traveller_without_coverage_finds_the_networks_of_the_new_place():
    bench = abroad("ireland")
    bench.modem.lose_coverage()
    bench.modem.carry(reach.cells(WORLD, "23410", "spain", WORLD.radio))
    bench.wait(9000)
    assert bench.ask("AT+CREG?") == ["+CREG: 0,2", "OK"]
    bench.modem.find_coverage()
    bench.wait(9000)
    assert bench.ask("AT+COPS?")[0] == '+COPS: 0,2,"21403"'
    bench.modem.find_coverage()
    assert bench.ask("AT+CREG?") == ["+CREG: 0,5", "OK"]  # where coverage was not lost nothing is to be found


def test_cells_around_are_told_with_the_serving_one_first():
    bench = abroad("germany")
    bench.wait(LONGEST)
    assert bench.ask("AT+CENG?") == ["+CENG: 0,0", "OK"]
    bench.ask("AT+CENG=1,1")
    assert bench.ask("AT+CENG?") == [
        "+CENG: 1,1",
        '+CENG: 0,"0081,34,00,262,07,31,7ED1,08,05,00C3,255"',
        '+CENG: 1,"0092,48,31,7ED2,262,01,00C3"',
        '+CENG: 2,"0103,34,31,7ED3,262,02,00C3"',
        "OK",
    ]
    bench.ask("AT+CENG=3;+CNETSCAN=1")
    assert bench.ask("AT+CENG?")[1] == "+CENG: 0,262,07,00C3,7ED1,31,34"
    assert bench.ask("AT+CNETSCAN", 16000)[1:] == [
        'Operator:"T-Mobile D",MCC:262,MNC:01,Rxlev:48,Cellid:7ED2,Arfcn:92,Lac:00C3,Bsic:31',
        'Operator:"Vodafone.de",MCC:262,MNC:02,Rxlev:34,Cellid:7ED3,Arfcn:103,Lac:00C3,Bsic:31',
        "OK",
    ]


def test_the_same_way_through_the_world_says_the_same_to_the_octet():
    def way():
        bench = abroad("usa")
        bench.ask("AT+CREG=2;+CGREG=1")
        said = bench.wait(20000)
        bench.modem.fade(4, 20)
        bench.modem.radio.up.put(1, bytes(20000), bench.now)
        moments = []
        for country in ("germany", "belgium", "uk"):
            while bench.modem.radio.up.arrivals(bench.now) or bench.modem.radio.up.waiting(1):
                bench.now += 5
                moments.append((bench.now, bench.modem.radio.up.waiting(1)))
            bench.modem.carry(reach.cells(WORLD, "23410", country, WORLD.radio))
            said += bench.wait(70000) + bench.type(b"AT+CGATT=1\r", 9000)
        return said, moments

    said, moments = way()
    assert said.count(b"+CREG: 5") == 3 and b"+CREG: 1," in said and moments
    assert way() == (said, moments)
