"""assets/operators.bin: compiled again it is the same, each network is found, and no damage goes unnoticed."""

import hashlib
import pathlib

import pytest

from mms.errors import BearerError, SettingsError
from mms.handset import settings
from mms.handset.carrying import directory
from mms.handset.store import blocks
from tools import operators

CODES = {row.code for row in operators.overlay(operators.OVERLAY.read_text())[0]}


def listed(octets, code, folder, monkeypatch):
    """What is found for a network in a file of those octets."""
    (folder / "assets").mkdir(exist_ok=True)
    (folder / "assets/operators.bin").write_bytes(octets)
    monkeypatch.setattr("sys.path", [str(folder)])
    return directory.find(code)


def test_debians_package_and_the_overlay_give_the_same_octets_again():
    if not operators.SOURCE.exists():
        pytest.skip("Debian's mobile-broadband-provider-info is missing")
    whole = operators.compile(operators.SOURCE.read_bytes(), operators.OVERLAY.read_text())
    assert whole == operators.TARGET.read_bytes() and len(whole) <= 24 * 1024


def test_every_network_is_found_with_settings_that_the_handset_takes():
    if not operators.SOURCE.exists():
        pytest.skip("Debian's mobile-broadband-provider-info is missing")
    codes = {row.code for row in operators.debian(operators.SOURCE.read_bytes())} | CODES
    assert len(codes) > 400
    for code in codes:
        found = directory.find(code)
        assert 0 < len(found) <= operators.TRIES + 2, code
        for operator in found:
            if "mmsc" in operator:
                settings.check({"operators": {code: operator}})
    assert directory.find("00100") == [] == directory.find("99999") and directory.find("234010") == []


def test_a_network_is_found_by_few_blocks(monkeypatch):
    read = []
    load = blocks.Blocks.load
    monkeypatch.setattr(blocks.Blocks, "load", lambda book, number: (read.append(number), load(book, number)))
    whole = operators.TARGET.read_bytes()
    for code in sorted({row.code for row in operators.overlay(operators.OVERLAY.read_text())[0]}) + [
        "40441",
        "405810",
        "99999",
    ]:
        read.clear()
        directory.find(code)
        assert len(read) <= 15, code  # of 48: some six of the search, and one or two for each record
    assert len(whole) // 512 == 48


def test_the_own_country_comes_first_and_a_wsp_gateway_has_its_scheme():
    assert [one["apn"] for one in directory.find("72402")] == ["timbrasil.br", "unico.tim.it"]
    assert directory.find("23210")[0]["apn"] == "drei.at"
    assert directory.find("23410")[0]["proxy"] == "193.113.200.195:8080"
    proxies = [one.get("proxy", "") for code in ("41405", "28001", "46601", "46697") for one in directory.find(code)]
    assert any(proxy.startswith("wsp://") and proxy.endswith(":9201") for proxy in proxies), proxies
    assert operators._proxy("010.010.010.011:08080".replace(":0", ":")) == "10.10.10.11:8080"
    assert operators._proxy("10.0.0.1") == "10.0.0.1:80" and operators._proxy("") == ""


def apn(place, host, name="", primary=False):
    """A provider of the network 26299 in Germany, with one access point apPLACE whose hosts are `host`."""
    return """<provider%s><name>%s</name><gsm><network-id mcc="262" mnc="99"/><apn value="ap%s"><usage type="mms"/>
        <mmsc>http://%s/</mmsc><mmsproxy>10.0.0.%s:8080</mmsproxy></apn></gsm></provider>""" % (
        ' primary="true"' if primary else "", name, place, host, place
    )  # fmt: skip


def ranked(folder, monkeypatch, *providers, overlay=""):
    """The access points of 26299, or the names of notes, in the order in which they are tried."""
    text = '<serviceproviders><country code="de">%s</country></serviceproviders>' % "".join(providers)
    source = '[source]\nversion = "1"\nsha256 = "%s"\n' % hashlib.sha256(text.encode()).hexdigest()
    rows = (
        overlay if "[[network]]" in overlay else overlay + "\n[[network]]\ncodes = []\nsource = 1\nread = 1\nname = 1"
    )
    rows = rows if "[[ended]]" in rows else rows + "\n[[ended]]\ncodes = []\nwhat = 1\nsource = 1\nread = 1"
    whole = operators.compile(text.encode(), source + rows)
    return [one.get("apn") or one["name"] for one in listed(whole, "26299", folder, monkeypatch)]


OVERLAID = (
    """[[network]]\ncodes = ["26299"]\nname = "%s"\napn = "%s"\nmmsc = "http://x/"\nsource = "a"\nread = 1\n%s\n"""
)


