"""Short messages (3GPP TS 27.005; AT manual V1.09, chapter 4): the store, in PDU mode and in text mode."""

from tools.lab.modem import text as texts
from tools.lab.modem.outgoing import Outgoing
from tools.lab.modem.syntax import READ, RUN, SET, TEST, Refused, arguments, number
from tools.lab.modem.terminal import Reply
from tools.lab.modem.tpdu import push_part, status_report, store_on_sim

UNREAD, IS_READ, UNSENT, SENT = 0, 1, 2, 3
_ALL = 4
_EARLY = {  # before SMS Ready, by the switch
    "error": (None, "CME"),
    "302": (302, "CMS"),
    "100": (100, "CME"),
    "3515": (3515, "CMS"),
}
_ERASED = (  # AT+CMGDA (6.2.25): its name in text mode, and the states that it deletes; its number is the place
    ("DEL READ", (IS_READ,)),
    ("DEL UNREAD", (UNREAD,)),
    ("DEL SENT", (SENT,)),
    ("DEL UNSENT", (UNSENT,)),
    ("DEL INBOX", (UNREAD, IS_READ)),
    ("DEL ALL", (UNREAD, IS_READ, UNSENT, SENT)),
)
_NO_CNMA_MS = 15000  # without an acknowledgement the network counts a message as not delivered


