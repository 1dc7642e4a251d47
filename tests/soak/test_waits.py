"""From power-on to attached no handset waits longer than its modem: 200 ms at most until it asks again."""

import pytest

from tools.bench import links

WAIT_MS = 200  # between a modem's last octet, or a command without an answer, and the next command
DIALOGUE_MS = 150  # of the commands from a registration to an attachment
STEP_MS = 5  # of the world's clock, and of tasks that are due at once
SIZE = 1000
LINKS = [("sim800", "edge-10-mcs6"), ("m66", "edge-10-mcs6"), ("sara", "umts-384"), ("bg95", "lte-1")]
LINKS += [("sim7600", "lte-1"), ("sim7600", "gprs-10-cs2"), ("bg95", "gprs-10-cs2")]


def watch(played, station):
    """A list that gets (ms, what) for each command and each answer on the modem's line, and each event."""
    seen, line, modem = [], station.line, station.modem
    write, reach, registered = line.write, line._reach, modem.registered

    def writes(octets, port):
        seen.append((played.now, bytes(octets[:40])))
        return write(octets, port)

    def reaches(port, octets, whole):
        seen.append((played.now, "answer"))
        reach(port, octets, whole)

    def registers():
        seen.append((played.now, "registered"))
        registered()

    line.write, line._reach, modem.registered = writes, reaches, registers
    return seen


def waits(seen, end):
    """[(ms, command)] of every command up to the moment `end`: how long after the octets before it it was written."""
    found, last = [], seen[0][0]
    for at, what in seen:
        if at > end:
            break
        if isinstance(what, bytes):
            found.append((at - last, what))
        if what != "registered":
            last = at
    return found


@pytest.mark.parametrize("family, radio", LINKS)
def test_no_wait_is_longer_than_the_modems_own_answer_and_200_ms(family, radio):
    played = links.prepare(SIZE, family, radio)
    seen = watch(played, played.stations[1])
    links.play(played)
    attached = played.moments["bob", "context_up"]
    found = waits(seen, attached)
    print("\n".join("%6.1f ms before %r" % wait for wait in found if wait[0] > STEP_MS))
    assert len(found) > 20
    assert max(found)[0] <= WAIT_MS + STEP_MS, max(found)
    registered = min(at for at, what in seen if what == "registered")
    delays = played.stations[1].modem.environment.delays
    needed = delays.attach + delays.context
    assert attached - registered <= needed + WAIT_MS + DIALOGUE_MS