def test_each_rule_of_the_rank_decides_alone(tmp_path, monkeypatch):
    def order(*providers, **more):
        return ranked(tmp_path, monkeypatch, *providers, **more)

    # hosts of the own country, then those of none, then those of others: names were mixed up across countries
    assert order(apn(1, "m.uk"), apn(2, "10.1.1.1"), apn(3, "m.de")) == ["ap3", "ap2", "ap1"]
    # the primary provider of a country before others, and after hosts of the own country
    assert order(apn(1, "m.de"), apn(2, "m.de", primary=True), apn(3, "m.com", primary=True)) == ["ap2", "ap1", "ap3"]
    # a provider whose name stands in the hosts before one that uses another's network
    assert order(apn(1, "telekom.de", "Mobil"), apn(2, "telekom.de", "Telekom Deutschland")) == ["ap2", "ap1"]
    # else as they stand in the file, four at most; the same settings under another name are one candidate
    assert order(*[apn(place, "m.de") for place in range(1, 7)]) == ["ap1", "ap2", "ap3", "ap4"]
    assert order(apn(1, "m.de", "One"), apn(1, "m.de", "Two"), apn(2, "m.de")) == ["ap1", "ap2"]
    # the overlay before all of them, its rows that are to be last behind, and notes on what has ended in front
    first, last = OVERLAID % ("First", "first", ""), OVERLAID % ("Last", "last", "last = true")
    ended = '[[ended]]\ncodes = ["26299"]\nwhat = "MMS has ended"\nsource = "a"\nread = 1\n'
    assert order(apn(1, "m.de"), overlay=last + first + ended) == ["MMS has ended", "first", "ap1", "last"]


def test_a_row_of_the_overlay_without_a_source_or_that_the_handset_refuses_is_refused():
    text = operators.OVERLAY.read_text()
    for change in (("\nread = 2026-11-27", "", 1), ('apn = "wap.o2.co.uk"', 'apn = "a b"')):
        with pytest.raises(operators.Unfit):
            operators.overlay(text.replace(*change))
    with pytest.raises(operators.Unfit, match="20230416-1"):
        operators.compile(b"<serviceproviders/>", text)


def test_any_octet_that_is_changed_is_noticed_or_does_not_matter(tmp_path, monkeypatch):
    whole = pathlib.Path(operators.TARGET).read_bytes()
    right = directory.find("23410")
    noticed = 0
    for at in [*range(0, len(whole), 37), *range(64)]:
        changed = bytearray(whole)
        changed[at] ^= 0x55
        try:
            assert listed(changed, "23410", tmp_path, monkeypatch) == right, at
        except BearerError as error:
            assert error.step == "operators" and "assets/operators.bin is damaged" in error.text
            noticed += 1
    assert noticed > 64


@pytest.mark.parametrize("octets", [b"", b"MMSO", bytes(511), bytes(512), bytes(5000)])
def test_a_file_that_is_another_is_damaged(octets, tmp_path, monkeypatch):
    with pytest.raises(BearerError, match="damaged"):
        listed(octets, "23410", tmp_path, monkeypatch)


def test_places_outside_of_the_file_are_damage_though_every_block_is_whole(tmp_path, monkeypatch):
    import binascii
    import struct

    def packed(rows, octets, index, records=b""):
        content = struct.pack(">4sBHH23s", b"MMSO", 1, rows, octets, b"1") + index + records
        block = content.ljust(508, b"\0")
        return block + binascii.crc32(block).to_bytes(4, "big")

    key = operators.key("23410").to_bytes(3, "big")
    record = b"O2\0a\0m\0\0\0\0\0"
    good = packed(1, 37 + len(record), key + b"\0\x25", record)
    assert listed(good, "23410", tmp_path, monkeypatch) == [{"name": "O2", "apn": "a", "mmsc": "http://m"}]
    for bad in (
        packed(1, 36, key + b"\0\x25", record),  # no room for the index
        packed(9999, 48, key + b"\0\x25", record),
        packed(1, 37 + len(record) - 1, key + b"\0\x25", record),  # a record without an end
        packed(1, 65535, key + b"\xff\xf0", record),  # beyond the file
        packed(1, 48, key + b"\0\x20", record),  # inside the index
        packed(1, 48, key + b"\0\x25", b"\xc3\0" + record),
    ):
        try:
            found = listed(bad, "23410", tmp_path, monkeypatch)
        except BearerError as error:
            assert "damaged" in error.text
            continue
        for operator in found:  # MicroPython decodes what is not UTF-8: the settings refuse it
            with pytest.raises(SettingsError):
                settings.check({"operators": {"23410": operator}})
