"""Modems: the dialogue (`at`), what all families share (`base`), and one file per family."""


def open(family, pipe, events, power=None):
    """The modem of a family ("sim800") on a pipe; power: what switches it off and on, if the board can."""
    from mms.errors import SettingsError

    if family == "sim800":
        from drivers.modem.sim800 import Sim800

        return Sim800(pipe, events, power)
    raise SettingsError("modem.family", "no driver for %s" % family)
