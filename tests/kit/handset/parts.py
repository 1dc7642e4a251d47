"""The parts of a board that a hand or an eye meets, as the panel sees them."""

from mms import clock


class Display:
    """A display: `words` has the texts of the frame by their place; `frames` those that were shown.

    held: octets that each write keeps the loop for. gone: whether its wires are pulled out.
    """

    def __init__(self):
        self.buffer = bytearray(1024)
        self.words, self.frames, self.lights = {}, [], []
        self.gone = False

    def fill(self, colour):
        self.words.clear()

    def text(self, text, x, y):
        assert x + 8 * len(text) <= 128 and y + 8 <= 64, text
        self.words[y, x] = text

    def hline(self, x, y, width, colour):
        assert x + width <= 128 and y < 64

    def rect(self, x, y, width, height, colour):
        assert x + width <= 128 and y + height <= 64

    fill_rect = rect

    async def light(self, on):
        self._touch()
        self.lights.append(on)

    async def show(self):
        self._touch()
        self.frames.append([self.words[place] for place in sorted(self.words)])
        await clock.sleep(24)

    def _touch(self):
        if self.gone:
            raise OSError(19)


class Parts:
    """All of them: `held` says whether the button is pressed; `lit`: whether the LED is on; `mv` of the battery."""

    dear = False
    nap = None

    def __init__(self, display=None, battery=True):
        self.display, self.told = display, []
        self.held, self.lit, self.mv = False, False, 4000
        if not battery:
            self.battery = None

    def button(self):
        return self.held

    def led(self, on):
        self.lit = on

    async def battery(self):
        return self.mv

    async def press(self, ms=200, times=1, between=200):
        """Hold the button for so long, so many times."""
        for left in range(times - 1, -1, -1):
            self.held = True
            await clock.sleep(ms)
            self.held = False
            await clock.sleep(between if left else 600)
