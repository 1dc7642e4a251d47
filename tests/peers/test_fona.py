"""Adafruit's FONA library, a driver that nobody here wrote, gets and posts through the simulated modem."""

import asyncio
import hashlib
import json
import sys

from aiohttp import web

from tests.kit.peers import fona
from tests.kit.programs import until
from tools.lab.modem.shell import Modem

SPEED = 20
HELLO = "040c9144770009002000006211220233440005e8329bfd06"


async def serve(posted):
    """A web server that gives OCTETS, and gives back what was posted, from its end on; (runner, port)."""

    async def picture(request):
        posted.append(await request.read())
        return web.Response(body=posted[-1][::-1] or fona.OCTETS)

    application = web.Application()
    application.router.add_route("*", "/picture", picture)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return runner, runner.addresses[0][1]


def test_fona_gets_and_posts_ten_kilobytes_and_reads_a_message(tmp_path):
    posted = []

    async def run():
        runner, port = await serve(posted)
        routes = {"pictures.example:80": "127.0.0.1:%d" % port}
        modem = Modem(tmp_path / "modem", speed=SPEED, routes=routes, apns=("lab",))
        await modem.start()
        process = None
        try:
            await until(lambda: modem.machine.sms.ready and modem.machine.registration.registered, 20)
            assert modem.machine.deliver(bytes.fromhex(HELLO))
            program = fona.__file__
            process = await asyncio.create_subprocess_exec(
                sys.executable, program, str(tmp_path / "modem"), "pictures.example", "80", stdout=-1, stderr=-2
            )
            said, _ = await asyncio.wait_for(process.communicate(), 100)
            assert process.returncode == 0, said.decode()
            return json.loads(said), modem
        finally:
            if process is not None and process.returncode is None:
                process.kill()
                await process.wait()
            await modem.stop()
            await runner.cleanup()

    seen, modem = asyncio.run(run())
    assert (seen["version"], seen["imei"]) == (1, "866040040000006")  # FONA 800 L
    assert seen["iccid"] == "8944110000000000016" and seen["connected"]
    address = modem.machine.environment.names["pictures.example"]
    for name, body in (("get", fona.OCTETS), ("post", fona.OCTETS[::-1])):
        assert seen[name] == {
            "status": "HTTP/1.1 200 OK",
            "body": hashlib.sha256(body).hexdigest(),
            "peer": address,
            "to": address,
        }
    assert posted == [b"", fona.OCTETS]
    assert (seen["messages"], seen["message"]) == (1, ["+447700900002", "hello"])
    assert seen["deleted"] and modem.machine.sim.card.slots["SM"][0] is None
