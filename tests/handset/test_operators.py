"""The way to an MMSC, as its operator's settings have it."""

from mms import limits
from mms.errors import UsageError
from mms.handset import operators, settings
from mms.link.http import Url
from tests.tools import raises

OPERATOR = {"apn": "mms.example", "mmsc": "http://mmsc.example:8002/"}


def profile(**more):
    whole = dict(OPERATOR)
    whole.update(more)
    return operators.profile(settings.check({"operators": {"23410": whole}}), "23410")


def test_a_proxy_is_a_name_or_an_address_with_zeros_before_it():
    url = Url("http://mms/x")
    assert profile(proxy="010.001.002.003:8080").where(url) == ("10.1.2.3", 8080)
    assert profile(proxy="proxy.example:8799").where(url) == ("proxy.example", 8799)
    assert profile().where(url) == ("mms", 80) and profile().mmsc.port == 8002


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
    assert "add operators.26201" in str(raises(UsageError, operators.profile, settings.check({}), "26201"))
