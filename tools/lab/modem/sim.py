"""The SIM card behind the modem's commands: PIN and PUK, identities, files (AT manual V1.09, chapter 3)."""

from tools.lab.modem.syntax import READ, RUN, SET, TEST, Refused, arguments, number
from tools.lab.modem.terminal import Wait

_READ_BINARY, _STATUS, _GET_RESPONSE = 176, 242, 192
_EF_AD, _EF_ICCID, _EF_IMSI = 28589, 12258, 28423
_CHECK_MS = 300  # the card verifies a PIN


class Sim:
    """Answers for `card`; `ready` once it may be used, `busy` for seconds after power-on."""

    def __init__(self, modem, card):
        self._modem, self.card = modem, card
        self.busy = True

    def commands(self):
        """Handlers {name: handler(kind, text)}."""
        return {
            "+CPIN": self._cpin,
            "+CIMI": self._cimi,
            "+CCID": self._ccid,
            "+CNUM": self._cnum,
            "+CSPN": self._cspn,
            "+CRSM": self._crsm,
            "+CSIM": self._csim,
            "+CLCK": self._clck,
            "+SPIC": self._spic,
        }

    def code(self):
        """The code of AT+CPIN?: READY, SIM PIN or SIM PUK; None without a card."""
        card = self.card
        if not card.present:
            return None
        if card.pin is None or card.unlocked:
            return "READY"
        return "SIM PIN" if card.retries[0] else "SIM PUK"

    def ready(self):
        """Whether the card is there, unlocked and has started."""
        return not self.busy and self.code() == "READY"

    def reset(self):
        """Power-on: the PIN is asked for again, and the card is busy for a while."""
        self.card.unlocked = False
        self.busy = True

    def started(self):
        """The card answers from now on."""
        self.busy = False

    def need(self, family="CME"):
        """Raise Refused unless the card may be used; `family` CMS has numbers of its own."""
        code = self.code()
        if code is None:
            raise Refused(310 if family == "CMS" else 10, family)
        if code != "READY":
            pin = code == "SIM PIN"
            if family == "CMS":
                raise Refused(311 if pin else 316, family)
            raise Refused(11 if pin else 12)
        if self.busy:
            raise Refused(314 if family == "CMS" else 14, family)

    def _cpin(self, kind, text):
        if kind == TEST:
            return None
        if kind == RUN:
            raise Refused()
        if not self.card.present:
            raise Refused(10)
        if self.busy:
            raise Refused(14)
        if kind == READ:
            return ["+CPIN: %s" % self.code()]
        values = arguments(text)
        return Wait(_CHECK_MS, lambda: self._verify(values))

    def _verify(self, values):
        card, code = self.card, self.code()
        if code == "SIM PIN" and len(values) == 1:
            good = values[0] == card.pin
            card.retries[0] = 3 if good else card.retries[0] - 1
        elif code == "SIM PUK" and len(values) == 2 and card.retries[1]:
            good = values[0] == card.puk
            if good:
                card.pin, card.retries[0] = values[1], 3
            card.retries[1] = 10 if good else card.retries[1] - 1
        elif code == "SIM PUK" and not card.retries[1]:
            raise Refused(13)
        else:
            raise Refused(12 if code == "SIM PUK" else 3)
        if not good:
            raise Refused(12 if code == "SIM PIN" and not card.retries[0] else 16)
        card.unlocked = True
        self._modem.unlocked()
        return None

    def _cimi(self, kind, text):
        if kind == TEST:
            return None
        self.need()
        return [self.card.imsi]

    def _ccid(self, kind, text):
        if kind == TEST:
            return None
        if not self.card.present:
            raise Refused(10)
        if self._modem.switches["iccid"] == "refused":
            raise Refused(100)
        return [self.card.iccid]

    def _cspn(self, kind, text):
        if kind != READ:
            raise Refused()
        self.need()
        return ['+CSPN: "%s",0' % self.card.provider]

    def _cnum(self, kind, text):
        if kind == TEST:
            return None
        self.need()
        if not self.card.number:
            return None
        return ['+CNUM: "","%s",%d,7,4' % (self.card.number, 145)]

    def _spic(self, kind, text):
        return ["+SPIC: %d,3,%d,10" % (self.card.retries[0], self.card.retries[1])]

    def _clck(self, kind, text):
        if kind == TEST:
            return ['+CLCK: ("AO","OI","OX","AI","IR","FD","SC","PN","PU","PP")']
        if kind != SET:
            raise Refused()
        values = arguments(text)
        self.need()
        if len(values) > 1 and values[1] == "2":
            return ["+CLCK: %d" % (values[0] == "SC" and self.card.pin is not None)]
        raise Refused(3)

    # files

    def _crsm(self, kind, text):
        if kind == TEST:
            return None
        if kind != SET:
            raise Refused()
        self.need()
        values = arguments(text)
        command = number(values[0])
        content = self._file(number(values[1]) if len(values) > 1 else 0)
        if command not in (_READ_BINARY, _STATUS, _GET_RESPONSE):
            return ["+CRSM: 109,0"]  # 6D00: instruction code not supported
        if content is None:
            return ["+CRSM: 148,4"]  # 9404: file not found
        if command != _READ_BINARY:
            return ['+CRSM: 144,0,"%s"' % self._header(len(content))]
        content = (
            content[number(values[2], default=0) << 8 | number(values[3], default=0) :] if len(values) > 3 else content
        )
        length = number(values[4], default=0) if len(values) > 4 else 0
        if length > len(content):
            return ["+CRSM: 103,0"]  # 6700: wrong length
        return ['+CRSM: 144,0,"%s"' % _hex(content[: length or len(content)])]

    def _file(self, identifier):
        if identifier == _EF_AD:
            return bytes((0, 0, 0, self.card.network_digits))
        if identifier == _EF_ICCID:
            return _swapped(self.card.iccid + "F" * (20 - len(self.card.iccid)))
        if identifier == _EF_IMSI:
            imsi = self.card.imsi
            return bytes((8,)) + _swapped("9" + imsi + "F" * (15 - len(imsi)))
        return self.card.files.get(identifier)

    def _header(self, size):
        return "0000%04X6FAD040011F0FF01020000" % size

    def _csim(self, kind, text):
        if kind == TEST:
            return None
        raise Refused(4)


def _hex(octets):
    return "".join(["%02X" % octet for octet in octets])


def _swapped(digits):
    pairs = [digits[index + 1] + digits[index] for index in range(0, len(digits) - 1, 2)]
    return bytes([int(pair, 16) for pair in pairs])
