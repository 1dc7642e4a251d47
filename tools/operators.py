"""Compiles assets/operators.bin: `python -m tools.operators`, after `sudo .ci/install`.

Its sources are serviceproviders.xml of Debian's mobile-broadband-provider-info, which is in the public domain, and
assets/operators.toml. The file is a row of blocks of 512 octets: 508 of content, then their CRC-32 (big-endian). The
content, whose numbers are big-endian, too:

    "MMSO", the format (1)                4 + 1 octets
    how many rows of the index            2 octets
    how many octets of content            2 octets
    the version of Debian's package       23 octets, filled with NUL
    the index: for each candidate         key (3 octets), place of its record in the content (2 octets)
    records, each text ends in NUL        name, apn, mmsc without "http://", proxy, user, password, auth

A key is (MCC * 1000 + MNC) * 2, and one more when the MNC has three digits. The rows are sorted by it; those of one key
stand in the order in which they are to be tried. A record without an mmsc is a note: its name says what has ended.
"""

import argparse
import dataclasses
import hashlib
import pathlib
import struct
import sys
import tomllib
import xml.etree.ElementTree as tree

from mms.errors import SettingsError
from mms.handset import settings
from tools import blocks
from tools.programs import ROOT

SOURCE = pathlib.Path("/usr/share/mobile-broadband-provider-info/serviceproviders.xml")
OVERLAY = ROOT / "assets" / "operators.toml"
TARGET = ROOT / "assets" / "operators.bin"
MOST = 24 * 1024  # octets of the file
LONGEST = 256  # octets of a record, which the handset reads at once
TRIES = 4  # candidates of one network: each that fails costs a person a minute or two of radio
FIELDS = ("name", "apn", "mmsc", "proxy", "user", "password", "auth")
_HEADER = ">4sBHH23s"
_WSP_PORT = "9201"  # connection-oriented WSP (IANA wap-wsp-wtp), which is no HTTP


class Unfit(Exception):
    """The sources cannot be compiled: the text says why."""


@dataclasses.dataclass(frozen=True)
class Row:
    """One candidate of one network: its `code`, its `rank` (the smaller the earlier) and the `fields` of its record."""

    code: str
    rank: tuple[int, ...]
    fields: tuple[str, ...]


def debian(octets):
    """The Rows in serviceproviders.xml, each as the handset can use it; others are left out."""
    for country in tree.fromstring(octets).findall("country"):
        for provider in country.findall("provider"):
            codes = sorted({(one.get("mcc") or "") + (one.get("mnc") or "") for one in provider.iter("network-id")})
            for place, apn in enumerate(provider.findall("gsm/apn")):
                uses = [usage.get("type") or "" for usage in apn.findall("usage")]
                operator = _operator(provider, apn)
                if operator["mmsc"] and any(use.startswith("mms") for use in uses):
                    rank = (*_rank(country.get("code") or "", provider, operator), place)
                    yield from _rows(codes, rank, operator)


def _operator(provider, apn):
    """The settings in an <apn>, with the common slips of their writers put right."""
    mmsc = (apn.findtext("mmsc") or "").strip()
    if mmsc:
        mmsc = "http://" + mmsc.removeprefix("http:").removeprefix("http").lstrip("/")
    method = apn.find("authentication")
    return {
        "name": (provider.findtext("name") or "").strip()[:40],
        "apn": apn.get("value") or "",
        "mmsc": mmsc,
        "proxy": _proxy((apn.findtext("mmsproxy") or "").strip()),
        "user": apn.findtext("username") or "",
        "password": apn.findtext("password") or "",
        "auth": "" if method is None else method.get("method") or "",
    }


def _proxy(text):
    """A proxy as the settings have it: zeros in front of decimal numbers go, and WSP has a scheme of its own."""
    host, _, port = text.removeprefix("http://").rstrip("/").partition(":")
    parts = host.split(".")
    if len(parts) == 4 and all(part.isdecimal() for part in parts):
        host = ".".join(str(int(part)) for part in parts)
    if not host:
        return ""
    return "%s%s:%s" % ("wsp://" if port == _WSP_PORT else "", host, port or 80)


