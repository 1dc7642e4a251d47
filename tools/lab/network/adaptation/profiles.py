"""Handset profiles of assets/profiles.toml, and which of them a request names.

The URL of a UAProf is a key into the table, and is never fetched.
"""

import dataclasses
import tomllib

from tools.lab.world import WorldError
from tools.programs import ROOT

FILE = ROOT / "assets/profiles.toml"
_PAIRS = ("screen", "image")
_LISTS = ("types", "charsets")
_TEXTS = ("name", "user_agent", "uaprof", "mms", "source")


class ProfileError(WorldError):
    """The table of profiles is wrong, or has no such profile: the text names profile and key."""


@dataclasses.dataclass(frozen=True)
class Profile:
    """One handset; its fields are explained at the head of assets/profiles.toml."""

    key: str
    name: str
    user_agent: str
    uaprof: str
    mms: str
    octets: int
    screen: tuple
    image: tuple
    types: frozenset
    charsets: frozenset
    source: str
    ours: frozenset

    def takes(self, media):
        """Whether the handset takes parts of that media type."""
        return media in self.types


class Profiles:
    """The profiles of a file, by name; raises ProfileError."""

    def __init__(self, path=FILE):
        try:
            rows = tomllib.loads(path.read_text())
        except (OSError, ValueError) as error:
            raise ProfileError("%s: %s" % (path.name, error)) from None
        self._rows = {key: _profile(key, values) for key, values in rows.items()}

    def __iter__(self):
        return iter(self._rows.values())

    def named(self, key):
        """The profile of that name; raises ProfileError that tells which there are."""
        if key not in self._rows:
            raise ProfileError("no profile %r: there are %s" % (key, ", ".join(self._rows)))
        return self._rows[key]

    def find(self, user_agent="", uaprof=""):
        """The profile that a request names by its User-Agent and its x-wap-profile (HTTP) or Profile (WSP), or None.

        The URL, which may be quoted and one of several, tells the model; where no URL is known, the product in front of
        the "/" of a User-Agent does.
        """
        urls = [url.strip(' "') for url in uaprof.split(",")]
        product = _product(user_agent)
        for row in self:
            if row.uaprof and row.uaprof in urls:
                return row
        for row in self:
            if product and product == _product(row.user_agent):
                return row
        return None


def _product(user_agent):
    return user_agent.strip().partition("/")[0].strip().lower()


def _profile(key, values):
    """The Profile of a table in the file."""
    wanted = {*_TEXTS, *_PAIRS, *_LISTS, "octets", "ours"}
    if values.keys() != wanted:
        raise ProfileError("%s: %s" % (key, ", ".join(sorted(wanted ^ values.keys()))))
    for name in _TEXTS:
        _check(isinstance(values[name], str), key, name)
    for name in _PAIRS:
        pair = values[name]
        _check(isinstance(pair, list) and [type(number) for number in pair] == [int, int], key, name)
    _check(type(values["octets"]) is int and values["octets"] >= 0, key, "octets")
    for name in (*_LISTS, "ours"):
        _check(all(isinstance(word, str) for word in values[name]), key, name)
    _check(wanted >= set(values["ours"]), key, "ours")
    made = {name: (tuple if name in _PAIRS else frozenset)(values[name]) for name in (*_PAIRS, *_LISTS, "ours")}
    return Profile(key, **{**values, **made})


def _check(holds, key, name):
    if not holds:
        raise ProfileError("%s.%s has a wrong value" % (key, name))
