"""One step of a modem by itself, one AT line by hand, and the lines of its dialogue: `Family.probe`, for a laboratory.

A step calls `begin()` just before its command is written, and does not call it where there is nothing to do. Its time
is that until it holds: of an attach until the modem tells the registration for packets, too (3GPP TS 27.007, 10.1.20).
"""

from drivers.modem import context, network
from drivers.modem.dialogue import is_refusal
from drivers.modem.lines import HEXADECIMAL, consists, read_value
from mms import clock, memory
from mms.errors import BearerError, ModemError
from mms.limits import const

for _room in context, network:
    memory.forget(_room.__name__)  # they leave with this room

COMMANDS = "\ndetach|attach|AT+CGATT=0|75|1|-|OK\n"  # see dialogue.py

_REGISTERED, _DENIED = const(("1", "5")), const(("3", ""))
_REGISTER_MS = const(75000)  # from the OK to an attach until the modem tells the registration
_EARLY_MS = const(5000)  # as context.py has it
_POLL_MS = const(200)
_SECRETS = const(("user", "password", "pin"))  # names of arguments in the tables of commands
_LINES, _CUT = const(8), const(160)
_LEAST_SECONDS, _SECONDS, _SCAN_SECONDS = const(5), const(60), const(180)
_HIDDEN = const("(hidden)")
_ESCAPE = const(b"\x1b")
_NUMBER, _OCTETS = const(8), const(16)  # digits of which a run is a telephone number; octets of a message or of the SIM
_TYPED = const(4)  # digits of which a run may be a PIN, where a person typed them


class Probe:
    """Has a Family do one step, or tell its lines."""

    def __init__(self, modem):
        self._modem, self._dialogue = modem, modem.dialogue

    def trace(self, say):
        """Have `say("at", sent=..., line=...)` called for each line of the dialogue, masked; None: for no more."""

        def tell(text, values=None):
            try:
                if values is not None:
                    say("at", sent=True, line=mask(_fill_masked(text, values)))
                elif text:
                    say("at", sent=False, line=hide_typed(text) if text[:2] == "AT" else mask(text))
            except MemoryError:
                pass  # the line is lost to the trace, not to the dialogue

        self._dialogue.digester.trace = say and tell

    async def detach(self, begin, profile):
        """Take the context down and detach; raises BearerError."""
        await self._modem.release()
        if await self._is_attached():
            begin()
            await self._with(COMMANDS, self._modem.ask("detach"))

    async def attach(self, begin, profile):
        """Attach; raises BearerError, which has the reason that the modem knows."""
        modem = self._modem
        if await self._is_attached():
            return
        if modem.sms_only:
            raise BearerError("attach", None, "only short messages go on this network")
        begin()
        await context.explain(modem, "attach", modem.patient("attach", early=_EARLY_MS))
        await self._with(network.COMMANDS, self._wait_registered())
        modem.events.say("attached")

    async def release(self, begin, profile):
        """Take the context down."""
        begin()
        await self._modem.release()

    async def bring_up(self, begin, profile):
        """Take the context down and bring it up for a profile: the handset's IP address; raises BearerError."""
        modem = self._modem
        await modem.attach()
        async with modem._bearer_lock:
            from drivers.modem import sockets

            modem._sockets = modem._sockets or sockets.Sockets(modem)
            try:
                await modem._sockets.release()
                await modem.define_context(profile)
                begin()
                address = await context.explain(modem, "context", modem.activate())
                modem._sockets.profile = profile.apn, profile.user or "", profile.password or ""
            finally:
                if modem._sockets.profile is None:
                    modem._drop_sockets()
        modem.events.say("context_up", address=address)
        return address

    async def ask(self, line):
        """Write one AT line: {"lines": the modem's until its final result, "result": that one}; raises ModemError.

        A prompt is a line, too, and is left at once by ESC. Lines of news that came meanwhile are among the others.
        """
        dialogue, heard, sent = self._dialogue, [], []
        digester = dialogue.digester
        before = digester.trace

        def collect(text, values=None):
            if values is not None:
                sent[:] = [text]  # of another command, as long as that one has the dialogue
            elif sent == [line] and dialogue.good is None and text not in ("", line):
                heard[_LINES:] = [text[:_CUT]]
            if before:
                before(text if values is None else hide_typed(text), values)

        table = _make_table(self._modem, line)
        digester.trace = collect
        try:
            await self._with(table, dialogue.send_block("by hand", _ESCAPE, escape=_ESCAPE))
        except ModemError as error:
            if not heard or not is_refusal(error) and error.text not in ("no prompt", heard[-1]):
                raise
        finally:
            if digester.trace is collect:
                digester.trace = before
        lines = [mask(text) for text in heard[:-1]] + ([dialogue.prompted] if dialogue.prompted else [])
        return {"lines": lines, "result": heard[-1]}

    async def _with(self, commands, work):
        """Await `work` while the dialogue knows one more table of commands."""
        self._dialogue.add(commands)
        try:
            await work
        finally:
            self._dialogue.remove(commands)

    async def _is_attached(self):
        return read_value(await self._modem.ask("attached"), 0) == "1"

    async def _wait_registered(self):
        """Wait until the modem tells that it is registered for packets; raises BearerError.

        A modem that does not know the question has said all with its OK.
        """
        modem, since = self._modem, clock.ticks()
        names = ["packet"] + [name for name in modem.REGISTRATIONS if name == "eps"]
        while True:
            told = []
            for name in names:
                told.append(read_value(await modem.ask_optional(name), 1))
            if [one for one in told if one in _REGISTERED] or not "".join(told):
                return
            if not [one for one in told if one not in _DENIED]:
                raise BearerError("attach", None, await modem.ask_why() or "the network gives no packet service")
            if clock.since(since) > _REGISTER_MS:
                raise BearerError("attach", None, "attached, and not registered for packets")
            modem.check_ready("attach")
            await clock.sleep(_POLL_MS)


