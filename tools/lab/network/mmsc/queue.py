"""The queue of an MMSC: messages, and deliveries that are due (the half of the Relay that does not know MM1)."""

from collections import OrderedDict

from mms.codec import mm1
from tools.lab.network.mmsc import ports, reports, retrievals, services
from tools.lab.network.mmsc.deliveries import WORDS, Delivery, Message
from tools.lab.network.mmsc.deviations import Deviations
from tools.lab.network.mmsc.store import Memory
from tools.lab.network.mmsc.submissions import sha256

LATEST = "latest"  # room and key of the date of the last message that was accepted
_KEPT_S = 30 * 86400  # a message that is delivered waits for read reports so long
_GRACE_MS = 600000  # for which a report may come after the message has expired on the next side


class Queue:
    """The messages of a relay and the deliveries of each, in memory while they are due and in its store."""

    def __init__(self, journal, bodies, store, calendar, seed, delay_ms, renotify_ms):
        self._journal, self.bodies, self.calendar = journal, bodies, calendar
        self._seed, self._delay_ms, self.renotify_ms = seed, delay_ms, renotify_ms
        self.store = Memory() if store is None else store
        self.ports, self.route = {}, lambda sender, recipient, now, octets=0: ""
        self.charging = self.fit = None
        self.work = lambda function, done, now: done(function(), now)
        self._deliveries = OrderedDict()  # MicroPython forgets the order of others
        self._count = 0
        self._met = []
        self.deviations = Deviations(self._met.append)

    def resume(self, now):
        """Go on with what the store has: deliveries of ports are given to them again."""
        messages, rows = {}, self.store.all("delivery")
        for key, row in rows.items():
            name = row["message"]
            messages[name] = messages.get(name) or self.message(name)
            delivery = Delivery.of(key, messages[name], row, self.calendar.epoch * 1000)
            self._deliveries[key] = delivery
            if delivery.when is not None:  # the date may have been set since, or have begun anew
                delivery.when = min(delivery.when, now + self._wait(delivery))
            if delivery.port and delivery.when is None and not delivery.handed:
                delivery.when = now
        if self.charging:
            self.charging.recover(lambda key: self.store.get("message", key) is not None)
        oldest = self.date(now) - _KEPT_S
        for key, row in self.store.all("message").items():
            if row["date"] < oldest and key not in messages:
                self.store.drop("message", key)

    def _wait(self, delivery):
        """The milliseconds until a delivery is due for the first time, or again."""
        if delivery.attempts:
            return self.renotify_ms
        return max(self._delay_ms, services.delay_ms(delivery.message))

    @property
    def due(self):
        """The milliseconds at which `advance` has something to do, or None."""
        moments = [_next(delivery) for delivery in self._deliveries.values()]
        return min(moments) if moments else None

    def advance(self, now):
        """Send every notification that is due at `now`, and give up what expired."""
        for delivery in list(self._deliveries.values()):
            with self.store:
                if _end_of(delivery) <= now:
                    self.end(delivery, ports.INDETERMINATE if delivery.handed else mm1.EXPIRED, now)
                elif delivery.when is not None and delivery.when <= now:
                    self.due_now(delivery, now)

    def due_now(self, delivery, now):
        """Do for a delivery what is to be done next."""
        if delivery.port:
            ports.forward(self, delivery, now)
        elif self.fit and not delivery.fitted:
            ports.adapt(self, delivery, now)
        else:
            retrievals.measure(self, delivery)
            retrievals.notify(self, delivery, now)

    def refit(self, number, now):
        """Let messages that wait for a subscriber be made to fit again before they are next announced.

        Its handset is another one than before. One that is being retrieved is gone by then.
        """
        for delivery in list(self._deliveries.values()):
            if delivery.recipient == number and delivery.fitted and not delivery.port:
                delivery.fitted = False
                if delivery.when is None:
                    delivery.when = now + self.renotify_ms
                self.keep(delivery)

    def take(self, message, expires, now):
        """Queue a message for all its recipients."""
        self.store.put("message", message.key, message.row())
        self.store.put(LATEST, LATEST, {"date": self.date(now)})
        for recipient in message.recipients:
            delivery = Delivery(self.key(), message, recipient, None, expires)
            delivery.when = now + self._wait(delivery)
            retrievals.measure(self, delivery)
            port = ports.way(self, message, recipient, delivery.octets, now)
            if port:
                self.send_by(delivery, port)
            self._deliveries[delivery.key] = delivery
            self.keep(delivery)
            self.transferred("MMR4F", delivery, message.port, now)
            if port == "":
                self.end(delivery, ports.INDETERMINATE, now, word="Unrecognised")

    def send_by(self, delivery, port):
        """Let a delivery go by a port; its key begins with the message's, so that late reports find that."""
        self._deliveries.pop(delivery.key, None)
        self.store.drop("delivery", delivery.key)
        message = delivery.message
        delivery.key = "%s-%d" % (message.key, message.recipients.index(delivery.recipient))
        delivery.port = port
        self._deliveries[delivery.key] = delivery

    def keep(self, delivery):
        """Note in the store how far a delivery has come."""
        self.store.put("delivery", delivery.key, delivery.row(self.calendar.epoch * 1000))

    def end(self, delivery, status, now, report_allowed=True, word=None):
        """End the delivery to one recipient with a Status, and a report to the sender if one was asked for.

        `word` of TS 23.140 is for charging, where it knows more than the Status tells.
        """
        message = delivery.message
        event = "delivered" if status == mm1.RETRIEVED else "undelivered"
        if not delivery.had and not delivery.port:
            retrievals.note(delivery.had, retrievals.unserved(self, delivery))
        self.log(event, now, message_id=message.key, recipient=delivery.recipient, tid=delivery.key,
                 status=status, had=delivery.had, served=delivery.served)  # fmt: skip
        self.close(delivery, word or WORDS.get(status, "Indeterminate"), now)
        if self.charging and event == "delivered" and not delivery.port:
            octets = delivery.had[-1][0]
            sender = "" if message.hidden else message.sender
            self.charging.retrieved(message.key, sender, delivery.recipient, octets, self.date(now))
        if message.report and report_allowed:
            reports.delivered(self, delivery, status, now)

    def close(self, delivery, word, now):
        """Take a delivery out of the queue, and tell charging what became of it."""
        self._deliveries.pop(delivery.key)
        self.store.drop("delivery", delivery.key)
        if delivery.own:
            del self.bodies[delivery.key]
        if self.charging and delivery.message.charged:
            self.charging.ended(delivery.message.key, delivery.recipient, word, self.date(now))

    def message(self, key):
        """The message of that id, or None; it may be delivered already."""
        row = self.store.get("message", key)
        return row and Message.of(key, row)

    def envelope(self, delivery):
        """The Envelope of a delivery, with the content as it was submitted."""
        message = delivery.message
        return message.envelope(self.bodies[message.key], self.date(delivery.expires))

    def content(self, delivery):
        """The octets of a delivery from the Content-Type on: as submitted, or as made to fit for its recipient."""
        return self.bodies[delivery.key if delivery.own else delivery.message.key]

    def find(self, key):
        """The delivery of that key, or None."""
        return self._deliveries.get(key)

    def date(self, now):
        """Seconds since 1970."""
        return self.calendar.date(now)

    def charge(self, message, octets, tid, media, expires, now):
        """Let charging reserve what a message costs, and charge that once the message is durable. Raises Refused.

        `octets` of the M-Send.req, `expires` in milliseconds of the relay.
        """
        if self.charging is None:
            return
        key, fields = message.key, {"media": media, "message_class": message.message_class, "report": message.report}
        fields["expires"] = self.date(expires)
        if not self.charging.accept(message.sender, message.recipients, octets, self.date(now), key, tid, **fields):
            self.log("repeated", now, sender=message.sender, message_id=key, tid=tid)  # delivered, and not charged
        message.charged = True
        self.store.after(lambda: self.charging.confirm(key))

    def transferred(self, record, delivery, port, now):
        """Let charging keep a record of a delivery, where its port leads to another MMSC (TS 32.298)."""
        message = delivery.message
        if self.charging and port == "mm4":
            ends = message.sender, delivery.recipient
            self.charging.transferred(record, message.key, *ends, delivery.octets, self.date(now))

    def count(self):
        """The next number of those that this MMSC gives."""
        self._count += 1
        return self._count

    def key(self):
        """An id that cannot be guessed without the seed."""
        return sha256(self._seed + b" %d" % self.count())[:24]

    def log(self, event, now, **entry):
        """Tell the journal of an event."""
        entry["event"], entry["ms"], entry["date"] = event, now, self.date(now)
        if self._met:
            entry["deviations"] = list(self._met)
            self._met.clear()
        self._journal(entry)


def _end_of(delivery):
    return delivery.expires + _GRACE_MS if delivery.handed else delivery.expires


def _next(delivery):
    if delivery.when is None:
        return _end_of(delivery)
    return min(delivery.when, _end_of(delivery))
