"""Kannel drives the simulated modem as its SMS centre (`smsc = at`): a message in, its answer out."""

import asyncio
import socket

from tests.kit.programs import need, stop, until
from tools.lab.modem.shell import Modem

SPEED = 20
NUMBER = "+447700900001"
HELLO = "040c9144770009002000006211220233440005e8329bfd06"

CONFIGURATION = """
group = core
admin-port = %(admin)d
admin-interface = "127.0.0.1"
admin-password = secret
smsbox-port = %(boxes)d
smsbox-interface = "127.0.0.1"
access-log = "%(folder)s/access.log"

group = smsc
smsc = at
modemtype = auto
device = %(folder)s/modem
speed = 115200
my-number = "%(number)s"

group = modems
id = sim800
name = "SIM800"
detect-string = "SIM800"
init-string = "AT+CNMI=2,2,0,1,0"

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = %(sending)d
sendsms-interface = "127.0.0.1"

group = sms-service
keyword = default
catch-all = true
text = "heard %%a"
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


async def start(program, configuration):
    return await asyncio.create_subprocess_exec(
        program,
        str(configuration),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )


def test_kannel_receives_a_message_and_sends_the_answer(tmp_path):
    bearerbox, smsbox = need("bearerbox"), need("smsbox")
    configuration = tmp_path / "kannel.conf"
    ports = {"admin": free_port(), "boxes": free_port(), "sending": free_port()}
    configuration.write_text(CONFIGURATION % dict(ports, folder=str(tmp_path), number=NUMBER))
    listening = []

    async def run():
        modem = Modem(tmp_path / "modem", speed=SPEED, number=NUMBER)
        await modem.start()
        modem.machine.terminal.heard = listening.append
        boxes = [await start(bearerbox, configuration)]
        try:
            await until(lambda: b"AT+CNMI=2,2,0,1,0" in listening, 30)
            boxes.append(await start(smsbox, configuration))
            assert modem.machine.deliver(bytes.fromhex(HELLO))
            modem.kick()
            await until(lambda: modem.submitted, 30)
            await until(lambda: "Sent SMS" in (tmp_path / "access.log").read_text(), 10)
            return list(modem.submitted)
        finally:
            for box in reversed(boxes):
                await stop(box)
            await modem.stop()

    (answer,) = asyncio.run(run())
    assert "0c91447700090020" in answer.lower()
    log = (tmp_path / "access.log").read_text()
    assert "[from:+447700900002]" in log and "[msg:11:heard hello]" in log
