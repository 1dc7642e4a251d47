"""Text that wants to become something else: a command, a header, a path. None of 17,000 strings does, at any door.

What counts is what reaches the serial line, the sockets and the file system: spies there know what belongs.
"""

import asyncio

from drivers.modem import dialogue
from mms.codec import mm1, multipart, push, segments, tpdu, wsp
from mms.errors import LinkError, PduError, SettingsError, UsageError
from mms.events import Events
from mms.handset import numbers, settings
from mms.handset.carrying.carrier import Carrier
from mms.handset.receiving import album, entries, intake
from mms.handset.receiving.inbox import Inbox
from mms.handset.sending.outbox import Outbox
from mms.handset.store.store import Store
from mms.link import http
from mms.link.url import parse_url
from tests.kit.checks import raises
from tests.kit.drivers.sim800 import COMMANDS
from tests.kit.files import Memory
from tests.kit.handset.console import asked
from tests.kit.handset.inbox import take
from tests.kit.hostile.strings import EACH, strings, texts, told

HOST = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_"
DIGITS = "0123456789"
HEX = "0123456789abcdef"


def made_of(text, characters):
    return bool(text) and not text.strip(characters)


def visible(text):
    return not [octet for octet in text.encode() if not 0x20 <= octet <= 0x7E]


def command(name, *values):
    """The line that a modem reads for a command of the driver; its arguments have to stay what they are."""
    for table in COMMANDS:
        start = table.find("\n%s|" % name)
        if start >= 0:
            template = table[start + 1 : table.find("\n", start + 1)].split("|")[2]
    line = dialogue.fill(template, values)
    assert visible(line) and line.count('"') == 2 * len([v for v in values if isinstance(v, str)]), ascii(line)
    assert line.split('"')[1::2] == [v for v in values if isinstance(v, str)], ascii(line)
    return line


class Wire:
    """A stream that keeps what is sent and answers nothing."""

    def __init__(self):
        self.sent = b""

    async def write(self, view):
        self.sent += bytes(view)

    async def readinto(self, view):
        return 0

    async def drain(self):
        pass


def request(url, headers, absolute):
    """What goes out for a GET has to be one request, for this URL, with these headers; LinkError when it is refused."""
    wire, story = Wire(), None
    story = http.exchange(wire, bytearray(256), "GET", url, headers, absolute)
    try:
        story.send(None)
    except LinkError:
        if not wire.sent:
            raise
    head, _, rest = wire.sent.partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    target = url.text if absolute else url.path
    expected = ["GET %s HTTP/1.1" % target, "Host: " + url.authority]
    expected += ["%s: %s" % header for header in headers] + ["Connection: close"]
    assert rest == b"" and lines == [line.encode() for line in expected], head
    for line in lines:
        assert not [octet for octet in line if not 0x20 <= octet <= 0x7E], line
    assert lines[0].count(b" ") == 2 and made_of(url.host, HOST) and url.path[:1] == "/"
    for name, _ in headers:
        assert made_of(name, HOST)


def operator(**more):
    known = {"apn": "mms.example", "mmsc": "http://mmsc.example/"}
    known.update(more)
    return {"operators": {"23410": known}}


def test_settings_never_become_another_command():
    passed = 0
    for key, good in (("apn", b"mms.example"), ("user", b"web"), ("password", b"se cret"), ("proxy", b"10.1.1.1:8080")):
        for text in texts(len(key), good):
            profile = told(operator(**{key: text}))
            if profile is not None:
                passed += 1
                command("access point", profile.apn, profile.user, profile.password)
                host, port = profile.proxy or (profile.mmsc.host, profile.mmsc.port)
                command("open", 0, "TCP", host, port)
                assert made_of(host, HOST) and host in ("mmsc.example", text.partition(":")[0]), ascii(text)
    assert passed < 4 * EACH // 2


def test_a_pin_is_digits():
    for text in texts(5, b"1234", b"12345678"):
        try:
            settings.check({"pin": text})
        except SettingsError as error:
            assert error.key == "pin" and str(error).find(text) < 0
        else:
            assert made_of(text, DIGITS) and command("unlock", text) == 'AT+CPIN="%s"' % text


