"""Makes JPEG pictures smaller as they stream: coarser quantisers, without leaving the transform domain (ITU-T T.81).

Coefficients are decoded, divided by the new quantisers and encoded by the tables of annex K.3; nothing else changes but
this: of the segments of applications only the form of a JFIF or Adobe file and the orientation of an Exif one stay, so
thumbnails, places and comments are gone.
"""

import struct
from array import array

from mms.codec import huffman, jpeg
from mms.limits import const

SAME = const(16)  # the factor that changes no quantiser

# Factors that are worth their loss, and the size that they leave of a photograph, in 256ths (measured with pictures of
# quality 60 to 97); those between leave little less than the one before.
_FACTORS = const((16, 20, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512))
_LEAVE = const((256, 242, 226, 165, 150, 122, 106, 90, 74, 65, 53, 45))
_STEP = const(16)  # coefficients between two yields, and those of a block more
_OUT = const(512)  # octets that are given at a time, and those of a block more
_COARSEST = const(9000)  # sum of the quantisers of luminance: those of a quality of about 20, below which blocks show
_EXIF = const(b"\xff\xe1\0\x22Exif\0\0MM\0*\0\0\0\x08\0\1\x01\x12\0\3\0\0\0\1\0")  # a directory of the orientation
_COUNTS = (  # codes of each length, of 1 to 16 bits (tables K.3 to K.6)
    b"\0\1\5\1\1\1\1\1\1\0\0\0\0\0\0\0",
    b"\0\3\1\1\1\1\1\1\1\1\1\0\0\0\0\0",
    b"\0\2\1\3\3\2\4\3\5\5\4\4\0\0\1\x7d",
    b"\0\2\1\2\4\4\3\4\7\5\4\4\0\1\2\x77",
)
_FIRST = (  # their symbols, as far as they are not in ascending order
    b"",
    b"",
    b'\1\2\3\0\4\x11\5\x12!1A\6\x13Qa\x07"q\x142\x81\x91\xa1\x08#B\xb1\xc1\x15R\xd1\xf0$3br\x82',
    b'\0\1\2\3\x11\4\5!1\6\x12AQ\x07aq\x13"2\x81\x08\x14B\x91\xa1\xb1\xc1\x09#3R\xf0\x15br\xd1\x0a\x16$4\xe1%\xf1',
)


def _symbols(kind):
    """The symbols of one of the four tables in the order of their codes."""
    first = _FIRST[kind]
    if kind < 2:
        return bytes(range(12))
    all = [0, 0xF0] + [run << 4 | size for run in range(16) for size in range(1, 11)]
    return first + bytes(sorted([symbol for symbol in all if bytes([symbol]) not in first]))


def least(factor, expected, most):
    """The least factor by which a picture has at most `most` octets, as far as one can tell, or None.

    By `factor` it has `expected`; before anything is known of it, these are SAME and its own octets.
    """
    for other in _FACTORS[1:]:
        if rescale(factor, expected, other) <= most:
            return other
    return None


def rescale(factor, octets, other):
    """How many octets a picture has by another factor, when it has `octets` by `factor`, as photographs have."""
    return octets * _LEAVE[_FACTORS.index(other)] // _LEAVE[_FACTORS.index(factor)]


