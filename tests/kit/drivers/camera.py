"""A VC0706 camera that answers from memory."""

from tests.kit.pictures import jpeg, sized

JPEG = jpeg("VGA", 71687)  # beyond 64 KB: addresses have four octets
SETTINGS = {"baud": 115200, "quality": 79}  # of the driver; the quality is a compression of 54
SIZES = {0x00: "VGA", 0x11: "QVGA", 0x22: "QQVGA"}


class Camera:
    """A VC0706 at one speed; it holds one picture. garbles: the block of that number comes without its last octets."""

    def __init__(self, picture=JPEG, baud=38400, garbles=0):
        self.picture = picture
        self.baud = baud
        self.heard_at = None
        self.garbles = garbles
        self.blocks = 0
        self.size, self.compression = "VGA", 54
        self.held = False
        self.commands = b""

    def __call__(self, octets):
        if self.heard_at not in (None, self.baud):
            return b"\xf0\x0f"
        answer = b""
        while octets:
            number, length = octets[2], octets[3]
            assert octets[0] == 0x56
            self.commands += bytes([number])
            answer += self.answer(number, octets[4 : 4 + length])
            octets = octets[4 + length :]
        return answer

    def answer(self, number, arguments):
        head = bytes([0x76, 0, number, 0])
        if number == 0x11:
            return head + b"\x0bVC0706 1.00"
        if number == 0x24:
            self.baud = {b"\x0d\xa6": 115200, b"\x2a\xf2": 38400}[arguments[1:]]
        elif number == 0x31 and arguments[:4] == b"\x04\x01\x00\x19":
            self.size = SIZES[arguments[4]]
        elif number == 0x31 and arguments[:4] == b"\x01\x01\x12\x04":
            self.compression = arguments[4]
        elif number == 0x30:
            of_size = arguments == b"\x04\x01\x00\x19"
            return head + bytes(
                [1, {name: size for size, name in SIZES.items()}[self.size] if of_size else self.compression]
            )
        elif number == 0x36:
            self.held = arguments == b"\x00"
            self.picture = sized(self.picture, self.size)
        elif number == 0x34:
            return head + b"\x04" + len(self.picture).to_bytes(4, "big")
        elif number == 0x32:
            return self.block(head + b"\x00", arguments)
        return head + b"\x00"

    def block(self, head, arguments):
        first, length = int.from_bytes(arguments[2:6], "big"), int.from_bytes(arguments[6:10], "big")
        assert self.held and arguments[:2] == b"\x00\x0a"
        assert first % 8 == 0 and length % 4 == 0
        self.blocks += 1
        octets = (self.picture + b"\0\0\0\0")[first : first + length]
        return head + (octets[:-3] if self.blocks == self.garbles else octets + head)
