"""The pages of a display of 128 times 64 pixels: status above, and below it a text or the last picture.

`display` is a framebuf.FrameBuffer of kind MONO_VLSB with `buffer`, and with `await show()` and `await light(on)`,
which raise OSError where it does not answer.
"""

from mms import clock
from mms.handset import rooms
from mms.limits import const

WIDTH, HEIGHT = const(128), const(64)
COLUMNS, ROWS = const(16), const(5)  # of a text, in characters of 8 times 8 pixels, below the status
_LINE, _COUNTS, _TOP = const(9), const(11), const(23)  # rows of pixels, from above
_BARS = const((-107, -97, -87, -77))  # dBm from which on a bar of the signal is drawn


class Screen:
    """The contents of the frame; `draw` brings them to the display."""

    def __init__(self, display):
        self._display = display
        self.operator, self.signal = "", None
        self.percent = None  # of the battery
        self.unread = self.waiting = 0
        self.text = self.progress = ""
        self.read = False  # whether the text is a message, whose rest another press shows
        self.first = 0  # of the text's rows
        self.opened = None  # a function that gives the picture to be drawn in place of a text: a file
        self._kept = None  # the one whose picture is in the frame already: drawing takes a board seconds

    def status(self):
        """The row of counts."""
        unread = "%d new" % self.unread if self.unread else "no news"
        return "%s %d to go" % (unread, self.waiting) if self.waiting else unread

    def rows(self):
        """The rows of the text that are shown, of at most COLUMNS characters of ASCII."""
        return [_ascii(row.rstrip()) for row in self._broken()[self.first : self.first + ROWS]]

    def _broken(self):
        return list(rooms.plain.rows("", self.text.replace("\n", " "), "", COLUMNS))

    def turn(self):
        """Show the next rows of the text; after the last ones the next press reads the last message again."""
        self.first += ROWS
        self.read = self.first + ROWS < len(self._broken())

    def show_text(self, text, read=False):
        """Show a text, or a message that is read, in place of what is below the status."""
        self.text, self.first, self.opened, self.read = text, 0, None, read

    async def draw(self):
        """Draw all of it and bring it to the display, while other tasks run. Raises OSError."""
        display, opened = self._display, self.opened
        if opened is None or opened is not self._kept:
            display.fill(0)
        else:
            display.fill_rect(0, 0, WIDTH, _COUNTS, 0)
        display.text(_ascii(self.progress or self.operator)[:11], 0, 0)
        self._draw_signs()
        if opened is None:
            display.hline(0, _LINE, WIDTH, 1)
            display.text(self.status(), 0, _COUNTS)
            rows = self.rows()
            for at in range(len(rows)):
                display.text(rows[at], 0, _TOP + 8 * at)
                await clock.sleep(0)
        elif opened is not self._kept:
            await self._draw_picture(opened)
        self._kept = opened
        await display.show()

    def _draw_signs(self):
        """Draw the bars of the signal, and the battery."""
        display = self._display
        for at in range(4):
            lit = self.signal is not None and self.signal >= _BARS[at]
            height = 2 * at + 1 if lit else 1
            display.fill_rect(92 + 4 * at, 7 - height, 3, height, 1)
        if self.percent is not None:
            display.rect(111, 0, 15, 7, 1)
            display.fill_rect(126, 2, 2, 3, 1)
            display.fill_rect(113, 2, (11 * self.percent + 50) // 100, 3, 1)

    async def _draw_picture(self, opened):
        """Draw the picture in black and white; a text in its place says what is wrong with it."""
        try:
            with opened() as file:
                await rooms.preview.draw(file, self._display.buffer, WIDTH, HEIGHT - _COUNTS, _COUNTS)
        except Exception as error:  # of the store, the album or the picture
            if isinstance(error, MemoryError):
                raise
            self._display.text("no preview", 24, 32)


def _ascii(text):
    """The text with "?" for each character that the font of framebuf does not have."""
    return "".join([letter if " " <= letter <= "~" else "?" for letter in text])
