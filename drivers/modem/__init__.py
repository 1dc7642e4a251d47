"""Modems: one file for each family, and the rooms that all families share (`family` has the verbs).

A family is a module of this package with `open(pipe, events, power)`, which is a class that extends Family.
"""

from drivers import find


def open(family, pipe, events, power=None):
    """The modem of a family ("sim800") on a pipe; power: switches it off and on, if the board can.

    Raises SettingsError with the families that there are.
    """
    return find(__name__, family, "open", "modem.family").open(pipe, events, power)
