"""libwbxml, another's reader and writer of WBXML, and we have the same tables and read the same documents."""

import re
import subprocess

import pytest

from mms.codec import links, markup, provisioning, wbxml
from tests.kit.codec.settings import FULL
from tests.kit.programs import need

TOKENS = [token for token in range(0x05, 0x80) if token & 0x3F >= 0x05]
VALUES = [token for token in range(0x84, 0x100) if token & 0x3F >= 0x05]
THEIR_OWN = {"TRETRA-SDS": "TETRA-SDS", "TRETRA-PACKET": "TETRA-PACKET"}  # misspelt there
NOT_THERE = {("PROV", 1, 0x85)}
DATES = {0x0A, 0x10}  # which libwbxml takes as opaque data only


@pytest.fixture(scope="module")
def theirs(tmp_path_factory):
    """What wbxml2xml makes of octets, or "" when it cannot read them."""
    program = need("wbxml2xml")
    folder = tmp_path_factory.mktemp("wbxml")

    def read(octets):
        (folder / "in").write_bytes(octets)
        (folder / "out").unlink(missing_ok=True)
        done = subprocess.run([program, "-o", folder / "out", folder / "in"], capture_output=True, timeout=20)
        return (folder / "out").read_text() if done.returncode == 0 else ""

    return read


def document(name, attribute):
    """A document whose one attribute is the octets `attribute`, with a text after them."""
    attribute += b"\x03zz\0\x01"
    if name == "SL":
        return b"\x03\x06\x6a\x00\x85" + attribute
    return b"\x03" + (b"\x05" if name == "SI" else b"\x0b") + b"\x6a\x00\x45\x86" + attribute + b"\x01"


def ours(octets):
    """(name, value) of the attribute, without its text."""
    name, value = [told[2] for told in wbxml.read(octets) if told[0] == markup.START and told[2]][0][0]
    return name, value[:-2]


@pytest.mark.parametrize("name, page", (("SI", 0), ("SL", 0), ("PROV", 0), ("PROV", 1)))
def test_every_token_means_the_same(theirs, name, page):
    switch = bytes([0, page]) if page else b""
    for token in TOKENS:
        octets = document(name, switch + bytes([token]))
        found = re.search(r'([\w-]+)="([^"]*)zz"', theirs(octets))
        if found and found.group(1) != "unknown":
            assert ours(octets) == found.groups(), hex(token)
        elif not (name == "SI" and token in DATES):
            assert ours(octets)[0] == "%02x" % token
    named = {"SI": b"\x0b", "SL": b"\x08", "PROV": b"\x06"}[name]
    for token in VALUES:
        octets = document(name, switch + named + bytes([token]))
        found = re.search(r'[\w-]+="([^"]*)zz"', theirs(octets))
        value = found.group(1) if found else ""
        if (name, page, token) not in NOT_THERE:
            assert ours(octets)[1] == THEIR_OWN.get(value, value), hex(token)


def encoded(tmp_path, text):
    (tmp_path / "in.xml").write_bytes(text)
    command = [need("xml2wbxml"), "-o", tmp_path / "out", tmp_path / "in.xml"]
    subprocess.run(command, check=True, capture_output=True, timeout=20)
    return (tmp_path / "out").read_bytes()


def test_a_document_that_libwbxml_writes_is_read_as_its_text(tmp_path):
    doctype = b'<!DOCTYPE wap-provisioningdoc PUBLIC "-//WAPFORUM//DTD PROV 1.0//EN" "http://x/prov.dtd">'
    text = FULL.replace(b"?>", b"?>" + doctype, 1)
    binary = provisioning.parse(encoded(tmp_path, text))
    assert binary == provisioning.parse(text, provisioning.TEXTUAL)
    assert provisioning.proposal(binary)["proxy"] == "10.0.0.1:8080"
    for action in ("signal-none", "signal-low", "signal-medium", "signal-high", "delete"):
        text = (
            b'<?xml version="1.0"?><!DOCTYPE si PUBLIC "-//WAPFORUM//DTD SI 1.0//EN" "http://x/si.dtd"><si>'
            b'<indication href="https://www.example.org/a?b=1" action="%s" si-id="i@example.com" '
            b'created="2026-11-22T08:30:00Z" si-expires="2026-12-01T00:00:00Z">Gr\xc3\xbc\xc3\x9fe</indication></si>'
        ) % action.encode()
        assert links.parse(encoded(tmp_path, text), links.BINARY[0]) == links.parse(text, links.TEXTUAL[0])
