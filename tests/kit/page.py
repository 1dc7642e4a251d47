"""Two handsets with pages, for a whole file of tests, and a browser that minds no rules: octets over a socket."""

import asyncio
import contextlib
import json
import threading

from tools.phone.__main__ import Phones

SPEED = 20.0
SECONDS = 60


class Running:
    """Phones in a thread of their own, whose loop `do` runs a coroutine in; `pages` are more settings by subscriber."""

    def __init__(self, folder, first, heard=None, speed=SPEED, **pages):
        self.loop = asyncio.new_event_loop()
        self.phones, self._pages = None, pages
        self._arguments = (folder, "gprs-10-cs2", speed, ("sim800",), first, heard)
        self._thread = threading.Thread(target=self.loop.run_forever)

    def do(self, work, seconds=SECONDS):
        """The result of a coroutine."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(seconds)

    def __enter__(self):
        self._thread.start()

        async def start():
            self.phones = Phones(*self._arguments)
            await self.phones.start(**self._pages)

        try:
            self.do(start())
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *error):
        self.do(self.phones.stop())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()


class Caller:
    """Asks the page at a port, as our own page does once it has signed in."""

    def __init__(self, port):
        self.port, self.cookie, self.token = port, "", ""

    async def ask(self, method, path, content=b"", length=None, **headers):
        """(status, headers in small letters, content) of the answer; a header with the value None is not sent."""
        host = "127.0.0.1:%d" % self.port
        sent = {"Host": host, "Cookie": self.cookie, "X-Token": self.token}
        if method == "POST":
            sent.update({"Origin": "http://" + host, "Content-Length": str(len(content) if length is None else length)})
        sent.update({name.replace("_", "-"): headers[name] for name in headers})
        lines = ["%s %s HTTP/1.1" % (method, path)]
        lines += ["%s: %s" % (name, sent[name]) for name in sent if sent[name] is not None]
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + content)
            head, _, body = (await asyncio.wait_for(reader.read(), SECONDS)).partition(b"\r\n\r\n")
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()
        first, *rest = head.decode().split("\r\n")
        found = {name.lower(): value for name, _, value in (row.partition(": ") for row in rest)}
        return int(first.split(" ")[1]), found, body

    async def sign_in(self, password=None):
        """Have cookie and token; returns the status."""
        if password is None:
            status, headers, body = await self.ask("GET", "/session")
        else:
            status, headers, body = await self.ask("POST", "/session", json.dumps({"password": password}).encode())
        if status == 200 and "set-cookie" in headers:
            self.cookie, self.token = headers["set-cookie"].split(";")[0], json.loads(body)["token"]
        return status

    async def do(self, name, **arguments):
        """The answer to a command, a dict."""
        _, _, body = await self.ask("POST", "/do", json.dumps(dict(arguments, do=name)).encode())
        return json.loads(body)
