"""The text of a message of an exact size, and how a handset is given it.

A text is what any handset can send without a file or a camera: it goes in pieces (`more`, docs/console.md) that fit
into a line of the console. Texts are ASCII, so no message centre has a reason to change their charset.
"""

import hashlib
import json
import re
import weakref

from tools.campaign.probes.probe import Refused

HEADERS = 438  # octets of an M-Send.req and its layout, beside subject, recipient and text: measured in the lab
_OF_NUMBER = 10  # octets of /TYPE=PLMN behind a number
_ROW = 64
_LINE, _SHORTEST = 2048, 256  # octets of a line of the console; a board with a smaller bound says so
_COMMAND = 400  # octets of a `send` beside its text, at most
_BOUND = re.compile(r"more than ([0-9]+) octets")
_lines: weakref.WeakKeyDictionary = weakref.WeakKeyDictionary()  # probe -> octets of its console's line


def size_of_text(octets, subject, to):
    """The octets of a text with which a whole message to one recipient has `octets`; never fewer than the subject's."""
    around = HEADERS + len(subject) + len(to) + (0 if "@" in to else _OF_NUMBER)
    return max(len(subject) + 1, octets - around)


def text(subject, octets):
    """An ASCII text of exactly so many octets: first the subject, then rows that differ from each other."""
    rows = [subject + "\n"]
    left = max(0, octets - len(rows[0]))
    for number in range(-(-left // _ROW)):
        rows.append(hashlib.sha256(b"%s %d" % (subject.encode(), number)).hexdigest()[: _ROW - 1] + "\n")
    return "".join(rows)[:octets]


async def give(attempt, role, whole):
    """Have a handset keep a text for its next `send`, whose arguments are returned; raises Refused, Silent, Gone."""
    probe = attempt.probe(role)
    if _octets({"do": "send", "text": whole}) + _COMMAND <= _lines.get(probe, _SHORTEST):
        return {"text": whole}
    attempt.later(role, "more")
    while True:
        most = _lines.get(probe, _LINE)
        try:
            for piece in pieces(whole, most):
                await attempt.ask(role, "more", text=piece)
            if len(whole) > _SHORTEST:
                _lines[probe] = most
            return {}
        except Refused as error:
            found = _BOUND.search(error.text)
            if not found or int(found[1]) >= most:
                raise
            _lines[probe] = int(found[1])


def pieces(whole, most):
    """The text in pieces, each of which is with its command a line of at most so many octets: a line feed takes two."""
    room = (most - _octets({"do": "more", "text": ""})) * _ROW // (_ROW + 2)
    return [whole[at : at + room] for at in range(0, len(whole), room)]


def _octets(command):
    return len(json.dumps(command)) + 1
