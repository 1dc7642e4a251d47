"""A modem that is not what it was, by each pair of families: told in time and in one clear line, nothing lost.

Alice's handset is ready, then her modem is replaced by one of another family, its line dies, its speed changes, its
echo flips, or it gives the answers of other commands; then she presses the shutter. The times are the handset's own.
"""

import itertools

import pytest

from mms.advice import sentence
from tests.kit.tier import amount
from tools.lab.modem.environment import Cell, Profile
from tools.lab.network import roaming
from tools.lab.network.roaming import Terms
from tools.soak import faults, session
from tools.soak.stations import ALICE, FAMILIES, MACHINES

PAIRS = [pair for pair in itertools.product(FAMILIES, repeat=2) if pair[0] != pair[1]]
EACH = PAIRS if amount(0, 1) else list(zip(FAMILIES, FAMILIES[1:] + FAMILIES[:1], strict=True))  # has each family once
AGAIN_MS = 60000  # until a modem that was reset can be used, or a person is told what is wrong with it
SENT_MS = 600000  # until a message is through, once it can be
CURED_MS = 120000  # how long a trouble lasts that ends by itself
SERVED_MS = 240000  # how long a network serves badly: to attach may take 180 s
NOISE = b"\xf8\x00\x80"  # an octet at another speed

pytestmark = pytest.mark.long


class Troubled(session.Session):
    """A session whose trouble begins with `strike(session, alice)`; `told`: (ms after it, event) of alice's events.

    `sent`: ms from the trouble's beginning, or its end where `cured` says when, until the MMSC has the message.
    """

    def __init__(self, families, strike):
        super().__init__(1, "none", families)
        self.told, self._strike = [], strike
        self.begun = self.cured = self.sent = None
        self.traits = set()

    async def _press(self):
        await self.wait(5000)
        self.begun = self.cured = self.now
        self._strike(self, self.stations[0])
        await super()._press()

    def handle_event(self, station, life, event):
        super().handle_event(station, life, event)
        if self.begun is not None and station.name == ALICE:
            self.told.append((self.now - self.begun, event))
            if event["event"] == "confirmed" and self.sent is None:
                self.sent = self.now - self.cured

    def cure(self, action, ms=CURED_MS):
        """Let the trouble end after a while; the message has to be in the outbox still."""

        def end():
            assert [id for id in self.accepted if id in session.oracles.accepted_ids(self)] == self.accepted
            assert self.sent is None
            self.cured = self.now
            action()

        self.agenda.after(ms, end)


def play(monkeypatch, families, strike):
    """The session of a trouble, over and without a broken promise."""
    monkeypatch.setattr(faults, "arrange", lambda session: None)
    played = Troubled(families, strike)
    session.run(played, played.story())
    assert played.broken == []
    assert played.sent is not None and played.sent <= SENT_MS
    for ms in played.recovered:
        assert ms <= AGAIN_MS
    for _, event in played.told:
        if event["event"] == "failed":
            assert "\n" not in event["text"] and event["advice"] and len(event["text"]) < 200, event
    return played


def first(played, event, **words):
    """(ms, event) of the first event of that name whose fields have these words."""
    for ms, said in played.told:
        if said["event"] == event and all(words[key] in said[key] for key in words):
            return ms, said
    raise AssertionError("no %s %s in %s" % (event, words, played.told))


def replace(world, station, family):
    """Put a modem of another family, which has the same SIM, in place of a station's."""
    before = station.modem
    before.power_off()
    world.turn()
    after = MACHINES[family](before.sim.card, before.environment, "gprs-10-cs2")
    after.faults = before.faults
    after.advance(world.now)

    def heard(line):
        known = [event for _, event in world.told if event["event"] == "modem_found"]
        if known:  # until then it is asked for what only the other one knows
            world.check_command(station, line)

    after.terminal.heard = heard
    station.modem = after
    world.machines[world.machines.index(before)] = after
    world.network.modems[station.number] = after
    after.power_on()


