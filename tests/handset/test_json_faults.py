"""Where settings stop being JSON is said as a person finds it: by line and column."""

import json
import random

from mms.errors import SettingsError
from mms.handset import rooms, settings
from mms.handset.store.files import make_folder
from tests.kit.checks import raises

WHOLE = b'{"a": [1, -2.5e+3, "\\u00fc\xc3\xbc\\n", true, null, {}, []],\n "b": {"c": false, "d": 0}}\n'


def test_every_kind_of_slip_is_found_where_it_is():
    for text, line, column in (
        (b"", 1, 1),
        (b"{", 1, 2),
        (b'{\n  "a": 1,\n}', 3, 1),
        (b'{"a": 1\n "b": 2}', 2, 2),
        (b'{"a" 1}', 1, 6),
        (b"{'a': 1}", 1, 2),
        (b'{"a": 01}', 1, 8),
        (b'{"a": +1}', 1, 7),
        (b'{"a": 1.}', 1, 9),
        (b'{"a": True}', 1, 7),
        (b'{"a": "b}\n', 1, 10),
        (b'{"a": "\\x"}', 1, 8),
        (b'{"\xc3\xbc\xc3\xbc": ?}', 1, 8),
        (b'{"a": "\xfc"}', 1, 8),
        (b'{"a": [1, 2}', 1, 12),
        (b'{"a": 1}}', 1, 9),
        (b'{"a": 1} // what this is', 1, 10),
        (b"\xef\xbb\xbf{}", 1, 1),
    ):
        assert rooms.json_faults.place(text) == (line, column), text


def test_what_is_json_has_no_such_place():
    place = rooms.json_faults.place
    assert place(WHOLE) is None
    for text in (b"0", b'"a"', b" [] ", b"-0.5E-7", b'{"": ""}', b"[[[[]]]]"):
        assert place(text) is None, text


def test_what_is_damaged_anywhere_is_found_when_json_refuses_it():
    random.seed(9)
    place, found = rooms.json_faults.place, 0
    for _ in range(2000):
        octets = bytearray(WHOLE)
        for _ in range(random.randrange(3)):
            octets[random.randrange(len(octets))] = random.choice(b'{}[]",:0-9.eE+\\u \n\x00\xfcx')
        octets = bytes(octets[: random.randrange(len(octets) + 1)])
        try:
            json.loads(octets.decode())
        except (ValueError, RuntimeError):
            found += 1
            assert place(octets), octets
    assert found > 500  # of MicroPython, which takes some that are wrong


def test_the_settings_that_are_refused_are_named_with_the_place():
    path = "build/tests/misspelt.json"
    make_folder("build/tests")
    with open(path, "wb") as file:
        file.write(b'{"pin": "1234",\n "album": \'a\'}\n')
    told = str(raises(SettingsError, settings.load, path))
    assert "build/tests/misspelt.json is not JSON at line 2, column 11" in told and "1234" not in told
    with open(path, "wb") as file:
        file.write(b"[" * 5000)
    assert "is not JSON" in str(raises(SettingsError, settings.load, path))
