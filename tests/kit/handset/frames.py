"""Frames of a display, drawn by MicroPython's framebuf: `micropython frames.py LIB PICTURE` prints them, a line each.

Each is 1,024 octets, as an SSD1306 has them: an octet is eight rows of one column, the upper one in its lowest bit.
"""

import asyncio
import sys

if __name__ == "__main__":
    sys.path[:] = [sys.argv.pop(1), "", ".frozen"]

import binascii

import framebuf

from mms.handset.panel.screen import Screen


class Display(framebuf.FrameBuffer):
    """A display that prints what it shows."""

    def __init__(self):
        self.buffer = bytearray(1024)
        super().__init__(self.buffer, 128, 64, framebuf.MONO_VLSB)

    async def show(self):
        """Print the frame."""
        print(binascii.hexlify(self.buffer).decode())


async def main(picture):
    """Show a page with a text, one with a picture, and one with what cannot be drawn."""
    screen = Screen(Display())
    screen.operator, screen.signal, screen.percent, screen.unread, screen.waiting = "O2 - UK", -79, 70, 2, 1
    screen.show_text("+447700900001: The fox is back. It sat in the garden for an hour, then left.")
    await screen.draw()
    screen.progress, screen.percent, screen.signal = "sending 73%", 5, -100
    pictures = [picture]  # it is opened once
    screen.opened = lambda: open(pictures.pop(), "rb")
    await screen.draw()
    screen.progress = ""  # nothing is drawn anew but the row above
    screen.operator = "O2 - UK"
    await screen.draw()
    screen.opened = lambda: open(__file__, "rb")
    await screen.draw()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
