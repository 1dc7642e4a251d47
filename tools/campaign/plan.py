"""The plan of a campaign: a TOML file, read and checked key by key, and the attempts that follow from it.

The keys stand in the tables below, with what each takes and what it is without the file's word (docs/campaign.md).
"""

import collections
import dataclasses
import hashlib
import importlib
import json
import pathlib
import random
import re
import tomllib

from tools.campaign.cases.catalogue import cases
from tools.campaign.figures import kpis

_KINDS = pathlib.Path(__file__).parent / "probes"
_NO = object()  # a key that must be there


class PlanError(Exception):
    """The plan is wrong: one line that names the key and what it takes."""


def _text(value):
    return isinstance(value, str) and value != "" and value.isprintable()


def _whole(least, most):
    return lambda value: type(value) is int and least <= value <= most


def _seconds(value):
    return type(value) in (int, float) and 0 <= value <= 7 * 86400


def _of(*known):
    return lambda value: isinstance(value, str) and value in known


def _like(pattern):
    return lambda value: isinstance(value, str) and re.fullmatch(pattern, value) is not None


def _tags(value):
    return isinstance(value, dict) and all(isinstance(tag, str) for tag in value.values())


def kinds():
    """The kinds of probes: a file each."""
    return sorted(path.stem for path in _KINDS.glob("*.py") if path.stem not in ("__init__", "probe"))


