"""A board on a serial line, as a campaign meets it: a pseudo-terminal at a path, with a console in words or JSON."""

import asyncio
import json
import os
import pty
import tty

ANSWERS = {
    "status": {"home": "23410", "interpreter": "board", "network": {"mccmnc": "23410", "status": "home"}},
    "scan": {"networks": [{"mccmnc": "23410", "name": "O2 - UK", "status": "current", "rat": "GSM"}]},
}


class Board:
    """A handset at `path` that answers commands as ANSWERS has them, others with ok alone, unless it is `deaf`.

    It starts in words, shows what is typed, and takes `boot_s` until it listens. Of what it says each line ends with a
    carriage return and a line feed.
    """

    def __init__(self, path, boot_s=0.0):
        self.path, self._boot_s = path, boot_s
        self.asked, self.deaf, self.json = [], False, False
        self._handle = self._other = None
        self._typed = b""

    def plug(self):
        """Plug the board in: it boots."""
        self._handle, self._other = pty.openpty()
        tty.setraw(self._other)
        os.set_blocking(self._handle, False)
        self.path.symlink_to(os.ttyname(self._other))
        self.reboot()

    def pull(self):
        """Pull the board out."""
        asyncio.get_running_loop().remove_reader(self._handle)
        self.path.unlink()
        os.close(self._other)
        os.close(self._handle)

    def reboot(self):
        """Boot, and speak words from there on."""
        loop = asyncio.get_running_loop()
        self.json, self._typed = False, b""
        loop.remove_reader(self._handle)
        loop.call_later(self._boot_s, loop.add_reader, self._handle, self._read)
        self.say("* ready, at O2 with a SIM of 23410")

    def say(self, line):
        """Say a line."""
        os.write(self._handle, line.encode() + b"\r\n")

    def _read(self):
        try:
            octets = os.read(self._handle, 4096)
        except OSError:  # the campaign has closed the line
            return
        if not self.json:
            os.write(self._handle, octets.replace(b"\n", b"\r\n"))
        *lines, self._typed = (self._typed + octets).split(b"\n")
        for line in lines:
            if line.strip():
                self._answer(line)

    def _answer(self, line):
        try:
            command = json.loads(line)
        except ValueError:
            return self.say("no command %s: type help" % line.decode())
        self.asked.append(command["do"])
        if self.deaf:
            return
        self.json = self.json or command["do"] == "mode"
        self.say(json.dumps({"reply": command["do"], "ok": True, **ANSWERS.get(command["do"], {})}))
