"""The contents of a push without a message: a link to show, or settings. Runs on MicroPython, too."""

from collections import OrderedDict

from mms.codec import links, provisioning

_LINK = ("kind", "href", "text", "action", "created", "expires", "id")


def explain(octets, media, told):
    """Add what the body of a push of that media type says to `told`, if it is known; raises PduError."""
    if media in links.TEXTUAL or media in links.BINARY:
        link = links.parse(octets, media)
        told["link"] = OrderedDict([(name, getattr(link, name)) for name in _LINK])
    elif media in (provisioning.BINARY, provisioning.TEXTUAL):
        found = provisioning.parse(octets, media)
        told["characteristics"] = [_characteristic(one) for one in found]
        proposal = provisioning.proposal(found)
        told["proposal"] = OrderedDict([(name, proposal[name]) for name in sorted(proposal)])


def _characteristic(characteristic):
    type, settings, inside = characteristic
    return OrderedDict(
        [
            ("type", type),
            ("parameters", [OrderedDict([("name", name), ("value", value)]) for name, value in settings]),
            ("characteristics", [_characteristic(one) for one in inside]),
        ]
    )