class Requantiser:
    """Makes one picture smaller: its quantisers grow by `factor` sixteenths, but not beyond what can be looked at.

    `done` of `of` rows of MCUs are done; `octets` were given.
    """

    def __init__(self, factor):
        self.factor = factor
        self.done = self.of = self.octets = 0
        self._reader = jpeg.Reader(False, self._keep)
        self._kept = b""  # segments of applications
        self._scales = []  # (quantisers, new ones) of each component
        self._codes = None
        self._head = self._new_head = 0  # octets before the scan
        self._means = array("h", bytes(6))
        self._out, self._at = bytearray(_OUT + 512), 0  # octets, and how many
        self._bits = self._filled = self._mcus = self._index = 0  # bits that are no octet yet; MCUs; blocks of one

    def feed(self, view):
        """Yield views of the smaller picture, each valid until the next, and None between, for other tasks to run.

        On a board the work between two yields takes some milliseconds. Raises PduError.
        """
        reader, work = self._reader, 0
        for component in reader.feed(view):
            if component == jpeg.SCAN:
                self._head = reader.offset
                for octets in self._begin():
                    self.octets += len(octets)
                    yield octets
                self._new_head = self.octets
                continue
            if not self._index and self._mcus and reader.interval and not self._mcus % reader.interval:
                self._restart()
            if reader.number > 2 * _STEP:
                yield None  # encoding such a block takes as long as decoding it
            self._encode(component)
            work += reader.number + 1
            self._index += 1
            if self._index == len(reader.order):
                self._index = 0
                self._mcus += 1
                self.done = self._mcus // reader.across
            if self._at > _OUT or work > _STEP:
                work = 0
                yield self._take() if self._at > _OUT else None
        if reader.done and self._out:
            self._end_segment(0xD9)
            yield self._take()
            self._out = None

    def close(self):
        """Note that there are no more octets; raises PduError when the picture is not whole."""
        self._reader.close()

    def expect(self, octets):
        """How many octets the smaller picture will have, of one of `octets`, when it goes on as it did so far."""
        if self._reader.done:
            return self.octets
        read = self._reader.offset - self._head
        written = self.octets + self._at - self._new_head
        return self._new_head + written * (octets - self._head) // max(read, 1)

    def _take(self):
        at, self._at = self._at, 0
        self.octets += at
        return memoryview(self._out)[:at]

    def _keep(self, marker, octets):
        """Keep the segment of an application once, as short as it can be."""
        if bytes([0xFF, marker]) in self._kept:
            return
        if marker == 0xE0 and octets[:5] == b"JFIF\0" and len(octets) > 13:
            self._kept += b"\xff\xe0\0\x10" + octets[:12] + b"\0\0"  # without a thumbnail (T.871, 10.1)
        elif marker == 0xEE and octets[:5] == b"Adobe" and len(octets) > 11:
            self._kept += b"\xff\xee\0\x0e" + octets[:12]  # whether colours are coded as RGB (T.872, 6.5.3)
        elif marker == 0xE1 and octets[:6] == b"Exif\0\0":
            orientation = _orientation(octets[6:])
            if orientation:
                self._kept += _EXIF + bytes([orientation]) + bytes(6)

    def _begin(self):
        """Yield the headers."""
        reader = self._reader
        self.of = reader.down
        luminance = sum(reader.quantisers[reader.components[0][3]])
        self.factor = max(SAME, min(self.factor, SAME * _COARSEST // luminance))
        yield b"\xff\xd8" + self._kept
        scaled = {}
        for number in sorted(reader.quantisers):
            scaled[number] = _scale(reader.quantisers[number], self.factor)
            yield b"\xff\xdb\0\x43" + bytes([number]) + scaled[number]
        frame = bytearray(b"\x08")
        for side in (reader.height, reader.width):
            frame.extend(bytes([side >> 8, side & 0xFF]))
        scan = bytearray()
        for name, across, down, number in reader.components:
            frame.extend(bytes([name, across << 4 | down, number]))
            scan.extend(bytes([name, 0x11 if self._scales else 0]))
            self._scales.append((reader.quantisers[number], scaled[number]))
        count = bytes([len(self._scales)])
        yield b"\xff\xc0\0" + bytes([8 + len(scan) // 2 * 3]) + frame[:5] + count + frame[5:]
        codes = []
        for kind in range(4):
            counts, symbols = _COUNTS[kind], _symbols(kind)
            codes.append(huffman.encoder(counts, symbols))
            yield b"\xff\xc4\0" + bytes([19 + len(symbols), kind >> 1 << 4 | kind & 1]) + counts + symbols
        self._codes = (codes[0], codes[2]), (codes[1], codes[3])
        if reader.interval:
            yield b"\xff\xdd\0\4" + bytes([reader.interval >> 8, reader.interval & 0xFF])
        yield b"\xff\xda\0" + bytes([6 + len(scan)]) + count + scan + b"\0\x3f\0"

    def _encode(self, component):
        """Divide the coefficients of a block by their new quantisers, and encode them (F.1.2)."""
        reader, out, at, bits, filled = self._reader, self._out, self._at, self._bits, self._filled
        codes, others = self._codes[component > 0]
        old, new = self._scales[component]
        places, values, after = reader.places, reader.values, 0  # the last place
        for index in range(reader.number):
            place = places[index]
            value, divisor, run = values[index] * old[place], new[place], 0
            if place:
                if -divisor <= value + value <= divisor:
                    continue  # a half becomes 0, which costs nothing
                run, after = place - after - 1, place
            value = _divide(value, divisor)
            if not place:
                self._means[component], value = value, value - self._means[component]
            while run > 15:
                code = codes[0xF0]
                bits, filled, run = bits << (code >> 16) | code & 0xFFFF, filled + (code >> 16), run - 16
            size, rest = 0, value if value >= 0 else -value
            while rest:
                size, rest = size + 1, rest >> 1
            code = codes[run << 4 | size]
            if value < 0:
                value += (1 << size) - 1
            bits = (bits << (code >> 16) | code & 0xFFFF) << size | value
            filled += (code >> 16) + size
            while filled > 7:
                filled -= 8
                out[at] = bits >> filled & 0xFF
                at += 1
                if out[at - 1] == 0xFF:
                    out[at] = 0  # so that it is no marker (F.1.2.3)
                    at += 1
            bits, codes = bits & 0x7F, others
        if after < 63:
            bits, filled = bits << (others[0] >> 16) | others[0] & 0xFFFF, filled + (others[0] >> 16)
        self._at, self._bits, self._filled = at, bits, filled

    def _end_segment(self, marker):
        """Fill the last octet with ones (F.1.2.3), and put the marker behind it."""
        at, out = self._at, self._out
        while self._filled > 0:
            octet = (self._bits << 8 | 0xFF) >> self._filled & 0xFF
            out[at] = octet
            out[at + 1] = 0
            at += 1 + (octet == 0xFF)
            self._filled -= 8
        out[at], out[at + 1] = 0xFF, marker
        self._at, self._bits, self._filled = at + 2, 0, 0

    def _restart(self):
        self._end_segment(0xD0 | self._mcus // self._reader.interval - 1 & 7)
        self._means = array("h", bytes(6))


def _divide(value, divisor):
    """The nearest whole number, of two the one nearer to 0."""
    if value < 0:
        return -(((divisor - 1 >> 1) - value) // divisor)
    return (value + (divisor - 1 >> 1)) // divisor


def _scale(quantisers, factor):
    return bytes([max(one, min(one * factor + SAME // 2 >> 4, 255)) for one in quantisers])


def _orientation(tiff):
    """The orientation, 1 to 8, in the first directory of an Exif file (Exif 2.3, 4.6.4 A); 0 when there is none."""
    order = {b"II": "<", b"MM": ">"}.get(bytes(tiff[:2]))
    if order is None or len(tiff) < 8:
        return 0
    at = struct.unpack_from(order + "I", tiff, 4)[0] + 2
    while at + 12 <= len(tiff):
        tag, kind, _, value = struct.unpack_from(order + "HHIH", tiff, at)
        if tag >= 0x112:
            return value if tag == 0x112 and kind == 3 and 0 < value < 9 else 0
        at += 12
    return 0