def test_settings_never_become_another_request():
    for key, good in (("mmsc", b"http://mmsc.example:8002/"), ("user_agent", b"Example/1.0"), ("headers", b"X-MSISDN")):
        for text in texts(len(key) + 10, good):
            values = ({text: "x"}, {"X-A": text}) if key == "headers" else (text,)
            for value in values:
                profile = told(operator(**{key: value}))
                if profile is not None:
                    request(profile.mmsc, profile.headers, True)
                    names = [name.lower() for name, _ in profile.headers]
                    assert not [name for name in ("host", "content-length", "transfer-encoding") if name in names]


def test_a_folder_of_the_settings_is_none_from_which_programs_are_read():
    import sys

    for key in ("store", "album"):
        for text in texts(len(key) + 20, b"store", b"/sd/album", b"lib", b""):
            try:
                folder = settings.check({key: text})[key]
            except SettingsError as error:
                assert error.key == key
                continue
            assert folder not in sys.path and folder.strip("./") and not [c for c in folder if ord(c) < 32]
        for folder in sys.path + ["", ".", "/", "..", "a/../lib"]:
            if folder != ".frozen":  # MicroPython's name for what is in its firmware, and no folder
                raises(SettingsError, settings.check, {key: folder})


def test_a_recipient_stays_a_number_or_an_address():
    for text in texts(30, b"+447700900002", b"07700900002", b"bob@mail.example", b"12345"):
        try:
            who = numbers.recipient(text, "+447700900001")
        except UsageError:
            continue
        fields = [(mm1.TRANSACTION_ID, "T"), (mm1.VERSION, 0x12), (mm1.FROM, None), (mm1.TO, mm1.address(who))]
        octets = mm1.build(mm1.FORWARD_REQ, fields + [(mm1.CONTENT_LOCATION, "http://mmsc.example/m/1")])
        (back,) = mm1.parse(octets).all(mm1.TO)
        digits = back[1:-10] if back[0] == "+" else back[:-10]
        number = made_of(digits, DIGITS) and (back[0] == "+" or len(digits) < 7) and back[-10:] == "/TYPE=PLMN"
        assert number or visible(back) and "@" in back and "/" not in back and " " not in back, ascii(back)


def test_a_text_goes_to_the_digits_that_are_asked_for():
    for text in texts(31, b"+447700900002", b"12345"):
        try:
            (segment,) = segments.submit(text, "hello")
        except PduError as error:
            assert text.strip() == "" or error.what.find(text) < 0
            continue
        back = segments.parse_submit(segment).recipient
        assert back == text or back.strip(DIGITS + "+*#abc"), ascii(text)  # what is no number is a name: nobody's
        line = command("submit", len(segment))
        assert line == "AT+CMGS=%d" % len(segment)


def test_a_console_runs_its_own_commands_only():
    names = list(texts(32, b"help", b"__init__", b"do_quit", b"perform", b"settings"))
    for start in range(0, EACH, 50):
        commands = [{"do": name, "to": name, "id": name} for name in names[start : start + 50]]
        commands = [one for one in commands if one["do"] not in ("quit", "help", "settings")]
        answers, phone = asked(*commands)
        assert phone.sent == [] and len(answers) == len(commands)
        assert not [answer for answer in answers if answer.get("ok")]


class Bearer:
    """As mms.handset.carrying.bearer's, without the modem."""

    sim = None

    def __init__(self, proxy):
        self.profile = told(operator(proxy=proxy))
        self.profile.appends = self.profile.answers_there = True
        self.asked = 0

    async def network(self):
        return self.Network

    class Network:
        roaming, status = False, "home"

    async def request(self, method, url, consume, content=None, sent=None):
        self.asked += 1
        host, port = self.profile.proxy or (url.host, url.port)
        assert (host, port) == ("10.1.1.1", 8080) if self.profile.proxy else host == "mmsc.example", ascii(url.text)
        command("open", 0, "TCP", host, port)
        request(url, self.profile.headers, self.profile.proxy is not None)
        raise LinkError("answer", None, "nothing comes")


