"""The rows of one board up to its context: line, start, modem and SIM, the way to the message centre, single steps."""

import asyncio
import contextlib

from tools.campaign.attempt import Impossible
from tools.campaign.probes.probe import Gone, ProbeError, Refused, Silent
from tools.hil import commands
from tools.hil.walk import Held, leave, settled

LINE_S = 60  # for an answer in JSON: a board may just be starting
READY_S = 150  # until a modem and its SIM are there
CHECK_S = 600
WAY = ("modem", "sim", "signal", "register", "attach", "context", "proxy", "mmsc")
STEPS = (("detach", 200), ("attach", 300), ("context", 300), ("release", 100))  # and seconds: longest waits of drivers
SCAN_S = 200
READY, DATA = ("board", "ready"), ("data", "cost")
HANDS = (("modem", "lines by hand"),)
_PCS = ("linux", "darwin", "win32")


async def walk_start(walk, board, part="board", restart=False):
    """Line, start, program and memory; `part` names the rows."""
    if not await walk.row(part, "line", lambda: _open(walk, board), board):
        return
    if restart:
        await walk.row(part, "boot log", lambda: _restart(walk, board), board)
    await walk.row(part, "ready", lambda: _be_ready(walk, board), board)
    ready = ((part, "ready"),)
    await walk.row(part, "start", lambda: _tell_start(board), board, ready)
    await walk.row(part, "memory", lambda: _tell_memory(board), board, ready)


async def _open(walk, board):
    since = board.clock.now()
    await board.open(walk.seconds(LINE_S))
    return Held("the console speaks JSON", round(1000 * (board.clock.now() - since)))


async def _restart(walk, board):
    """End the program, and begin it anew at MicroPython's prompt (Ctrl-D), unless a watchdog is faster."""
    board.words.clear()
    with contextlib.suppress(Silent):
        await board.ask("quit", walk.seconds(10))
    await board.clock.sleep(walk.seconds(2))
    await board._write(b"\x04")
    await board.speak(walk.seconds(LINE_S))
    if not board.words:
        raise Impossible("the program went on: a PC's, perhaps, or one without a prompt behind it")
    return "%d lines%s" % (len(board.words), "".join(", the first: %s" % line for line in board.plain()[:1]))


async def _be_ready(walk, board):
    """Wait until the modem and its SIM are there; raises what the handset says of them."""
    since, end = board.clock.now(), board.clock.now() + walk.seconds(READY_S)
    while True:
        try:
            board.told.update(await board.ask("status", walk.seconds(30)))
            break
        except Refused:  # the modem is still starting
            failure = board.failure(since)
            if board.clock.now() > end:
                raise failure or Silent("modem", text="it does not start", advice="check power and its line") from None
        except (Gone, Silent) as error:
            silent = Silent("modem", text=board.last_words(), advice="see: make logs PORT=...")
            raise board.ended() or (error if isinstance(error, Gone) else silent) from None
        await board.clock.sleep(walk.seconds(1))
    with contextlib.suppress(ProbeError):
        board.told.update((await board.ask("settings", walk.seconds(30)))["settings"])
        board.told["candidates"] = (await board.ask("operators", walk.seconds(30)))["candidates"]
    if board.facts["number"] is None:
        board.facts["number"] = board.told.get("number")
    return "%s, with a SIM" % board.told["interpreter"]


async def _tell_start(board):
    """Why the board began anew, as its `support` tells it."""
    sections = (await board.ask("support", CHECK_S))["sections"]
    program = next((one for one in sections if one.get("name") == "program"), {})
    board.told["version"], board.told["machine"] = program.get("version"), program.get("machine", "?")
    board.told["free"] = program.get("free")
    if board.told["machine"].startswith(_PCS):
        raise Impossible("a handset on a PC has no boot and no watchdog")
    watchdog = "with" if board.told.get("watchdog", True) else "without"
    causes = program.get("reset") or []
    if "WDT_RESET" in causes:
        raise Refused("start", None, "the watchdog has restarted it", "see: make logs PORT=...")
    return "began by %s, %s a watchdog" % (", ".join(causes) or "a cause that it does not tell", watchdog)


