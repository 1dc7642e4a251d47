"""gammu-smsd keeps the simulated modem busy: a push lands in its inbox, and what is in its outbox is sent."""

import asyncio

from tests.kit.peers.sms import DATA, NUMBER, PUSH, SPEED
from tests.kit.programs import need, stop, until
from tools.lab.modem.shell import Modem

CONFIGURATION = """
[gammu]
device = %(folder)s/modem
connection = at115200

[smsd]
service = files
logfile = %(folder)s/log
inboxpath = %(folder)s/inbox/
outboxpath = %(folder)s/outbox/
sentsmspath = %(folder)s/sent/
errorsmspath = %(folder)s/error/
checksecurity = 0
checksignal = 0
commtimeout = 1
loopsleep = 1
receivefrequency = 1
statusfrequency = 0
"""


def test_smsd_receives_a_push_and_sends_a_text(tmp_path):
    program, configuration = need("gammu-smsd"), tmp_path / "smsdrc"
    configuration.write_text(CONFIGURATION % {"folder": tmp_path})
    for name in ("inbox", "outbox", "sent", "error"):
        (tmp_path / name).mkdir()
    (tmp_path / "outbox" / "OUT+447700900002.txt").write_text("hello")
    inbox = tmp_path / "inbox"

    async def run():
        modem = Modem(tmp_path / "modem", speed=SPEED, number=NUMBER)
        await modem.start()
        await until(lambda: modem.machine.sms.ready and modem.machine.registration.registered, 10)
        assert modem.machine.deliver(bytes.fromhex(PUSH))
        modem.kick()
        daemon = await asyncio.create_subprocess_exec(program, "-c", str(configuration), stdout=-3, stderr=-3)
        try:
            await until(lambda: list(inbox.iterdir()) and list((tmp_path / "sent").iterdir()), 40)
            return list(modem.submitted), modem.machine.sim.card.slots["SM"]
        finally:
            await stop(daemon)
            await modem.stop()

    submitted, slots = asyncio.run(run())
    (received,) = inbox.iterdir()
    assert "+447700900002" in received.name and received.read_bytes() == bytes.fromhex(DATA)[12:]  # after the header
    assert [slot for slot in slots if slot is not None] == []  # smsd deletes what it has
    (sent,) = submitted
    assert "0c91447700090020" in sent and sent.endswith("05e8329bfd06")