def test_a_notification_sends_us_to_nobody_but_the_mmsc_or_the_proxy():
    with Memory() as memory:
        store, events = Store("store"), Events()
        fields = [(mm1.TRANSACTION_ID, "TTTT"), (mm1.VERSION, 0x12), (mm1.CONTENT_LOCATION, "LLLL")]
        body = push.build(1, mm1.MEDIA, mm1.build(mm1.NOTIFICATION_IND, fields))
        asked = 0
        for proxy in ("", "10.1.1.1:8080"):
            bearer = Bearer(proxy)
            for location in strings(40, b"http://mmsc.example/m/1", b"http://mmsc.example/m?id="):
                memory.clear()
                box = Inbox(store, events, Outbox(store, events))  # that has not been flooded yet
                carrier = Carrier(settings.check({}), bearer, None, box, events, None)
                octets = body.replace(b"LLLL", location).replace(b"TTTT", location[-40:])
                message = tpdu.Deliver("+447700900999", 0, 4, 0, push.PORTS, None, octets, None)
                try:
                    intake._store(box, "00000001", message, octets)
                except PduError:
                    continue
                for item in box.each():
                    for way in (carrier._retrieve, carrier._answer):
                        try:
                            way(item).send(None)
                        except StopIteration:
                            pass
                        except LinkError:  # Refused is one
                            pass
            asked += bearer.asked
    assert asked > EACH // 4


def test_a_redirection_is_an_error_and_not_followed():
    class Answer(Wire):
        async def readinto(self, view):
            octets = b"HTTP/1.1 302 Found\r\nLocation: http://evil.example/\r\nContent-Length: 0\r\n\r\n"
            view[: len(octets)] = octets
            return len(octets)

    from mms.handset.carrying import bearer

    async def story():
        return await http.exchange(Answer(), bytearray(256), "GET", parse_url("http://mmsc.example/"))

    response = asyncio.run(story())
    assert response.status == 302 and raises(LinkError, bearer._judge, response.status).code == 302


def test_names_of_parts_never_become_paths():
    mixed = mm1.ContentType("application/vnd.wap.multipart.mixed", [])
    head = [(mm1.TRANSACTION_ID, "R1"), (mm1.VERSION, 0x12), (mm1.MESSAGE_ID, "M1"), (mm1.CONTENT_TYPE, mixed)]
    octets = mm1.build(mm1.RETRIEVE_CONF, head) + multipart.count(1)
    exported = 0
    with Memory(spy=True) as memory:
        store, events = Store("store"), Events()
        memory.mkdir("album")
        box = Inbox(store, events, Outbox(store, events))
        for name in strings(50, b"main.py", b"../../boot.py", b"picture.jpg", b"x"):
            memory.clear()
            item = entries.add(box, "00000001", "notified", tid="T1", url="http://mmsc.example/m/1")
            name = name.replace(b"\0", b"")[:200]
            media = name + b"/" + name + b"\0\x85" + name + b"\0"
            head = b"\x1f" + wsp.Uintvar.build(len(media)) + media
            head += b'\xc0"<' + name + b">\0\x8e" + name + b"\0"  # Content-ID and Content-Location
            try:
                take(box, item, octets + wsp.Uintvar.build(len(head)) + b"\x02" + head + b"hi")
                exported += len(asyncio.run(album.export(box.store, "00000001", "album")))
            except (LinkError, PduError):
                pass
            for path in memory.touched:
                folder, _, rest = path.partition("/")
                stem, _, ending = rest.rstrip("~").partition(".")
                assert folder in ("store", "album") and made_of(stem.replace("-", "0"), HEX) and len(stem) in (8, 10), (
                    path
                )
                assert ending in ("n", "k", "l", "m", "bin", "jpg", "gif", "png", "txt"), path
    assert exported > EACH // 4
