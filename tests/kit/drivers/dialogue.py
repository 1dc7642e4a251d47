"""Tables for a dialogue of tests, and stories that run on it against a scripted modem."""

from drivers.modem.dialogue import Dialogue
from tests.kit.drivers.scripted import Modem, Pipe, run

COMMANDS = """
sync|modem|AT|0.1|5|-|OK
signal|register|AT+CSQ|0.2|1|+CSQ:|OK
imsi|sim|AT+CIMI|0.2|1|#|OK
address|context|AT+CIFSR|0.2|1|#.|*
shut|context|AT+CIPSHUT|0.2|1|-|SHUT OK
pin|sim|AT+CPIN={pin}|0.2|1|-|OK
send|send|AT+CIPSEND={number},{octets}|0.2|1|-|DATA ACCEPT:
read|receive|AT+CIPRXGET=2,{number},{octets}|0.2|1|+CIPRXGET: 2,|OK
often|modem|ATE0|0.1|3|-|OK
"""
MEANINGS = "\n+CMTI:|stored\nCLOSED|closed 0\n", "\n+PDP: DEACT|\n+CMT:|direct+\n"
FINAL = "\nSHUT OK|good\nDATA ACCEPT:|good\n", "\nOK|good\nERROR|bad\n+CME ERROR:|bad\nSEND FAIL|bad\n"


def talk(answers, story, size=64, gap=b"", echo=False, world=None):
    """Run `story(dialogue, modem, heard)` against a scripted modem: what it returns."""

    async def whole():
        modem = Modem(answers, gap, echo)
        heard = []
        tables = (COMMANDS,), MEANINGS, FINAL
        dialogue = Dialogue(Pipe(modem, size), tables, lambda *news: heard.append(news))
        dialogue.start()
        try:
            return await story(dialogue, modem, heard)
        finally:
            dialogue.close()

    return run(whole(), world)
