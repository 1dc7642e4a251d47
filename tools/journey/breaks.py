"""Ways to break the lab on purpose: `make run BREAK=NAME`. Each has to end with one clear line that says what to do."""

PIN, WRONG_PIN = "1234", "9999"
SERVICE_DENIED = 0xE1  # a Response-Status (OMA-TS-MMS_ENC 7.3.48)
NO_DATA = "turkey"  # the home network agreed on voice and texts there, but not on GPRS
STRANGER = "WP7502"  # a model that no driver knows
ABROAD, COUNTRY = "germany", "262"
CLOSED = "127.0.0.1:9"  # nothing listens there


class Break:
    """`what` happens; `settings(dict)` changes alice's settings, `network(Lab)` the lab once it runs."""

    def __init__(self, what, network=None, settings=None):
        self.what = what
        self.network = network or (lambda network: None)
        self.settings = settings or (lambda settings: None)


def _alice(network):
    return network.modems["alice"].machine


def _locked(network):
    _alice(network).sim.card.pin = PIN


def _unknown(network):
    for name in ("I", "+CGMM"):
        _alice(network).terminal.commands[name] = lambda kind, text: [STRANGER]


def _soon(settings):
    settings.update(register_seconds=5)


def _wrong_apn(settings):
    for operator in settings["operators"].values():
        operator["apn"] = "internet"


def _no_gateway(network):
    routes = network.modems["alice"].routes
    for name in routes:
        routes[name] = CLOSED


def _no_mmsc(network):
    for name in network.gateway.hosts:
        network.gateway.hosts[name] = CLOSED


def _small_mmsc(network):
    network.mmsc.machine.octets = 5000


def _weak_supply(network):
    _alice(network).weak_supply = True


BREAKS = {
    "settings": Break("a setting that does not exist", settings=lambda settings: settings.update(colour="red")),
    "unplugged": Break("the modem unplugged", lambda network: network.unplug("alice")),
    "module": Break("a modem of a family that nobody has written", _unknown),
    "sim": Break("no SIM in the modem", lambda network: _alice(network).remove_sim()),
    "pin": Break("a wrong PIN", _locked, lambda settings: settings.update(pin=WRONG_PIN)),
    "coverage": Break("no coverage", lambda network: network.places.change("alice", {"coverage": False}), _soon),
    "denied": Break("a network that does not take the SIM", lambda network: _alice(network).deny()),
    "roaming": Break(
        "alice in a country without an agreement for GPRS",
        lambda network: network.places.change("alice", {"country": NO_DATA}),
    ),
    "forbidden": Break(
        "alice in a country whose networks her settings forbid",
        lambda network: network.places.change("alice", {"country": ABROAD}),
        lambda settings: settings.update(roaming={"forbidden": [COUNTRY]}),
    ),
    "apn": Break("an APN that the network does not know", settings=_wrong_apn),
    "proxy": Break("no gateway where the settings have one", _no_gateway),
    "mmsc": Break("no MMSC behind the gateway", _no_mmsc),
    "power": Break("a supply that gives way when the modem sends", _weak_supply),
    "size": Break("an MMSC that takes 5,000 octets at most", _small_mmsc),
    "refused": Break(
        "an MMSC that refuses the message", lambda network: network.mmsc.machine.refuse_the_next(SERVICE_DENIED)
    ),
    "truncated": Break(
        "pictures that end early", lambda network: network.cameras["alice"].machine.truncate(5000, frames=3)
    ),
}
