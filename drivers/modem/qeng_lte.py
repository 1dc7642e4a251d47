"""The cells that a Quectel modem for LTE hears: AT+QENG (BG96 AT Commands Manual V2.1, logs); loaded when asked for.

Of a neighbour for LTE its physical cell identity and its level are told, and neither network nor area; the serving cell
is among them, and left out here.
"""

from drivers.modem.lines import HEXADECIMAL, consists, fields

COMMANDS = (  # see dialogue.py
    '\ncells|register|AT+QENG="servingcell"|5|1|+QENG:|OK\nneighbours|register|AT+QENG="neighbourcell"|5|1|+QENG:|OK\n'
)

# Places of MCC, MNC, area, cell and level behind the name of the radio technology
_LONG = (2, 3, 10, 4, 11)
_SERVING = {"LTE": _LONG, "CAT-M": _LONG, "CAT-NB": _LONG, "eMTC": _LONG, "NBIoT": _LONG}
_SERVING["GSM"] = _SERVING["WCDMA"] = (1, 2, 3, 4, 8)
_NEIGHBOUR = {"GSM": (1, 2, 3, 4, 7)}
_CHANNEL, _IDENTITY = 6, 5  # of the serving cell for LTE: channel and physical cell identity
_LTE = 1, 2, 4  # of a neighbour: channel, physical cell identity, level


async def read(modem):
    """[(mccmnc, area, cell, dBm)], the serving one first, None for what is not told; raises Coverage."""
    cells, own = [], None
    for line in await modem.ask("cells"):
        cells += _parse(fields(line), _SERVING)
        own = _identify(fields(line)) or own
    for line in await modem.ask_optional("neighbours"):
        cells += _parse(fields(line), _NEIGHBOUR, own)
    return cells


def _identify(values):
    """(channel, physical cell identity) of the serving cell for LTE, else None."""
    for at, value in enumerate(values[:3]):
        if _SERVING.get(value) == _LONG:
            return _at(values, at + _CHANNEL), _at(values, at + _IDENTITY)
    return None


def _parse(values, places, own=None):
    """[the cell] of the values of a line, none where it tells none; own: what `_identify` says of the serving one."""
    for at, value in enumerate(values[:3]):
        if value in places:
            found = [_at(values, at + place) for place in places[value]]
            mcc, mnc, area, cell = found[:4]
            whole = mcc.isdigit() and len(mcc) == 3 and mnc.isdigit() and consists(area + cell, HEXADECIMAL)
            return [(mcc + mnc, area.upper(), cell.upper(), _level(found[4]))] if whole and area and cell else []
        if value == "LTE":
            channel, identity, level = [_at(values, at + place) for place in _LTE]
            told = identity.isdigit() and (channel, identity) != own
            return [(None, None, "PCI " + identity, _level(level))] if told else []
    return []


def _at(values, place):
    return values[place] if place < len(values) else ""


def _level(text):
    return int(text) if text[:1] == "-" and text[1:].isdigit() else None
