"""Short messages as an SMS centre sees them: octets of TPDUs (3GPP TS 23.040, clause 9.2).

User data pass through untouched: nothing here decodes a text.
"""

PUSH_PORTS = b"\x05\x04\x0b\x84\x23\xf0"  # to 2948 from 9200 (WAP-259-WDP)
DELIVERED, NOT_OBTAINABLE, EXPIRED = 0x00, 0x43, 0x46  # TP-Status

_USER_DATA = 140
_INTERNATIONAL, _UNKNOWN, _ALPHANUMERIC = 0x91, 0x81, 0xD0
_DIGITS = "0123456789*#abc"


class SmsError(Exception):
    """Octets that are no SMS-SUBMIT."""


class Submit:
    """An SMS-SUBMIT: `number`, `report` (is one asked for?), `validity` in seconds or None."""

    def __init__(self, octets, country="44"):
        try:
            self._read(octets, country)
        except IndexError:
            raise SmsError("it ends too early")

    def _read(self, octets, country):
        first = octets[0]
        if first & 0x03 != 1:
            raise SmsError("no SMS-SUBMIT: first octet %02X" % first)
        self.report = bool(first & 0x20)
        digits = octets[2]
        kind, at = octets[3], 4 + (digits + 1) // 2
        self.number = _number(octets[4:at], digits, kind, country)
        self._headed = first & 0x40
        self._pid, self._dcs = octets[at], octets[at + 1]
        at += 2
        form = first >> 3 & 0x03
        self.validity = _relative(octets[at]) if form == 2 else None
        at += (0, 7, 1, 7)[form]
        self._length = octets[at]
        self._data = octets[at + 1 :]
        expected = (self._length * 7 + 7) // 8 if _septets(self._dcs) else self._length
        if len(self._data) != expected or expected > _USER_DATA:
            raise SmsError("%d octets of user data" % len(self._data))

    def deliver(self, sender, stamp):
        """The SMS-DELIVER that the recipient gets, `stamp` when it was submitted."""
        head = bytes((0x04 | self._headed,)) + address(sender)
        tail = bytes((self._pid, self._dcs)) + stamp + bytes((self._length,))
        return head + tail + self._data


def push(sender, octets, stamp, reference, ports_first=True):
    """SMS-DELIVERs that carry a WAP push, in order: one, or concatenated ones.

    Networks write the two elements of the header in either order: `ports_first` tells which.
    """
    room = _USER_DATA - 1 - len(PUSH_PORTS)
    if len(octets) <= room:
        return [_binary(sender, stamp, PUSH_PORTS, octets)]
    room -= 5
    total = (len(octets) + room - 1) // room
    if total > 255:
        raise SmsError("a push of %d octets" % len(octets))
    tpdus = []
    for sequence in range(total):
        concatenated = bytes((0, 3, reference & 0xFF, total, sequence + 1))
        header = PUSH_PORTS + concatenated if ports_first else concatenated + PUSH_PORTS
        piece = octets[sequence * room : (sequence + 1) * room]
        tpdus.append(_binary(sender, stamp, header, piece))
    return tpdus


def _binary(sender, stamp, header, data):
    length = 1 + len(header) + len(data)
    head = b"\x44" + address(sender) + b"\x00\xf5" + stamp
    return head + bytes((length, len(header))) + header + data


def status_report(reference, number, submitted, done, status):
    """The SMS-STATUS-REPORT about a submission, `submitted` and `done` being stamps."""
    head = bytes((0x06, reference)) + address(number)
    return head + submitted + done + bytes((status,))


def address(number):
    """An address: international with +, digits, or else alphanumeric (9.1.2.5)."""
    digits = number[1:] if number.startswith("+") else number
    if not digits.isdigit():
        packed = _packed(number)
        return bytes(((len(number) * 7 + 3) // 4, _ALPHANUMERIC)) + packed
    kind = _INTERNATIONAL if number.startswith("+") else _UNKNOWN
    padded = [int(digit) for digit in digits] + [15] * (len(digits) % 2)
    pairs = [padded[i] | padded[i + 1] << 4 for i in range(0, len(padded), 2)]
    return bytes([len(digits), kind] + pairs)


def _packed(text):
    """Seven bits a character, for the letters that GSM's alphabet shares with ASCII."""
    bits = 0
    for index, character in enumerate(text):
        bits |= (ord(character) & 0x7F) << 7 * index
    return bits.to_bytes((len(text) * 7 + 7) // 8, "little")


def _number(octets, digits, kind, country):
    """The number in E.164; a national one is completed by the country."""
    text = ""
    for index in range(digits):
        digit = octets[index // 2] >> 4 * (index % 2) & 0x0F
        if digit > 14:
            raise SmsError("the number ends too early")
        text += _DIGITS[digit]
    if kind & 0x70 == 0x10:
        return "+" + text
    return "+" + country + text[1:] if text.startswith("0") else text


def _septets(dcs):
    """Whether the data coding scheme says seven bits a character (TS 23.038, clause 4)."""
    if dcs & 0xF0 == 0xF0:
        return not dcs & 0x04
    return dcs & 0x0C == 0 if dcs < 0x80 else dcs < 0xE0


def _relative(value):
    """Seconds of a relative validity period (9.2.3.12.1)."""
    if value < 144:
        return (value + 1) * 300
    if value < 168:
        return 43200 + (value - 143) * 1800
    return (value - 166) * 86400 if value < 197 else (value - 192) * 604800


def stamp(seconds, quarters=0):
    """A time stamp of seven octets, local time being so many quarters of an hour ahead of UTC (9.2.3.11)."""
    days, rest = divmod(seconds + quarters * 900, 86400)
    year, month, day = _date(days)
    fields = (year % 100, month, day, rest // 3600, rest // 60 % 60, rest % 60, abs(quarters))
    octets = [field % 10 << 4 | field // 10 for field in fields]
    octets[-1] |= 8 if quarters < 0 else 0
    return bytes(octets)


def _date(days):
    """(year, month, day) of a day since 1970 in the Gregorian calendar."""
    era, day = divmod(days + 719468, 146097)  # eras of 400 years, which begin on 1 March
    year = (day - day // 1460 + day // 36524 - day // 146096) // 365
    day -= 365 * year + year // 4 - year // 100
    month = (5 * day + 2) // 153
    day -= (153 * month + 2) // 5
    month = month + 3 if month < 10 else month - 9
    return era * 400 + year + (1 if month < 3 else 0), month, day + 1
