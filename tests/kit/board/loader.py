"""The boot loader of an ESP32 on a pty, from Espressif's "Serial Protocol" (docs.espressif.com: esptool, advanced).

Frames are SLIP's; a request is 00, command, length (2), checksum (4), data; a response 01, command, length, value (4),
data and status. The ROM's status has four octets; the stub, which an upload starts, has two, and tells MD5 in binary.
"""

import contextlib
import hashlib
import os
import pty
import select
import struct
import threading
import tty
import zlib

END, ESC = 0xC0, 0xDB
FLASH_DEFL_BEGIN, FLASH_DEFL_DATA, FLASH_DEFL_END = 0x10, 0x11, 0x12
MEM_BEGIN, MEM_END, MEM_DATA, SYNC, WRITE_REG, READ_REG = 0x05, 0x06, 0x07, 0x08, 0x09, 0x0A
SPI_SET_PARAMS, SPI_ATTACH, CHANGE_BAUDRATE, SPI_FLASH_MD5, SECURITY_INFO = 0x0B, 0x0D, 0x0F, 0x13, 0x14
CHIP_MAGIC = 0x40001000  # the register by which the chips before the ESP32-C3 are told apart
MAGIC = {"esp32": 0x00F01D83}
CHIP_ID = {"esp32s3": 9}  # in the answer to GET_SECURITY_INFO, which an ESP32's ROM does not know
SPI_W0 = {"esp32": 0x3FF42080, "esp32s3": 0x60002058}  # the flash's answer to a command, in the SPI controller
FLASH_ID = 0x164020  # four megabytes
PLAIN = (MEM_BEGIN, MEM_DATA, WRITE_REG, SPI_SET_PARAMS, SPI_ATTACH, CHANGE_BAUDRATE)  # nothing but a status
FAILED, UNKNOWN = b"\x01\x06", b"\x01\x05"  # status: failed to act on it, invalid message


class Loader:
    """The machine: `handle(frame)` gives the responses. `flash` is what it has written, {offset: octets}."""

    def __init__(self, chip="esp32", loses=(), flips=False):
        self.chip = chip
        self.flash = {}
        self.asked = []  # commands
        self._stub = False
        self._loses = list(loses)  # numbers of blocks that get lost once each
        self._flips = flips  # whether the flash keeps one bit wrong
        self._image = None  # offset, octets that are announced, blocks

    def handle(self, frame):
        """The frames that answer a request."""
        direction, command, length, check = struct.unpack("<BBHI", frame[:8])
        data = frame[8:]
        assert direction == 0 and length == len(data)
        self.asked.append(command)
        if command in (MEM_DATA, FLASH_DEFL_DATA):
            total = 0xEF
            for octet in data[16:]:
                total ^= octet
            if total != check:
                return [self._reply(command, status=FAILED)]
        if command in PLAIN:
            return [self._reply(command)]
        act = getattr(self, "_%02x" % command, None)
        if act is None:
            return [self._reply(command, status=UNKNOWN)]
        return act(data)

    def _reply(self, command, value=0, data=b"", status=b"\0\0"):
        status = status if self._stub else status + b"\0\0"
        return struct.pack("<BBHI", 1, command, len(data) + len(status), value) + data + status

    def _08(self, data):
        assert data == b"\x07\x07\x12\x20" + 32 * b"\x55"
        return [self._reply(SYNC, 0 if self._stub else 0x20120707)] * 8

    def _0a(self, data):
        (address,) = struct.unpack("<I", data)
        value = MAGIC.get(self.chip, 0) if address == CHIP_MAGIC else FLASH_ID if address == SPI_W0[self.chip] else 0
        return [self._reply(READ_REG, value)]

    def _14(self, data):
        if self.chip not in CHIP_ID:
            return [self._reply(SECURITY_INFO, status=UNKNOWN)]
        return [self._reply(SECURITY_INFO, data=struct.pack("<I8BII", 0, *bytes(8), CHIP_ID[self.chip], 0))]

    def _06(self, data):
        done = [self._reply(MEM_END)]
        self._stub = True
        return [*done, b"OHAI"]

    def _10(self, data):
        octets, _, _, offset = struct.unpack("<4I", data[:16])
        self._image = [offset, octets, {}]
        return [self._reply(FLASH_DEFL_BEGIN)]

    def _11(self, data):
        length, number = struct.unpack("<II", data[:8])
        if number in self._loses:
            self._loses.remove(number)
            return []
        self._image[2][number] = data[16 : 16 + length]
        offset, octets, blocks = self._image
        whole = zlib.decompressobj().decompress(b"".join(blocks[n] for n in sorted(blocks)))
        self.flash[offset] = bytes([whole[0] ^ self._flips]) + whole[1:]
        return [self._reply(FLASH_DEFL_DATA)]

    def _12(self, data):
        return [self._reply(FLASH_DEFL_END)]

    def _13(self, data):
        offset, octets = struct.unpack("<II", data[:8])
        digest = hashlib.md5(self.flash.get(offset, b"")[:octets])
        told = digest.digest() if self._stub else digest.hexdigest().encode()
        return [self._reply(SPI_FLASH_MD5, data=told)]


