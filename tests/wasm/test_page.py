"""What the page adds to a board's heap from .mpy files, with microdot, in 32-bit MicroPython: its octets and names."""

import gzip

from tools.board import page
from tools.heap import measure, scenario

MORE = 48 * 1024  # octets above the program without it, each after usual commands; a browser has loaded the page

# The program opens no sockets here: a browser is a reader and a writer in memory.
BROWSER = """
import asyncio
import microdot.microdot
from mms import phone
from mms.handset.page.page import Page

# As microdot has it on a board: the interpreter under node has inspect, which boards lack.
async def invoke(handler, *given, **more):
    return await handler(*given, **more)

microdot.microdot.invoke_handler = invoke

class Browser:
    def __init__(self, octets):
        self.octets, self.wrote = octets, 0
    async def read(self, most):
        got, self.octets = self.octets[:most], self.octets[most:]
        return got
    def write(self, octets):
        self.wrote += len(octets)
    async def drain(self):
        await asyncio.sleep(0)
    def close(self):
        pass
    async def wait_closed(self):
        pass

phone.handset().settings["page"] = {"port": 80}
page = Page(phone.handset())
wrote = []

async def browse():
    head = "Host: 1.2.3.4\\r\\nOrigin: http://1.2.3.4\\r\\nX-Token: %s\\r\\nCookie: %s\\r\\nUser-Agent: a browser" % (
        page.guard.token, page.guard.cookie.split(";")[0])
    for line in ("GET /", "GET /page.css", "GET /page.js", "GET /session", "POST /do", "GET /album/no.jpg"):
        content = '{"do": "inbox"}' if line[0] == "P" else ""
        request = "%s HTTP/1.1\\r\\n%s\\r\\nContent-Length: %d\\r\\n\\r\\n%s" % (line, head, len(content), content)
        browser = Browser(request.encode())
        await page._connected(browser, browser)
        wrote.append(browser.wrote)

asyncio.create_task(browse())
"""


def test_the_page_adds_at_most_48_kb_to_the_heap_of_a_board(micropython):
    with measure.board(put=page.put) as board:
        meter = measure.Meter(board)
        measure.start(board)
        measure.prepare(board)
        one = scenario.Round(board, 1)
        one.large(1000)
        for command in ("inbox", "outbox", "status", "snap", "settings"):
            one.ask(command)
        board.run(measure.IDLE_MS)
        before, names = meter.kept(), meter.names()
        board.python(BROWSER)
        board.run(measure.IDLE_MS)
        more = meter.kept() - before
        print("%d octets more, %d names and %d then" % (more, names, meter.names()))
        wrote = board.expression("wrote")
        sizes = [
            len(gzip.compress((page.ASSETS / name).read_bytes())) for name in ("index.html", "page.css", "page.js")
        ]
        assert len(wrote) == 6 and all(one > size for one, size in zip(wrote, sizes, strict=False)) and min(wrote) > 300
        assert more <= MORE
