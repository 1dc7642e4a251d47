"""`make run` keeps its promise: exit 0 only with every part octet for octet, and the files beside."""

import hashlib
import html
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import time

import pytest

from tests.kit.programs import need
from tests.kit.tier import amount
from tools import bound, programs
from tools.journey import __main__ as run
from tools.lab import families
from tools.programs import ROOT

SPEED = "10"
PICTURE = ROOT / "docs/run.svg"


def command(out, *arguments):
    return [sys.executable, "-m", "tools.journey", "--speed", SPEED, "--out", str(out), *arguments]


def journey(out, *arguments):
    """(what it printed, report.json) of a run that must succeed."""
    done = subprocess.run(command(out, *arguments), cwd=ROOT, capture_output=True, text=True, timeout=180)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    return done.stdout, json.loads((out / "report.json").read_text())


def processes(word):
    """The command lines of processes that have `word` in them."""
    found = []
    for path in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = path.read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        if word in line:
            found.append(line)
    return found


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """The folder, the text and the report of one whole run."""
    out = tmp_path_factory.mktemp("run")
    return (out, *journey(out))


def test_every_part_arrives_as_it_was_sent(ran):
    out, _, report = ran
    assert report["ok"]
    parts = {part["type"]: part for part in report["parts"]}
    assert set(parts) == {"application/smil", "image/jpeg", "audio/amr", "text/plain"}
    for part in parts.values():
        octets = pathlib.Path(part["path"]).read_bytes()
        digest = hashlib.sha256(octets).hexdigest()
        assert len(octets) == part["octets"]
        assert part["sha256_sent"] == part["sha256_received"] == digest
    text = pathlib.Path(parts["text/plain"]["path"]).read_text("utf-8")
    assert text == run.TEXT


def test_an_mmsc_that_deviates_where_it_may_is_put_up_with(tmp_path):
    names = ("no-from", "no-subject", "no-size", "other-host", "shuffled-headers", "version-1.0", "swapped-report")
    _, report = journey(tmp_path, *["--deviation=" + name for name in (*names, "no-length=1", "busy=1")])
    assert report["ok"] and report["delivery_status"] == "retrieved"
    told = (tmp_path / "lab" / "23410" / "mmsc" / "journal.jsonl").read_text()
    assert all('"%s"' % name in told for name in (*names, "no-length", "busy"))


def test_the_report_says_what_was_agreed(ran):
    _, _, report = ran
    assert report["octets"] > 20000 and report["message_id"] and report["transaction_id"]
    assert report["delivery_status"] == "retrieved"
    if programs.micropython():
        assert all(name.startswith("micropython") for name in report["interpreter"].values())
    steps = {"camera", "upload", "download", "acknowledgement", "shutter_to_received"}
    assert steps <= set(report["times_ms"])


def test_the_time_of_the_upload_stands_beside_what_physics_needs_and_is_not_less(ran):
    _, _, report = ran
    needed = [bound.upload(report["octets"], report["radio"], connected=ready) for ready in (False, True)]
    needed = [seconds * 1000 / report["speed"] for seconds in needed]
    assert min(abs(report["upload_bound_ms"] - ms) for ms in needed) <= 1
    # how much more it is shows how busy this machine is: tests/soak/test_speed.py measures that in virtual time
    assert report["times_ms"]["upload"] >= report["upload_bound_ms"] * 0.9


def test_the_screen_shows_each_step_and_what_moves(ran):
    out, text, _ = ran
    for words in ("picture taken", "camera:", "upload:", "download:", "octets/s", "s left"):
        assert words in text
    for words in ("accepted", "notified", "retrieved", "acknowledged", "delivery report"):
        assert words in text
    assert "The received picture: %s" % out in text