class Messages:
    """The message store, deliveries from the SMS centre, and submissions to it."""

    first = 1  # the number of the first place of a memory
    memories = ("SM", "ME", "SM_P", "ME_P", "MT")  # of AT+CPMS

    def __init__(self, modem):
        self._modem = modem
        self._outgoing = Outgoing(modem, self)
        self.waiting = []  # TPDUs that the network keeps: the SIM was full or the modem off
        self.reset()

    def reset(self):
        """Power-on: volatile settings."""
        self.ready = False
        self._memories = ["SM", "SM", "SM"]
        self._service = 0
        self._outgoing.reset()
        self._direct = None  # a +CMT or +CDS that CSMS=1 wants acknowledged
        self._patience = None  # the end of the time for that
        self._again = None
        self._parts = {}  # (reference, total): {sequence: index} of the parts seen, for the label of the whole

    def commands(self):
        """Handlers {name: handler(kind, text)}."""
        found = {
            "+CPMS": self._cpms,
            "+CMGL": self._cmgl,
            "+CMGR": self._cmgr,
            "+CMGD": self._cmgd,
            "+CMGDA": self._cmgda,
            "+CSMS": self._csms,
            "+CSCA": self._csca,
            "+CSAS": lambda kind, text: None,
            "+CRES": lambda kind, text: None,
            "+CSCB": lambda kind, text: None,
        }
        found.update(self._outgoing.commands())
        if self._modem.ACKNOWLEDGES:
            found["+CNMA"] = self._cnma
        settings = self._modem.options.commands()
        for name in ("+CMGF", "+CNMI", "+CSMP", "+CSDH"):
            found[name] = settings[name]
        return {name: self._once_ready(found[name]) for name in found}

    def _once_ready(self, handler):
        """The same handler, refused before SMS Ready where the switch says so."""

        def handle(kind, text):
            early = _EARLY.get(self._modem.switches["before-sms-ready"])
            if early is not None and kind != TEST and not self.ready and self._modem.sim.code() == "READY":
                raise Refused(*early)
            return handler(kind, text)

        return handle

    # from the network

    def deliver(self, tpdu):
        """Deliver an SMS-DELIVER or SMS-STATUS-REPORT; True when the modem accepted it at once."""
        self.waiting.append(tpdu)
        self.offer()
        return not self.waiting

    def offer(self):
        """Deliver all that the network keeps; messages that are not accepted are tried again later."""
        modem = self._modem
        while self.waiting and modem.registration.texting and self.ready and modem.sim.ready():
            if self._direct is not None or not self._route(self.waiting[0]):
                break
            if self._direct is None:
                self.waiting.pop(0)
        if self.waiting and self._again is None:
            self._again = modem.agenda.after(modem.environment.delays.retry, self._retry)

    def _retry(self):
        self._again = None
        self.offer()

    def _route(self, tpdu):
        _, mt, _, ds, _ = self._modem.options["+CNMI"]
        if status_report(tpdu):
            if ds:
                self._modem.terminal.urc(self._routed("+CDS", "%d" % len(tpdu), tpdu))
                self._want(tpdu)
            return True
        stored = self._modem.switches["pushes"] == "stored" and push_part(tpdu) is not None
        if mt == 2 and not stored and not store_on_sim(tpdu):
            self._modem.terminal.urc(self._routed("+CMT", "%s,%d" % (self._alpha(), len(tpdu)), tpdu))
            self._want(tpdu)
            return True
        return self._store(tpdu, mt)

    def _routed(self, name, head, tpdu):
        """+CMT or +CDS, which are two lines that belong together (of a status report in text mode: one)."""
        if not self._modem.options["+CMGF"]:
            return "%s: %s\r\n%s%s" % (name, head, self._centre(), _hex(tpdu))
        fields, data = self._in_text(texts.render, tpdu, False, self._modem.sim.card.centre)
        return "%s: %s%s" % (name, fields, "" if data is None else "\r\n" + data)

    def _in_text(self, show, tpdu, stored_here, *more):
        """The fields of a message in text mode; octets that are no TPDU give empty fields."""
        try:
            return show(tpdu, stored_here, self._modem.options, *more)
        except IndexError:
            return '"","",""', ""

    def _alpha(self):
        return '""' if self._modem.switches["alpha"] == "empty" else ""

    def _want(self, tpdu):
        """With AT+CSMS=1 a message that was passed on is to be acknowledged (27.005, 3.4.4)."""
        if self._service:
            self._direct = tpdu
            self._patience = self._modem.agenda.after(_NO_CNMA_MS, self._unacknowledged)

    def _cnma(self, kind, text):
        """AT+CNMA: the message was received, or with 2 it was not, and the network repeats it (27.005, 4.7)."""
        if kind == TEST:
            return ["+CNMA: (0-2)"]
        good = kind == RUN or number(arguments(text)[0], (0, 1, 2)) != 2
        if self._direct is None:
            raise Refused(340, "CMS")  # no +CNMA acknowledgement expected
        self._direct = None
        self._modem.agenda.cancel(self._patience)
        if good:
            self.waiting.pop(0)
            self._modem.agenda.after(1, self.offer)
        else:
            self._repeat()
        return None

    def _unacknowledged(self):
        """27.005, 3.4.4: without AT+CNMA routing stops and the network repeats."""
        self._direct = None
        mode, _, bm, ds, bfr = self._modem.options["+CNMI"]
        self._modem.options["+CNMI"] = (mode, 0, bm, ds, bfr)
        self._repeat()

    def _repeat(self):
        self._again = self._again or self._modem.agenda.after(self._modem.environment.delays.retry, self._retry)

    def _store(self, tpdu, mt):
        """Store a TPDU on the SIM or in the modem, with +CMTI; False when there is no room."""
        memory = self._memory(2)
        slots = self._slots(memory)
        if None not in slots:
            return False
        index = slots.index(None)
        slots[index] = [UNREAD, tpdu]
        if mt:
            for place, label in self._indications(tpdu, index + self.first):
                self._modem.terminal.urc('+CMTI: "%s",%d%s' % (memory, place, label))
        return True

    def _indications(self, tpdu, index):
        """(index, label) of each +CMTI: once a push is whole, one more with the index of its first part (20.15)."""
        part = push_part(tpdu) if self._modem.switches["push-labels"] == "on" else None
        if part is None:
            return [(index, "")]
        reference, total, sequence = part
        if total == 1:
            return [(index, ',"MMS PUSH"')]
        seen = self._parts.get((reference, total), {})
        self._parts[(reference, total)] = seen
        seen[sequence] = index
        named = [(index, ',"MMS PUSH",%d,%d' % (total, sequence))]
        if len(seen) == total:
            del self._parts[(reference, total)]
            named.append((seen[min(seen)], ',"MMS PUSH"'))
        return named

    # the store

    def _memory(self, place):
        return {"SM_P": "SM", "ME_P": "ME", "MT": "SM"}.get(self._memories[place], self._memories[place])

    def _slots(self, memory):
        self.need()
        return self._modem.sim.card.slots[memory]

    def need(self):
        """Raise Refused unless messages may be read and written."""
        self._modem.sim.need("CMS")
        if not self.ready:
            raise Refused(314, "CMS")

    def _usage(self, place):
        slots = self._slots(self._memory(place))
        return len([slot for slot in slots if slot is not None]), len(slots)

    def _cpms(self, kind, text):
        if kind == TEST:
            names = ",".join(['"%s"' % name for name in self.memories])
            return ["+CPMS: (%s),(%s),(%s)" % (names, names, names)]
        if kind == READ:
            places = ['"%s",%d,%d' % ((self._memories[place],) + self._usage(place)) for place in range(3)]
            return ["+CPMS: " + ",".join(places)]
        if kind != SET:
            raise Refused()
        values = arguments(text)
        if len(values) > 3 or [value for value in values if value not in self.memories]:
            raise Refused(302, "CMS")
        if self._modem.switches["memories"] == "three" and len(values) < 3:
            raise Refused()
        self.need()
        for place in range(len(values)):
            self._memories[place] = values[place]
        return ["+CPMS: " + ",".join(["%d,%d" % self._usage(place) for place in range(3)])]

    def _cmgl(self, kind, text):
        if kind == TEST:
            names = ",".join(['"%s"' % name for name in texts.STATES + ("ALL",)])
            return ["+CMGL: (%s)" % (names if self._modem.options["+CMGF"] else "0,1,2,3,4")]
        values = arguments(text) if kind == SET else [None]
        status = self._state(values[0])
        keep = len(values) > 1 and values[1] == "1"
        lines = []
        slots = self._slots(self._memory(0))
        for index in range(len(slots)):
            if slots[index] is not None and status in (_ALL, slots[index][0]):
                lines.append("+CMGL: %d,%s" % (index + self.first, self._listed(slots[index], texts.listed)))
                if slots[index][0] == UNREAD and not keep:
                    slots[index][0] = IS_READ
        return lines

    def _state(self, value):
        """The state that AT+CMGL lists: a number, or a name in text mode; the unread ones unless it says."""
        if not self._modem.options["+CMGF"]:
            return number(value, (0, 1, 2, 3, _ALL), UNREAD)
        names = texts.STATES + ("ALL",)
        if value is not None and value not in names:
            raise Refused(302, "CMS")
        return UNREAD if value is None else names.index(value)

    def _cmgr(self, kind, text):
        if kind == TEST:
            return None
        values = arguments(text)
        slots, index = self._slots(self._memory(0)), number(values[0])
        self._index(slots, index)
        slot = slots[index - self.first]
        if slot is None:
            return None
        line = "+CMGR: " + self._listed(slot, texts.render, self._modem.sim.card.centre)
        if slot[0] == UNREAD and not (len(values) > 1 and values[1] == "1"):
            slot[0] = IS_READ
        return [line]

    def _cmgd(self, kind, text):
        slots = self._slots(self._memory(0))
        if kind == TEST:
            used = [str(index + self.first) for index in range(len(slots)) if slots[index] is not None]
            return ["+CMGD: (%s),(0-4)" % ",".join(used)]
        if kind != SET:
            raise Refused()
        values = arguments(text)
        flag = number(values[1], (0, 1, 2, 3, 4)) if len(values) > 1 else 0
        statuses = ((), (IS_READ,), (IS_READ, SENT), (IS_READ, SENT, UNSENT), (0, 1, 2, 3))[flag]
        if not flag:
            self._index(slots, number(values[0]))
            slots[int(values[0]) - self.first] = None
        self._erase(slots, statuses)

    def _cmgda(self, kind, text):
        """AT+CMGDA: by name in text mode, by number in PDU mode."""
        in_text = self._modem.options["+CMGF"]
        if kind == TEST:
            names = ",".join(['"%s"' % name for name, _ in _ERASED])
            return ["+CMGDA: (%s)" % (names if in_text else "1-6")]
        if kind != SET:
            raise Refused()
        slots, value = self._slots(self._memory(0)), arguments(text)[0]
        names = [name for name, _ in _ERASED] if in_text else ["1", "2", "3", "4", "5", "6"]
        if value not in names:
            raise Refused(302, "CMS")
        self._erase(slots, _ERASED[names.index(value)][1])

    def _erase(self, slots, states):
        """Delete the messages in one of `states`; the network then offers the messages that it kept."""
        for index in range(len(slots)):
            if slots[index] is not None and slots[index][0] in states:
                slots[index] = None
        if self.waiting:  # the network is told that there is room
            self._modem.agenda.after(self._modem.environment.delays.sms, self.offer)

    def _index(self, slots, index):
        if not 0 <= index - self.first < len(slots):
            raise Refused(321, "CMS")

    def _listed(self, slot, show, *more):
        status, tpdu = slot
        if not self._modem.options["+CMGF"]:
            return "%d,%s,%d\r\n%s%s" % (status, self._alpha(), len(tpdu), self._centre(), _hex(tpdu))
        fields, data = self._in_text(show, tpdu, status in (UNSENT, SENT), *more)
        return '"%s",%s%s' % (texts.STATES[status], fields, "" if data is None else "\r\n" + data)

    def _centre(self):
        digits = self._modem.sim.card.centre.lstrip("+")
        digits += "F" * (len(digits) % 2)
        pairs = [digits[index + 1] + digits[index] for index in range(0, len(digits), 2)]
        return "%02X91%s" % (len(pairs) + 1, "".join(pairs))

    def keep(self, tpdus):
        """Store TPDUs that were typed (AT+CMGW); raises Refused when there is no room."""
        slots = self._slots(self._memory(1))
        if len(tpdus) > slots.count(None):
            raise Refused(322, "CMS")
        for tpdu in tpdus:
            index = slots.index(None)
            slots[index] = [UNSENT, tpdu]
        return ["+CMGW: %d" % (index + self.first)]

    def submitted(self, reference):
        """The SMS centre's answer to the last submission: a reference, or None for a refusal."""
        self._outgoing.submitted(reference)

    # settings

    def _csms(self, kind, text):
        if kind == TEST:
            return ["+CSMS: (0,1)"]
        if kind == READ:
            return ["+CSMS: %d,1,1,1" % self._service]
        if kind != SET:
            raise Refused()
        self._service = number(arguments(text)[0], (0, 1))
        return ["+CSMS: 1,1,1"]

    def _csca(self, kind, text):
        card = self._modem.sim.card
        if kind == TEST:
            return None
        self._modem.sim.need()
        if kind == READ:
            return ['+CSCA: "%s",145' % card.centre]
        if kind != SET:
            raise Refused()
        card.centre = arguments(text)[0] or ""
        return Reply()


def _hex(octets):
    return "".join(["%02X" % octet for octet in octets])
