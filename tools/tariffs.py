"""Compiles assets/tariffs.bin out of assets/tariffs.toml: `python -m tools.tariffs`.

The file is a row of blocks of 512 octets, as operators.bin is: 508 of content, then their CRC-32 (big-endian). The
content, whose numbers are big-endian, too, is records of 32 octets; texts are ASCII, filled with NUL:

    header      "MMST" (4), the format, 1 (1), how many networks (1), operators (1) and tariffs (1), NUL (24)
    networks    eight in a record, 4 octets each, sorted: key (3), number of its operator (1); NUL behind the last one
    operators   number of the own texts' sender (16), currency (3), name (13)
    tariffs     sorted by operator, plan and date:
                 0  number of the operator (1)
                 1  plan (10), all NUL: for those without one
                11  from, seconds since 1970 in UTC (4)
                15  until, likewise: the first second after it (4)
                19  local time is UTC and so many quarters of an hour, signed (1)
                20  fee (2)
                22  messages included in a month (2); 65,535: all
                24  price (2)
                26  edge, octets (2); 0: there is none
                28  price from the edge on (2)
                30  more for each kilobyte abroad, sending (1)
                31  and receiving (1)

A key is (MCC * 1000 + MNC) * 2, and one more when the MNC has three digits. A tariff is written once for each stretch
of it without a change of the clocks, so that one offset is right for the whole record. Money is in minor units.

A price. The tariff is the one of the SIM's home network, of the subscriber's plan, with from <= date < until; when his
plan has none, the one without a plan; when there is none either, the price is unknown. A message to one recipient
costs `price`, or with an edge the other one when the M-Send.req as encoded has `edge` octets or more. It costs 0 when
fewer messages than `included` were charged before it in the same month of local time, of which each recipient is one.
With the first message of a month the `fee` is due, too. Abroad, where the MCC of the visited network is not that of the
home network, sending costs more for every 1,024 octets begun of the M-Send.req, once for each recipient, included or
not; receiving a message costs so much for every 1,024 octets begun of its M-Retrieve.conf, once, and else nothing. The
date is that of the acceptance, and of the acknowledgement. A message that comes twice by one transaction id within 24
hours is charged once. A message that is passed on from its notification (M-Forward.req) costs nothing, since its
octets are not known to the handset.

A refund. When a message reached none of its recipients, the operator gives back all that it cost but the fee, and sends
a text from its own number: "Refund GBP 0.40 for message ID", a space and ID being the Message-ID of M-Send.conf, ends
with a full stop or a further sentence. The message still counts as one of its month.
"""

import argparse
import datetime
import struct
import sys

from tools import blocks
from tools.lab.network.billing import tariffs
from tools.programs import ROOT

TARGET = ROOT / "assets" / "tariffs.bin"
MOST = 2048  # octets of the file
_RECORD = 32
_QUARTER_S = 900
_HOUR_S = 3600


def compile(text):
    """The octets of tariffs.bin, from the text of tariffs.toml; raises TariffError."""
    networks = tariffs.read(text)
    operators = list(dict.fromkeys(networks.values()))
    index = sorted(_key(code) << 8 | operators.index(operator) for code, operator in networks.items())
    rows = [row for number, operator in enumerate(operators) for row in _rows(number, operator)]
    content = struct.pack(">4s4B24x", b"MMST", 1, len(index), len(operators), len(rows))
    content += _filled(b"".join(entry.to_bytes(4, "big") for entry in index), _RECORD)
    for operator in operators:
        content += struct.pack(">16s3s13s", *map(str.encode, (operator.number, operator.currency, operator.name)))
    content += b"".join(rows)
    whole = blocks.pack(content)
    if len(whole) > MOST:
        raise tariffs.TariffError("tariffs.bin: %d octets are more than %d" % (len(whole), MOST))
    return whole


def _rows(number, operator):
    """The records of one operator's tariffs."""
    for row in operator.tariffs:
        first = tariffs.begins(operator, row.since)
        end = tariffs.begins(operator, row.until + datetime.timedelta(days=1))
        for since, until in _stretches(operator, first, end):
            offset = _offset(operator, since) // _QUARTER_S
            numbers = row.fee, row.included, row.price, row.edge, row.over, row.sending, row.receiving
            yield struct.pack(">B10sIIb5H2B", number, row.plan.encode(), since, until, offset, *numbers)


def _stretches(operator, first, end):
    """(from, until) without a change of the clocks, which change at full hours."""
    since = first
    for now in range(first + _HOUR_S, end, _HOUR_S):
        if _offset(operator, now) != _offset(operator, since):
            yield since, now
            since = now
    yield since, end


def _offset(operator, seconds):
    offset = operator.local(seconds).utcoffset()
    return int(offset.total_seconds()) if offset else 0


def _filled(octets, size):
    return octets + bytes(-len(octets) % size)


def _key(code):
    return int(code[:3] + code[3:].zfill(3)) * 2 + (len(code) == 6)


def main():
    """Check the table and write the file; the exit code."""
    argparse.ArgumentParser(prog="tools.tariffs", description=(__doc__ or "").split("\n")[0]).parse_args()
    try:
        whole = compile(tariffs.SOURCE.read_text())
    except (tariffs.TariffError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    TARGET.write_bytes(whole)
    print("%s: %d octets, %d tariffs" % (TARGET.relative_to(ROOT), len(whole), whole[7]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
