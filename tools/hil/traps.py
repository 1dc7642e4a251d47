"""Traps of real modems that can be provoked without cost: each is a table row, with the families that have it.

`work(walk, board)` provokes one and tells how it went; it raises Trapped where handset or modem did otherwise.
Sources: SIM800 Series AT Command Manual V1.09, 3GPP TS 27.005 and 27.007, and logs of real modems.
"""

import dataclasses
from collections.abc import Callable

from tools.campaign.attempt import Impossible
from tools.campaign.probes.probe import ProbeError, Silent
from tools.hil.commands import code_of
from tools.hil.walk import Held, settled

_LINE = 160  # characters of a line by hand, at most
RESTART_S = 180  # until a modem that began anew is on its network


class Trapped(ProbeError):
    """The trap has worked."""


@dataclasses.dataclass
class Trap:
    """A trap by `name`; `families` that have it, none for all; needs: (part, name) of a row that must have passed."""

    name: str
    work: Callable
    families: tuple = ()
    needs: tuple = ()


async def alive(board):
    """Raise Trapped unless the modem answers AT by OK, and by nothing else."""
    told, result = await board.by_hand("AT")
    if result != "OK" or told:
        raise Trapped("AT", code_of(result), "the next command was answered %s" % [*told, result])


async def ask_known(board, line):
    """The lines of a command that a firmware may not know; raises Impossible where it is refused."""
    told, result = await board.by_hand(line)
    if result != "OK":
        raise Impossible("%s is answered %s" % (line, result))
    return told


async def unknown_command(walk, board):
    told, result = await board.by_hand("AT+NOSUCHCOMMAND")
    await alive(board)
    if result == "OK":
        raise Trapped("AT+NOSUCHCOMMAND", None, "a command that no modem has was answered OK")
    return "refused by %s" % result


async def pin_question(walk, board):
    """+CPIN: READY is a reply to AT+CPIN?, and by itself the line of a card that was put in."""
    told, result = await board.by_hand("AT+CPIN?")
    await settled(board, walk, 30)
    if result != "OK" or not any(line.startswith("+CPIN:") for line in told):
        raise Trapped("AT+CPIN?", code_of(result), "answered %s" % result)
    return "the reply was not taken for a restart"


async def long_answer(walk, board):
    """AT+COPN lists every network of the world: far more than any buffer of the handset has."""
    try:
        told, result = await board.by_hand("AT+COPN", walk.seconds(65))
    except Silent:
        raise Trapped("AT+COPN", None, "no end of the list came") from None
    if result != "OK":
        raise Impossible("AT+COPN is answered %s" % result)
    await alive(board)
    return "a list longer than the handset's buffers has ended well"


async def prompt(walk, board):
    """AT+CMGS shows a prompt without an end of line (TS 27.005, 3.5.1); ESC leaves it, and nothing is sent."""
    told, result = await board.by_hand("AT+CMGS=20")
    await alive(board)
    if ">" not in told:
        raise Trapped("AT+CMGS=20", code_of(result), "no prompt: %s" % result)
    return "the prompt came, and ESC left it (%s)" % result


async def news_in_replies(walk, board):
    """With AT+CREG=1 and AT+CGREG=1 the network's news come in between any command and its reply."""
    for line in ("AT+CREG=1", "AT+CGREG=1"):
        await ask_known(board, line)
    try:
        await board.ask("probe", walk.seconds(200), action="detach")
        await board.ask("probe", walk.seconds(300), action="attach")
        told, result = await board.by_hand("AT+CREG?")
        if result != "OK" or not told:
            raise Trapped("AT+CREG?", code_of(result), "no reply among the news")
    finally:
        for line in ("AT+CREG=0", "AT+CGREG=0"):
            await board.by_hand(line)
    await alive(board)
    return "detach and attach held between the news"


async def bare_address(walk, board):
    """AT+CIFSR answers the address alone, without OK (manual V1.09, 8.2.8)."""
    await board.ask("probe", walk.seconds(200), action="context")
    told, result = await board.by_hand("AT+CIFSR")
    await alive(board)
    if result.count(".") != 3:
        raise Trapped("AT+CIFSR", code_of(result), "answered %s" % result)
    return "the address was taken for the end"


async def state_behind_ok(walk, board):
    """AT+CIPSTATUS says OK, and its state behind that (manual V1.09, 8.2.10)."""
    _, result = await board.by_hand("AT+CIPSTATUS")
    await board.clock.sleep(1)
    await alive(board)
    if result != "OK":
        raise Impossible("AT+CIPSTATUS is answered %s" % result)
    return "the lines behind OK disturbed nothing"


async def shut_twice(walk, board):
    """AT+CIPSHUT with nothing up says SHUT OK all the same."""
    for _ in range(2):
        told, result = await board.by_hand("AT+CIPSHUT")
        if result != "SHUT OK":
            raise Trapped("AT+CIPSHUT", code_of(result), "answered %s" % result)
    await board.ask("probe", walk.seconds(90), action="release")  # so that the handset knows
    return "SHUT OK with a context and without"


