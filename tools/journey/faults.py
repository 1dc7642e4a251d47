"""The faults of a journey, made on purpose: `make run FAULT=NAME`. Each has to end with one clear line."""

PIN, WRONG_PIN = "1234", "9999"
SERVICE_DENIED = 0xE1  # a Response-Status (OMA-TS-MMS_ENC 7.3.48)


class Fault:
    """`what` happens; `settings(dict)` changes alice's settings, `network(Lab)` the lab once it runs."""

    def __init__(self, what, network=None, settings=None):
        self.what = what
        self.network = network or (lambda network: None)
        self.settings = settings or (lambda settings: None)


def _alice(network):
    return network.modems["alice"].machine


def _locked(network):
    _alice(network).sim.card.pin = PIN


FAULTS = {
    "settings": Fault("a setting that does not exist", settings=lambda settings: settings.update(colour="red")),
    "unplugged": Fault("the modem unplugged", lambda network: network.unplug("alice")),
    "no-sim": Fault("no SIM in the modem", lambda network: _alice(network).remove_sim()),
    "wrong-pin": Fault("a wrong PIN", _locked, lambda settings: settings.update(pin=WRONG_PIN)),
    "no-coverage": Fault(
        "no coverage",
        lambda network: _alice(network).lose_coverage(),
        lambda settings: settings.update(register_seconds=5),
    ),
    "denied": Fault("a network that does not take the SIM", lambda network: _alice(network).deny()),
    "refused": Fault(
        "an MMSC that refuses the message", lambda network: network.mmsc.machine.refuse_the_next(SERVICE_DENIED)
    ),
    "truncated": Fault("a picture that ends early", lambda network: network.cameras["alice"].machine.truncate(5000)),
}
