"""Writes docs/boards.md and a drawing for each board, from the files in drivers/board."""

import re

from tools.board import boards
from tools.check import drawing
from tools.programs import ROOT

FILE = ROOT / "docs/boards.md"
FOLDER = ROOT / "docs/boards"
_HEAD = """# Boards
What each board has, and what is wired to it, made from `drivers/board/` by `python -m tools.check.boards`. `"board"` in
the settings names one: [settings.md](settings.md). Another board is one new file: [porting.md](porting.md).

**No board of metal has been tried.** Pins and power sequences are their makers'; the sources stand with each board.

| board | `"board"` in the settings | modem | camera | Wi-Fi |
|---|---|---|---|---|
%s
## Power
A modem of GSM takes 2 A in bursts of half a millisecond. Thin wires, a breadboard or a USB port let its supply drop
then, and the modem restarts in the middle of a picture. The handset says so in one line, with what the modem said, and
starts it again; `make run BREAK=power` shows that. What helps, in this order:

- a capacitor of 470 to 1000 uF with low resistance right at the supply pins of the modem,
- short and thick wires, soldered,
- a lithium cell or a supply of its own of 2 A,
- no Wi-Fi while the modem sends.

The reset of the board itself is told as a brown-out only by firmwares that know the difference: stock ones say that the
power was switched on.

## Pins that cannot work
`python -m tools.board.boards` looks through the file of each board, and the handset looks at the camera's pins where
the settings name some. Refused, each with its reason: on an ESP32 the pins of flash (6 to 11) and PSRAM (16, 17), those
that can only be read (34 to 39) where something is to be written, and those that decide how the chip starts (0, 2, 12,
15) where another chip would hold them; on an RP2040 those that a UART or an I2C does not have.
"""
_SECTION = """
## {title}
`"board": "{name}"`. {about}

![{alt}](boards/{name}.svg)

{wires}{has}
- Power: {warning}
- MicroPython: {firmware}.
- Tried: nothing on hardware.
- Sources: {sources}.
"""
_PARTS = {
    "modem": "SIM800L module",
    "camera": "VC0706 camera",
    "display": "SSD1306 display",
    "button": "button",
    "programmer": "USB to serial, 3.3 V",
}
_NOTES = {"modem": ("VCC: a supply of its own,", "4 V, 2 A, with 1000 uF beside it")}
_CAMERA = ("xclk", "pclk", "vsync", "href", "siod", "sioc", "pwdn")


def _title(board):
    """The name of a board for people."""
    return re.split(r": | with ", board.__doc__)[0]


def _modem(board):
    """The modem that a board has or is wired to."""
    return re.search(r"SIM800L|SIM7600|A7670(?!X)", board.__doc__)[0]


def _pins(pairs):
    return ", ".join("%s %s" % pair for pair in pairs if pair[1] is not None)


def _chips(board):
    """[(name, lines)] of what a board has itself, and its pins."""
    found, modem, camera = [], board.MODEM, board.CAMERA
    wired = {part for part, _, _ in board._WIRING}
    if "modem" not in wired:
        lines = [_pins((("TX", modem["tx"]), ("RX", modem["rx"])))]
        more = _pins((("DTR", modem.get("dtr")), ("RI", getattr(board, "RING", None))))
        keys = sorted({pin for pin, _, _ in board._POWER})
        found.append((_modem(board), [*lines, *([more] if more else []), "power: %s" % _listed(keys)]))
    if "data" in camera:
        lines = ["D0 to D7: " + " ".join("%d" % pin for pin in camera["data"])]
        lines += [_pins([(name.upper(), camera[name]) for name in names]) for names in (_CAMERA[:3], _CAMERA[3:])]
        found.append(("camera connector", lines))
    if "button" not in wired:
        found.append(("button", ["IO%d" % board.BUTTON["pin"]]))
    if hasattr(board, "LED"):
        found.append(("LED", [_listed([board.LED["pin"]])]))
    if hasattr(board, "BATTERY"):
        found.append(("voltage of the cell", [_listed([board.BATTERY["adc"]])]))
    return found


def _listed(pins):
    return "%s %s" % ("pin" if len(pins) == 1 else "pins", ", ".join("%s" % pin for pin in pins))


def _firmware(board):
    name, variant, offset = board._FIRMWARE
    if offset is None:
        return "`%s`, a UF2 file" % name
    if "@" in variant:
        return "`%s-%s` of micropython-camera-API's releases, written at 0x%x" % (name, variant, offset)
    return "`%s`%s, written at 0x%x" % (name, ", variant `%s`" % variant if variant else "", offset)


def _wires(board):
    """The table of the wires that a person lays."""
    rows = "".join("| %s | %s | %s |\n" % (_PARTS[part], pin, end) for part, pin, end in board._WIRING)
    return "| part | its pin | pin of the board |\n|---|---|---|\n%s\n" % rows if rows else ""


def _has(board):
    """The table of what a board has itself."""
    rows = "".join("| %s | %s |\n" % (name, "; ".join(lines)) for name, lines in _chips(board))
    return "| on the board | pins |\n|---|---|\n%s" % rows if rows else ""


def svg(name):
    """The drawing of a board."""
    board = boards.load(name)
    chip = {"esp32": "ESP32", "esp32s3": "ESP32-S3", "rp2040": "RP2040"}[board._CHIP]
    memory = "%d MB flash%s%s" % (
        board._FLASH >> 20,
        ", PSRAM" if board._PSRAM else "",
        ", Wi-Fi" if board._WIFI else "",
    )
    about = "%s, %s" % (chip, memory)
    return drawing.draw(_title(board), about, _chips(board), board._WIRING, _PARTS, _NOTES, board._WARNING)


def text():
    """docs/boards.md."""
    rows, sections = "", ""
    for name in boards.names():
        board = boards.load(name)
        title, camera = _title(board), "parallel" if "data" in board.CAMERA else "VC0706"
        rows += "| %s | `%s` | %s | %s | %s |\n" % (title, name, _modem(board), camera, "yes" if board._WIFI else "no")
        sections += _SECTION.format(
            title=title,
            name=name,
            about=board.__doc__,
            alt="Wires of %s" % title,
            wires=_wires(board),
            has=_has(board),
            warning=board._WARNING,
            firmware=_firmware(board),
            sources=board._SOURCES,
        )
    rows += "| a PC with a USB modem | `pc` | any | on a serial line, or a file | |\n"
    pc = "\n## A PC\n%s Its command line says where modem and camera are: README has it.\n"
    return _HEAD % rows + sections + pc % boards.load(boards.PC)._WARNING


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name in boards.names():
        (FOLDER / (name + ".svg")).write_text(svg(name), "utf-8")
    FILE.write_text(text(), "utf-8")