async def _tell_memory(board):
    used, free = board.told.get("memory"), board.told.get("free")
    if used is None:
        raise Impossible("its interpreter does not count the heap")
    return "%d octets of the heap in use%s" % (used, ", %d kB of the flash free" % (free // 1000) if free else "")


async def walk_modem(walk, board):
    """Trace, model and firmware; returns the family, "" for none."""
    await walk.row("modem", "lines by hand", lambda: _trace(board), board, (READY,))
    found = {}

    async def identify():
        said = []
        for line in ("ATI", "AT+CGMM", "AT+CGMR"):
            told, result = await board.by_hand(line)
            said += told if result == "OK" else []
            if line == "AT+CGMR":
                board.firmware = " ".join(told)[:80]
        found["family"], board.model = commands.family_of(said)
        if not board.model:
            raise Refused("family", None, "no family knows this modem, which says: %s" % ", ".join(said)[:80])
        return "%s, of the family %s, firmware %s" % (board.model, found["family"], board.firmware or "not told")

    await walk.row("modem", "model", identify, board, HANDS)
    await walk.row("modem", "supply", lambda: tell_supply(board), board, HANDS)
    return found.get("family", "")


async def _trace(board):
    await board.ask("probe", 30, action="trace", on=True)
    _, result = await board.by_hand("AT")
    if result != "OK":
        raise Refused("AT", commands.code_of(result), "answered %s" % result)
    return "AT is answered OK"


async def tell_supply(board):
    """The volts of the modem's supply by AT+CBC."""
    told, result = await board.by_hand("AT+CBC")
    millivolts = commands.millivolts(told)
    if result != "OK" or millivolts is None:
        raise Impossible("this modem does not tell volts (%s)" % result)
    if millivolts < 3400:
        raise Refused("power", None, "%d mV" % millivolts, "a modem wants 3400 mV and more, also while it sends")
    return "%d mV" % millivolts


async def walk_data(walk, board, costs):
    """A row for the yes to what the way and the context may cost."""

    async def permit():
        return "a yes to its price, %s" % costs.permit("The way to the message centre is some kilobytes of data", None,
                                                       None, is_data=True)  # fmt: skip

    await walk.row(*DATA, permit, board, (READY,))


async def walk_way(walk, board):
    """A row for each step of `check`, the way to the message centre."""
    since = board.clock.now()
    state, task = {"broken": ""}, None
    if walk.passed(*DATA):
        task = asyncio.create_task(board.ask("check", walk.seconds(CHECK_S)))

    async def hold(step):
        if state["broken"]:
            raise Impossible("the step %s before it failed" % state["broken"])
        seen = asyncio.create_task(board.seen("checked", walk.seconds(CHECK_S), since, step=step))
        await asyncio.wait((task, seen), return_when=asyncio.FIRST_COMPLETED)
        await asyncio.sleep(0)
        if seen.done() and not seen.exception():
            return Held(*told(step, seen.result()))
        seen.cancel()
        error = task.exception()
        if error:
            state["broken"] = step
            raise error
        raise Impossible("these settings have none")

    for step in WAY:
        await walk.row("way", step, lambda step=step: hold(step), board, (DATA,))
    if task:
        await leave(task)


def told(step, event):
    """(text, milliseconds) of an event `checked`: of the steps that name networks and hosts only that they hold."""
    return event["text"] if step in ("modem", "signal", "attach") else "it holds", event.get("took_ms")


async def walk_steps(walk, board):
    """A row for each step of `probe`, timed by the handset, and one for the networks on the air."""
    for action, seconds in STEPS:

        async def step(action=action, seconds=seconds):
            since = board.clock.now()
            reply = await board.ask("probe", walk.seconds(seconds), action=action)
            if reply.get("already"):
                raise Impossible("it was so already")
            done = await board.seen("probed", walk.seconds(5), since, action=action)
            return Held("it holds", done["took_ms"])

        needs = {"context": (("step", "attach"), DATA), "release": (("step", "attach"),)}.get(action, ())
        await walk.row("step", action, step, board, (*HANDS, *needs))
    await walk.row("step", "scan", lambda: _scan(walk, board), board, (READY,))


async def _scan(walk, board):
    since = board.clock.now()
    found = await board.ask("scan", walk.seconds(SCAN_S))
    took_ms = round(1000 * (board.clock.now() - since))
    await settled(board, walk, 120)
    board.tried["AT+COPS=?"] = "OK"  # which takes up to three minutes
    return Held("%d networks and %d cells" % (len(found["networks"]), len(found["cells"])), took_ms)


async def walk_commands(walk, board, family):
    """A row for each AT command of the driver: as the trace has it, or else by hand."""
    if not family:
        await walk.row("AT", "commands of the driver", lambda: None, board, (("modem", "model"),))
    for command in commands.of_family(family) if family else ():

        async def work(command=command):
            commands.judge([command], board.at)
            if command.well:
                return Held("answered %d times; at most" % len(command.well), round(1000 * max(command.well)[0]))
            if command.ill:
                return _refused(command, command.ill[-1][1])
            return await _try(walk, board, command)

        await walk.row("AT", command.line, work, board, HANDS)


def _refused(command, result):
    if command.optional:
        raise Impossible("this modem answers %s, and the driver goes on without it" % result)
    raise Refused("AT", commands.code_of(result), "answered %s" % result, "send the report: the driver needs it")


async def _try(walk, board, command):
    form = command.form
    if form is None:
        raise Impossible("it does something in every form, and the walk had no need of it")
    result = board.tried.get(form)
    if result is None:
        _, result = await board.by_hand(form, walk.seconds(65))
        board.tried[form] = result
    if result == "OK" or result in command.finals or "*" in command.finals and commands.code_of(result) is None:
        return "as %s" % form
    if form == command.line:
        return _refused(command, result)
    raise Impossible("the modem answers %s to %s: only its use would show more" % (result, form))
