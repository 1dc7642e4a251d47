"""How much of a battery pictures and idle days take: computed from tools/bound.py and currents of data sheets.

`python -m tools.energy` prints the tables of docs/power.md, `--write` writes them there. Nothing of it was measured.

Model: a picture costs the camera's current from the shutter to its last octet; the modem's current while it transmits
for attach and context (ATTACH seconds) and for the upload that the bound of physics gives; and the board's current for
all of that. The battery has 3.8 V, and no converter's loss is counted. An idle day is 24 hours of the modem in a
network with good coverage and of the board; the board that sleeps is awake for AWAKE of the time, and looks through the
SIM every three minutes, which wakes the modem for LOOK seconds.
"""

import argparse

from tools import bound
from tools.programs import ROOT

FILE = ROOT / "docs/power.md"
ATTACH = 3.0  # seconds of signalling
AWAKE = 0.1 / 5.1  # 100 ms between two naps of 5 s
LOOK, LOOKS = 5.0, 24 * 3600 / 170  # seconds; a day
DAY = 24.0

_MEMORY = "from memory: check it before a design rests on it"
_SIM800 = "SIM800 hardware design, table 49, EGSM900 at full power"
# (part, state): (mA, source)
CURRENTS = {
    ("sim800", "1 slot"): (250, _SIM800),
    ("sim800", "2 slots"): (386, _SIM800),
    ("sim800", "4 slots"): (530, _SIM800),
    ("sim800", "idle"): (17, _SIM800),
    ("sim800", "asleep"): (1.3, _SIM800 + ": 1.0 to 1.6"),
    ("m66", "1 slot"): (220, _MEMORY),
    ("m66", "2 slots"): (360, _MEMORY),
    ("m66", "4 slots"): (500, _MEMORY),
    ("m66", "idle"): (13, _MEMORY),
    ("m66", "asleep"): (1.3, _MEMORY),
    ("sim7600", "lte-1"): (550, _MEMORY),
    ("sim7600", "umts-384"): (500, _MEMORY),
    ("sim7600", "idle"): (20, _MEMORY),
    ("sim7600", "asleep"): (2.0, _MEMORY),
    ("bg95", "lte-m1"): (220, _MEMORY),
    ("bg95", "idle"): (16, _MEMORY),
    ("bg95", "asleep"): (1.7, _MEMORY),
    ("sara", "lte-m1"): (195, _MEMORY),
    ("sara", "idle"): (9, _MEMORY),
    ("sara", "asleep"): (1.0, _MEMORY),
    ("esp32", "awake"): (
        50,
        "ESP32 data sheet, modem sleep at 160 MHz, 27 to 44 mA, and what a board has beside; " + _MEMORY,
    ),
    ("esp32", "asleep"): (
        1.9,
        "ESP32 data sheet, light sleep 0.8 mA (" + _MEMORY + "), and 1.1 mA of a T-Call's power chip",
    ),
    ("rp2040", "awake"): (25, _MEMORY),
    ("camera", "awake"): (75, "VC0706 modules, maker's pages; " + _MEMORY),
}
RADIOS = {
    "sim800": ("gprs-8-cs2", "gprs-10-cs2", "gprs-12-cs2"),
    "m66": ("gprs-8-cs2", "gprs-10-cs2", "gprs-12-cs2"),
    "sim7600": ("umts-384", "lte-1"),
    "bg95": ("lte-m1",),
    "sara": ("lte-m1",),
}
PICTURES = (10000, 30000, 100000)  # octets


def current(part, state):
    """The mA of a part in a state."""
    return CURRENTS[part, state][0]


def sending(family, radio):
    """The mA of a modem that transmits: by the slots up of its GPRS class, or by the radio."""
    if radio.startswith("gprs"):
        _, up = bound.CLASSES[radio.split("-")[1]]
        return current(family, "%d slot%s" % (up, "s" if up > 1 else ""))
    return current(family, radio)


def picture(family, radio, octets, board="esp32"):
    """(seconds, mAh) of one picture from the shutter to the confirmation, over lines of 115200 baud."""
    shot = bound.camera(octets, bound.UART)
    sent = ATTACH + bound.upload(octets, radio, family=family)
    charge = shot * (current("camera", "awake") + current(family, "idle")) + sent * sending(family, radio)
    return shot + sent, (charge + (shot + sent) * current(board, "awake")) / 3600


def day(family, modem_sleeps, board="esp32", board_sleeps=False):
    """mAh of a day without a message."""
    looks = LOOK * LOOKS / 3600
    modem = DAY * current(family, "idle")
    if modem_sleeps:
        modem = (DAY - looks) * current(family, "asleep") + looks * current(family, "idle")
    awake = DAY * AWAKE if board_sleeps else DAY
    return modem + awake * current(board, "awake") + (DAY - awake) * (current(board, "asleep") if board_sleeps else 0)


def tables():
    """The tables, in Markdown."""
    yield "### One picture"
    yield ""
    yield "| modem | radio | " + " | ".join("%d kB" % (octets // 1000) for octets in PICTURES) + " |"
    yield "|---|---|" + "---|" * len(PICTURES)
    for family, radios in RADIOS.items():
        for radio in radios:
            cells = ["%.1f mAh in %.0f s" % picture(family, radio, octets)[::-1] for octets in PICTURES]
            yield "| `%s` | %s | %s |" % (family, radio, " | ".join(cells))
    yield ""
    yield "### One idle day"
    yield ""
    yield "| modem | nothing sleeps | the modem sleeps | the modem and an ESP32 sleep |"
    yield "|---|---|---|---|"
    for family in RADIOS:
        days = day(family, False), day(family, True), day(family, True, board_sleeps=True)
        yield "| `%s` | %s |" % (family, " | ".join("%.0f mAh" % charge for charge in days))
    yield ""
    yield "With an RP2040, which stays awake, a day is %.0f mAh with a `sim800` that sleeps." % day(
        "sim800", True, "rp2040"
    )
    yield ""
    yield "### Currents"
    yield ""
    yield "| part | state | mA | source |"
    yield "|---|---|---|---|"
    for (part, state), (milliamperes, source) in CURRENTS.items():
        yield "| %s | %s | %g | %s |" % (part, state, milliamperes, source)


def document(text):
    """The document with the tables in place of those that it has."""
    begin, end = "<!-- tables -->\n", "<!-- end -->\n"
    before, _, rest = text.partition(begin)
    return before + begin + "\n".join(tables()) + "\n" + end + rest.partition(end)[2]


def main():
    """Print the tables, or write them into the document."""
    parser = argparse.ArgumentParser(prog="python -m tools.energy", description=__doc__)
    parser.add_argument("--write", action="store_true", help="write them into docs/power.md")
    if parser.parse_args().write:
        FILE.write_text(document(FILE.read_text("utf-8")), "utf-8")
    else:
        print("\n".join(tables()))


if __name__ == "__main__":
    main()
