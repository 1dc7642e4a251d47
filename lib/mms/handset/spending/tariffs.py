"""The prices of an operator at a date, out of assets/tariffs.bin; loaded for each look.

tools/tariffs.py has the format of that file.
"""

import struct

from mms.errors import BearerError
from mms.handset import rooms
from mms.limits import const

_NAME = const("assets/tariffs.bin")
_RECORD = const(32)  # octets
_NETWORK = const(4)
_TARIFF = const(">B10sIIbHHHHHBB")
_FIELDS = const(("begins", "ends", "quarters", "fee", "included", "price", "edge", "over", "sending", "receiving"))
_NO_DATE = const("the network has not told the date yet")
_NO_TARIFF = const("there is no tariff of %s for this date")


def find(home, plan, date):
    """The tariff of a subscriber of `home` and of that `plan` at `date` (seconds since 1970, or None): a dict, or None.

    None: the operator is not in the file, or there is no file. `name`, `currency` and `number` are the operator's, and
    `known` tells whether the fields of a tariff are there, too; if not, `why` does. Money is in minor units, `edge` in
    octets (0: none), `included` in messages a month; local time is UTC and so many `quarters` of an hour. Raises
    BearerError for a damaged file.
    """
    try:
        file = rooms.blocks.Blocks(_NAME, "tariffs", _RECORD)
    except BearerError:
        return None
    with file:
        header = file.read(0, _RECORD)
        networks, operators, rows = header[5], header[6], header[7]
        if header[:5] != b"MMST\1":
            raise file.damage()
        first = _RECORD * (1 + (networks + 7) // 8)
        file.octets = first + _RECORD * (operators + rows)
        number = _operator(file, networks, home)
        if number is None:
            return None
        try:
            found = _texts(file.read(first + _RECORD * number, _RECORD))
        except UnicodeError:
            raise file.damage()
        found["known"] = False
        if date is None:
            found["why"] = _NO_DATE
        elif not _tariff(file, first + _RECORD * operators, rows, (number, plan, date), found):
            found["why"] = _NO_TARIFF % found["name"]
        return found


def _operator(file, networks, home):
    """The number of the operator of a network, or None."""
    key = int(home[:3]) * 1000 + int(home[3:]) << 1 | (len(home) == 6)
    for index in range(networks):
        row = file.read(_RECORD + index * _NETWORK, _NETWORK)
        if row[0] << 16 | row[1] << 8 | row[2] == key:
            return row[3]
    return None


def _texts(record):
    pieces = record[:16], record[16:19], record[19:]
    number, currency, name = [bytes(piece).rstrip(b"\0").decode() for piece in pieces]
    return {"number": number, "currency": currency, "name": name}


def _tariff(file, start, rows, wanted, found):
    """Put the fields of the tariff into `found`, that of the plan before that for all; whether there is one."""
    number, plan, date = wanted
    plan = plan.encode()
    for index in range(rows):
        row = struct.unpack(_TARIFF, bytes(file.read(start + index * _RECORD, _RECORD)))
        own = row[1].rstrip(b"\0")
        if row[0] == number and own in (b"", plan) and row[2] <= date < row[3] and (own or not found["known"]):
            found.update(zip(_FIELDS, row[2:]))  # noqa: B905
            found["known"], found["plan"] = True, wanted[1] if own else ""
    return found["known"]
