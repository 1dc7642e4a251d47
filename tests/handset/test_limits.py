"""Every bound of limits.py is kept: one less and just so many fit, one more does not."""

import asyncio

from drivers.modem import connection, dialogue, digester
from mms import clock, limits
from mms.codec import mm1, segments, wsp
from mms.codec.links import parse as link
from mms.errors import LinkError, PduError, Stuck, UsageError
from mms.events import Events
from mms.handset import supervisor
from mms.handset.carrying import submission
from mms.handset.receiving import arriving, retrieved
from mms.link.url import parse_url
from tests.kit.drivers.dialogue import talk


def fits(error, function, *arguments):
    """Whether `function(*arguments)` takes it; an `error` says that it is too much."""
    try:
        function(*arguments)
    except error as raised:
        assert not isinstance(raised, AssertionError)
        return False
    return True


class Endless:
    """A response of so many octets."""

    media = mm1.MEDIA

    def __init__(self, octets):
        self.octets = octets

    async def readinto(self, buf):
        count = min(len(buf), self.octets)
        self.octets -= count
        return count


def confirmation(octets):
    try:
        asyncio.run(submission.read_confirmation(Endless(octets), bytearray(100)))
    except LinkError as error:
        assert "more than" in str(error)
        return False
    return True


class Box:
    """An Inbox that counts octets and keeps none."""

    id, status, octets = "00000000", {"octets": 0}, 0

    def __init__(self):
        self.store = self.events = self

    def create(self, name):
        return self

    def holds(self, octets):
        return True

    def save(self, **changes):
        pass

    def say(self, event, **fields):
        pass

    async def add(self, view):
        self.octets += len(view)

    def open(self, name):
        raise PduError(0, "it is here")

    def remove(self, name):
        pass

    async def __aenter__(self):
        return self

    async def __aexit__(self, kind, error, trace):
        pass


def message(octets):
    box = Box()
    try:
        media = asyncio.run(arriving.receive(box, box, box, Endless(octets + limits.PDU_HEADER), bytearray(20000)))
        asyncio.run(retrieved.publish(box, box, media))
    except PduError:
        return True
    except LinkError:
        return False


def at_line(octets):
    """Whether an unsolicited line of so many octets, its end among them, is heard."""
    machine = digester.Digester(("\n+CMTI:|\n+CMT:|+\n",), ("\nOK|good\nERROR|bad\n",))
    line, kinds = b"+CMTI:" + b"x" * (octets - 7) + b"\n", []
    while line:
        space = machine.space()
        piece = line[: len(space)]
        space[: len(piece)] = piece
        machine.commit(len(piece))
        line = line[len(piece) :]
        kinds.append(machine.digest())
    return kinds[-1] is not None


def at_lines(count):
    async def story(dialogue, modem, heard):
        return await dialogue.ask("imsi")

    answer = b"".join([b"%d\r\n" % number for number in range(count)]) + b"OK\r\n"
    return len(talk({"AT+CIMI": answer}, story)) == count


class Port:
    def __init__(self, octets):
        self.accepted, self.acked, self.up, self.number, self.asked = octets, 0, True, 0, False
        self._datagrams, self._sockets = None, self

    async def ask_acknowledged(self, number):
        self.asked = True
        return self.accepted


def unacked(octets):
    port = Port(octets)
    asyncio.run(connection.Connection._wait_room(port, 0))
    return not port.asked


class Fed(Exception):
    """The watchdog was fed."""


def step_ms(passed):
    """Whether a duty that was not heard of for so long is waited for."""

    class Watchdog:
        def feed(self):
            raise Fed

    own, since = supervisor.Supervisor(Events()), clock.since
    own.beat("duty")
    clock.since = lambda start: passed
    try:
        asyncio.run(own.work(Watchdog()))
    except Fed:
        return True
    except Stuck:
        return False
    finally:
        clock.since = since


