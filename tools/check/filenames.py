"""Writes docs/store.md, the files of a handset's store, from lib/mms/handset/store/filenames.py."""

import re

from tools.programs import ROOT

SOURCE = ROOT / "lib/mms/handset/store/filenames.py"
LIMITS = ROOT / "lib/mms/limits.py"
FILE = ROOT / "docs/store.md"
_HEADING = re.compile(r"# (.*)\n\n")
_NAME = re.compile(r"((?:# .*\n)+)[A-Z_]+ = \"(.*)\"\n")
_PART = re.compile(r"def part\(.*\n    \"\"\"The name of (.*): (ID\.0, .*?)\. (.*)\"\"\"\n")
_HEAD = """# The store
A handset keeps its messages in one folder, the setting `store`. This list is made from
`lib/mms/handset/store/filenames.py` by `python -m tools.check.filenames`.

A file ends in a trailer of 12 octets: the length of what is before it, its CRC-32 (both big-endian), and `mms1`. It is
written as `NAME~`, made durable and then renamed, so under its own name a file is always whole. A record is a JSON
object of at most %d octets; any other file is a blob. Blobs leave %d octets of the flash free for records. An event
tells of each file that is found to be damaged. `ID` is a message: eight hexadecimal digits.
"""


def _limit(name):
    return int(re.search(r"^%s = const\((\d+)\)" % name, LIMITS.read_text("utf-8"), re.MULTILINE).group(1))


def text():
    """docs/store.md; raises ValueError for a name without a comment."""
    rows, at = [_HEAD % (_limit("RECORD"), _limit("STORE_RESERVE"))], 0
    source = SOURCE.read_text("utf-8").split('"""\n', 1)[1]
    for found in re.finditer("%s|%s" % (_HEADING.pattern, _NAME.pattern), source):
        if source[at : found.start()].strip():
            raise ValueError("no comment before %r" % source[at : found.start()])
        at, (heading, comment, name) = found.end(), found.groups()
        if heading:
            section = heading
            rows.append("\n## %s\n| file | contents |\n|---|---|\n" % heading)
        else:
            shown = "ID" if name.startswith(".") else ""
            shown = "NAME" if section == "Any file" else shown
            rows.append("| `%s` | %s |\n" % (shown + name, re.sub(r"\n?# ", " ", comment).strip()))
    kind, names, more = _PART.match(source[at:].strip() + "\n").groups()
    names = ", ".join("`%s`" % one for one in re.findall(r"ID\.\d", names))
    row = "| %s ... | %s. %s |\n" % (names, kind.capitalize(), more)
    rows[[number for number, one in enumerate(rows) if "`ID.h`" in one][0]] += row
    return "".join(rows)


if __name__ == "__main__":
    FILE.write_text(text(), "utf-8")
