"""The world that the lab stands for: reads world.toml into plain attributes.

Machines get plain values out of it, never the file. Delays are in seconds and never zero.
"""

import pathlib
import tomllib

FILE = pathlib.Path(__file__).with_name("world.toml")
_TABLES = ("delays", "modem", "smsc", "mmsc")


class WorldError(Exception):
    """The world's file is wrong: the text names the key."""


class Table:
    """One table of the file: its keys are attributes."""

    def __init__(self, values):
        self.__dict__.update(values)


class World:
    """The world of world.toml.

    `delays`, `modem`, `smsc` and `mmsc` are tables, `operators` and `subscribers` lists of tables;
    `radio` names a row of the radio, `home` the network whose cell everybody is in.
    """

    def __init__(self, values):
        for name in _TABLES:
            setattr(self, name, Table(values[name]))
        self.operators = [Table(row) for row in values["operator"]]
        self.subscribers = [Table(row) for row in values["subscriber"]]
        self.radio, self.home = values["radio"], values["home"]

    def operator(self, mccmnc):
        """The network of that code; raises WorldError."""
        return _find(self.operators, "mccmnc", mccmnc)

    def subscriber(self, name):
        """The subscriber of that name or number; raises WorldError."""
        return _find(self.subscribers, "number" if name.startswith("+") else "name", name)


def _find(rows, key, value):
    for row in rows:
        if getattr(row, key) == value:
            return row
    raise WorldError("no %s %r in this world" % (key, value))


def load(path=None):
    """The world in the file at `path`, or the lab's own; raises WorldError that names the key."""
    try:
        with open(path or FILE, "rb") as file:
            values = tomllib.load(file)
        world = World(values)
    except KeyError as error:
        raise WorldError("%s is missing" % error) from None
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise WorldError(str(error)) from None
    for name, delay in vars(world.delays).items():
        if not isinstance(delay, (int, float)) or delay <= 0:
            raise WorldError("delays.%s is %r: seconds, please, and never zero" % (name, delay))
    return world