FITS = {
    "STEP_MS": step_ms,
    "UINTVAR": lambda n: fits(Exception, wsp.Uintvar.parse, b"\x81" + b"\x80" * (n - 2) + b"\0"),
    "LONG_INTEGER": lambda n: fits(Exception, wsp.LongInteger.parse, bytes([n]) + b"\1" * n),
    "SEGMENT": lambda n: len(segments.submit("+447700900001", bytes(2 * n))) == 2,
    "NOTIFICATION": lambda n: fits(PduError, link, b'<sl href="http://h/"/>' + b" " * (n - 22), "text/vnd.wap.sl"),
    "URL": lambda n: fits(LinkError, parse_url, "http://h/" + "a" * (n - 9)),
    "CONFIRMATION": confirmation,
    "MESSAGE": message,
    "AT_LINE": at_line,
    "AT_LINES": at_lines,
    "AT_ARGUMENT": lambda n: fits(UsageError, dialogue.quote, "host", "a" * n),
    "UNACKED": unacked,
}
TOLD = {  # by a test of its own, which says more
    "PDU_HEADER": "codec/test_mm1.py::test_headers_have_a_bound_in_octets",
    "HEADERS": "codec/test_mm1.py::test_header_fields_have_a_bound",
    "TEXT": "codec/test_wsp.py::test_text_has_a_bound",
    "ADDRESSES": "codec/test_mm1.py::test_recipients_have_a_bound",
    "PARTS": "codec/test_multipart.py::test_parts_have_a_bound",
    "PART_HEADER": "codec/test_multipart.py::test_the_headers_of_a_part_have_a_bound",
    "NESTING": "codec/test_nested.py::test_nesting_has_a_bound",
    "PARAMETERS": "codec/test_wsp.py::test_parameters_have_a_bound",
    "SMIL": "codec/test_slides.py::test_a_layout_has_bounds",
    "TAGS": "codec/test_slides.py::test_a_layout_has_bounds",
    "ATTRIBUTES": "codec/test_slides.py::test_a_layout_has_bounds",
    "DEPTH": "codec/test_links.py::test_wbxml_has_bounds",
    "TPDU": "codec/test_tpdu.py::test_octets_that_are_no_tpdu_are_an_error",
    "SEGMENTS": "handset/test_bounds.py::test_a_message_has_so_many_parts_and_not_one_more",
    "ASSEMBLIES": "handset/test_bounds.py::test_so_many_messages_are_under_way_and_for_so_long",
    "ASSEMBLY_MS": "handset/test_bounds.py::test_so_many_messages_are_under_way_and_for_so_long",
    "WAITING": "handset/test_bounds.py::test_so_many_wait_and_not_one_more",
    "PROVEN": "handset/test_bounds.py::test_only_so_many_numbers_are_remembered_as_proven",
    "RETRIEVALS": "handset/test_flood.py::test_retrievals_that_fail_are_slowed_and_what_the_user_asks_for_is_not",
    "RETRIEVAL_MS": "handset/test_flood.py::test_retrievals_that_fail_are_slowed_and_what_the_user_asks_for_is_not",
    "TEXTS": "handset/test_bounds.py::test_texts_have_a_bound_and_those_that_were_read_go_first",
    "SENT": "handset/test_outbox.py::test_so_many_sent_messages_are_kept_and_the_oldest_goes",
    "LINKS": "handset/test_pushes.py::test_who_floods_us_with_links_displaces_only_links",
    "ERRANDS": "handset/test_bounds.py::test_answers_to_strangers_have_a_bound",
    "QUARANTINE": "handset/test_damage.py::test_the_quarantine_has_a_bound",
    "WSP": "handset/test_operators.py::test_a_wap_gateway_has_port_9201_and_takes_what_255_segments_carry",
    "HTTP_LINE": "link/test_http.py::test_an_answer_is_bounded_in_lines_and_octets",
    "HTTP_HEADER": "link/test_http.py::test_an_answer_is_bounded_in_lines_and_octets",
    "HTTP_LINES": "link/test_http.py::test_an_answer_is_bounded_in_lines_and_octets",
    "HTTP_INTERIM": "link/test_http.py::test_answers_that_only_say_that_one_will_come_are_read_past_but_not_for_ever",
    "HTTP_CHUNK": "link/test_http.py::test_a_chunk_has_a_short_length_and_few_lines_follow_the_last",
    "HTTP_TRAILERS": "link/test_http.py::test_a_chunk_has_a_short_length_and_few_lines_follow_the_last",
    "HTTP_PACE_MS": "link/test_http.py::test_an_answer_that_comes_too_slowly_is_given_up",
    "HTTP_PACE": "link/test_http.py::test_an_answer_that_comes_too_slowly_is_given_up",
    "WATCHDOG_MS": "handset/test_supervisor.py::test_a_watchdog_is_fed_often_enough_while_every_duty_keeps_its_promise",
    "BLOCK": "handset/test_bearer.py::test_octets_leave_in_full_blocks",
    "CONSOLE_LINE": "handset/test_console_lines.py::test_a_line_has_a_bound_that_is_said",
    "COMMANDS": "handset/test_console_lines.py::test_no_more_commands_than_the_bound_run_and_all_are_answered",
    "RECORD": "handset/test_store.py::test_a_record_is_bounded",
    "STORE_RESERVE": "handset/test_store.py::test_blobs_leave_the_reserve_to_records",
}


def named():
    """{name: value} of all in limits.py."""
    with open("lib/mms/limits.py") as file:
        names = [line.split(" = ")[0] for line in file if " = const(" in line]
    return {name: getattr(limits, name) for name in names}


def body(where):
    """The lines of a test, by its file and name."""
    path, name = where.split("::")
    lines, inside = [], False
    with open("tests/" + path) as file:
        for line in file:
            if line[:1] not in " \n":
                inside = line.startswith("def %s(" % name)
            if inside:
                lines.append(line)
    return "".join(lines)


def test_each_bound_has_a_test():
    assert sorted(list(FITS) + list(TOLD)) == sorted(named())
    for name in TOLD:
        assert body(TOLD[name]).find("limits." + name) >= 0, name


def test_one_less_and_just_so_many_fit_and_one_more_does_not():
    known = named()
    for name in FITS:
        assert [FITS[name](known[name] + more) for more in (-1, 0, 1)] == [True, True, False], name
