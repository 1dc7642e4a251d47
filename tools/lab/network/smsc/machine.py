"""The SMS centre without its lines: it stores messages and forwards them, one a subscriber at a time.

Time is the caller's, in milliseconds: call `advance` whenever `due` has come.
"""

from tools.lab.network import chances
from tools.lab.network.smsc import sms, texts


class _Message:
    def __init__(self, key, number, tpdu, expires, report):
        self.key, self.number, self.tpdu, self.expires = key, number, tpdu, expires
        self.report = report  # (sender, reference, seconds when submitted) or None


class _Queue:
    def __init__(self):
        self.messages, self.busy, self.when = [], False, 0


class Centre:
    """One network's SMS centre.

    `deliver(key, number, tpdu)` is called to try a delivery; its outcome comes by `delivered` or
    `refused`. `subscribers` has the numbers that exist (`in`). `calendar` tells the date, and the local time
    of the time stamps (tools/lab/calendar.py). `chances(number)` are the Chances of the network where a subscriber is,
    or None: messages to him are late, or lost, though the network says that they were delivered.
    """

    def __init__(self, deliver, subscribers, calendar, delay_ms=2000, next_ms=800, retry_ms=30000,
                 validity_ms=172800000):  # fmt: skip
        self._deliver, self._subscribers, self._calendar = deliver, subscribers, calendar
        self._delay_ms, self._next_ms, self._retry_ms = delay_ms, next_ms, retry_ms
        self._validity_ms = validity_ms
        self._queues = {}
        self._key = 0
        self._pushes = 0
        self._references = {}
        self.chances = chances.none

    def submit(self, sender, octets, now):
        """Accept an SMS-SUBMIT; returns the reference that its report will have. Raises SmsError.

        References are counted here for each subscriber, since handsets send TP-MR as zero.
        """
        message = sms.Submit(octets)
        reference = self._references[sender] = (self._references.get(sender, 0) + 1) & 0xFF
        seconds = self._date(now)
        report = (sender, reference, seconds) if message.report else None
        validity = self._validity_ms
        if message.validity is not None:
            validity = min(validity, message.validity * 1000)
        if message.number in self._subscribers:
            tpdu = message.deliver(sender, self._stamp(seconds))
            self._store(message.number, tpdu, now, now + validity, report)
        elif report:
            self._report(message.number, report, sms.NOT_OBTAINABLE, now)
        return reference

    def push(self, number, sender, octets, now):
        """Accept a WAP push for a subscriber; returns the number of its short messages. Raises SmsError."""
        if number not in self._subscribers:
            raise sms.SmsError("no subscriber %s" % number)
        self._pushes += 1
        tpdus = sms.push(sender, octets, self._stamp(self._date(now)), self._pushes, self._pushes % 2 == 1)
        for tpdu in tpdus:
            self._store(number, tpdu, now, now + self._validity_ms, None)
        return len(tpdus)

    def text(self, number, sender, words, now):
        """Accept a text of the operator for a subscriber; returns the number of its short messages. Raises SmsError."""
        if number not in self._subscribers:
            raise sms.SmsError("no subscriber %s" % number)
        self._pushes += 1
        tpdus = texts.text(sender, words, self._stamp(self._date(now)), self._pushes)
        for tpdu in tpdus:
            self._store(number, tpdu, now, now + self._validity_ms, None)
        return len(tpdus)

    def delivered(self, key, now):
        """The handset accepted the message."""
        queue, message = self._tried(key)
        queue.messages.remove(message)
        queue.when = now + self._next_ms
        if message.report:
            self._report(message.number, message.report, sms.DELIVERED, now)

    def refused(self, key, now):
        """The handset did not accept the message, since it is off or its SIM full: it is delivered again later."""
        queue, _ = self._tried(key)
        queue.when = now + self._retry_ms

    @property
    def due(self):
        """The milliseconds at which `advance` has something to do, or None."""
        moments = [q.when for q in self._queues.values() if q.messages and not q.busy]
        return min(moments) if moments else None

    def advance(self, now):
        """Try every delivery that is due at `now`."""
        for number in sorted(self._queues):
            queue = self._queues[number]
            if queue.busy or queue.when > now:
                continue
            while queue.messages and queue.messages[0].expires <= now:
                message = queue.messages.pop(0)
                if message.report:
                    self._report(message.number, message.report, sms.EXPIRED, now)
            if queue.messages:
                queue.busy = True
                message = queue.messages[0]
                chances = self.chances(number)
                if chances is not None and chances.fails("sms"):
                    self.delivered(message.key, now)
                    continue
                self._deliver(message.key, message.number, message.tpdu)

    def _store(self, number, tpdu, now, expires, report):
        queue = self._queues.setdefault(number, _Queue())
        if not queue.messages:
            chances = self.chances(number)
            queue.when = now + (self._delay_ms if chances is None else int(chances.delay("sms", self._delay_ms)))
        self._key += 1
        queue.messages.append(_Message(self._key, number, tpdu, expires, report))

    def _tried(self, key):
        for queue in self._queues.values():
            for message in queue.messages[:1]:
                if message.key == key:
                    queue.busy = False
                    return queue, message
        raise KeyError(key)

    def _report(self, number, report, status, now):
        sender, reference, submitted = report
        if sender in self._subscribers:
            stamps = self._stamp(submitted), self._stamp(self._date(now))
            tpdu = sms.status_report(reference, number, *stamps, status)
            self._store(sender, tpdu, now, now + self._validity_ms, None)

    def _date(self, now):
        return self._calendar.date(now)

    def _stamp(self, seconds):
        return sms.stamp(seconds, self._calendar.quarters(seconds))
