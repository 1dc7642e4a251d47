"""The report calls a journey whole only when every part is, and times each step by its own ends."""

import pytest

from tools.journey import report

JPEG, TEXT = ("image/jpeg", b"\xff\xd8picture\xff\xd9"), ("text/plain", b"hello")


def compared(folder, sent, received):
    """Rows for parts as (type, octets) that were sent and received."""
    files = []
    for index, (media, octets) in enumerate(received):
        path = folder / str(index)
        path.write_bytes(octets)
        files.append({"name": "part", "type": media, "octets": len(octets), "path": str(path)})
    return report.compare([report.Part.of(*part) for part in sent], files)


@pytest.mark.parametrize(
    "received, whole",
    [
        ([JPEG, TEXT], True),
        ([TEXT, JPEG], True),
        ([JPEG], False),
        ([], False),
        ([JPEG, TEXT, TEXT], False),
        ([JPEG, ("text/plain", b"hellO")], False),
        ([JPEG, ("text/html", b"hello")], False),
        ([("image/jpeg", JPEG[1][:-1]), TEXT], False),
    ],
)
def test_a_journey_is_whole_when_each_part_came_once_as_it_was_sent(tmp_path, received, whole):
    assert report.whole(compared(tmp_path, [JPEG, TEXT], received)) is whole


def test_what_was_lost_is_in_the_rows(tmp_path):
    rows = compared(tmp_path, [JPEG, TEXT], [JPEG])
    assert [row["sha256_received"] is None for row in rows] == [False, True]
    assert rows[1]["type"] == "text/plain" and rows[1]["octets"] == 5


def test_an_upload_is_timed_from_the_last_connection_asked_for_before_its_end():
    times = report.Times()
    for who, what, at in (
        ("alice", "press", 1.0),
        ("alice", "asked", 2.0),
        ("alice", "asked", 5.0),
        ("alice", "confirmed", 9.0),
        ("alice", "asked", 11.0),
    ):
        times.note(who, what, at)
    taken = times.milliseconds()
    assert taken == {"upload": 4000, "shutter_to_confirmed": 8000}


@pytest.mark.parametrize("notified, taken", [(12.5, 3500), (8.0, 0)])
def test_a_step_from_one_handset_to_the_other_is_in_the_report_whichever_is_told_first(notified, taken):
    times = report.Times()
    times.note("alice", "press", 1.0)
    times.note("bob", "notified", notified)
    times.note("alice", "confirmed", 9.0)
    assert times.milliseconds()["notification"] == taken


def test_a_step_that_has_not_ended_or_never_began_is_not_in_the_report():
    times = report.Times()
    times.note("alice", "confirmed", 9.0)
    times.note("bob", "retrieved", 12.0)
    assert times.milliseconds() == {}