@pytest.mark.parametrize("families", PAIRS)
def test_a_replaced_module_of_another_family_is_found_and_sends_the_message(monkeypatch, families):
    def strike(world, alice):
        world.count_fault("modem brown-out")
        world.reset(alice)
        replace(world, alice, families[1])

    played = play(monkeypatch, families, strike)
    ms, found = first(played, "modem_found")
    assert found["family"] == families[1] and ms <= AGAIN_MS and played.recovered
    assert first(played, "modem_reset")[0] <= ms


@pytest.mark.parametrize("families", EACH)
def test_a_line_that_is_dead_for_a_while_is_told_and_the_message_goes_when_it_is_back(monkeypatch, families):
    def strike(world, alice):
        world.count_fault("modem silent")
        write, reach = alice.line.write, alice.line._reach
        alice.line.write, alice.line._reach = lambda octets, port: 0, lambda port, octets, whole: None
        world.cure(lambda: alice.line.__dict__.update(write=write, _reach=reach))

    played = play(monkeypatch, families, strike)
    ms, said = first(played, "failed", text="nothing was heard, at any speed from 9600 to 921600 bit/s")
    assert ms <= AGAIN_MS and said["step"] == "modem" and "power and the serial line" in said["advice"]


@pytest.mark.parametrize("family", FAMILIES)
def test_a_module_that_no_family_knows_is_told_as_such_until_another_takes_its_place(monkeypatch, family):
    def strike(world, alice):
        world.count_fault("modem brown-out")
        replace(world, alice, family)
        for name, said in (("I", "AirPrime WP7502"), ("+CGMM", "WP7502")):
            alice.modem.terminal.commands[name] = lambda kind, text, said=said: [said]
        world.cure(lambda: replace(world, alice, family))

    played = play(monkeypatch, (family, family), strike)
    ms, said = first(
        played, "failed", step="family", text="no family knows this modem, which says: AirPrime WP7502, WP7502"
    )
    assert ms <= AGAIN_MS and "modem.family in the settings" in said["advice"]


def speak(line, machine, baud):
    """Let a machine speak at another speed than its line has, until AT+IPR changes it; what passes else is noise."""
    write, usual = line.write, machine.terminal.heard

    def heard(command):
        usual(command)
        if command.startswith(b"AT+IPR="):
            line._world.agenda.after(20, lambda: setattr(line, "baud", int(command[7:])))

    def written(octets, port):
        if line.baud is not None and port.baud != line.baud and port.alive:
            port.arrived(NOISE)
        return write(octets, port)

    line.baud, machine.terminal.heard, line.write = baud, heard, written


@pytest.mark.parametrize("families", EACH)
@pytest.mark.parametrize("baud", (9600, 460800))
def test_another_speed_is_found_and_made_the_one_of_the_settings(monkeypatch, families, baud):
    def strike(world, alice):
        world.count_fault("modem silent")
        speak(alice.line, alice.modem, baud)

    played = play(monkeypatch, families, strike)
    assert first(played, "modem_reset")[0] <= AGAIN_MS
    assert played.stations[0].line.baud == 115200


@pytest.mark.parametrize("families", EACH)
def test_a_speed_that_no_line_of_ours_has_is_told_as_such(monkeypatch, families):
    def strike(world, alice):
        world.count_fault("modem silent")
        speak(alice.line, alice.modem, 1800000)
        world.cure(lambda: setattr(alice.line, "baud", 115200))

    played = play(monkeypatch, families, strike)
    ms, said = first(played, "failed", step="baud", text="octets were heard and no answer")
    assert ms <= AGAIN_MS and "AT+IPR" in said["advice"]


@pytest.mark.parametrize("families", EACH)
def test_an_echo_that_comes_and_goes_ends_nothing(monkeypatch, families):
    def strike(world, alice):
        def flip():
            world.count_fault("echo again")
            alice.modem.options["E"] ^= 1
            if world.now - world.begun < CURED_MS:
                world.agenda.after(world.dice.between(500, 20000), flip)

        flip()

    play(monkeypatch, families, strike)


