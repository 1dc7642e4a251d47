"""Thumbnails of JPEG pictures: an eighth of width and height, from the means of the blocks alone.

`Thumbnail` gives rows of grey, `Preview` a page buffer for a display of one bit a pixel.
"""

from array import array

from mms.codec import jpeg
from mms.limits import const

_STEP = const(16)  # coefficients that are decoded between two yields, and those of a block more


class Thumbnail:
    """An eighth of a JPEG picture in grey. `width` and `height` are known before the first row."""

    def __init__(self):
        self.width = self.height = 0
        self._reader = jpeg.Reader(True)
        self._blocks = self._column = self._index = 0  # of the row of MCUs, of its luminance, of the MCU
        self._given = 0

    def feed(self, view):
        """Yield each row, a view of `width` octets from black to white that is valid until the next, and None between.

        After each yield other tasks may run: on a board the work between two takes some milliseconds. Raises PduError.
        """
        reader, work = self._reader, 0
        for component in reader.feed(view):
            if component == jpeg.SCAN:
                self._begin()
                continue
            work += reader.number + 1
            self._blocks += 1
            if not component:
                self._add(reader.values[0])
            if self._blocks == reader.across * len(reader.order):
                self._blocks = self._column = 0
                for at in range(0, len(self._rows), self._stride):
                    if self._given < self.height:
                        self._given += 1
                        yield memoryview(self._rows)[at : at + self.width]
            elif work > _STEP:
                work = 0
                yield None

    def close(self):
        """Note that there are no more octets; raises PduError when the picture is not whole."""
        self._reader.close()

    def _begin(self):
        reader = self._reader
        _, self._across, self._down, quantiser = reader.components[0]
        most = [max([one[at] for one in reader.components]) for at in (1, 2)]
        if len(reader.components) == 1:
            self._across = self._down = 1
            most = 1, 1
        self.width = (reader.width * self._across + 8 * most[0] - 1) // (8 * most[0])
        self.height = (reader.height * self._down + 8 * most[1] - 1) // (8 * most[1])
        self._mean = reader.quantisers[quantiser][0]
        self._stride = reader.across * self._across
        self._rows = bytearray(self._stride * self._down)

    def _add(self, mean):
        """Add a block of luminance, whose mean is coded as eight times its distance from middle grey (A.3.3)."""
        index = self._index
        grey = (mean * self._mean + 4 >> 3) + 128
        at = index // self._across * self._stride + self._column + index % self._across
        self._rows[at] = min(max(grey, 0), 255)
        self._index += 1
        if self._index == self._across * self._down:
            self._index = 0
            self._column += self._across


class Preview:
    """A JPEG picture on a display of one bit a pixel, dithered: in the middle, as large as fits.

    It is drawn into `buffer`, that of a framebuf of kind MONO_VLSB with `columns` pixels a row, as ssd1306.SSD1306
    has one: an octet has eight rows of one column, the upper one in its lowest bit. `rows` rows are for the picture
    from row `top` on; other pixels stay as they are.
    """

    def __init__(self, buffer, columns, rows, top=0):
        self._buffer, self._columns, self._lines, self._top = buffer, columns, rows, top
        self._thumbnail = Thumbnail()
        self._sums = None  # of the grey of the pixels that become one
        self._line = self._seen = 0  # rows that were drawn, and rows of the thumbnail

    def feed(self, view):
        """Yield after each step, as Thumbnail.feed does, for other tasks to run. Raises PduError."""
        for row in self._thumbnail.feed(view):
            yield
            if row is not None:
                if self._sums is None:
                    self._begin(self._thumbnail.width, self._thumbnail.height)
                self._sum(row)
                if self._seen * self._height // self._thumbnail.height > self._line // self._times:
                    for _ in range(self._times):
                        yield
                        self._draw()
                    self._count = 0
                    for at in range(self._width):
                        self._sums[at] = 0

    def close(self):
        """Note that there are no more octets; raises PduError when the picture is not whole."""
        self._thumbnail.close()

    def _begin(self, width, height):
        columns, lines = self._columns, self._lines
        self._times = max(1, min(columns // width, lines // height))  # a small thumbnail is enlarged
        if width > columns or height > lines:
            if width * lines > height * columns:
                width, height = columns, max(1, height * columns // width)
            else:
                width, height = max(1, width * lines // height), lines
        self._width, self._height = width, height
        self._left = (columns - width * self._times) // 2
        self._top += (lines - height * self._times) // 2
        self._sums = array("I", bytes(4 * width))
        self._count = 0  # rows in _sums
        self._errors = array("h", bytes(2 * width * self._times + 4))

    def _sum(self, row):
        """Add a row of the thumbnail to the sums of the pixels that are drawn."""
        sums, width, of = self._sums, self._width, len(row)
        at = part = 0
        for grey in row:
            sums[at] += grey
            part += width
            if part >= of:
                part -= of
                at += 1
        self._count += 1
        self._seen += 1

    def _draw(self):
        """Draw a row, and leave the errors of its pixels to their neighbours (Floyd and Steinberg, 1976)."""
        errors, of, y = self._errors, self._thumbnail.width, self._top + self._line
        page, bit = (y >> 3) * self._columns + self._left, 1 << (y & 7)
        right = below = 0
        for x in range(self._width * self._times):
            at = x // self._times
            pixels = ((at + 1) * of + self._width - 1) // self._width - (at * of + self._width - 1) // self._width
            error = self._sums[at] // (pixels * self._count) + right + errors[x + 1]
            if error > 127:
                self._buffer[page + x] |= bit
                error -= 255
            else:
                self._buffer[page + x] &= ~bit
            right = error * 7 >> 4
            errors[x] += error * 3 >> 4
            errors[x + 1] = below + (error * 5 >> 4)
            below = error >> 4
        self._line += 1
