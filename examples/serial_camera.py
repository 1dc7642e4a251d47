"""An ESP32-CAM as a camera on a serial line for another board, which calls it a VC0706. Not tried on hardware.

Put it as main.py on an ESP32-CAM with the firmware ESP32_GENERIC-SPIRAM@AI_THINKER of micropython-camera-API. GPIO 14
is its TX, GPIO 15 its RX: wire them to RX and TX of the board with the modem, and ground to ground. It speaks what the
driver drivers/camera/vc0706.py needs of the protocol: reset, version, speed, size and compression, take, length, read.
"""

import asyncio

SIZES = {0x00: "VGA", 0x11: "QVGA", 0x22: "QQVGA"}
BAUDS = {0xAEC8: 9600, 0x56E4: 19200, 0x2AF2: 38400, 0x1C4C: 57600, 0x0DA6: 115200}
SPEED = 38400  # after a start
VERSION = b"VC0706 ESP32"
OK, UNKNOWN, LENGTH, FORMAT, NOT_NOW = 0, 1, 2, 3, 4
DROPPED = 1  # frames before the one that counts: the first may be old


class SerialCamera:
    """Answers the commands that come over `line` (machine.UART) with frames of `module` (the module camera)."""

    def __init__(self, line, module):
        self._line, self._module = line, module
        self._camera, self._frame = None, None
        self._size, self._quality = 0x00, 79

    async def serve(self):
        """Take commands for ever: 56, a serial number, the command, the number of its arguments, and these."""
        while True:
            octet = await self._read(1)
            if octet != b"\x56":
                continue
            serial, command, count = await self._read(3)
            arguments = await self._read(count) if count <= 16 else b""
            if serial == 0:
                await self._answer(command, arguments)

    async def _read(self, count):
        octets = b""
        while len(octets) < count:
            if self._line.any():
                octets += self._line.read(min(count - len(octets), self._line.any()))
            else:
                await asyncio.sleep_ms(2)
        return octets

    async def _write(self, octets):
        view = memoryview(octets)
        while len(view):
            view = view[self._line.write(view[:256]) or 0 :]
            await asyncio.sleep_ms(2)

    async def _say(self, command, status=OK, data=b""):
        await self._write(bytes((0x76, 0, command, status, len(data))) + data)

    async def _answer(self, command, arguments):
        """Do what a command asks for, and say so."""
        if command == 0x11:
            await self._say(command, OK, VERSION)
        elif command == 0x26:
            self._frame = None
            await self._say(command)
            await self._write(VERSION + b"\r\nInit end\r\n")
            await self._change(SPEED)
        elif command == 0x24 and len(arguments) == 3:
            baud = BAUDS.get(arguments[1] << 8 | arguments[2])
            await self._say(command, OK if baud else FORMAT)
            if baud:
                await self._change(baud)
        elif command == 0x31 and len(arguments) == 5:
            await self._say(command, OK if self._set(arguments[:4], arguments[4]) else FORMAT)
        elif command == 0x36 and len(arguments) == 1:
            await self._say(command, await self._control(arguments[0]))
        elif command == 0x34:
            length = len(self._frame).to_bytes(4, "big") if self._frame else b""
            await self._say(command, OK if length else NOT_NOW, length)
        elif command == 0x32 and len(arguments) == 12:
            await self._give(int.from_bytes(arguments[2:6], "big"), int.from_bytes(arguments[6:10], "big"))
        else:
            await self._say(command, UNKNOWN)

    async def _change(self, baud):
        """Go on at another speed, once the answer has left."""
        await asyncio.sleep_ms(20)
        self._line.init(baudrate=baud)

    def _set(self, register, value):
        """Put a value into the register of the size or that of the compression, where bigger is smaller."""
        if register == b"\x04\x01\x00\x19" and value in SIZES:
            self._size = value
        elif register == b"\x01\x01\x12\x04":
            self._quality = 100 - (value * 99 + 127) // 255
        else:
            return False
        return True

    async def _control(self, control):
        """Hold a new frame (0), or let it go (3); returns the status."""
        if control == 3:
            self._frame = None
            if self._camera:
                self._camera.free_buffer()
            return OK
        if control:
            return FORMAT
        try:
            self._frame = self._frame or await self._take()
        except (OSError, RuntimeError, ValueError):
            self._camera = None
        return OK if self._frame else NOT_NOW

    async def _take(self):
        """A frame that began after the command, or None."""
        module = self._module
        size, dropped = getattr(module.FrameSize, SIZES[self._size]), DROPPED
        if self._camera is None:
            self._camera = module.Camera(
                pixel_format=module.PixelFormat.JPEG, frame_size=size, fb_count=1, grab_mode=module.GrabMode.WHEN_EMPTY
            )
            self._taken, dropped = size, 4 * DROPPED  # the first are green or dark
        elif self._taken != size:
            self._camera.reconfigure(frame_size=size)
            self._taken, dropped = size, 4 * DROPPED
        self._camera.quality = self._quality
        for _ in range(dropped + 1):
            self._camera.free_buffer()
            for _ in range(200):
                if self._camera.frame_available():
                    break
                await asyncio.sleep_ms(10)
            else:
                return None
            frame = self._camera.capture()
        return frame

    async def _give(self, first, count):
        """Send octets of the held frame, and zeros behind its end, between two answers."""
        if not self._frame or first % 8 or count % 4 or first + count > len(self._frame) + 3 & ~3:
            return await self._say(0x32, FORMAT if self._frame else NOT_NOW)
        await self._say(0x32)
        octets = bytes(self._frame[first : first + count])
        await self._write(octets)
        await self._write(bytes(count - len(octets)))
        await self._say(0x32)


def main():
    """Serve the UART of an ESP32-CAM."""
    import camera
    from machine import UART

    asyncio.run(SerialCamera(UART(1, baudrate=SPEED, tx=14, rx=15, rxbuf=256, txbuf=2048), camera).serve())


if __name__ == "__main__":
    main()
