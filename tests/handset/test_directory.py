"""assets/operators.bin: compiled again it is the same, each network is found, and no damage goes unnoticed."""

import pathlib

import pytest

from mms.errors import BearerError, SettingsError
from mms.handset import settings
from mms.handset.carrying import directory
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
                operator["proxy"] = operator.get("proxy", "").removeprefix("wsp://")
                settings.check({"operators": {code: operator}})
    assert directory.find("00100") == [] == directory.find("99999") and directory.find("234010") == []


def test_a_network_is_found_by_few_blocks(monkeypatch):
    read = []
    load = directory._Book._load
    monkeypatch.setattr(directory._Book, "_load", lambda book, number: (read.append(number), load(book, number)))
    whole = operators.TARGET.read_bytes()
    for code in sorted({row.code for row in operators.overlay(operators.OVERLAY.read_text())[0]}) + [
        "40441",
        "405810",
        "99999",
    ]:
        read.clear()
        directory.find(code)
        assert len(read) <= 15, code  # of 46: some six of the search, and one or two for each record
    assert len(whole) // 512 == 46


def test_the_own_country_comes_first_and_a_wsp_gateway_has_its_scheme():
    assert [one["apn"] for one in directory.find("72402")] == ["timbrasil.br", "unico.tim.it"]
    assert directory.find("23210")[0]["apn"] == "drei.at"
    assert directory.find("23410")[0]["proxy"] == "193.113.200.195:8080"
    proxies = [one.get("proxy", "") for code in ("41405", "28001", "46601", "46697") for one in directory.find(code)]
    assert any(proxy.startswith("wsp://") and proxy.endswith(":9201") for proxy in proxies), proxies
    assert operators._proxy("010.010.010.011:08080".replace(":0", ":")) == "10.10.10.11:8080"
    assert operators._proxy("10.0.0.1") == "10.0.0.1:80" and operators._proxy("") == ""


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
