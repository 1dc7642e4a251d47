"""A board's Wi-Fi, on stand-ins for `network` and `machine`: a network after the modem, an access point by a button."""

import asyncio
import json
import os
import sys

from drivers import board
from mms import clock
from mms.errors import SettingsError, UsageError
from mms.events import Events
from mms.handset import rooms, settings
from mms.handset.console import commands
from tests.kit.checks import raises
from tests.kit.drivers.boards import AsOnABoard, Machine, Pin
from tools.sim import ticks

PASSWORD = "open sesame"
PAGE = {"port": 80, "host": "0.0.0.0", "password": PASSWORD}
HOME = {"name": "Home", "password": "it is a secret"}


class Wlan:
    """network.WLAN, as its documentation has it; `net` is the state of all that are made."""

    IF_STA, IF_AP = 0, 1
    SEC_WPA2 = 3

    def __init__(self, interface):
        self._net = Wlan.net
        self._net["interface"] = interface

    def active(self, on):
        self._net["active"] = on

    def config(self, *, ssid, key, security):
        assert not self._net.get("active"), "for a moment it would be open to all"
        self._net["config"] = ssid, key, security

    def connect(self, name, key):
        assert self._net["active"]
        self._net["tried"].append((self._net["world"].now if self._net["world"] else 0, name, key))

    def isconnected(self):
        return bool(self._net["tried"]) and self._net["there"](self._net["world"].now)

    def status(self):
        return 201

    def ifconfig(self):
        return ("192.168.4.1" if self._net["interface"] else "10.0.0.7"), "255.255.255.0", "", ""


class Network:
    """The module itself."""

    WLAN = Wlan


class WithPins(Machine):
    """`machine` with a button at pin 14 that is held, or not."""

    class Pin(Pin):
        PULL_UP, PULL_DOWN = 1, 2
        held = False

        def value(self, level=None):
            return 0 if self.id == 14 and WithPins.Pin.held else 1

    @staticmethod
    def unique_id():
        return b"\x24\x0a\xc4\xbe\xef\x01"


class World:
    """Nothing happens by itself."""

    wraps_at = 1 << 29

    def __init__(self):
        self.now = 0

    def next(self):
        return None

    def date(self):
        return 0

    def stray(self, error):
        pass


def begun(wanted, there=lambda now: True, held=False, ms=0, network=Network):
    """(events, what Wi-Fi was told) of a T-Call with those settings, `ms` after its modem is ready."""
    world, told, events = World(), [], Events()
    events.listen(lambda event: told.append(dict(event)))
    Wlan.net = {"tried": [], "there": there, "world": world}
    WithPins.Pin.held = held

    async def story():
        with AsOnABoard("esp32", WithPins):
            if network:
                sys.modules["network"] = network
            try:
                board.open("lilygo_tcall", settings.check(wanted), events)
                await clock.sleep(1000)
                events.say("ready")
                await clock.sleep(ms)
            finally:
                sys.modules.pop("network", None)

    ticks.run(world, story())
    return [event for event in told if event["event"] in ("wifi", "failed")], Wlan.net


def test_a_network_is_joined_five_seconds_after_the_modem_is_ready_and_again_when_it_was_lost():
    told, net = begun({"wifi": HOME, "page": PAGE}, lambda now: not 20000 < now < 70000, ms=200000)
    assert net["tried"][0] == (6000, "Home", HOME["password"]) and len(net["tried"]) == 2
    assert [(event["event"], event["address"]) for event in told] == [("wifi", "10.0.0.7")]


def test_a_network_that_cannot_be_joined_is_told_once_with_advice_and_tried_again():
    told, net = begun({"wifi": HOME, "page": PAGE}, lambda now: now > 150000, ms=300000)
    assert [event["event"] for event in told] == ["failed", "wifi"] and len(net["tried"]) == 2
    assert "Home cannot be joined (201)" in told[0]["text"] and "wifi.password" in told[0]["advice"]
    assert HOME["password"] not in str(told)


def test_an_access_point_opens_only_while_the_button_is_held_and_its_key_is_the_password_of_the_page():
    told, net = begun({"page": PAGE}, held=True)
    assert net["config"] == ("handset-ef01", PASSWORD, 3) and net["interface"] == Wlan.IF_AP and net["active"]
    assert told[0]["address"] == "192.168.4.1" and PASSWORD not in str(told)
    for wanted, held in (
        ({"page": PAGE}, False),
        ({}, True),
        ({"wifi": HOME}, True),
    ):  # without a page there is no Wi-Fi
        told, net = begun(wanted, held=held)
        assert "config" not in net and told == []
    told, net = begun({"page": {"port": 80}}, held=True)
    assert "config" not in net and "an access point needs" in told[0]["text"]


def test_a_board_without_wi_fi_says_so():
    told, _ = begun({"wifi": HOME, "page": PAGE}, network=None)
    assert "this board has none" in told[0]["text"]


def test_settings_of_wi_fi_and_of_a_page_for_others_are_checked():
    for wrong, key in (
        ({"wifi": {"name": "n" * 33}}, "wifi.name"),
        ({"wifi": {"password": 7}}, "wifi.password"),
        ({"page": {"host": "0.0.0.0", "password": "short"}}, "page.password"),
        ({"page": {"host": "0.0.0.0"}}, "page.password"),
        ({"page": {"port": 0}}, "page.port"),
    ):
        assert raises(SettingsError, settings.check, wrong).key == key


class Handset:
    """As much of a handset as the command needs: its settings, from a file."""

    def __init__(self, path):
        with open(path, "w") as file:
            file.write('{"store": "store"}')
        self.settings = {"file": path}

    def join(self, **wanted):
        return asyncio.run(rooms.verbs.do_wifi(self, dict(wanted, do="wifi")))


def test_the_console_writes_a_network_into_the_settings_of_a_board_that_has_wi_fi():
    handset = Handset("build/wifi-%s.json" % sys.implementation.name)
    raises(UsageError, handset.join, network="Home")
    sys.modules["network"] = Network
    try:
        for wrong in ({}, {"network": ""}, {"network": "n" * 33}, {"network": "Home", "password": 7}):
            raises(UsageError, handset.join, **wrong)
        assert handset.join(network="Home", password="secret") == {"network": "Home"}
    finally:
        sys.modules.pop("network")
    with open(handset.settings["file"]) as file:
        told = json.loads(file.read())
    os.remove(handset.settings["file"])
    assert told == {"store": "store", "wifi": {"name": "Home", "password": "secret"}}
    assert commands.parse("wifi Home secret") == {"do": "wifi", "network": "Home", "password": "secret"}