def hide_typed(line):
    """A line that a person typed: texts between quotes and runs of digits that may be a PIN are `**`."""
    shown, quoted = "", False
    for piece in line.split('"'):
        shown += '"**"' if quoted else _hide_runs(piece, "0123456789", _TYPED, "**")
        quoted = not quoted
    return shown


def mask(text):
    """A line without the numbers, IMSI, ICCID and messages in it: of a number the last two digits stay."""
    if len(text) < _NUMBER:
        return text
    if len(text) >= _OCTETS and consists(text, HEXADECIMAL):  # a message: the longest lines there are
        return _HIDDEN
    return _hide_runs(_hide_runs(text, HEXADECIMAL, _OCTETS, _HIDDEN), "0123456789", _NUMBER, "")


def _hide_runs(text, digits, most, instead):
    """`text` with `instead` of each run of at least `most` of these digits, or with stars but for its last two."""
    shown, run = "", ""
    for character in text + "\n":
        if character in digits:
            run += character
            continue
        if len(run) >= most:
            run = instead or "*" * (len(run) - 2) + run[-2:]
        shown += run + character
        run = ""
    return shown[:-1]


def _fill_masked(text, values):
    """The command line of a table's text with its values; those of secrets are `**`."""
    pieces = text.split("{")
    line = pieces[0]
    for at, value in enumerate(values):
        name, rest = pieces[at + 1].split("}")
        line += ('"**"' if name in _SECRETS else '"%s"' % value if isinstance(value, str) else "%d" % value) + rest
    return line


def _make_table(modem, line):
    """A table with the command "by hand", tried once: as the family's own tables have that line, if they do."""
    form = "\nby hand|modem|%s|%d|1|%s|%s\n"
    for table in modem.TABLES[0]:
        at = table.find("|%s|" % line)
        if at >= 0:
            _, _, seconds, _, reply, final = table[at : table.find("\n", at)].split("|")
            return form % (line, max(_LEAST_SECONDS, float(seconds)), reply, final)
    name = line[2:].partition("=")[0].partition("?")[0]
    reply = name.upper() + ":" if name[:1] == "+" else "?"
    seconds = _SCAN_SECONDS if "+COPS" in line.upper() else _SECONDS
    return form % (line, seconds, reply, "OK")