async def acknowledged_messages(walk, board):
    """With AT+CSMS=1 a modem waits for AT+CNMA after each +CMT, which a SIM800 does not have (TS 27.005, 3.4.4)."""
    told = await ask_known(board, "AT+CSMS?")
    service = told[0].partition(":")[2].split(",")[0].strip() if told else "?"
    if service != "0":
        raise Trapped("AT+CSMS?", None, "the service is %s, and messages may stay away" % service, "type AT+CSMS=0")
    return "the service is 0: no message waits for AT+CNMA"


async def full_card(walk, board):
    """A SIM whose memory is full gets no more notifications."""
    told = await ask_known(board, "AT+CPMS?")
    values = (told[0].partition(":")[2] if told else "").split(",")
    used, of = [value.strip() for value in values[1:3]] if len(values) > 2 else ("?", "?")
    if used == of and used.isdigit():
        raise Trapped("AT+CPMS?", None, "all %s places are taken" % of, "delete messages on the SIM in a telephone")
    return "%s of %s places are taken" % (used, of)


async def long_line(walk, board):
    """Commands behind each other in one line (V.250, 5.2.1), as long as a line of the console may be."""
    line = "AT+CSQ" + ";+CSQ" * ((_LINE - 6) // 5)
    _, result = await board.by_hand(line)
    await alive(board)
    if result != "OK":
        raise Impossible("a line of %d characters is answered %s" % (len(line), result))
    return "%d characters and their answers are in order" % len(line)


async def where_messages_go(walk, board):
    """AT+CNMI is lost with a restart (TS 27.005, 3.4.1): the driver has to have set it again."""
    told = await ask_known(board, "AT+CNMI?")
    values = (told[0].partition(":")[2] if told else "").replace(" ", "").split(",")
    if values[:2] != ["2", "1"]:
        raise Trapped("AT+CNMI?", None, "the mode is %s: no message would be told" % ",".join(values[:2]))
    return "messages are stored, and told"


async def echo(walk, board):
    """A modem that echoes has begun anew, to the handset: it starts the modem again."""
    since = board.clock.now()
    try:
        await board.by_hand("ATE1")
        await board.by_hand("AT")
    except ProbeError:
        pass  # the dialogue is given up as soon as the echo is seen
    await board.seen("modem_reset", walk.seconds(30), since)
    await settled(board, walk, RESTART_S)
    await alive(board)
    return Held("the echo was seen, and the modem set up anew", round(1000 * (board.clock.now() - since)))


async def restart(walk, board):
    """A modem that restarts by itself says so, or says nothing: the handset finds it and goes on."""
    since = board.clock.now()
    try:
        await board.by_hand("AT+CFUN=1,1", walk.seconds(70))
    except Silent:
        raise
    except ProbeError:
        pass  # the answer may be lost in the restart
    try:
        await board.seen("modem_reset", walk.seconds(60), since)
    except Silent:
        raise Impossible("AT+CFUN=1,1 did not restart this modem, or the handset has not heard of it") from None
    await settled(board, walk, RESTART_S)
    await alive(board)
    return Held("the modem is back on its network", round(1000 * (board.clock.now() - since)))


async def own_choice(walk, board):
    """The mode of AT+COPS is kept by the modem: it must be automatic again after a choice."""
    told = await ask_known(board, "AT+COPS?")
    mode = told[0].partition(":")[2].split(",")[0].strip() if told else "?"
    if mode != "0":
        raise Trapped("AT+COPS?", None, "the mode is %s" % mode, "type register auto")
    return "the modem chooses its network by itself"


_CONTEXT = (("step", "context"),)
TRAPS = (
    Trap("an unknown command", unknown_command),
    Trap("+CPIN as a reply", pin_question),
    Trap("an answer without end", long_answer),
    Trap("a long line", long_line),
    Trap("the prompt of a message", prompt),
    Trap("a bare address", bare_address, ("sim800",), _CONTEXT),
    Trap("a state behind OK", state_behind_ok, ("sim800",), _CONTEXT),
    Trap("AT+CIPSHUT twice", shut_twice, ("sim800",), _CONTEXT),
    Trap("news between replies", news_in_replies, (), (("step", "attach"),)),
    Trap("AT+CNMA", acknowledged_messages),
    Trap("a full SIM", full_card),
    Trap("an echo", echo),
    Trap("a restart of the modem", restart),
    Trap("AT+CNMI after a restart", where_messages_go),
    Trap("a choice by hand that stays", own_choice),
)


async def walk_traps(walk, board, family):
    """A row for each trap."""
    for trap in TRAPS:
        if trap.families and family not in trap.families:
            continue

        async def work(trap=trap):
            return await trap.work(walk, board)

        await walk.row("trap", trap.name, work, board, (("modem", "lines by hand"), *trap.needs))
