"""A handset as a child process: the real program on the real MicroPython, driven by its console.

The console speaks JSON lines (lib/mms/handset/console/console.py): commands in, one reply to each, events.
"""

import asyncio
import contextlib
import functools
import json
import pathlib
import time

from tools.command.conversation import Conversation, Ended, parse
from tools.lab.shell import private
from tools.programs import ROOT, interpreter

LINE = 1 << 20  # octets of one line of the console
QUIT_SECONDS = 3


class Failed(Exception):
    """A step of a journey failed: `who` is the handset, `step` names the step, `why` is the reason."""

    def __init__(self, who, step, why):
        super().__init__("%s: %s: %s" % (who, step, why))
        self.who, self.step, self.why = who, step, why


def reason(said):
    """The reason of a failure, without the step, which is shown beside it."""
    text = said.get("error") or said.get("text") or "no reason given"
    return text.removeprefix("%s: " % said.get("step"))


def _why(said):
    """The reason of a failure, and the advice with it, if there is one."""
    return "%s; %s" % (reason(said), said["advice"]) if said.get("advice") else reason(said)


class Program:
    """The process of one handset `name` with the serial lines at the paths `modem` and `camera` (None: without).

    `said(octets)` hears each line of the console, and tells whether it is a reply or an event. Other lines that the
    program prints, and its errors, go into the file FOLDER/NAME.log. `ended()` is called when the program has ended.
    """

    def __init__(self, name, settings, folder, modem, camera, command, said, ended):
        self.name = name
        self._folder = pathlib.Path(folder)
        self._settings = settings
        self._lines = ["--modem", str(modem)] + (["--camera", str(camera)] if camera else [])
        self._command = command or interpreter()
        self._said, self._ended = said, ended
        self._process = None
        self._reader = None
        self.log = self._folder / (name + ".log")

    @property
    def pid(self):
        """The number of the process."""
        return self._process.pid

    async def start(self):
        """Start the program."""
        self._folder.mkdir(parents=True, exist_ok=True)
        settings = self._folder / (self.name + ".json")
        with open(settings, "w", opener=private) as file:  # with the operator's password
            file.write(json.dumps(self._settings, indent=2) + "\n")
        with open(self.log, "ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *self._command,
                "--settings",
                str(settings),
                *self._lines,
                cwd=ROOT,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
                limit=LINE,
                # Ctrl-C goes to this process alone, which then ends the handset. It is not a new session: there the
                # serial line would become the controlling terminal, and closing the line would kill the handset.
                process_group=0,
            )
        self._reader = asyncio.create_task(self._read())

    async def stop(self):
        """End the program: by `quit`, or else by force."""
        if not self._process:
            return
        with contextlib.suppress(ConnectionError, RuntimeError):
            await self.write(b'{"do": "quit"}\n')
        for end in (None, self._process.terminate, self._process.kill):
            with contextlib.suppress(asyncio.TimeoutError, ProcessLookupError):
                if end:
                    end()
                await asyncio.wait_for(self._process.wait(), QUIT_SECONDS)
                break
        self._reader.cancel()

    async def kill(self):
        """End the program at once, as a power cut does."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()
        await self._reader

    async def write(self, octets):
        """Write onto the console; raises ConnectionError or RuntimeError when the program has ended."""
        self._process.stdin.write(octets)
        await self._process.stdin.drain()

    async def last_words(self):
        """A sentence on how the program has ended."""
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._process.wait(), QUIT_SECONDS)
        lines = [line for line in self.log.read_text("utf-8", "replace").splitlines() if line]
        return "its program ended (exit status %s): %s" % (
            self._process.returncode,
            lines[-1] if lines else "it said nothing",
        )

    async def _read(self):
        with open(self.log, "ab", buffering=0) as log:
            async for line in self._process.stdout:
                if not self._said(line):
                    log.write(line)
        self._ended()


class Phone(Program):
    """A handset whose replies and events are waited for; see Program.

    `listener(name, event)` hears every event; each has the key `at`, seconds of time.monotonic.
    """

    def __init__(self, name, settings, folder, modem, camera=None, command=None, listener=None, hasty=False):
        self._conversation = Conversation(asyncio.wait_for)
        super().__init__(name, settings, folder, modem, camera, command, self._hear, self._conversation.end)
        self.events = []
        self._hasty = hasty
        self._listener = listener or (lambda name, event: None)

    async def start(self):
        """Start the program and make its console speak JSON."""
        self._conversation.begin()
        await super().start()
        await self.tell("mode", mode="json")

    async def check(self):
        """Raise Failed when the program has ended."""
        if self._conversation.ended is not None:
            raise Failed(self.name, "run", await self.last_words())

    async def tell(self, do, **arguments):
        """Give a command without waiting for its reply; raises Failed when the program has ended."""
        try:
            await self.write(json.dumps(dict(arguments, do=do)).encode() + b"\n")
        except (ConnectionError, RuntimeError):
            raise Failed(self.name, do, await self.last_words()) from None

    async def ask(self, do, seconds, **arguments):
        """The reply to a command, a dict; raises Failed when it is an error, or does not come within `seconds`."""
        write = functools.partial(self.tell, do, **arguments)
        reply = await self._awaited(self._conversation.reply(do, write, seconds), seconds, do)
        if not reply.get("ok"):
            raise Failed(self.name, reply.get("step") or do, _why(reply))
        return reply

    async def seen(self, event, seconds, **fields):
        """The first event of that name and with these fields; raises Failed as `ask` does.

        An event `failed` ends the waiting, too, unless the handset will try again by itself and nobody is hasty.
        """

        def wanted(said):
            if said["event"] == event and all(said.get(k) == v for k, v in fields.items()):
                return True
            if said["event"] == "failed" and (said.get("final") or self._hasty):
                raise Failed(self.name, said.get("step") or event, _why(said))
            return False

        return await self._awaited(self._conversation.event(wanted, seconds, self.events), seconds, event)

    async def _awaited(self, coming, seconds, step):
        try:
            return await coming
        except TimeoutError:
            failures = [_why(said) for said in self.events if said["event"] == "failed"]
            why = failures[-1] if failures else "it did not happen"
        except Ended:
            raise Failed(self.name, step, await self.last_words()) from None
        raise Failed(self.name, step, "%s (%d s waited)" % (why, seconds))

    def _hear(self, line):
        """Take one line of the console; tells whether it is a reply or an event."""
        kind, said = parse(line)
        if kind is None:
            return False
        if kind == "event":
            said["at"] = time.monotonic()
            self.events.append(said)
            self._listener(self.name, said)
        self._conversation.hear(kind, said)
        return True
