"""The networks on the air, as AT+COPS=? tells them (3GPP TS 27.007, 7.3); loaded when somebody looks."""

from drivers.modem.digester import fields

_STATUS = {"(0": "unknown", "(1": "available", "(2": "current", "(3": "forbidden"}


def parse(lines):
    """[(MCC and MNC, name, status)] in the lines of a reply."""
    found = []
    for line in lines:
        values = fields(line)
        for index, value in enumerate(values[:-3]):
            mccmnc = values[index + 3].strip(")")
            if value in _STATUS and mccmnc.isdigit():
                found.append((mccmnc, values[index + 1], _STATUS[value]))
    return found
