"""gammu, a client that nobody here wrote, finds the simulated modem to be a modem."""

import asyncio

import pytest

from tests.kit.peers.sms import NUMBER, PUSH, SPEED
from tests.kit.programs import need
from tools.lab.modem.shell import Modem


def session(tmp_path, *commands, deliver=(), family="sim800"):
    """What gammu prints for each command; `deliver` is on the SIM before; and what was submitted."""
    gammu = need("gammu")
    settings = tmp_path / "gammurc"
    settings.write_text("[gammu]\ndevice = %s\nconnection = at115200\n" % (tmp_path / "modem"))

    async def run():
        modem = Modem(tmp_path / "modem", speed=SPEED, number=NUMBER, family=family)
        await modem.start()
        try:
            await asyncio.sleep(9.0 / SPEED)
            for tpdu in deliver:
                assert modem.machine.deliver(bytes.fromhex(tpdu))
            said = [await _gammu(gammu, settings, command) for command in commands]
            return said, modem.submitted
        finally:
            await modem.stop()

    return asyncio.run(run())


async def _gammu(gammu, settings, command):
    process = await asyncio.create_subprocess_exec(
        gammu,
        "-c",
        str(settings),
        *command,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 0, output
    return output.decode()


@pytest.mark.parametrize(
    "family, maker, model",
    [
        ("sim800", "SIMCOM", "SIM800"),
        ("sim7600", "SIMCOM", "A7670E"),
        ("bg95", "Quectel", "BG95-M3"),
        ("m66", "Quectel", "M66"),
        ("sara", "u-blox", "SARA-U201"),
    ],
)
def test_gammu_identifies_each_family_and_its_network(tmp_path, family, maker, model):
    (identity, network), _ = session(tmp_path, ("identify",), ("networkinfo",), family=family)
    assert maker in identity and model in identity and "234100000000001" in identity
    assert "home network" in network and "234 10" in network


def test_gammu_reads_a_notification_and_keeps_it(tmp_path):
    (first, second), _ = session(tmp_path, ("getallsms",), ("getallsms",), deliver=[PUSH])
    assert "+447700900002" in first and "MMS indicator" in first
    assert "1 SMS parts" in first and "1 SMS parts" in second


def test_gammu_sends_a_message(tmp_path):
    (said,), submitted = session(tmp_path, ("sendsms", "TEXT", "+447700900002", "-text", "hello"))
    assert "OK, message reference=1" in said
    assert len(submitted) == 1 and "0c91447700090020" in submitted[0]
    assert submitted[0].endswith("05e8329bfd06")
