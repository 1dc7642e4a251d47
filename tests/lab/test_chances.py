"""Networks that fail, and are late, by chance: what the lab's machines do, and what a file of chances may say."""

import random
import statistics

import pytest

from tests.kit.lab.bench import Bench
from tools.lab import world as worlds
from tools.lab.calendar import Calendar
from tools.lab.modem import reach
from tools.lab.modem.environment import Card
from tools.lab.modem.sim800 import Sim800
from tools.lab.network.chances import Chances
from tools.lab.network.mmsc.machine import Relay
from tools.lab.network.smsc.machine import Centre

NETWORK, NUMBER = "27202", "+447700900001"


def rolled(failures=(), delays=(), seed=1):
    world = worlds.load()
    world.roll(random.Random(seed).random, {NETWORK: (dict(failures), dict(delays))})
    return world


def abroad(**chances):
    world = rolled(**chances)
    bench = Bench(Card(imsi="234100000000001"), reach.environment(world, "23410"), machine=Sim800)
    bench.ask("AT+CMEE=1;+COPS=3,2")
    bench.modem.carry(reach.cells(world, "23410", "ireland", world.radio))
    bench.ask("AT", 60000)
    return bench


def test_a_network_without_chances_never_fails():
    world = worlds.load()
    assert world.chances(NETWORK) is None
    world.roll(random.Random(1).random, {NETWORK: ({}, {})})
    assert world.chances("26201") is None and not world.chances(NETWORK).fails("attach")


def test_failures_are_as_frequent_as_their_chance_and_delays_have_their_median():
    chances = Chances(random.Random(7).random, {"attach": 0.1}, {"attach": (2000, 0.4)})
    assert 850 < sum(chances.fails("attach") for _ in range(10000)) < 1150
    drawn = [chances.delay("attach", 1) for _ in range(10000)]
    assert statistics.median(drawn) == pytest.approx(2000, rel=0.03)
    assert chances.delay("context", 17) == 17


@pytest.mark.parametrize("name, line, code", (("attach", "AT+CGATT=1", "148"), ("context", "AT+CIICR", "148")))
def test_a_refusal_by_chance_is_a_refusal_of_the_network(name, line, code):
    bench = abroad(failures={name: 1.0})
    if name == "context":
        assert bench.ask("AT+CGATT=1", 5000)[-1] == "OK"
        bench.ask('AT+CSTT="mms.o2.example","o2mms","password"')
    assert code in bench.ask(line, 5000)[-1] + "".join(bench.ask("AT", 1000))
    assert ("Network failure" if name == "attach" else "Insufficient resources") in bench.ask("AT+CEER")[0]


def test_delays_of_a_network_are_drawn_for_each_use_and_stay_behind_with_it():
    bench = abroad(delays={"attach": (9000, 0.2)})
    delays = bench.modem.environment.delays
    drawn = {delays.attach for _ in range(5)}
    assert len(drawn) == 5 and min(drawn) > 4000
    assert delays.context == 1000 + 20
    bench.modem.registration.leave()
    assert bench.modem.environment.delays.attach == 1500 + 2 * 20


def test_a_location_update_that_fails_by_chance_is_tried_again_by_the_modem():
    bench = abroad(failures={"registration": 1.0})
    assert NETWORK not in bench.ask("AT+COPS?")[0]
    bench = abroad(failures={"registration": 0.5}, delays={"registration": (3000, 0.1)})
    assert NETWORK in bench.ask("AT+COPS?")[0]


def _centre(chances):
    tried = []
    centre = Centre(lambda key, number, tpdu: tried.append(key), (NUMBER,), Calendar(1790000000))
    centre.chances = lambda number: chances
    centre.text(NUMBER, "O2", "hello", 0)
    return centre, tried


def test_a_message_that_is_lost_never_comes_and_the_next_one_does():
    lost = Chances(random.Random(1).random, {"sms": 1.0}, {})
    centre, tried = _centre(lost)
    centre.advance(60000)
    assert tried == [] and centre.due is None
    lost.failures["sms"] = 0
    centre.text(NUMBER, "O2", "again", 60000)
    centre.advance(70000)
    assert len(tried) == 1


def test_a_message_is_as_late_as_the_network():
    centre, _ = _centre(Chances(random.Random(1).random, {}, {"sms": (50000, 0.01)}))
    assert 45000 < centre.due < 55000


@pytest.mark.parametrize("name, status", (("mmsc", 503), ("dropped", None)))
def test_an_mmsc_that_is_overloaded_accepts_nothing(name, status):
    entries = []
    relay = Relay(entries.append, None, {}, (NUMBER,), "http://mmsc.example", Calendar(1790000000))
    relay.chances = lambda number: Chances(random.Random(1).random, {name: 1.0}, {"mmsc": (4000, 0)})
    for answer in relay.post(NUMBER, b"", 0), relay.get(NUMBER, "/m/1", 0):
        assert answer is None if status is None else answer.status == status
    assert [entry["event"] for entry in entries] == ["overloaded"] * 2
    assert relay.pause(NUMBER, 300) == pytest.approx(4000)


BAD = {
    "[usual.failures]\nattach = 2": "usual.failures.attach is 2",
    "[26207.failures]\nstorm = 0.1": "26207.failures has no 'storm'",
    "[usual.delays]\nattach = 3": "usual.delays.attach",
    "[usual.delays]\nattach = { median = 0, sigma = 1 }": "usual.delays.attach",
    "[usual.delays]\nrain = { median = 1, sigma = 1 }": "usual.delays has no 'rain'",
    "[usual": "chances.toml: ",
}


@pytest.mark.parametrize("text, told", BAD.items())
def test_a_wrong_file_of_chances_is_refused_by_its_key(tmp_path, text, told):
    path = tmp_path / "chances.toml"
    path.write_text(text)
    with pytest.raises(worlds.WorldError, match=told.replace("[", r"\[")):
        worlds.chances(path)


def test_a_network_has_the_usual_chances_but_for_its_own_row():
    rows = worlds.chances()
    usual, own = rows["usual"], rows["20412"]
    assert own[0] == {**usual[0], "context": 0.12} and own[1] == usual[1]
