"""Short messages that are typed (3GPP TS 27.005, clauses 3.5 and 4): sent, or kept."""

from tools.lab.modem import text as texts
from tools.lab.modem.syntax import RUN, TEST, Refused, arguments, number
from tools.lab.modem.terminal import Entry, Wait


class Outgoing:
    """AT+CMGS and AT+CMGW; `store` is the message store of the same modem."""

    def __init__(self, modem, store):
        self._modem, self._store = modem, store
        self._concatenated = 0  # messages of several parts that were typed
        self.reset()

    def reset(self):
        """Power-on: nothing is being sent."""
        self._submitting = Wait(None)
        self._tpdus = []  # of the message that is being sent

    def commands(self):
        """Handlers {name: handler(kind, text)}."""
        return {
            "+CMGS": lambda kind, text: self._compose(kind, text, self._send),
            "+CMGW": lambda kind, text: self._compose(kind, text, self._store.keep),
        }

    def _compose(self, kind, text, then):
        if kind == TEST:
            return None
        if kind == RUN:
            raise Refused()
        self._store.need()
        values, options = arguments(text), self._modem.options
        if not options["+CMGF"]:
            length = number(values[0])
            return Entry(lambda typed: then([_tpdu(typed, length)]), limit=400)
        to, guessed = texts.number(values[0], options)
        address = number(values[1] if len(values) > 1 else None, range(128, 256), guessed)
        return Entry(lambda typed: then(self._composed(to, address, typed)), limit=texts.MOST)

    def _composed(self, to, address, typed):
        self._concatenated += 1
        return texts.submits(to, address, typed, self._modem.options, self._concatenated)

    def _send(self, tpdus):
        if not self._modem.registration.registered:
            raise Refused(331, "CMS")
        if not self._modem.registration.texting:
            raise Refused(50, "CMS")  # requested facility not subscribed (TS 24.011, E.2)
        self._tpdus = tpdus
        return Wait(self._modem.environment.delays.sms, self._submit)

    def _submit(self):
        self._modem.effect("submit", self._tpdus.pop(0))
        self._submitting = Wait(None)
        return self._submitting

    def submitted(self, reference):
        """The SMS centre's answer to the last submission: a reference, or None for a refusal."""
        self._modem.terminal.resume(self._submitting, lambda: self._sent(reference))

    def _sent(self, reference):
        if reference is None:
            raise Refused(500, "CMS")
        if self._tpdus:
            return Wait(self._modem.environment.delays.sms, self._submit)
        return ["+CMGS: %d" % reference]


def _tpdu(typed, length):
    """The TPDU of a typed line: hex with the SMS centre's address before it."""
    digits = "".join([chr(octet) for octet in typed if octet not in (13, 10, 32)])
    try:
        octets = bytes([int(digits[at : at + 2], 16) for at in range(0, len(digits), 2)])
    except ValueError:
        raise Refused(304, "CMS")
    if len(digits) % 2 or not octets or len(octets) - 1 - octets[0] != length:
        raise Refused(304, "CMS")
    return octets[1 + octets[0] :]
