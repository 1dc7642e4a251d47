"""JPEG pictures (ITU-T T.81) as a stream: headers, tables, and the coefficients of one block after the other.

Baseline and extended sequential pictures with Huffman coding, samples of 8 bits, one or three components in one scan:
those of cameras and telephones. Others are refused by name. Nothing in a picture decides an allocation of over 2 KB.
"""

from array import array

from mms.codec import huffman
from mms.errors import PduError
from mms.limits import const

# What Reader.feed yields beside components
SCAN = const(-2)  # the headers are read
_MORE = const(-1)

_SIDE = const(8192)  # samples of a side: larger pictures than those of today's telephones
_HEAD = const(512)  # octets of an application's segment that are looked at
_PIECE = const(128)  # octets of the scan that are prepared at a time
_PAD = const(8)  # octets of 0 behind a segment of the scan: the decoder looks ahead
_AHEAD = const(6)  # octets that one symbol may take, and some
_DC = const(1024)  # a coefficient of the mean is eight times -128 to 127 (A.3.1)

# Markers (table B.1), without their FF
_SOF0 = const(0xC0)
_SOF1 = const(0xC1)
_DHT = const(0xC4)
_RST0 = const(0xD0)
_SOI = const(0xD8)
_EOI = const(0xD9)
_SOS = const(0xDA)
_DQT = const(0xDB)
_DRI = const(0xDD)
_APP0 = const(0xE0)
_DAMAGED = const("the picture is damaged")
_KINDS = const(("sequential", "sequential", "progressive", "lossless"))