def _rank(country, provider, operator):
    """How trustworthy a row is. Names of operators were mixed up across countries in these data, and those that use
    another's network were listed beside it.

    First those with a host of the own country, then those with none of any, then those of others; among them first the
    providers whose name stands in the hosts.
    """
    own = "uk" if country == "gb" else country
    hosts = [operator["mmsc"][7:].partition("/")[0].partition(":")[0], operator["proxy"].partition(":")[0]]
    hosts = [host.lower() for host in (*hosts, operator["apn"])]
    domains = {host.rpartition(".")[2] for host in hosts if "." in host}
    domains = {domain for domain in domains if len(domain) == 2 and domain.isalpha()}
    place = 2 if domains - {own} else 0 if domains else 1
    words = "".join(letter if letter.isalnum() else " " for letter in operator["name"].lower()).split()
    named = any(len(word) > 1 and word in host for word in words for host in hosts)
    return place, 0 if provider.get("primary") == "true" else 1, 0 if named else 1


def _rows(codes, rank, operator):
    for code in codes:
        try:
            settings.check({"operators": {code: {field: value for field, value in operator.items() if value}}})
        except SettingsError:
            continue
        yield Row(code, rank, tuple(operator.get(field, "") for field in FIELDS))


def overlay(text):
    """(the Rows of assets/operators.toml, the version and the SHA-256 of Debian's file); raises Unfit."""
    told = tomllib.loads(text)
    rows = []
    for place, one in enumerate(told["network"]):
        _sourced(one)
        operator = {field: one.get(field, "") for field in FIELDS}
        found = list(_rows(one["codes"], (9 if one.get("last") else -1, place), operator))
        if len(found) != len(one["codes"]):
            raise Unfit("the handset would not take the row of %s for %s" % (one["name"], one["codes"]))
        rows.extend(found)
    for place, one in enumerate(told["ended"]):
        _sourced(one)
        rows.extend(Row(code, (-2, place), (one["what"], *[""] * 6)) for code in one["codes"])
    return rows, told["source"]["version"], told["source"]["sha256"]


def _sourced(one):
    if not one.get("source") or not one.get("read"):
        raise Unfit("a row without its source and the day of its reading: %s" % one)


def compile(octets, text):
    """The octets of operators.bin, from those of serviceproviders.xml and the text of operators.toml; raises Unfit."""
    ours, version, digest = overlay(text)
    if hashlib.sha256(octets).hexdigest() != digest:
        raise Unfit("serviceproviders.xml is not of version %s: change [source] in operators.toml" % version)
    networks = {}
    for row in sorted([*ours, *debian(octets)], key=lambda row: row.rank):
        networks.setdefault(key(row.code), []).append(row)
    index = [(number, fields) for number in sorted(networks) for fields in _chosen(networks[number])]
    records = bytearray()
    places = {}
    start = struct.calcsize(_HEADER) + 5 * len(index)
    for _, fields in index:
        if fields not in places:
            places[fields] = start + len(records)
            texts = [
                value.removeprefix("http://" if field == "mmsc" else "")
                for field, value in zip(FIELDS, fields, strict=True)
            ]
            record = b"".join(text.encode() + b"\0" for text in texts)
            if len(record) > LONGEST:
                raise Unfit("a record of %d octets: %s" % (len(record), texts))
            records += record
    content = struct.pack(_HEADER, b"MMSO", 1, len(index), start + len(records), version.encode())
    content += b"".join((number << 16 | places[fields]).to_bytes(5, "big") for number, fields in index) + records
    whole = blocks.pack(content)
    if len(whole) > MOST:
        raise Unfit("%d octets are more than %d" % (len(whole), MOST))
    return whole


def _chosen(rows):
    """The records of one network: its notes, and TRIES candidates without repetition; those with rank 9 always."""
    notes = [row.fields for row in rows if row.rank[0] == -2]
    usual = dict.fromkeys(row.fields for row in rows if -2 < row.rank[0] < 9)
    seen = {}
    for fields in usual:
        seen.setdefault(fields[1:], fields)  # the same settings under another name are the same candidate
    return notes + list(seen.values())[:TRIES] + [row.fields for row in rows if row.rank[0] == 9]


def key(code):
    """The key of a network's code of five or six digits."""
    return int(code[:3] + code[3:].zfill(3)) * 2 + (len(code) == 6)


def main():
    """Write the file, and say how much it holds; the exit code."""
    argparse.ArgumentParser(prog="tools.operators", description=(__doc__ or "").split("\n")[0]).parse_args()
    try:
        whole = compile(SOURCE.read_bytes(), OVERLAY.read_text())
    except (Unfit, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    TARGET.write_bytes(whole)
    print(
        "%s: %d octets, %d candidates" % (TARGET.relative_to(ROOT), len(whole), struct.unpack(_HEADER, whole[:32])[2])
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
