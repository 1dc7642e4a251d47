"""python -m tools.pdu, as people and scripts use it."""

import io
import json
import os
import subprocess
import sys

import pytest

from mms.codec import mm1, multipart, push, segments
from tests.kit import programs
from tests.kit.codec import golden
from tools.pdu import extract, values
from tools.programs import ROOT, micropython

MEGABYTES = 10


def told(*words, code=0):
    """What the command prints; it ends with that exit code, and on success says nothing else."""
    command = [sys.executable, "-m", "tools.pdu", *map(str, words)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == code, done.stderr
    return done.stderr if code else done.stdout


@pytest.fixture
def message(tmp_path):
    path = tmp_path / "message.mms"
    path.write_bytes(golden.SEND_HEADER + golden.BODY)
    return path


def test_json_is_one_line_a_file(message, tmp_path):
    other = tmp_path / "push"
    other.write_bytes(golden.PUSH)
    first, second = [json.loads(line) for line in told("decode", "--json", message, other).splitlines()]
    assert (first["file"], first["pdu"]) == (str(message), "M-Send.req")
    assert first["headers"][5] == {"name": "Subject", "value": "Grüße", "offset": 32}
    assert [part["octets"] for part in first["parts"]] == [len(golden.SMIL), 7]
    assert (second["pdu"], second["push"]["tid"]) == ("M-Notification.ind", 1)


def test_the_tree_has_headers_with_offsets_and_parts_with_sizes(message):
    lines = told("decode", message).splitlines()
    assert lines[0].startswith("M-Send.req")
    assert any(line.endswith("32  Subject: Grüße") for line in lines)
    assert any(line.endswith("403  text/plain, 7 octets") for line in lines)


def test_nothing_from_the_air_commands_the_terminal(tmp_path):
    path = tmp_path / "evil"
    subject = (mm1.SUBJECT, "evil\x1b[2J\x07\u202eevil")
    path.write_bytes(mm1.build(mm1.RETRIEVE_CONF, [subject, (mm1.CONTENT_TYPE, mm1.ContentType("text/plain", []))]))
    for options in ([], ["--json"]):
        shown = told("decode", *options, path)
        assert "\x1b" not in shown and "\x07" not in shown
    assert "\u202e" not in told("decode", path)


def test_malformed_octets_are_one_line_with_an_offset_and_a_reason(tmp_path):
    path = tmp_path / "bad"
    path.write_bytes(golden.SEND_HEADER + golden.BODY[:-1])
    size = len(golden.SEND_HEADER + golden.BODY) - 1
    assert told("decode", path, code=1) == "%s: octet %d: body ends in part 2 of 2\n" % (path, size)


def test_wrong_usage_and_files_that_are_not_there_are_told_apart_from_malformed_ones(tmp_path):
    told("decode", code=2)
    assert told("decode", tmp_path / "none", code=2).count("\n") == 1


def test_a_folder_that_cannot_be_made_is_told_in_one_line(message, tmp_path):
    assert told("decode", "--extract", message, message, code=2).count("\n") == 1


def test_a_decoded_message_is_encoded_to_the_same_octets(message, tmp_path):
    spec, again = tmp_path / "spec.json", tmp_path / "again.mms"
    spec.write_text(told("decode", "--json", "--extract", tmp_path / "parts", message))
    assert sorted(os.listdir(tmp_path / "parts")) == ["01-s.smil", "02-t.txt"]
    told("encode", spec, "-o", again)
    assert again.read_bytes() == message.read_bytes()


@pytest.mark.parametrize(
    "spec", ("[]", "{}", '{"pdu": "M-None"}', '{"pdu": "M-Send.req", "headers": [{"name": 1}]}', "{")
)
def test_a_specification_that_makes_no_sense_is_one_line(spec, tmp_path):
    path = tmp_path / "spec.json"
    path.write_text(spec)
    assert told("encode", path, "-o", tmp_path / "out", code=1).count("\n") == 1
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "name", ("../../x", "/etc/passwd", "..\\x", ".profile", "", "a\0b", "CON", "\N{BLACK STAR}" * 9)
)
def test_received_names_are_labels(name):
    safe = extract.safe_name(1, {"name": name, "content_location": None, "content_id": None, "type": "text/plain"})
    assert safe.startswith("01-") and len(safe) < 80
    assert all(character.isalnum() or character in "._-" for character in safe) and safe.isascii()