_NETWORK = _like("[0-9]{5,6}")
_NETWORK_TAKES = "a network's code, five or six digits as a text"
_SECONDS_TAKES = "seconds, at most a week"
_MONEY = _like(r"[0-9]{1,6}(\.[0-9]{2})? [A-Z]{3}")
# key: (whether a value is right, what it takes, the usual value)
_CAMPAIGN = {
    "name": (_like(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}"), "a name of letters, digits, dots and dashes", _NO),
    "seed": (_whole(0, 2**31), "a whole number", 1),
    "repetitions": (_whole(1, 100000), "a whole number from 1", 3),
    "pause_s": (_seconds, _SECONDS_TAKES, 5),
    "guard_s": (_seconds, _SECONDS_TAKES, 0),
    "absent_s": (_seconds, _SECONDS_TAKES, 120),
    "budget": (_MONEY, 'an amount and its currency, "2.00 GBP"', None),
    "date": (_like("[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}"), "a date of the lab, 2003-02-03 09:00", None),
    "out": (_text, "the path of a folder", None),
}
_PROBE = {
    "name": (_like("[A-Za-z0-9][A-Za-z0-9_-]{0,31}"), "a name of letters, digits and dashes", _NO),
    "kind": (lambda value: value in kinds(), "one of " + ", ".join(kinds()), _NO),
    "role": (_of("any", "mo", "mt"), 'one of "any", "mo", "mt"', "any"),
    "line": (_text, "the path of a serial line, or a URL of pyserial", None),
    "baud": (_whole(300, 4000000), "a rate from 300", 115200),
    "number": (_like(r"\+[0-9]{5,15}"), "a number with + and the country code", None),
    "place": (_text, "the name of a place", None),
    "tags": (_tags, "a table of texts", None),
    "subscriber": (_text, "the name of a subscriber of the lab", None),
    "modem": (_text, "a family of modems", None),
}
_NETWORKS = {
    "mccmnc": (_NETWORK, _NETWORK_TAKES, _NO),
    "country": (_text, "the name of a country", None),
    "name": (_text, "a name", None),
    "expect": (_of("refused"), '"refused", or not there', None),
}
_CASES = {
    "case": (_text, "the name of a test case", _NO),
    "repetitions": (_whole(1, 100000), "a whole number from 1", None),
    "timeout_s": (_seconds, _SECONDS_TAKES, None),
    "mo": (_text, "the name of a probe", None),
    "mt": (_text, "the name of another probe", None),
    "travels": (_of("mo", "mt", "both"), 'one of "mo", "mt", "both"', "mo"),
    "mt_network": (_NETWORK, _NETWORK_TAKES, None),
    "octets": (_whole(1, 1100000), "a whole number from 1 to 1100000", None),
    "to": (_text, "a number or an address of mail", None),
    "forward_to": (_text, "a number or an address of mail", None),
}
TABLES = {"[campaign]": _CAMPAIGN, "[[probes]]": _PROBE, "[[networks]]": _NETWORKS, "[[cases]]": _CASES}
_OPTIONS = {  # of single cases, by the kind that the case says
    "text": (_text, "a text", None),
    "seconds": (_whole(1, 7 * 86400), "whole seconds, at most a week", None),
    "yes": (lambda value: isinstance(value, bool), "true or false", None),
}
_HOME = {"mccmnc": None, "country": None, "name": None}  # the network of a MO that does not travel
_THRESHOLD = {
    "green": (_seconds, "a ratio or seconds", _NO),
    "yellow": (_seconds, "a ratio or seconds", _NO),
}
_FILE = ("campaign", "probes", "networks", "cases", "thresholds")


def _table(given, keys, where):
    """The values of a table by key, usual ones where it has none; raises PlanError."""
    if not isinstance(given, dict):
        raise PlanError("%s is a table" % where)
    for key in given:
        if key not in keys:
            raise PlanError("%s: no key %s: there are %s" % (where, key, ", ".join(keys)))
    found = {}
    for key, (is_right, takes, usual) in keys.items():
        if key not in given and usual is _NO:
            raise PlanError("%s: %s is missing: %s" % (where, key, takes))
        if key in given and not is_right(given[key]):
            raise PlanError("%s: %s is %s: it takes %s" % (where, key, json.dumps(given[key], default=str), takes))
        found[key] = given.get(key, usual)
    return found


def _list(given, name):
    rows = given.get(name)
    if not isinstance(rows, list) or not rows:
        raise PlanError("no [[%s]] in it" % name)
    return rows


def _rows(given, name, keys):
    return [_table(row, keys, "[[%s]] %d" % (name, at)) for at, row in enumerate(_list(given, name), 1)]


def _only_once(rows, key, where):
    for at, row in enumerate(rows):
        if row[key] in [other[key] for other in rows[:at]]:
            raise PlanError("[[%s]] %d: %s %s is there twice" % (where, at + 1, key, row[key]))


@dataclasses.dataclass(frozen=True)
class Planned:
    """One attempt that is to be made; its `key` stays the same, however often the campaign is resumed.

    `case` is a Case, `network` the row of MO's network, `mt_network` a code or None: MT's home.
    """

    key: str
    case: object
    network: dict
    mt_network: str | None
    repetition: int
    octets: int | None
    timeout_s: float
    options: dict


class Plan:
    """A plan that was read: `campaign`, `probes`, `networks`, `cases`, `thresholds`; `given` is the file's content."""

    def __init__(self, given):
        for key in given:
            if key not in _FILE:
                raise PlanError("no table %s: there are %s" % (key, ", ".join(_FILE)))
        self.given = given
        self.campaign = _table(given.get("campaign", {}), _CAMPAIGN, "[campaign]")
        self.probes = _rows(given, "probes", _PROBE)
        self.networks = _rows(given, "networks", _NETWORKS)
        _only_once(self.probes, "name", "probes")
        _only_once(self.networks, "mccmnc", "networks")
        self.cases = [self._case(at, row) for at, row in enumerate(_list(given, "cases"), 1)]
        if not self.attempts():
            raise PlanError(
                'no case for any of the networks: those that expect = "refused" have the case refused alone'
            )
        self.thresholds = {}
        thresholds = given.get("thresholds", {})
        if not isinstance(thresholds, dict):
            raise PlanError("thresholds is a table")
        for name in thresholds:
            if name not in kpis.BY_NAME:
                raise PlanError("thresholds: no figure %s: there are %s" % (name, ", ".join(kpis.BY_NAME)))
            self.thresholds[name] = _table(thresholds[name], _THRESHOLD, "thresholds.%s" % name)

    @property
    def sha256(self):
        """The SHA-256 of the plan's content, in hex."""
        return hashlib.sha256(json.dumps(self.given, sort_keys=True).encode()).hexdigest()

    @property
    def budget(self):
        """(minor units, currency) of the most that may be spent, or None."""
        if self.campaign["budget"] is None:
            return None
        amount, currency = self.campaign["budget"].split()
        return round(float(amount) * 100), currency

    def attempts(self):
        """All attempts in their order: networks are interleaved, and each repetition begins with another one."""
        found = []
        dice = random.Random(self.campaign["seed"])
        most = max(row["repetitions"] for _, row in self.cases)
        for repetition in range(1, most + 1):
            networks = list(self.networks)
            dice.shuffle(networks)
            for case, row in self.cases:
                for network in networks:
                    if repetition <= row["repetitions"] and network["expect"] == case.expects:
                        found.append(self._planned(case, row, network, repetition))
        return _with_own_keys(found)

    def _planned(self, case, row, network, repetition):
        mt_network = row["mt_network"] if row["travels"] == "mo" else network["mccmnc"]
        if row["travels"] == "mt":
            network = {**_HOME, "expect": network["expect"]}
        key = "/".join((case.name, network["mccmnc"] or "home", mt_network or "home", str(repetition)))
        octets = row["octets"] or case.octets
        return Planned(key, case, network, mt_network, repetition, octets, row["timeout_s"], row)

    def _case(self, at, row):
        where = "[[cases]] %d" % at
        known = cases()
        if not isinstance(row, dict) or "case" not in row:
            raise PlanError("%s: case is missing: the name of a test case" % where)
        if not isinstance(row["case"], str) or row["case"] not in known:
            raise PlanError("%s: no case %s: there are %s" % (where, row["case"], ", ".join(known)))
        case = known[row["case"]]
        found = _table(row, {**_CASES, **{key: _OPTIONS[kind] for key, kind in case.options.items()}}, where)
        self._check_named(where, case, found)
        if found["travels"] != "mo" and "mt" not in case.roles:
            raise PlanError('%s: travels is "%s", and %s has no MT' % (where, found["travels"], case.name))
        if found["travels"] != "mo" and found["mt_network"]:
            raise PlanError('%s: mt_network is for travels = "mo": MT goes to the networks' % where)
        found["repetitions"] = found["repetitions"] or self.campaign["repetitions"]
        found["timeout_s"] = found["timeout_s"] or case.timeout_s
        return case, found

    def _check_named(self, where, case, row):
        """Raise PlanError where the row names a probe that cannot have the role, or one probe for both roles."""
        for role in ("mo", "mt"):
            fit = (
                [probe["name"] for probe in self.probes if probe["role"] in (role, "any")] if role in case.roles else []
            )
            if row[role] not in (None, *fit):
                raise PlanError("%s: %s is %s: there are %s" % (where, role, row[role], ", ".join(fit) or "none"))
        if row["mo"] and row["mo"] == row["mt"]:
            raise PlanError("%s: mo and mt are both %s" % (where, row["mo"]))


def _with_own_keys(attempts):
    """The attempts with keys that differ: rows of [[cases]] may differ in their options alone."""
    found, known = [], collections.Counter()
    for each in attempts:
        known[each.key] += 1
        again = known[each.key]
        found.append(each if again == 1 else dataclasses.replace(each, key="%s#%d" % (each.key, again)))
    return found


def read(path):
    """The Plan in the TOML file at `path`; raises PlanError."""
    try:
        with open(path, "rb") as file:
            return Plan(tomllib.load(file))
    except (OSError, ValueError) as error:
        raise PlanError("%s: %s" % (path, getattr(error, "strerror", None) or error)) from None
    except PlanError as error:
        raise PlanError("%s: %s" % (path, error)) from None


def open_probes(plan, around):
    """All probes of a plan, not yet started; raises PlanError, where a kind refuses a row or a network."""
    found = {}
    for kind in sorted({row["kind"] for row in plan.probes}):
        rows = [row for row in plan.probes if row["kind"] == kind]
        room = importlib.import_module("tools.campaign.probes." + kind)
        found.update((probe.name, probe) for probe in room.open_probes(rows, around))
    return [found[row["name"]] for row in plan.probes]
