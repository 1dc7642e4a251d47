"""The lab's world is one that could be."""

import ipaddress
import re
from urllib.parse import urlsplit

import pytest

from tools.lab import world


def test_alice_and_bob_have_numbers_from_the_range_kept_for_drama():
    subscribers = world.load().subscribers
    assert [row.name for row in subscribers[:2]] == ["alice", "bob"]
    for row in subscribers:
        assert re.fullmatch(r"\+(447700900\d{3}|49176040690\d\d|4917139200\d\d|491729925904)", row.number)
        assert row.imsi.startswith(row.home) and len(row.imsi) == 15


def test_every_iccid_has_its_check_digit():
    for row in world.load().subscribers:
        digits = [int(digit) for digit in reversed(row.iccid)]
        doubled = [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]
        assert (sum(digits[::2]) + sum(doubled)) % 10 == 0


def test_subscribers_call_from_different_loopback_addresses():
    addresses = [row.address for row in world.load().subscribers]
    assert all(ipaddress.ip_address(address).is_loopback for address in addresses)
    assert len(set(addresses)) == len(addresses)


def test_every_host_name_ends_in_example():
    for row in world.load().operators:
        assert urlsplit(row.mmsc).hostname.endswith(".example")
        assert row.apn.endswith(".example")


def test_a_subscriber_is_found_by_name_and_by_number():
    lab = world.load()
    assert lab.subscriber("bob") is lab.subscriber("+447700900002")
    assert lab.operator(lab.subscriber("bob").home).name == "O2 - UK"


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("attach = 1.5", "attach = 0", "delays.attach"),
        ("context = 1.0", 'context = "1"', "delays.context"),
        ("[smsc]", "[smcs]", "smsc"),
        ("baud = 115200", "baud =", "line"),
        ("attach = 0.4", "attach = -1", "lte.attach"),
        (
            '27201 = { serves = "voice sms" }',
            '27201 = { serves = "voice fax" }',
            "agreements.23410.27201: serves has .fax.",
        ),
        ("{ refused = 13 }", "{ refused = 99 }", "20416: refused is 99: there are 3, 6, 11, 12, 13, 17"),
        ("{ refused = 13 }", "{ roams = true }", "20416: roams: there are serves, steered"),
    ],
)
def test_a_wrong_file_is_refused_and_the_key_named(tmp_path, old, new, named):
    path = tmp_path / "world.toml"
    path.write_text(world.FILE.read_text().replace(old, new))
    with pytest.raises(world.WorldError, match=named):
        world.load(path)


def test_agreements_are_about_networks_that_there_are_and_by_home_network():
    lab = world.load()
    codes = [row.mccmnc for country in lab.countries.values() for row in country.networks]
    assert len(lab.countries) == 24 and len(set(codes)) == len(codes)
    there = {*codes, *(row.mccmnc for row in lab.operators)}
    for home in lab._agreements:
        assert lab.operator(home) and set(lab._agreements[home]) <= there
    assert lab.terms("23410", "27201").attach == 14 and lab.terms("23430", "27201").refused == 11
    assert lab.terms("23410", "23410").gprs and lab.terms("23410", "26201").steered == 4
    with pytest.raises(world.WorldError, match="no country 'mars': there are uk, australia"):
        lab.country("mars")


def test_who_is_not_in_the_world_is_named():
    with pytest.raises(world.WorldError, match="mallory"):
        world.load().subscriber("mallory")


@pytest.mark.parametrize("read", (world.load, world.chances))
def test_a_file_that_is_not_there_or_no_text_is_told_in_words(read, tmp_path):
    with pytest.raises(world.WorldError, match=r"/nowhere: No such file or directory$"):
        read(tmp_path / "nowhere")
    (tmp_path / "picture").write_bytes(b"\xff\xd8\xff")
    with pytest.raises(world.WorldError, match="decode byte 0xff"):
        read(tmp_path / "picture")