class Reader:
    """Reads one picture. `skip`: of each block only the mean is wanted.

    `told(marker, octets)` is called with the beginning of each application's segment (B.2.4.6), at most 512 octets.
    From SCAN on there are `width`, `height`, `components` (lists of identifier, horizontal and vertical sampling factor
    and table of quantisers), `quantisers` (tables of 64 octets in zigzag order, by their numbers; with `skip` the first
    octet alone), `interval` (MCUs between restarts, or 0), `order` (the component of each block of an MCU), `across`
    and `down` (MCUs).
    """

    def __init__(self, skip=False, told=None):
        self.offset = self.width = self.height = self.interval = self.across = self.down = 0
        self.done = False  # whether the picture was read to its end
        self.components, self.order = [], b""
        self.quantisers = {}
        self.number = 0  # coefficients of the block, the first of which is the mean
        self.places = bytearray(1 if skip else 64)  # of each coefficient, in zigzag order (figure A.6)
        self.values = array("h", bytes(2 if skip else 128))
        self._skip, self._told = skip, told
        self._tables = {}
        self._used = []  # (table of means, table of others) of each component
        self._means = array("h", bytes(6))  # of the last block of each component
        self._view = self._data = b""
        self._held = b""  # an FF at the end of a view
        self._marker = 0  # that ends a segment of the scan
        self._work = self._parse()

    def feed(self, view):
        """Yield SCAN once, then the component, 0 to 2, of each block whose coefficients were read.

        The `number` of them, their `places` and `values` are valid until the next one. Octets behind the picture are
        ignored. Raises PduError.
        """
        self._view = memoryview(view)
        for found in self._work:
            if found == _MORE:
                return
            yield found

    def close(self):
        """Note that there are no more octets; raises PduError when the picture is not whole."""
        if not self.done:
            raise PduError(self.offset, "the picture is cut short")

    def _fail(self, text):
        raise PduError(self.offset, text)

    def _take(self, count):
        octets, filled = bytearray(count), 0
        while filled < count:
            taken = min(count - filled, len(self._view))
            octets[filled : filled + taken] = self._view[:taken]
            self._view = self._view[taken:]
            self.offset += taken
            filled += taken
            if filled < count:
                yield _MORE
        return octets

    def _skip_octets(self, count):
        while count:
            taken = min(count, len(self._view))
            self._view = self._view[taken:]
            self.offset += taken
            count -= taken
            if count:
                yield _MORE

    def _next_marker(self):
        """The next marker, before which any number of FF may stand (B.1.1.2)."""
        if (yield from self._take(1))[0] != 0xFF:
            self._fail("a marker was to come")
        while True:
            marker = (yield from self._take(1))[0]
            if marker != 0xFF:
                return marker

    def _parse(self):
        """Read the picture (B.2.1)."""
        octets = yield from self._take(2)
        if octets[0] != 0xFF or octets[1] != _SOI:
            self._fail("this is no JPEG")
        while True:
            marker = yield from self._next_marker()
            if marker < _SOF0 or _RST0 <= marker <= _EOI:
                self._fail("marker %02X among the headers" % marker)
            octets = yield from self._take(2)
            length = (octets[0] << 8 | octets[1]) - 2
            if length < 0:
                self._fail("a segment of %d octets" % (length + 2))
            if marker == _SOS:
                break
            yield from self._segment(marker, length)
        yield from self._begin_scan(length)
        yield SCAN
        yield from self._scan()
        if self._marker != _EOI:
            self._fail("its components come in scans of their own, which is not supported")
        self.done = True

    def _segment(self, marker, length):
        if marker == _DQT:
            yield from self._read_quantisers(length)
        elif marker == _DHT:
            yield from self._read_tables(length)
        elif marker == _DRI and length == 2:
            octets = yield from self._take(2)
            self.interval = octets[0] << 8 | octets[1]
        elif _SOF0 <= marker < _RST0 and marker != 0xC8 and marker != 0xCC:
            yield from self._read_frame(marker, length)
        else:
            head = 0
            if self._told and marker >= _APP0:
                head = min(length, _HEAD)
                self._told(marker, (yield from self._take(head)))
            yield from self._skip_octets(length - head)

    def _read_quantisers(self, left):
        """Read quantisation tables (B.2.4.1)."""
        while left > 64:
            octets = yield from self._take(65)
            if octets[0] > 3 or not min(octets[1:]):
                self._fail("a quantisation table is malformed")
            self.quantisers[octets[0]] = octets[1:2] if self._skip else octets[1:]
            left -= 65
        if left:
            self._fail("a quantisation table is malformed")

    def _read_tables(self, left):
        """Read Huffman tables (B.2.4.2)."""
        while left > 16:
            octets = yield from self._take(17)
            count = sum(octets[1:])
            left -= 17 + count
            if octets[0] & 0xEC or left < 0 or count > 256:
                break
            symbols = yield from self._take(count)
            table = huffman.table(octets[1:], symbols, octets[0] < 4)
            if table is None:
                break
            self._tables[octets[0]] = table
        if left:
            self._fail("a Huffman table is malformed")

    def _read_frame(self, marker, length):
        """Read the header of the frame (B.2.2)."""
        if marker > _SOF1:
            coding = "arithmetic, " if marker > 0xC8 else ""
            text = "SOF%d: a JPEG that is %s%s, which is not supported"
            self._fail(text % (marker - _SOF0, coding, _KINDS[marker & 3]))
        octets = yield from self._take(min(length, 15))
        count = octets[5] if length > 5 else 0
        if self.components or length != 6 + 3 * count or count != 1 and count != 3:
            self._fail("a frame of %d components, which is not supported" % count)
        self.height, self.width = octets[1] << 8 | octets[2], octets[3] << 8 | octets[4]
        if octets[0] != 8 or not 0 < self.height <= _SIDE or not 0 < self.width <= _SIDE:
            self._fail("%d x %d samples of %d bits, not supported" % (self.width, self.height, octets[0]))
        for at in range(6, length, 3):
            across, down = octets[at + 1] >> 4, octets[at + 1] & 15
            if not 0 < across <= 4 or not 0 < down <= 2:
                self._fail("a sampling of %d x %d, which is not supported" % (across, down))
            self.components.append((octets[at], across, down, octets[at + 2]))

    def _begin_scan(self, length):
        """Read the header of the scan (B.2.3), and lay out its MCUs (A.2)."""
        count = len(self.components)
        octets = yield from self._take(min(length, 10))
        if not count or length != 4 + 2 * count or octets[0] != count:
            self._fail("its components come in scans of their own, which is not supported")
        for at in range(count):
            name, across, down, quantiser = self.components[at]
            tables = octets[2 + 2 * at]
            used = self._tables.get(tables >> 4), self._tables.get(0x10 | tables & 15)
            if octets[1 + 2 * at] != name or None in used or quantiser not in self.quantisers:
                self._fail("a component without its tables")
            self._used.append(used)
            self.order += bytes([at]) * (across * down if count > 1 else 1)
        if len(self.order) > 10:
            self._fail("an MCU of %d blocks" % len(self.order))
        self._tables = None  # those that no component uses need no room
        across = 8 * max([one[1] for one in self.components]) if count > 1 else 8
        down = 8 * max([one[2] for one in self.components]) if count > 1 else 8
        self.across, self.down = (self.width + across - 1) // across, (self.height + down - 1) // down

    def _prepare(self, at):
        """Add octets of the scan to those of _data from `at` on, without those that are stuffed (F.1.2.3).

        Returns the last place from which a symbol may be read.
        """
        if self._marker:
            self._fail(_DAMAGED)
        piece = self._held + bytes(self._view[:_PIECE])
        taken = len(piece) - len(self._held)
        found = piece.find(b"\xff")
        while found >= 0 and piece[found + 1 : found + 2] == b"\0":
            found = piece.find(b"\xff", found + 2)
        self._held = pad = b""
        if found >= 0:
            rest = piece[found:].lstrip(b"\xff")
            piece = piece[:found]
            if rest:
                taken -= len(rest) - 1
                self._marker = rest[0] or 1
                pad = bytes(_PAD)
            else:
                self._held = b"\xff"
        self._view = self._view[taken:]
        self.offset += taken
        self._data = self._data[at:] + piece.replace(b"\xff\0", b"\xff") + pad
        return len(self._data) - _AHEAD

    def _end_segment(self, left):
        """Read up to the marker that ends a segment of the scan, of which `left` bits were not used."""
        if self._marker and left < 8 * _PAD:
            self._fail(_DAMAGED)
        while not self._marker:
            if not len(self._view):
                yield _MORE
            self._prepare(len(self._data))

    def _find(self, table, bits):
        return huffman.find(table, bits) or self._fail(_DAMAGED)

    def _add_mean(self, component, difference):
        """The mean of a block, of which the difference to that of the block before is coded (F.1.1.5.1)."""
        mean = self._means[component] + difference
        if not -_DC <= mean < _DC:
            self._fail(_DAMAGED)
        self._means[component] = mean
        return mean

    def _scan(self):
        """Read the scan, whose segments lie between markers of restart (B.2.1, E.2.4)."""
        count = self.across * self.down
        step = self.interval or count
        for begin in range(0, count, step):
            if begin and self._marker != _RST0 + (begin // step - 1 & 7):
                self._fail("a part of the picture is missing")
            self._marker, self._data = 0, b""
            self._means = array("h", bytes(6))
            left = yield from self._read_blocks(min(step, count - begin))
            yield from self._end_segment(left)

    def _read_blocks(self, mcus):
        """Read the blocks of so many MCUs (F.2.2); returns the bits that were prepared and not used."""
        places, values, skip = self.places, self.values, self._skip
        bits = count = at = 0
        data, last = b"", -1
        for _ in range(mcus):
            for component in self.order:
                number = place = 0
                table, others = self._used[component]
                while place < 64:
                    while at > last:
                        if not len(self._view):
                            yield _MORE
                        last, at = self._prepare(at), 0
                        data = self._data
                    while count < 16:
                        bits, at, count = (bits & 0x3FFFFF) << 8 | data[at], at + 1, count + 8
                    symbol = table[0][bits >> count - 7 & 0x7F] or self._find(table, bits >> count - 16 & 0xFFFF)
                    size, count = symbol & 15, count - (symbol >> 4 & 31)
                    if place:
                        place += symbol >> 9
                        if not size and symbol >> 9 != 15:
                            break  # no others
                    while count < size:
                        bits, at, count = (bits & 0x3FFFFF) << 8 | data[at], at + 1, count + 8
                    count -= size
                    if size or not place:
                        if not (number and skip):
                            value = bits >> count & (1 << size) - 1
                            if value < 1 << size >> 1:
                                value -= (1 << size) - 1
                            places[number], values[number] = place, value if place else self._add_mean(component, value)
                        number += 1
                    place, table = place + 1, others
                if place > 64 and size:
                    self._fail(_DAMAGED)
                self.number = number
                yield component
        return count + 8 * (len(data) - at)
