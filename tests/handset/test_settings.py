"""Settings: every key is checked, and the error names the key."""

import os
import sys

from mms.errors import SettingsError
from mms.handset import rooms, settings
from tests.kit.checks import raises
from tools.power.flash import BLOCK, Flash

OPERATOR = {"apn": "mms.example", "mmsc": "http://mmsc.example/"}


def test_defaults_fill_what_is_not_said():
    whole = settings.check({"camera": {"size": "QVGA"}, "retrieve": {"home": "manual"}})
    assert whole["camera"] == {"family": "", "baud": 115200, "size": "QVGA", "quality": 79}
    assert whole["retrieve"] == {"home": "manual", "roaming": "manual"}
    assert whole["store"] == "store" and whole["in_doubt"] == "retry"


def test_settings_of_version_0_1_are_read_and_say_what_to_write_instead():
    for compression, quality in ((0, 100), (54, 79), (128, 50), (255, 1)):
        whole = settings.check({"camera": {"compression": compression}})
        assert whole["camera"] == {"family": "", "baud": 115200, "size": "VGA", "quality": quality}
        assert whole["old"] == "camera.quality %d in place of camera.compression %d" % (quality, compression)
    for old, board in (("esp32", "lilygo_tcall"), ("rp2", "pico_sim800")):
        whole = settings.check({"board": old, "camera": {"compression": 54, "quality": 20}})
        assert (whole["board"], whole["camera"]["quality"]) == (board, 20)
        assert whole["old"].startswith("board %s in place of %s, camera.quality 20" % (board, old))
    assert "old" not in settings.check({"board": "pc", "camera": {"quality": 79}})


def test_a_whole_operator_is_taken():
    operator = dict(OPERATOR)
    operator.update(user="u", password="p", auth="chap", proxy="10.1.1.1:8080", headers={"X-Tag": "a"}, octets=300000)
    assert settings.check({"operators": {"23410": operator}})["operators"]["23410"]["auth"] == "chap"


def test_a_picture_may_go_to_a_short_code():
    assert settings.check({"press": {"to": ["25286", "a@b.example"]}})["press"]["to"] == ["25286", "a@b.example"]


def test_what_is_wrong_is_named_by_its_key():
    for wrong, key in (
        ({"colour": "red"}, "colour"),
        ({"panel": True}, "panel"),
        ({"panel": {"sleep": True}, "page": {}}, "panel.sleep"),
        ({"number": "07700900001"}, "number"),
        ({"number": 7}, "number"),
        ({"pin": "12"}, "pin"),
        ({"pin": 1234}, "pin"),
        ({"modem": {"family": "SIM 800"}}, "modem.family"),
        ({"modem": {"family": ""}}, "modem.family"),
        ({"camera": {"family": "8bit"}}, "camera.family"),
        ({"board": "../pc"}, "board"),
        ({"board": "b" * 41}, "board"),
        ({"modem": {"baud": "fast"}}, "modem.baud"),
        ({"modem": {"baud": 12345}}, "modem.baud"),
        ({"modem": []}, "modem"),
        ({"camera": {"compression": 256}}, "camera.compression"),
        ({"camera": {"compression": True}}, "camera.compression"),
        ({"camera": {"quality": 0}}, "camera.quality"),
        ({"camera": {"quality": 101}}, "camera.quality"),
        ({"operators": {"x": OPERATOR}}, "operators.x"),
        ({"operators": {"23410": {"apn": "a"}}}, "operators.23410.mmsc"),
        ({"operators": {"23410": {"apn": 'a"\r\nAT', "mmsc": "http://m/"}}}, "operators.23410.apn"),
        ({"operators": {"23410": {"apn": "a", "mmsc": "https://m/"}}}, "operators.23410.mmsc"),
        ({"operators": {"23410": {"apn": "a", "mmsc": "http://m/", "proxy": "p"}}}, "operators.23410.proxy"),
        ({"press": {"to": ["+447700900002", "bob"]}}, "press.to"),
        ({"press": {"to": ["+447700900002"] * 21}}, "press.to"),
        ({"press": {"to": ["12"]}}, "press.to"),
        ({"press": {"to": ["07700900002"]}}, "press.to"),
        ({"press": {"to": ["#31#25286"]}}, "press.to"),
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
        ({"operators": {"23410": dict(OPERATOR, proxy="wsp://10.0.0.1")}}, "", ""),
        ({"operators": {"23410": dict(OPERATOR, proxy="wsp://wap.example:9203")}}, "", ""),
        ({"operators": {"23410": dict(OPERATOR, proxy="wsp://")}}, "proxy", "wsp://HOST"),
        ({"operators": {"23410": dict(OPERATOR, proxy="wap://10.0.0.1:9201")}}, "proxy", "wsp://HOST"),
        ({"register_seconds": 4}, "register_seconds", "from 5 to 600"),
    ):
        if key:
            error = raises(SettingsError, settings.check, wrong)
            assert error.key.endswith(key) and wanted in str(error)
        else:
            settings.check(wrong)


