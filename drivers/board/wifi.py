"""A board's Wi-Fi: the network of the settings, or an access point while the button is held at the start.

It is for the page, and loaded only where the settings have one. The modem starts first and Wi-Fi some seconds later,
since both at their full power break down a weak supply. Facts are from MicroPython's documentation of `network`; none
of it was tried on hardware.
"""

import asyncio

from mms import clock
from mms.errors import LinkError
from mms.limits import const

_LATER_MS = const(5000)  # after the modem is ready
_LOOK_MS = const(500)
_JOIN_MS = const(30000)
_REST_MS = const(60000)  # between two attempts, and two looks whether the network is still there
_WPA2 = const(3)  # of an esp32 whose firmware is too old for a name
_KEY = const(8)  # characters that WPA2 wants at least


def is_held(button):
    """Whether the button of a board, as its module has it, is pressed."""
    from machine import Pin

    pull = Pin.PULL_DOWN if button["pressed"] else Pin.PULL_UP
    return Pin(button["pin"], Pin.IN, pull).value() == button["pressed"]


def begin(board, settings, events):
    """Open the access point at once where the button of the module `board` is held, or else join the network later."""
    try:
        import network
    except ImportError:
        if "wifi" in settings:
            events.fail(LinkError("wifi", None, "this board has none"), id=None, final=False)
        return
    button = getattr(board, "BUTTON", None)
    if button and is_held(button):
        _open(network.WLAN, settings["page"], events)
    elif "wifi" in settings:
        wanted, tasks = settings["wifi"], []

        def hear(event):
            if event["event"] == "ready" and not tasks:
                story = _stay(network.WLAN, wanted["name"], wanted.get("password", ""), events)
                tasks.append(asyncio.create_task(story))

        events.listen(hear)


def _open(WLAN, page, events):
    """Open the access point, whose key is the password of the page."""
    key = page.get("password", "")
    if len(key) < _KEY or page.get("host") != "0.0.0.0":
        error = LinkError("wifi", None, "an access point needs page.host 0.0.0.0 and page.password of %d" % _KEY)
        return events.fail(error, id=None, final=False)
    import machine

    name = "handset-" + "".join("%02x" % octet for octet in machine.unique_id()[-2:])
    point = WLAN(WLAN.IF_AP)
    security = getattr(WLAN, "SEC_WPA2", getattr(WLAN, "SEC_WPA_WPA2", _WPA2))  # the second is an rp2's
    point.config(ssid=name, key=key, security=security)  # before it opens, so that it is never open to all
    point.active(True)
    events.say("wifi", network=name, address=point.ifconfig()[0])


async def _stay(WLAN, name, password, events):
    """Join a network, and again whenever it was lost."""
    await clock.sleep(_LATER_MS)
    station, told = WLAN(WLAN.IF_STA), None
    station.active(True)
    while True:
        if not station.isconnected():
            station.connect(name, password)
            start = clock.ticks()
            while not station.isconnected() and clock.since(start) < _JOIN_MS:
                await clock.sleep(_LOOK_MS)
        address = station.ifconfig()[0] if station.isconnected() else ""
        if not address and told != "":
            events.fail(LinkError("wifi", station.status(), "%s cannot be joined" % name), id=None, final=False)
        elif address and address != told:
            events.say("wifi", network=name, address=address)
        told = address
        await clock.sleep(_REST_MS)
