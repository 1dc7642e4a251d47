"""ModemManager, which Linux desktops have, takes the simulated modem for one: finds, enables and uses it.

It runs on a D-Bus of its own, in a mount namespace where the modem's line stands in the place of a serial port and
where there are no rules but ours: nothing of the system is touched.
"""

import asyncio
import json
import os
import re
from shlex import quote

import pytest

from tests.kit.peers.sms import DATA, NUMBER, PUSH, SPEED
from tests.kit.programs import need, stop, until
from tools.lab.modem.shell import Modem

OPTIONS = "--test-session --test-no-udev --test-no-suspend-resume --no-auto-scan --log-level=DEBUG"
PORT = "ttyS0"  # a name that the kernel knows as a serial port
BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>unix:path=%s</listen>
  <auth>EXTERNAL</auth>
  <policy context="default"><allow send_destination="*"/><allow eavesdrop="false"/><allow own="*"/></policy>
</busconfig>
"""
RULES = """SUBSYSTEM=="tty", ENV{ID_MM_CANDIDATE}="1"
SUBSYSTEM=="tty", ENV{ID_MM_DEVICE_PROCESS}="1"
SUBSYSTEM=="tty", ENV{ID_MM_PLATFORM_DRIVER_PROBE}="1"
SUBSYSTEM=="tty", ENV{ID_MM_PORT_TYPE_AT_PRIMARY}="1"
"""


class Desk:
    """A D-Bus and a ModemManager that work for one line, and mmcli."""

    def __init__(self, folder):
        self.folder = folder
        self.address = "unix:path=%s/bus" % folder
        self.log = folder / "manager.log"
        self._running = []

    async def start(self):
        """Bus and manager; both say into `log` what keeps them from working."""
        assert os.path.exists("/sys/class/tty/" + PORT), "this kernel has no serial port called " + PORT
        (self.folder / "bus.conf").write_text(BUS % (self.folder / "bus"))
        (self.folder / "rules").mkdir()
        (self.folder / "rules" / "80-mm-lab.rules").write_text(RULES)
        (self.folder / "events").write_text("action=add,subsystem=tty,name=%s,uid=sim800\n" % PORT)
        bus = "--config-file=%s" % (self.folder / "bus.conf")
        await self._run(need("dbus-daemon"), bus, "--nofork", "--nopidfile")
        await until((self.folder / "bus").exists, 10)
        line = os.path.realpath(self.folder / "modem")
        rules, events = self.folder / "rules", self.folder / "events"
        script = "mount --bind %s /dev/%s; mount --bind %s /usr/lib/udev/rules.d; exec %s %s --initial-kernel-events=%s"
        script %= (line, PORT, quote(str(rules)), need("ModemManager"), OPTIONS, quote(str(events)))
        await self._run(need("unshare"), "--mount", "sh", "-e", "-c", script)

    async def _run(self, *command):
        with open(self.log, "ab") as log:
            process = await asyncio.create_subprocess_exec(*command, env=self._environment(), stdout=log, stderr=log)
        self._running.append(process)

    def _environment(self):
        return dict(os.environ, DBUS_SYSTEM_BUS_ADDRESS=self.address, DBUS_SESSION_BUS_ADDRESS=self.address)

    async def ask(self, *command):
        """What mmcli prints, and whether it succeeded."""
        process = await asyncio.create_subprocess_exec(
            need("mmcli"), "--timeout=60", *command, env=self._environment(), stdout=-1, stderr=-2
        )
        said, _ = await asyncio.wait_for(process.communicate(), 70)
        return said.decode(), process.returncode == 0

    async def wait_for(self, pattern, *command, seconds=60):
        """What mmcli prints once it has `pattern`."""
        for _ in range(seconds * 2):
            gone = self._running[-1].returncode is not None
            assert not gone, "it did not start: may this test mount anything? " + self.log.read_text()[-3000:]
            said, _ = await self.ask(*command)
            if re.search(pattern, said):
                return said
            await asyncio.sleep(0.5)
        raise AssertionError("%s\n%s" % (said, self.log.read_text()[-3000:]))

    async def stop(self):
        """End both, and take the bus away."""
        for process in reversed(self._running):
            await stop(process)


@pytest.mark.parametrize("family, model", [("sim800", "SIMCOM_SIM800L"), ("sim7600", "A7670E-LASE")])
def test_modemmanager_finds_enables_and_uses_the_modem(tmp_path, family, model):
    async def run():
        switches = {"push-labels": "off"}  # it hears of no message whose +CMTI has more than two fields
        line, desk = tmp_path / "modem", Desk(tmp_path)
        modem = Modem(line, speed=SPEED, number=NUMBER, switches=switches, family=family)
        await modem.start()
        try:
            await until(lambda: modem.machine.sms.ready and modem.machine.registration.registered, 20)
            await desk.start()
            await desk.wait_for(r"/Modem/0", "-L")
            said, enabled = await desk.ask("-m", "0", "-e")
            assert enabled, said
            shown = await desk.wait_for(r'"state": ?"registered"', "-m", "0", "-J", seconds=20)
            assert modem.machine.deliver(bytes.fromhex(PUSH))
            modem.kick()
            await desk.wait_for(r"/SMS/0", "-m", "0", "--messaging-list-sms", seconds=20)
            received, _ = await desk.ask("-s", "0", "-J")
            await desk.ask("-m", "0", "--messaging-create-sms=number=+447700900002,text=hello")
            said, sent = await desk.ask("-s", "1", "--send")
            assert sent, said
            return json.loads(shown)["modem"], json.loads(received)["sms"], modem.submitted
        finally:
            await desk.stop()
            await modem.stop()

    shown, received, submitted = asyncio.run(run())
    assert shown["generic"]["model"] == model and shown["3gpp"]["operator-code"] == "23410"
    assert received["content"]["number"] == "+447700900002"
    assert received["content"]["data"].lower() == DATA[24:]  # after the header
    (message,) = submitted
    assert "0c91447700090020" in message and message.endswith("05e8329bfd06")