def test_messages_lie_in_no_folder_of_programs_however_it_is_written():
    here = os.getcwd()
    programs = ["lib", "lib/", "./lib/../lib", "lib/mms", "lib/mms/handset/", "lib/mms/new", "lib/new", "drivers"]
    programs += ["drivers/modem/new/newer", "lib/mms/codec/../../new", "tests/handset", "tools", ".", "./", "lib/.."]
    programs += ["new/../lib"]
    for key in ("store", "album"):
        for path in programs + [here + "/" + path for path in programs] + [here, "/" + here, "main.py", "main.py/new"]:
            assert raises(SettingsError, settings.check, {key: path}).key == key


def test_any_other_folder_is_as_good_whatever_its_name():
    long = "build/" + "x" * 200 + "/" + "\u00fc" * 100
    odd = 'build/it\'s "quoted" & Gr\u00fc\u00dfe; $HOME/store'
    for path in ("store", "new/store", "../beside", odd, long, "/new/store"):
        assert settings.check({"store": path, "album": path})["store"] == path


def test_a_link_to_a_folder_of_programs_is_one():
    if not hasattr(os, "symlink"):
        return  # MicroPython makes no links
    link = "build/link-to-programs-%d" % os.getpid()
    os.makedirs("build", exist_ok=True)
    os.symlink("../lib/mms", link)
    try:
        for path in (link, link + "/new", link + "/../mms", os.getcwd() + "/" + link):
            assert raises(SettingsError, settings.check, {"store": path}).key == "store"
    finally:
        os.remove(link)


def test_on_a_board_the_whole_path_counts():
    if sys.implementation.name != "micropython":
        return  # CPython mounts no flash
    vfs, board = __import__("vfs"), rooms.places
    board._NUMBERED = False  # as os.stat says there, where "/" is the flash itself
    for kind, folder in ((vfs.VfsLfs2, "/flash"), (vfs.VfsFat, "/card")):
        vfs.mount(_flash(kind), folder)
        home = os.getcwd()
        os.chdir(folder)
        try:
            os.mkdir("lib")
            os.mkdir("lib/mms")
            with open("lib/mms/__init__.mpy", "wb") as file:
                file.write(b"M")
            for path in ("lib/", "./lib/mms/", "lib/new", "new/../lib", folder + "/lib/mms/new", "/x/../" + folder):
                assert board.wrong(path), path
            for path in ("store", "new/store", folder + "/store"):
                assert board.wrong(path) is None, path
        finally:
            os.chdir(home)
            vfs.umount(folder)


def test_where_files_have_no_numbers_the_way_from_the_root_counts():
    board, here = rooms.places, os.getcwd()
    numbered, board._NUMBERED = board._NUMBERED, False
    try:
        for path in (
            "lib",
            "./lib/../lib/",
            "store/../lib/new",
            "/x/.." + here,
            here + "/drivers",
        ):
            assert board.wrong(path), path
        for path in ("store", "./new/store", here + "/lib/../store", "new/../store"):
            assert board.wrong(path) is None, path
    finally:
        board._NUMBERED = numbered


class _Card(Flash):
    """A card, which needs no erasing."""

    def writeblocks(self, block, buffer, offset=0):
        start = block * BLOCK + offset
        self.octets[start : start + len(buffer)] = buffer


def _flash(kind):
    flash = _Card(256)
    kind.mkfs(flash)
    return kind(flash)