def _slip(frame):
    return b"\xc0" + frame.replace(b"\xdb", b"\xdb\xdd").replace(b"\xc0", b"\xdb\xdc") + b"\xc0"


@contextlib.contextmanager
def served(loader, folder):
    """The path of a line at whose other end a Loader is; each frame has its answer after it came whole."""
    master, slave = pty.openpty()
    tty.setraw(slave)
    path = folder / "loader"
    os.symlink(os.ttyname(slave), path)
    ended = threading.Event()

    def serve():
        frame, inside = bytearray(), False
        while not ended.is_set():
            if not select.select([master], [], [], 0.05)[0]:
                continue
            for octet in os.read(master, 4096):
                if octet != END:
                    frame.append(octet)
                elif inside and frame:
                    plain = bytes(frame).replace(b"\xdb\xdc", b"\xc0").replace(b"\xdb\xdd", b"\xdb")
                    os.write(master, b"".join(_slip(one) for one in loader.handle(plain)))
                    frame, inside = bytearray(), False
                else:
                    frame, inside = bytearray(), True

    thread = threading.Thread(target=serve)
    thread.start()
    yield str(path)
    ended.set()
    thread.join()
    os.close(master)
    os.close(slave)


def image(chip_id, size=3000, fill=0x31):
    """An ESP32's image of one segment, with its checksum and SHA-256 (ESP-IDF, "App Image Format")."""
    segment = bytes((fill + 7 * number) & 0xFF for number in range(size // 4 * 4))
    head = struct.pack("<BBBBI", 0xE9, 1, 2, 0x20, 0x40080000)
    head += struct.pack("<B3BHBHH4BB", 0xEE, 0, 0, 0, chip_id, 0, 0, 0xFFFF, 0, 0, 0, 0, 1)
    body = head + struct.pack("<II", 0x3FFB0000, len(segment)) + segment
    check = 0xEF
    for octet in segment:
        check ^= octet
    body += bytes(15 - len(body) % 16) + bytes([check])
    return body + hashlib.sha256(body).digest()


def firmware(chip_id, offset):
    """A whole firmware: boot loader, the table of partitions at 0x8000 and a program at 0x10000."""
    row = struct.pack("<HBBII16sI", 0x50AA, 0, 0, 0x10000, 0x100000, b"factory", 0)
    made = image(chip_id).ljust(0x8000 - offset, b"\xff") + row
    return made.ljust(0x10000 - offset, b"\xff") + image(chip_id, 20000, 0x55)


def uf2(family, octets, address=0x10000000):
    """A UF2 file (Microsoft's specification) for a family of chips."""
    blocks = [octets[at : at + 256].ljust(256, b"\0") for at in range(0, len(octets), 256)]
    return b"".join(
        struct.pack("<8I", 0x0A324655, 0x9E5D5157, 0x2000, address + 256 * n, 256, n, len(blocks), family)
        + block.ljust(476, b"\0")
        + struct.pack("<I", 0x0AB16F30)
        for n, block in enumerate(blocks)
    )
