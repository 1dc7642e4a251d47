"""Packs the rows of tools/pdu/standard.py into the modules of lib/mms/codec that a board loads.

`python -m tools.pdu.pack` writes them.
"""

import textwrap

from tools.board.rom import ROOT
from tools.pdu.standard import (
    CLIENT,
    FIELDS,
    MANDATORY,
    NEEDED,
    PDUS,
    VALUE_TYPES,
    VALUES,
)

CODEC = ROOT / "lib/mms/codec"
NUMBERS = {field.name: field.number for field in FIELDS}
TYPE_NUMBERS = {row.name: number for number, row in enumerate(VALUE_TYPES)}
COMMON_TYPE = 0x88  # mm1.py itself has the constants of the PDUs up to M-Read-Orig.ind ...
COMMON_FIELD = 0x1B  # ... and of the fields up to X-Mms-Read-Status
_LINE = 26  # octets in one line of a literal


def constant(name):
    """The name in mm1.py or names.py of a header field or a type of PDU."""
    name = name.removeprefix("X-Mms-").removeprefix("M-").replace("MMS-", "")
    return name.replace("-", "_").replace(".", "_").upper()


def _octets(name, octets, comment):
    """The statement that gives `octets` a name, in as many lines as it takes."""
    lines = [octets[at : at + _LINE] for at in range(0, len(octets), _LINE)]
    literals = ['b"%s"' % "".join("\\x%02x" % octet for octet in line) for line in lines]
    if len(literals) == 1:
        return "# %s\n%s = %s\n" % (comment, name, literals[0])
    return "# %s\n%s = (\n%s)\n" % (comment, name, "".join("    %s\n" % literal for literal in literals))


def _value_types():
    types = bytearray(1 + FIELDS[-1].number)
    for field in FIELDS:
        types[field.number] = TYPE_NUMBERS[field.value]
    return bytes(types)


def _pairs():
    return bytes(TYPE_NUMBERS[name] for row in VALUE_TYPES if row.pair for name in (row.name, *row.pair))


def _mandatory():
    packed = bytearray()
    for pdu in PDUS:
        packed.append(pdu.type)
        packed.extend(NUMBERS[name] for name, need in pdu.fields if need == NEEDED)
        packed.append(0x7F)
        packed.extend(NUMBERS[name] for name, need in pdu.fields if need == MANDATORY)
    return bytes(packed)


def tables():
    """The text of lib/mms/codec/tables.py, which every message needs."""
    clients = bytes(pdu.type for pdu in PDUS if pdu.sender == CLIENT)
    statements = (
        _octets(
            "VALUE_TYPES", _value_types(), "By the number of a header field: the number of its value type (fields.py)"
        ),
        _octets("PAIRS", _pairs(), "Three numbers of value types at a time: a pair, and the two of which it consists"),
        _octets("CLIENTS", clients, "The types of PDU that handsets send"),
        _octets("MANDATORY", _mandatory(), "Each type of PDU, the fields it needs, 7F, its other mandatory fields"),
    )
    return _docstring("The tables of MM1 that every message needs") + "\n" + "\n".join(statements)


def _docstring(title, more=""):
    note = "tools/pdu/pack.py writes this file from tools/pdu/standard.py."
    return '"""%s (OMA-TS-MMS_ENC).\n\n%s%s\n"""\n' % (title, note, more)


def names():
    """The text of lib/mms/codec/names.py: names in words, and the constants that mm1.py does not have."""
    lines = [_docstring("The names of MM1", " mm1 loads it when one of them is asked of it.")]
    lines += ["from mms.limits import const", ""]
    lines += ["%s = const(0x%02X)" % (constant(pdu.name), pdu.type) for pdu in PDUS if pdu.type > COMMON_TYPE]
    lines += ["%s = const(0x%02X)" % (constant(one.name), one.number) for one in FIELDS if one.number > COMMON_FIELD]
    lines += ["", "TYPES = {"]
    lines += ['    0x%02X: "%s",' % (pdu.type, pdu.name) for pdu in PDUS]
    lines += ["}", "", "NAMES = {"]
    lines += ['    0x%02X: "%s",' % (field.number, field.name) for field in FIELDS]
    lines += [
        "}",
        "",
        "# By field: the first octet of a range of values, and the names of those from it on",
        "TOKENS = {",
    ]
    for field, ranges in _ranges().items():
        lines.append("    0x%02X: {" % NUMBERS[field])
        lines += ["        0x%02X: %s," % (first, _wrapped(known)) for first, known in ranges.items()]
        lines.append("    },")
    return "\n".join([*lines, "}", ""])


def _ranges():
    """{field: {first value of a range: [names of those from it on]}}."""
    ranges = {}
    for row in VALUES:
        of_field = ranges.setdefault(row.field, {})
        first = next((first for first in of_field if first + len(of_field[first]) == row.value), row.value)
        of_field.setdefault(first, []).append(row.name)
    return ranges


def _wrapped(words):
    """A literal of `words` in as many lines as it takes."""
    lines = textwrap.wrap(" ".join(words), 90, break_on_hyphens=False)
    if len(lines) == 1:
        return '"%s"' % lines[0]
    return "(\n%s        )" % "".join('            "%s "\n' % line for line in lines)


def outcomes():
    """The text of lib/mms/codec/outcomes.py: field and value in hexadecimal, what came of it, the value's name."""
    rows = ["%02X%02X %s %s" % (NUMBERS[row.field], row.value, row.outcome, row.name) for row in VALUES if row.outcome]
    more = "\n\nA line has the number of a field and a value of it in hexadecimal, the outcome, and the value's name."
    return _docstring("The meaning of the statuses of MM1", more) + '\nOUTCOMES = """\n%s\n"""\n' % "\n".join(rows)


def modules():
    """{path of a module: its text}."""
    return {CODEC / "tables.py": tables(), CODEC / "names.py": names(), CODEC / "outcomes.py": outcomes()}


if __name__ == "__main__":
    for path, text in modules().items():
        path.write_text(text)