@pytest.mark.parametrize("families", EACH)
@pytest.mark.parametrize("answer", (b"\r\nOK\r\n", b"\r\n+CSQ: 7,0\r\n\r\nOK\r\n", b"\r\nERROR\r\n"))
def test_the_answer_of_another_command_is_no_answer_or_an_error_of_one_attempt(monkeypatch, families, answer):
    def strike(world, alice):
        world.count_fault("late replies")
        usual, met = alice.modem.terminal.heard, []

        def heard(command):
            usual(command)
            if world.dice.below(4) == 0 and world.now - world.begun < CURED_MS:
                met.append(command)
                alice.line.say(answer)

        alice.modem.terminal.heard = heard
        world.met = met

    assert play(monkeypatch, families, strike).met


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("retries, words", ((3, "(11)"), (0, "(12)")))
def test_a_sim_that_is_locked_ends_the_program_in_one_line_and_the_message_goes_once_it_is_not(
    monkeypatch, family, retries, words
):
    """The PIN or the PUK is asked for after a reset, and the settings have neither; nothing is tried."""

    def strike(world, alice):
        world.count_fault("modem brown-out")
        card = alice.modem.sim.card
        card.pin, card.retries[0] = "4711", retries
        alice.modem.brown_out()

        def unlock():
            assert card.retries == [retries, 10]  # nobody has tried
            card.pin, card.retries[0] = None, 3
            alice.modem.start_card()

        world.cure(unlock)

    ended, usual = [], session.Session.check_end

    def check_end(self, station, error):
        ended.append((self.now - self.begun, sentence(error)))
        usual(self, station, error)

    monkeypatch.setattr(session.Session, "check_end", check_end)
    play(monkeypatch, (family, family), strike)
    ms, line = ended[0]
    assert ms <= AGAIN_MS and line.startswith("sim: ") and words in line and "check the SIM and its PIN" in line, line


def abroad(cell):
    """A trouble in which `cell` is all that alice's modem hears, until it hears its own network again."""

    def strike(world, alice):
        home = alice.modem.environment.cells
        alice.modem.carry([cell])
        return lambda: alice.modem.carry(home)

    return strike


def unknown_apn(world, alice):
    around = alice.modem.environment
    usual, around.profiles = around.profiles, [Profile("internet")]
    alice.modem.drop_context()
    return lambda: setattr(around, "profiles", usual)


def no_proxy(world, alice):
    world.network.refusals = 1000
    alice.modem.drop_context()
    return lambda: setattr(world.network, "refusals", 0)


NETWORKS = (  # how a network fails, the step that fails, words of the line and of the advice
    (abroad(Cell("26201", "Nowhere", terms=roaming.NONE)), "register", "(3)", "register MCCMNC"),
    (abroad(Cell("26201", "Forbidden", allowed=False)), "register", "(3)", "register MCCMNC"),
    (abroad(Cell("26201", "Voice", terms=Terms(("voice", "sms")))), "attach", "GPRS services not allowed", "MCCMNC"),
    (abroad(Cell("26201", "Refused", terms=Terms(context=roaming.NOT_SUBSCRIBED))), "context", "not subscribed", ""),
    (unknown_apn, "context", "Missing or unknown APN", "check apn"),
    (no_proxy, "connect", "the connection was refused", "check proxy"),
)


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("strike, step, words, advice", NETWORKS)
def test_a_network_that_does_not_serve_is_told_with_its_code_and_the_message_waits(
    monkeypatch, family, strike, step, words, advice
):
    def begin(world, alice):
        world.count_fault("network denied")
        world.cure(strike(world, alice), SERVED_MS)

    _, said = first(play(monkeypatch, (family, family), begin), "failed", step=step, text=words)
    assert advice in said["advice"] and not said["final"], said