def told(lines):
    """The lines without what differs each time: figures, names, a table's borders, how often it was told what moves."""
    figures = re.compile(r"[\w/.,-]*/bob/album/\S+|[0-9a-f.,]*\d[\w.,:/-]*|\b[0-9a-f]{8,}\b")
    words = [" ".join(figures.sub("#", re.sub("[\u2500-\u257f]", " ", line)).split()) for line in lines]
    return {line for line in words if line and ": # of #" not in line}


def test_the_picture_in_the_docs_has_the_words_that_are_shown(ran):
    if not programs.micropython():
        pytest.skip("PyPI has no MicroPython for this machine")
    _, text, _ = ran
    rows = {}
    for y, piece in re.findall(r'<text [^>]* y="([\d.]+)"[^>]*>(.*?)</text>', PICTURE.read_text("utf-8"), re.DOTALL):
        rows[y] = rows.get(y, "") + html.unescape(piece)
    assert told(rows.values()) - {"make run"} == told(text.splitlines())


def test_the_trace_shows_the_journey_and_no_secret(ran):
    out, _, _ = ran
    trace = str(out / "trace.pcapng")

    def tshark(*arguments):
        shown = subprocess.run([need("tshark"), "-r", trace, *arguments], capture_output=True, text=True, check=True)
        return shown.stdout

    types = tshark("-Y", "mmse", "-T", "fields", "-e", "mmse.message_type").split()
    # M-Send.req, .conf, M-Notification.ind, M-Retrieve.conf, M-NotifyResp.ind, M-Delivery.ind
    assert {"0x80", "0x81", "0x82", "0x84", "0x83", "0x86"} <= set(types)
    assert "AT+CIPSTART" in tshark("-Y", "at")
    assert tshark("-Y", "_ws.malformed") == ""
    octets = (out / "trace.pcapng").read_bytes()
    assert b"23410000000000" not in octets and b'"password"' not in octets


@pytest.mark.parametrize("name, other", [("alice", "bob"), ("bob", "alice")])
def test_either_handset_may_run_on_cpython(tmp_path, name, other):
    if not programs.micropython():
        pytest.skip("PyPI has no MicroPython for this machine")
    _, report = journey(tmp_path, "--" + name, "cpython")
    assert report["interpreter"][name].startswith("cpython")
    assert report["interpreter"][other].startswith("micropython")


