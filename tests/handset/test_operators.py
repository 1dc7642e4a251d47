"""The way to an MMSC, as its operator's settings have it."""

from mms import limits
from mms.errors import SettingsError
from mms.handset import operators, settings
from mms.handset.operators import trusts
from tests.kit.checks import raises

OPERATOR = {"apn": "mms.example", "mmsc": "http://mmsc.example:8002/"}


def profile(**more):
    whole = dict(OPERATOR)
    whole.update(more)
    return operators.find_profile(settings.check({"operators": {"23410": whole}}), "23410")


def test_a_proxy_is_a_name_or_an_address_with_zeros_before_it():
    assert profile(proxy="010.001.002.003:8080").proxy == ("10.1.2.3", 8080)
    assert profile(proxy="proxy.example:8799").proxy == ("proxy.example", 8799)
    assert profile().proxy is None and profile().mmsc.port == 8002


def test_a_wap_gateway_has_port_9201_and_takes_what_255_segments_carry():
    gateway = profile(proxy="wsp://010.001.002.003")
    assert gateway.wsp and gateway.proxy == ("10.1.2.3", 9201)
    assert profile(proxy="wsp://wap.example:9203").proxy == ("wap.example", 9203)
    assert gateway.octets == gateway.receives == limits.WSP == 350000
    small = profile(proxy="wsp://wap.example", octets=30000, receive_octets=20000)
    assert (small.octets, small.receives) == (30000, 20000)
    assert not profile(proxy="10.1.2.3:8080").wsp


def test_what_every_request_says_of_us_is_in_the_settings():
    told = profile(user_agent="Nokia7650/1.0", profile_url="http://nds.example/r.xml", headers={"X-B": "2", "X-A": "1"})
    assert told.headers[1:] == [
        ("User-Agent", "Nokia7650/1.0"),
        ("x-wap-profile", "http://nds.example/r.xml"),
        ("X-A", "1"),
        ("X-B", "2"),
    ]
    assert profile().headers[1:] == [("User-Agent", "micropython-mms")]


def test_an_operator_has_limits_of_its_own_and_none_is_guessed():
    assert profile(octets=300000).octets == 300000 and profile().octets == limits.MESSAGE
    assert profile(receive_octets=50000).receives == 50000 and profile(octets=10000).receives == limits.MESSAGE
    assert operators.find_profile(settings.check({}), "26201") is None


def test_messages_lie_on_hosts_that_are_known_as_the_operators():
    mmsc = "http://mms1.MMS.operator.example/"
    for host, known in (
        ("mms1.mms.operator.example", True),
        ("MMS1.mms.operator.EXAMPLE", True),
        ("fetch1.mms.operator.example", True),
        ("a.b.mms.operator.example", True),
        ("mms.operator.example", True),
        ("operator.example", False),
        ("www.operator.example", False),
        ("evilmms.operator.example", False),
        ("mms.operator.example.evil.example", False),
        ("10.1.1.1", False),
    ):
        assert trusts(profile(mmsc=mmsc), host) == known, host
    two = profile(mmsc="http://mmsc.operator.example/")  # the labels of the parent domain
    assert not trusts(two, "fetch.operator.example") and trusts(two, "mmsc.operator.example")
    assert not trusts(profile(mmsc="http://mmsc/"), "mms") and trusts(profile(mmsc="http://mmsc/"), "MMSC")
    address = profile(mmsc="http://10.20.30.40/", hosts=["10.20.30.41", ".operator.example"])
    for host, known in (
        ("10.20.30.40", True),
        ("10.20.30.41", True),
        ("11.20.30.40", False),
        ("20.30.40", False),
        ("operator.example", True),
        ("x.y.Operator.example", True),
        ("operator.example.net", False),
    ):
        assert trusts(address, host) == known, host


def test_a_list_of_hosts_has_hosts_and_domains_of_two_labels_or_more():
    for hosts in ([], ["fetch.example", ".mms.operator.example", "10.1.1.1"], ["a"] * 20):
        assert trusts(profile(hosts=hosts), "mmsc.example")
    for hosts in ("a", [".example"], ["."], ["a..b"], ["http://a/"], ["a:80"], [1], [""], ["a"] * 21, ["*.a.b"]):
        assert "hosts" in str(raises(SettingsError, profile, hosts=hosts)), hosts
