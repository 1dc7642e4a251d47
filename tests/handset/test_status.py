"""The commands status, check and quit, at a console of a whole handset."""

from mms import clock
from mms.advice import advice
from mms.errors import BearerError
from mms.handset.console.console import Console
from tests.kit.handset.phone import MINUTE, Phone


class Typist:
    """A person who types a line at once, and then one every ten seconds."""

    def __init__(self, *lines):
        self._lines, self._pause, self.said = list(lines), 0, ""

    async def readinto(self, buf):
        await clock.sleep(self._pause)
        line, self._pause = self._lines.pop(0).encode() + b"\n", 10000
        buf[: len(line)] = line
        return len(line)

    async def write(self, buf):
        self.said += bytes(buf).decode()


def test_a_person_asks_where_the_handset_stands_and_quits():
    phone = Phone()
    phone.modem.slow_ms = 5000
    typist = Typist("status", "check", "status", "outbox", "quit")

    async def story():
        await clock.sleep(2 * MINUTE)

    phone.live(story, Console(typist, phone.handset, phone.events))
    starting, ready, rest = typist.said.partition("* ready")
    assert starting == "! the modem is still starting\n" and ready
    steps = [row.split(":")[0] for row in rest.split("\n") if row.startswith("* checked")]
    assert steps == ["* checked, modem", "* checked, register", "* checked, context", "* checked, connect"]
    assert "network:  23410, home, GSM, -79 dBm\n" in rest and "a SIM of 23410\n" in rest
    assert rest.endswith("outbox: nothing\ngoodbye\n")


def test_a_check_ends_at_the_first_step_that_fails_and_says_what_to_do():
    phone = Phone()
    phone.modem.faults["attach"] = [BearerError("context", 148, "")] * 9
    typist = Typist("help", "check", "quit")

    async def story():
        await clock.sleep(2 * MINUTE)

    phone.live(story, Console(typist, phone.handset, phone.events))
    _, _, rest = typist.said.partition("* checked, register")
    assert "! context: error 148; %s\n" % advice(BearerError("context", 148, "")) in rest and "checked, c" not in rest
