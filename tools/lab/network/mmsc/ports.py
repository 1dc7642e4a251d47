"""Ports of a relay: a port is a way out of this MMSC, and in, beside MM1.

A port is an object with the methods of Port. Its name is its key in `relay.ports`, and that of its room in the relay's
store.
"""

from mms.codec import mm1
from mms.errors import PduError
from tools.lab.network.mmsc import deliveries
from tools.lab.network.mmsc.deliveries import STATUSES
from tools.lab.network.mmsc.submissions import CORRUPT, DENIED, NOT_ACCEPTED, UNRESOLVED, Refused, sha256

PAGE = "page"  # the port that sends a text with a link
OUTSIDE = ("mm4", "mm3")  # a message that comes in by one of them goes out by none of them
_OWN = ("portal",)  # ports of paying subscribers of this MMSC
_HOPS = 8  # MMSCs and forwards behind a message that is still taken
INDETERMINATE = STATUSES["Indeterminate"]


class Port:
    """The methods of a port. `relay.store` keeps its own state: its room is its name.

    A call of `forward` comes when the delivery is durable, and again with the same key after a restart; the other
    calls come within a change of the store: rows that they put are durable together with the relay's own.
    """

    def forward(self, key, envelope, recipient, now):
        """Take one delivery to one recipient."""
        raise NotImplementedError

    def report(self, reply, recipient, status, now):
        """Take a delivery report, `status` in words of TS 23.140, about a message that came in with `reply`."""
        raise NotImplementedError

    def read_report(self, reply, recipient, status, now):
        """Take a read report: "Read" or "Deleted without being read"."""
        raise NotImplementedError


def accept(relay, envelope, recipients, port, reply, now):
    """As Relay.accept."""
    from tools.lab.network.mmsc import contents  # MicroPython, which the soak runs, has no dataclasses

    key = relay.key()
    if envelope.hops > _HOPS:
        raise Refused(DENIED, "Over %d MMSCs behind it" % _HOPS)
    if len(envelope.content) > relay.octets:
        raise Refused(NOT_ACCEPTED, "Message of over %d octets" % relay.octets)
    try:
        content = contents.unpack(envelope.content)
    except PduError as error:
        raise Refused(CORRUPT, str(error))
    head = deliveries.head(envelope, key)
    octets = len(head) + len(envelope.content)
    message = deliveries.Message(
        key, envelope.sender, head, envelope.date or relay.date(now), list(recipients), port, reply, hops=envelope.hops
    )
    unknown = [one for one in recipients if way(relay, message, one, octets, now) == ""]
    if not recipients or unknown:
        raise Refused(UNRESOLVED, "Nobody here has %s" % ", ".join(unknown or ["no address"]))
    expires = now + relay.validity_ms
    if envelope.expires:
        expires = min(expires, (envelope.expires - relay.date(0)) * 1000)
    with relay.store:
        if port in _OWN:
            relay.charge(message, octets, key, content.media, expires, now)
        relay.bodies[key] = envelope.content
        relay.log("accepted", now, sender=envelope.sender, to=list(recipients), message_id=key, port=port,
                  octets=octets, of=envelope.key, parts=[_entry(part) for part in content.parts])  # fmt: skip
        relay.take(message, expires, now)
    return key


def _entry(part):
    return {"media": part.media, "octets": len(part.octets), "sha256": sha256(part.octets)}


def way(relay, message, recipient, octets, now):
    """The name of the port to a recipient, None for MM1, or "" where there is no way."""
    port = relay.route(message.sender, recipient, now, octets)
    if port and (port not in relay.ports or port in OUTSIDE and message.port in OUTSIDE):
        return ""
    return port


def forward(relay, delivery, now):
    """Give a delivery to its port, as soon as that is durable."""
    delivery.when = None
    delivery.attempts += 1
    relay.keep(delivery)
    relay.log("passed", now, message_id=delivery.message.key, recipient=delivery.recipient,
              tid=delivery.key, port=delivery.port, attempt=delivery.attempts)  # fmt: skip
    relay.transferred("MMO4FRq", delivery, delivery.port, now)
    envelope = relay.envelope(delivery)
    port = relay.ports[delivery.port]
    relay.store.after(lambda: port.forward(delivery.key, envelope, delivery.recipient, now))


def handed(relay, delivery, now):
    """The next side has the message for good: the delivery ends, or waits for the report that was asked for."""
    waits = bool(delivery.message.report)
    delivery.handed = True
    relay.keep(delivery)
    relay.log("handed", now, message_id=delivery.message.key, recipient=delivery.recipient,
              tid=delivery.key, port=delivery.port, waits=waits)  # fmt: skip
    relay.transferred("MMO4FRs", delivery, delivery.port, now)
    if not waits:
        relay.close(delivery, "Forwarded", now)


def answered(relay, delivery, status, now):
    """A report of the next side on a delivery, in words of TS 23.140."""
    known = [code for word, code in STATUSES.items() if word.lower() == status.lower()]
    code = known[0] if known else INDETERMINATE
    if code == mm1.DEFERRED:
        relay.log("deferred", now, message_id=delivery.message.key, recipient=delivery.recipient, tid=delivery.key)
        return
    relay.transferred("MMO4D", delivery, delivery.port, now)
    relay.end(delivery, code, now)


def adapt(relay, delivery, now):
    """Let `relay.fit` make the message fit for its recipient, beside the loop; `_fitted` goes on."""
    delivery.when = None  # in the store it is still due
    envelope, fit = relay.envelope(delivery), relay.fit
    relay.work(
        lambda: fit(delivery.recipient, envelope),
        lambda octets, then: _fitted(relay, delivery.key, octets, then),
        now,
    )


def _fitted(relay, key, octets, now):
    delivery = relay.find(key)
    if delivery is None:
        return
    delivery.fitted, message = True, delivery.message
    with relay.store:
        delivery.when = now
        if octets is None and PAGE in relay.ports:
            relay.log("unfit", now, message_id=message.key, recipient=delivery.recipient, tid=key)
            relay.send_by(delivery, PAGE)
        elif octets is not None:
            _adapt_to(relay, delivery, octets, now)
        relay.due_now(delivery, now)


def _adapt_to(relay, delivery, octets, now):
    """Keep the content that fits a delivery's recipient, where that is another one than the message's."""
    message, own = delivery.message, delivery.own
    delivery.own = octets != relay.bodies[message.key]
    if delivery.own:
        relay.bodies[delivery.key] = octets
        relay.log("adapted", now, message_id=message.key, recipient=delivery.recipient, tid=delivery.key,
                  octets=len(octets))  # fmt: skip
    elif own:
        del relay.bodies[delivery.key]