def test_a_link_in_the_way_of_a_part_is_not_followed(message, tmp_path):
    victim, parts = tmp_path / "victim", tmp_path / "parts"
    victim.write_text("mine")
    parts.mkdir()
    (parts / "02-t.txt").symlink_to(victim)
    told("decode", "--extract", parts, message)
    assert victim.read_text() == "mine"
    assert (parts / "02-t.txt").read_text() == "Grüße"


def test_lines_of_short_messages_with_and_without_the_centre_are_put_together(tmp_path):
    parts = segments.deliver("+447700900001", golden.PUSH + bytes(200), push.PORTS, 7, 1700000000)
    lines = tmp_path / "lines"
    with_centre = [parts[2], b"\0" + parts[0], bytes.fromhex("07914477581006f5") + parts[1]]
    lines.write_text("# from a log\n" + "\n".join(segment.hex() for segment in with_centre))
    found = json.loads(told("decode", "--json", "--sms", lines))
    assert found["pdu"] == "M-Notification.ind"
    assert found["sms"]["segments"] == 3 and found["sms"]["address"] == "+447700900001"


def test_a_capture_of_nothing_writes_nothing_and_takes_nothing_away(message, tmp_path):
    new, there = tmp_path / "new", tmp_path / "there"
    there.write_text("mine")
    for out in (new, there):
        assert told("pcap", "--sms", message, "-o", out, code=1).count("\n") == 1
        assert told("pcap", tmp_path / "none", "-o", out, code=2).count("\n") == 1
    assert not new.exists() and there.read_text() == "mine"
    assert told("pcap", message, "-o", tmp_path, code=2).count("\n") == 1


def test_the_error_for_a_wrong_specification_holds_no_text_of_python(tmp_path):
    for wrong in ("[]", "[1, 2]", '"x"', '{"pdu": 5}', '{"pdu": "M-Send.req", "headers": [5]}'):
        (tmp_path / "spec").write_text(wrong)
        said = told("encode", tmp_path / "spec", "-o", tmp_path / "out", code=1)
        assert said.count("\n") == 1 and "object has" not in said and "object is" not in said


def test_wireshark_shows_the_types_of_pdus_that_pcap_writes(message, tmp_path):
    tshark = programs.need("tshark")
    pushed, lines, out = tmp_path / "push", tmp_path / "lines", tmp_path / "x.pcapng"
    pushed.write_bytes(golden.PUSH)
    parts = segments.deliver("+447700900001", golden.PUSH + bytes(100), push.PORTS, 7, 1700000000)
    lines.write_text("\n".join("00" + part.hex() for part in parts))
    for words, types in ((["pcap", message, pushed], ["0x80", "0x82"]), (["pcap", "--sms", lines], ["0x82"])):
        told(*words, "-o", out)
        command = [tshark, "-r", str(out), "-Y", "mmse", "-T", "fields", "-e", "mmse.message_type"]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, timeout=60)
        assert done.stdout.split() == types


def test_ten_megabytes_are_decoded_under_192_kilobytes_of_heap(tmp_path):
    if not micropython():
        pytest.skip("PyPI has no MicroPython for this machine")
    block = bytes(range(256)) * 4096
    head = mm1.build(mm1.RETRIEVE_CONF, [(mm1.CONTENT_TYPE, mm1.ContentType("multipart/mixed", []))])
    path = tmp_path / "large"
    with open(path, "wb") as file:
        file.write(head + multipart.count(1) + multipart.entry("video/3gpp", MEGABYTES * len(block)))
        for _ in range(MEGABYTES):
            file.write(block)
    inside = told("decode", "--json", "--micropython", path)
    assert json.loads(inside)["parts"][0]["octets"] == MEGABYTES << 20
    assert inside == told("decode", "--json", path)


@pytest.mark.parametrize(
    "value", (None, True, -1, "", '"\\\n\x1f\x7fü\U0001f600', [], {}, [[], {"a": [1, None]}], ("a", 2)), ids=repr
)
def test_dumped_values_are_read_by_pythons_json(value):
    out = io.StringIO()
    values.dump(value, out.write)
    assert json.loads(out.getvalue()) == (list(value) if isinstance(value, tuple) else value)
    assert "\n" not in out.getvalue()
