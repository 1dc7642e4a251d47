"""Settings: every key is checked, and the error names the key."""

from mms.errors import SettingsError
from mms.handset import settings
from tests.tools import raises

OPERATOR = {"apn": "mms.example", "mmsc": "http://mmsc.example/"}


def test_defaults_fill_what_is_not_said():
    whole = settings.check({"camera": {"size": "QVGA"}, "retrieve": {"home": "manual"}})
    assert whole["camera"] == {"family": "vc0706", "baud": 115200, "size": "QVGA", "compression": 54}
    assert whole["retrieve"] == {"home": "manual", "roaming": "manual"}
    assert whole["store"] == "store" and whole["in_doubt"] == "retry"


def test_a_whole_operator_is_taken():
    operator = dict(OPERATOR)
    operator.update(user="u", password="p", auth="chap", proxy="10.1.1.1:8080", headers={"X-Tag": "a"}, octets=300000)
    assert settings.check({"operators": {"23410": operator}})["operators"]["23410"]["auth"] == "chap"


def test_what_is_wrong_is_named_by_its_key():
    for wrong, key in (
        ({"colour": "red"}, "colour"),
        ({"number": "07700900001"}, "number"),
        ({"number": 7}, "number"),
        ({"pin": "12"}, "pin"),
        ({"pin": 1234}, "pin"),
        ({"modem": {"family": "sim9999"}}, "modem.family"),
        ({"modem": {"baud": "fast"}}, "modem.baud"),
        ({"modem": {"baud": 12345}}, "modem.baud"),
        ({"modem": []}, "modem"),
        ({"camera": {"compression": 256}}, "camera.compression"),
        ({"camera": {"compression": True}}, "camera.compression"),
        ({"operators": {"x": OPERATOR}}, "operators.x"),
        ({"operators": {"23410": {"apn": "a"}}}, "operators.23410.mmsc"),
        ({"operators": {"23410": {"apn": 'a"\r\nAT', "mmsc": "http://m/"}}}, "operators.23410.apn"),
        ({"operators": {"23410": {"apn": "a", "mmsc": "https://m/"}}}, "operators.23410.mmsc"),
        ({"operators": {"23410": {"apn": "a", "mmsc": "http://m/", "proxy": "p"}}}, "operators.23410.proxy"),
        ({"press": {"to": ["+447700900002", "bob"]}}, "press.to"),
        ({"press": {"to": ["+447700900002"] * 21}}, "press.to"),
        ({"camera": {"baud": "9600"}}, "camera.baud"),
        ({"in_doubt": ["retry"]}, "in_doubt"),
        ({"press": {"to": "+447700900002"}}, "press.to"),
        ({"retrieve": {"abroad": "now"}}, "retrieve.abroad"),
        ({"delivery_report": "yes"}, "delivery_report"),
        ({"in_doubt": "maybe"}, "in_doubt"),
        ([], "settings"),
    ):
        assert raises(SettingsError, settings.check, wrong).key == key


def test_a_file_that_is_absent_or_no_json_is_said_so():
    assert "cannot be read" in str(raises(SettingsError, settings.load, "build/no-such-file.json"))
    assert "not JSON" in str(raises(SettingsError, settings.load, "main.py"))


def test_every_setting_stands_in_the_documentation():
    with open("docs/settings.md") as file:
        text = file.read()
    for line in settings._RULES.strip().split("\n"):
        key, kind = line.split(" ")[:2]
        assert kind == "object" or "`%s`" % key in text, key


def test_what_is_nearly_right_is_told_what_is_wanted():
    for wrong, key, wanted in (
        ({"operators": {"23410": {"apn": "a", "mmsc": "http://m/", "headers": {"X.Y": "a"}}}}, "X.Y", "no dots"),
        ({"operators": {"23410": {"mmsc": "http://m/"}}}, "operators.23410.apn", "is missing"),
        ({"operators": {"23410": dict(OPERATOR, auth="")}}, "", ""),
        ({"operators": {"23410": dict(OPERATOR, auth="md5")}}, "auth", '"", "pap", "chap"'),
        ({"operators": {"23410": dict(OPERATOR, name="x" * 41)}}, "name", "at most 40"),
        ({"operators": {"23410": dict(OPERATOR, name="a\nb")}}, "name", "control characters"),
        ({"operators": {"23410": dict(OPERATOR, proxy="")}}, "", ""),
        ({"operators": {"23410": dict(OPERATOR, proxy="10.0.0.1:65536")}}, "proxy", "HOST:PORT"),
        ({"register_seconds": 4}, "register_seconds", "from 5 to 600"),
    ):
        if key:
            error = raises(SettingsError, settings.check, wrong)
            assert error.key.endswith(key) and wanted in str(error)
        else:
            settings.check(wrong)