def test_ctrl_c_stops_every_process(tmp_path):
    started = subprocess.Popen(command(tmp_path), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    for line in started.stdout:
        if "presses the shutter" in line:
            break
    assert len(processes(str(tmp_path))) >= 3
    started.send_signal(signal.SIGINT)
    rest, _ = started.communicate(timeout=20)
    assert started.returncode == 130
    assert "Traceback" not in rest and "stopped" in rest
    assert processes(str(tmp_path)) == []


def test_a_handset_that_dies_is_named_and_the_exit_status_says_so(tmp_path):
    started = subprocess.Popen(command(tmp_path), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    for line in started.stdout:
        if "presses the shutter" in line:
            break
    _kill(str(tmp_path / "bob.json"))
    rest, _ = started.communicate(timeout=60)
    assert started.returncode == 1
    assert "bob failed at" in rest and "Traceback" not in rest
    assert not json.loads((tmp_path / "report.json").read_text())["ok"]


def _kill(word):
    for path in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if word in path.read_bytes().decode():
                os.kill(int(path.parent.name), signal.SIGKILL)
        except OSError:
            continue
    time.sleep(0.1)


def test_an_earlier_run_is_cleared_away_and_nothing_else(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    for path in (tmp_path / "alice" / "store" / "0.o", tmp_path / "report.json"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("old")
    run.clear(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path):
    (tmp_path / "file").write_text("")
    done = subprocess.run(command(tmp_path / "file"), cwd=ROOT, capture_output=True, text=True, timeout=30)
    assert done.returncode == 1 and len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("wrong", [("--radio", "lte"), ("--radio", "lte-1"), ("--speed", "0"), ("--speed", "fast")])
def test_wrong_arguments_are_named(tmp_path, wrong):
    done = subprocess.run(command(tmp_path, *wrong), cwd=ROOT, capture_output=True, text=True, timeout=30)
    assert done.returncode == 2 and wrong[0] in done.stderr


BROKEN = (
    ("settings", ("colour", "no such setting")),
    ("unplugged", ("cannot open", "plug it in")),
    ("module", ("no family knows this modem, which says", "WP7502", "modem.family")),
    ("sim", ("no SIM", "check the SIM")),
    ("pin", ("PIN", "not tried again", "correct the PIN in the settings")),
    ("coverage", ("register", "go where there is coverage", "is in alice's outbox")),
    ("denied", ("register", "refuses this SIM", "type scan", "is in alice's outbox")),
    ("roaming", ("attach", "GPRS services not allowed in this PLMN (148)", "type scan", "is in alice's outbox")),
    ("forbidden", ("roaming", "is among roaming.forbidden", "change roaming", "is in alice's outbox")),
    ("apn", ("context", "Missing or unknown APN", "check apn", "is in alice's outbox")),
    ("proxy", ("connect", "refused", "check proxy", "is in alice's outbox")),
    ("mmsc", ("answer", "502", "check proxy and mmsc", "is in alice's outbox")),
    ("power", ("the modem was reset", "its supply gave way", "470 to 1000 uF", "is in alice's outbox")),
    ("size", ("confirmation", "Message of over 5000 octets", "229", "send less", "is in alice's outbox")),
    ("refused", ("confirmation", "225", "is in alice's outbox")),
    ("truncated", ("camera", "the picture has no end")),
)
SPARED = ("settings", "unplugged", "truncated")  # they meet no modem
MODEMS = families.names("modem")


def broken_modems():
    """(what is broken, words of the line, family): with each family in turn, in `make long` with all."""
    for at, (broken, words) in enumerate(BROKEN):
        every = amount(False, True) and broken not in SPARED
        for family in MODEMS if every else [MODEMS[at % len(MODEMS)]]:
            yield broken, words, family


@pytest.mark.long
@pytest.mark.parametrize("broken, words, family", list(broken_modems()))
def test_whatever_goes_wrong_ends_with_one_clear_line(tmp_path, broken, words, family):
    fails(tmp_path, words, "--break", broken, "--modem", family)


@pytest.mark.parametrize(
    "broken, words",
    [
        ("proxy", ("connect", "the WAP gateway takes no datagrams", "check proxy", "is in alice's outbox")),
        ("mmsc", ("answer", "502", "check proxy and mmsc", "is in alice's outbox")),
    ],
)
def test_so_it_does_where_messages_go_through_a_wap_gateway(tmp_path, broken, words):
    fails(tmp_path, words, "--break", broken, "--proxy", "wsp")


def fails(tmp_path, words, *arguments):
    """Check that a journey ends with one line that has these words."""
    done = subprocess.run(command(tmp_path, *arguments), cwd=ROOT, capture_output=True, text=True, timeout=90)
    assert done.returncode == 1 and done.stderr == ""
    assert "Traceback" not in done.stdout
    assert all(word in done.stdout for word in words), done.stdout
    report = json.loads((tmp_path / "report.json").read_text())
    found = re.match(r"alice failed at (.+?): (.+)", report["why"])
    assert not report["ok"] and found and not found[2].startswith(found[1] + ":"), report["why"]


def test_it_works_with_modems_that_differ_from_the_usual_one(tmp_path):
    switches = ("network-time=gaps", "type-ahead=runs", "before-sms-ready=302", "first-seconds=error", "memories=three")
    _, report = journey(tmp_path / "run", *[word for switch in switches for word in ("--switch", switch)])
    assert report["ok"]
    refused = subprocess.run(command(tmp_path, "--switch", "type-ahead=no"), cwd=ROOT, capture_output=True, text=True)
    assert refused.returncode == 2 and "type-ahead is one of lost, runs" in refused.stderr
