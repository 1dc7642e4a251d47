"""The journal of a campaign: a JSON object a line, from which every figure can be computed again.

Each line is flushed when it is written. Numbers of telephones are masked to their last two digits; secrets are not in
it.
"""

import json
import os
import re

VERSION = 1
_NUMBER = re.compile(r"(?<![0-9A-Za-z])(?:\+[0-9]{6,}|[0-9]{9,})(?![0-9A-Za-z])")
_IDS = ("id", "tid", "message_id", "key", "plan_sha256", "sha256")  # by which entries are told apart
_OCTETS = ("kept", "tpdus")  # in Base64, which a star would break: without secrets when they come here
_SECRETS = ("pin", "puk", "password", "user", "secret")


class JournalError(Exception):
    """The journal cannot be written or read: one line with what to do."""


def _stars(found):
    number = found.group()
    return "*" * (len(number) - 2) + number[-2:]


def _is_kept(key, value):
    return key in _OCTETS or key in _IDS and isinstance(value, str)


def masked(value):
    """A value of JSON in which of every telephone number two digits are left, and of every secret nothing."""
    if isinstance(value, str):
        return _NUMBER.sub(_stars, value)
    if isinstance(value, dict):
        return {
            key: "**" if key in _SECRETS and one else one if _is_kept(key, one) else masked(one)
            for key, one in value.items()
        }
    if isinstance(value, (list, tuple)):
        return [masked(one) for one in value]
    return value


class Journal:
    """A journal that is open for writing at `path`, at its end; raises JournalError.

    `heard(line)` of each in `listeners` gets every line, masked, after it was written.
    """

    def __init__(self, path):
        self.path = path
        self.listeners = []
        try:
            self._file = open(path, "ab", buffering=0)
            self._end = _whole_lines(path)
            os.truncate(path, self._end)
        except OSError as error:
            raise JournalError("%s: %s" % (path, error.strerror)) from None

    def write(self, what, **fields):
        """Write one line; raises JournalError, and leaves no half of a line."""
        entry = {"what": what, **masked(fields)}
        octets = json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace") + b"\n"
        try:
            written = self._file.write(octets)
            if written != len(octets):  # the disk took a part: the next write says why
                self._file.write(octets[written:])
        except OSError as error:
            os.truncate(self.path, self._end)
            text = "%s cannot be written: %s; make room, then go on with --resume"
            raise JournalError(text % (self.path, error.strerror)) from None
        self._end += len(octets)
        for heard in self.listeners:
            heard(entry)

    def close(self):
        """Close the file."""
        self._file.close()


def _whole_lines(path):
    """The octets of the file up to the end of its last whole line."""
    with open(path, "rb") as file:
        end = file.seek(0, os.SEEK_END)
        while end:
            start = max(0, end - 4096)
            file.seek(start)
            found = file.read(end - start).rfind(b"\n")
            if found >= 0:
                return start + found + 1
            end = start
    return 0


def read(path, told=None):
    """The entries of a journal, one after the other; raises JournalError.

    A last line that is torn is left out, and so is any line that is not JSON: `told(text)` hears of each.
    """
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            for number, line in enumerate(file, 1):
                entry = _entry(line)
                if entry is not None:
                    yield entry
                elif told:
                    told("%s: line %d is torn, and left out" % (path, number))
    except OSError as error:
        raise JournalError("%s: %s" % (path, error.strerror)) from None


def _entry(line):
    if not line.endswith("\n"):
        return None
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    return entry if isinstance(entry, dict) and isinstance(entry.get("what"), str) else None
