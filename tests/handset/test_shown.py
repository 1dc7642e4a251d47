"""What a person reads below a message of a list, and of the parts of one."""

from mms.handset.console.render import reply, rows


def told(name, result):
    return "".join(reply(name, result, {}, None))


def below(message):
    """The rows below the first one of a message in the inbox."""
    return list(rows("inbox", dict({"id": "00000001", "sender": "+447700900009"}, **message)))[1:]


def test_a_link_is_a_row_and_settings_from_the_air_are_applied_by_a_command():
    assert below({"state": "link", "url": "http://host.example/x"}) == ["         http://host.example/x"]
    assert below({"state": "proposal"}) == ["         type: apply 00000001"]


def test_what_waits_or_is_over_at_the_mmsc_can_be_fetched():
    for state in ("notified", "deferred", "expired", "forwarded"):
        assert below({"state": state}) == ["         type: fetch 00000001"]
    assert below({"state": "acknowledged"}) == []


def test_files_that_were_written_are_listed_with_their_kind_and_size():
    file = {"path": "album/1-0.jpg", "type": "image/jpeg", "octets": 24781}
    assert told("export", {"files": [file]}) == "album/1-0.jpg  image/jpeg, 25 kB\n"
    assert told("export", {"files": []}) == "this message has no parts\n"


def test_a_status_leaves_out_what_the_modem_does_not_tell():
    network = {"mccmnc": None, "status": "searching", "roaming": False, "rat": None, "signal": None}
    status = {"home": "23410", "operator": "", "interpreter": "x 1", "memory": 170000, "network": network}
    lines = told("status", status).split("\n")
    assert lines[0] == "operator: ?, by a SIM of 23410" and lines[1] == "network:  none, searching"
    assert lines[3].endswith("in use")
    status["memory"] = None
    assert len(told("status", status).split("\n")) == len(lines) - 1


def test_a_message_without_a_sender_cannot_be_answered_and_its_layout_is_no_part():
    read = {"id": "00000001", "state": "acknowledged", "sender": "", "subject": "", "url": "http://x/", "text": ""}
    layout = {"name": "layout.smil", "type": "application/smil", "octets": 300}
    picture = {"name": "", "type": "image/jpeg", "octets": 24781}
    read.update(to=["+447700900002"], cc=[], date=None, parts=[layout, picture], note="parts are missing")
    lines = told("read", read).split("\n")
    assert "To answer" not in "".join(lines) and "smil" not in "".join(lines) and "http" not in "".join(lines)
    assert "Part:    ?, image/jpeg, 25 kB" in lines and "Note:    parts are missing" in lines
