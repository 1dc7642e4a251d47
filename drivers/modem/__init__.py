"""Modems: one file for each family, and the rooms that all families share (`family` has the verbs).

A family is a module of this package with `open(pipe, events, power)`, which is a class that extends Family.
"""

from drivers import find


def driver(family):
    """The driver of a family ("sim800"), to be called with a pipe, an Events and, if the board can, its `power`.

    Raises SettingsError with the families that there are.
    """
    return find(__name__, family, "open", "modem.family").open
