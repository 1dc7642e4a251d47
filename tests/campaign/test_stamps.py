"""The bench of stamps finds the modem's own stamps of each step in a journal."""

from tools.bench import stamps


def trace(at, sent, text):
    """A line of the dialogue with the modem."""
    return {"what": "trace", "at": at, "sent": sent, "text": text}


def event(at, name, action):
    """An event of the room `probe`."""
    return {"what": "event", "at": at, "event": name, "action": action}


def test_a_step_is_compared_with_its_own_lines_of_the_modem():
    entries = [
        trace(0.5, True, "AT+CGATT=1"),  # of before
        event(1.000, "probing", "attach"),
        trace(1.001, True, "AT+CSQ"),
        trace(1.002, False, "OK"),
        trace(1.004, True, "AT+CGATT=1"),
        trace(2.504, False, "OK"),
        trace(2.507, True, "AT+CGREG?"),
        trace(2.510, False, "OK"),
        event(2.515, "probed", "attach"),
        event(3.000, "probing", "context"),
        event(3.010, "probed", "context"),  # nothing was to be done
    ]
    ((step, ours, theirs, begins, ends),) = stamps.differences(entries)
    assert step == "attach"
    assert [round(value, 3) for value in (ours, theirs, begins, ends)] == [1.515, 1.506, 4.0, 5.0]
