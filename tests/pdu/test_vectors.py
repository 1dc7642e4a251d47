"""The vectors: they cover all of MM1, and decode to what stands beside them, on CPython and on MicroPython."""

import asyncio
import json
import subprocess
import sys

import pytest

from mms.codec import names
from mms.link.url import parse_url
from tests.kit.handset import bearer
from tests.kit.stream import Content
from tests.vectors import deviations, exchanges, make
from tools.pdu.encode import encode
from tools.programs import ROOT, micropython

FILES = make.files()
EXCHANGES = sorted(make.FOLDER / (name + ".json") for name in exchanges.EXCHANGES)
PUSHES = ("push-media-by-number", "push-media-with-parameters", "push-provisioning", "push-si-wbxml")
CANONICAL = [path for path in FILES if path.stem.startswith("pdu-") and path.stem != "pdu-84-retrieve-conf"]
CANONICAL += [path for path in FILES if path.stem in PUSHES]


def expected(path):
    return json.loads(path.with_suffix(".json").read_text())


def every_header():
    decoded = [one for path in FILES for one in expected(path) if "pdu" in one]
    return [(one["pdu"], header["name"]) for one in decoded for header in one["headers"]]


def test_the_vector_files_match_their_source():
    assert {path.name: path.read_text() for path in FILES} == make.written()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_vector_decodes_to_the_json_beside_it(path):
    assert make.told(path) == expected(path)


def test_there_is_a_vector_of_every_type_and_of_every_header():
    seen = every_header()
    assert {pdu for pdu, _ in seen} >= set(names.TYPES.values())
    assert {name for _, name in seen} >= set(names.NAMES.values())


@pytest.mark.parametrize("name", deviations.TOLD)
def test_a_deviation_is_taken_as_it_is_meant(name):
    told = deviations.TOLD[name]
    (found,) = expected(make.FOLDER / (name + ".json"))
    if "error" in told:
        assert found["error"]["offset"] == told["error"]
        return
    headers = {header["name"]: header.get("value", header.get("raw")) for header in found["headers"]}
    for header, value in told.get("headers", {}).items():
        assert headers[header] == value
    assert not set(told.get("absent", ())) & set(headers)
    assert bool(found["warnings"]) >= told.get("warned", False)
    parts = found["parts"]
    for key, wanted in (("parts", "type"), ("charsets", "charset"), ("names", "name")):
        if key in told:
            assert [part[wanted] for part in parts] == told[key]
    for key, wanted in (("content_ids", "content_id"), ("locations", "content_location")):
        if key in told:
            assert [part[wanted] for part in parts] == told[key]
    if "inside" in told:
        assert [part["type"] for part in parts[0]["parts"]] == told["inside"]


@pytest.mark.parametrize("path", EXCHANGES, ids=lambda path: path.stem)
def test_an_exchange_goes_octet_for_octet_as_it_stands_there(path, tmp_path):
    told = expected(path)
    assert told == exchanges.EXCHANGES[path.stem]
    modem = bearer.Modem(answer=told["answer"].encode("latin-1"))  # that gives no octet more is never asked
    way = bearer.bearer(modem, str(tmp_path), operators={"23410": told["operator"]})

    async def whole(response, buffer):
        octets = b""
        while len(octets) < len(told["body"]):
            octets += bytes(buffer[: await response.readinto(buffer)])
        return octets

    async def story():
        await way.start()
        content = Content(told["pdu"].encode("latin-1")) if told["pdu"] else None
        return await way.request("POST" if content else "GET", parse_url(told["url"]), whole, content)

    assert asyncio.run(story()) == told["body"].encode("latin-1")
    assert [list(where) for where in modem.opened] == [told["connect"]]
    assert modem.written == told["request"].encode("latin-1")


def test_every_deviation_has_its_vector():
    numbers = {int(path.name[10:12]) for path in make.FOLDER.glob("deviation-*.json")}
    assert numbers == set(range(1, 29))


@pytest.mark.parametrize("path", CANONICAL, ids=lambda path: path.stem)
def test_a_decoded_vector_is_encoded_to_the_same_octets(path):
    octets = make.read(path)
    (spec,) = expected(path)
    for part in spec["parts"]:
        part["raw"] = octets[part["offset"] :][: part["octets"]].hex()
    assert encode(spec) == octets


@pytest.mark.parametrize("sms", (False, True), ids=("pdus", "short messages"))
def test_micropython_prints_the_same_octet_for_octet(sms, tmp_path):
    if not micropython():
        pytest.skip("PyPI has no MicroPython for this machine")
    paths = []
    for path in FILES:
        if (path.suffix == ".sms") == sms:
            copy = tmp_path / path.stem
            copy.write_bytes(path.read_bytes() if sms else make.read(path))
            paths.append(str(copy))
    command = [sys.executable, "-m", "tools.pdu", "decode", "--json", *(["--sms"] if sms else [])]
    here, there = [
        subprocess.run(command + options + paths, cwd=ROOT, capture_output=True, timeout=60)
        for options in ([], ["--micropython"])
    ]
    assert here.stdout.count(b"\n") >= len(paths) - 7
    assert (there.returncode, there.stdout, there.stderr) == (here.returncode, here.stdout, here.stderr)
    assert here.returncode == 1  # some are malformed
