"""The HTTP service of the simulated SIM800 (AT manual V1.09, chapter 11)."""

import pytest

from tests.kit.lab.bench import Bench, lines

MOST = 319488
URL = "http://10.1.1.1:8080/mms"


def bench(url=URL, up=True, **parameters):
    """A modem with a bearer and an initialised HTTP service."""
    made = Bench()
    made.ask("AT+CMEE=1")
    made.ask("AT+CGATT=1", 2000)
    made.ask('AT+SAPBR=3,1,"APN","mms"')
    if up:
        assert made.ask("AT+SAPBR=1,1", 2000) == ["OK"]
    assert made.ask("AT+HTTPINIT") == ["OK"]
    for tag, value in dict(parameters, URL=url).items():
        assert made.ask('AT+HTTPPARA="%s","%s"' % (tag, value)) == ["OK"]
    return made


def given(modem, octets, window=1000):
    """AT+HTTPDATA with all its octets."""
    assert modem.type(b"AT+HTTPDATA=%d,%d\r" % (len(octets), window), 10) == b"\r\nDOWNLOAD\r\n"
    return lines(modem.type(octets, 10))


def act(modem, method, answer=None, key=1, ms=4000):
    """AT+HTTPACTION, and what comes of it when the far end answers and closes."""
    assert modem.ask("AT+HTTPACTION=%d" % method) == ["OK"]
    said = modem.hear(ms)
    if answer is None:
        return said
    for at in range(0, len(answer), 1000):
        modem.modem.arrived(key, answer[at : at + 1000])
    modem.modem.ended(key)
    return said + modem.hear(3000 + len(answer) // 4)


def read(modem, command="AT+HTTPREAD"):
    said = modem.type(command.encode() + b"\r", 10)
    head, _, rest = said[2:].partition(b"\r\n")
    count = int(head.split(b":")[1])
    assert rest[count:] == b"\r\nOK\r\n"
    return rest[:count]


def test_a_post_goes_out_as_it_was_configured_and_its_answer_can_be_read():
    body = bytes(range(256)) * 40
    modem = bench(CONTENT="application/vnd.wap.mms-message", UA="Lab 1", USERDATA="X-A: 1\\r\\nX-B: 2")
    assert given(modem, body) == ["OK"]
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
    assert act(modem, 1, answer, ms=9000) == ["+HTTPACTION: 1,200,5"]
    head, _, sent = modem.far[1].partition(b"\r\n\r\n")
    assert sent == body
    assert head.split(b"\r\n") == [
        b"POST /mms HTTP/1.1",
        b"Host: 10.1.1.1:8080",
        b"Accept: */*",
        b"User-Agent: Lab 1",
        b"Connection: close",
        b"Content-Type: application/vnd.wap.mms-message",
        b"X-A: 1",
        b"X-B: 2",
        b"Content-Length: 10240",
    ]
    assert read(modem) == b"hello"
    assert read(modem, "AT+HTTPREAD=1,3") == b"ell" and read(modem, "AT+HTTPREAD=4,100") == b"o"
    assert read(modem, "AT+HTTPHEAD") == b"HTTP/1.1 200 OK\r\nContent-Length: 5"
    assert modem.closed == [1]


@pytest.mark.parametrize(
    "answer, said, body",
    [
        (b"HTTP/1.1 404 No\r\n\r\ngone", "404,4", b"gone"),
        (b"HTTP/1.1 100 Go on\r\n\r\nHTTP/1.0 200 OK\r\n\r\nx", "200,1", b"x"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n1;x\r\ne\r\n0\r\n\r\n", "200,5", b"abcde"),
        (b"HTTP/1.1 204 No\r\n\r\n", "204,0", b""),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell", "601,0", b""),
        (b"HTTP/1.1 200 OK\r\nContent-Le", "601,0", b""),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-4\r\nabcd", "600,0", b""),
        (b"", "601,0", b""),
        (b"220 mail.example ESMTP\r\n", "600,0", b""),
        (b"HTTP/1.1 OK\r\n\r\n", "600,0", b""),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 319489\r\n\r\n", "602,0", b""),
    ],
)
def test_answers_and_what_is_none(answer, said, body):
    modem = bench()
    assert act(modem, 0, answer) == ["+HTTPACTION: 0," + said]
    assert read(modem) == body


@pytest.mark.parametrize("octets, said", [(MOST - 1, "200,319487"), (MOST, "200,319488"), (MOST + 1, "602,0")])
def test_an_answer_is_bounded(octets, said):
    modem = bench()
    assert act(modem, 0, b"HTTP/1.1 200 OK\r\n\r\n" + bytes(octets)) == ["+HTTPACTION: 0," + said]


def test_the_input_is_bounded_and_deaf_to_commands():
    modem = bench()
    for text in ("319489,1000", "10,999", "10,120001", "x,1000"):
        assert modem.ask("AT+HTTPDATA=" + text) == ["+CME ERROR: 50"], text
    assert modem.type(b"AT+HTTPDATA=319488,120000\r", 10) == b"\r\nDOWNLOAD\r\n"
    assert modem.type(b"AT\r\rAT+HTTPTERM\r" + bytes(MOST - 17), 10) == b""
    assert modem.type(b"\0", 10) == b"\r\nOK\r\n"
    assert len(read(modem)) == MOST
    assert modem.ask("AT+HTTPDATA=0") == ["OK"] and read(modem) == b""


def test_the_input_ends_with_its_window():
    modem = bench()
    assert modem.type(b"AT+HTTPDATA=100,5000\r", 10) == b"\r\nDOWNLOAD\r\n"
    assert modem.type(b"half", 4980) == b""
    assert modem.type(b"", 30) == b"\r\nOK\r\n"
    assert read(modem) == b"half"


def test_a_proxy_gets_the_whole_url_and_a_head_no_body():
    modem = bench("mmsc.example/path:8002", PROIP="10.1.1.1", PROPORT="8080", BREAK="100", BREAKEND="200")
    assert act(modem, 0, b"HTTP/1.1 206 OK\r\n\r\n") == ["+HTTPACTION: 0,206,0"]
    assert modem.far[1].startswith(b"GET http://mmsc.example:8002/path HTTP/1.1\r\nHost: mmsc.example:8002\r\n")
    assert b"\r\nRange: bytes=100-200\r\n" in modem.far[1]
    assert act(modem, 2, b"HTTP/1.1 200 OK\r\nContent-Length: 77\r\n\r\n", 2) == ["+HTTPACTION: 2,200,0"]


def test_redirections_are_followed_when_asked_for():
    moved = b"HTTP/1.1 302 Moved\r\nLocation: /there\r\nContent-Length: 0\r\n\r\n"
    assert act(bench(), 0, moved) == ["+HTTPACTION: 0,302,0"]
    modem = bench(REDIR="1")
    assert act(modem, 0, moved) == []
    assert modem.far[2].startswith(b"GET /there HTTP/1.1\r\nHost: 10.1.1.1:8080\r\n")
    modem.modem.arrived(2, b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    assert modem.hear(2000) == ["+HTTPACTION: 0,200,0"]


def test_what_goes_wrong_has_a_number():
    assert act(bench("http://nowhere.example/"), 0, ms=7000) == ["+HTTPACTION: 0,603,0"]
    assert act(bench("https://10.1.1.1/"), 0) == ["+HTTPACTION: 0,605,0"]
    assert act(bench(up=False), 1) == ["+HTTPACTION: 1,601,0"]
    modem = bench()
    modem._open = lambda key, host: modem.modem.refused(key)
    assert act(modem, 1) == ["+HTTPACTION: 1,601,0"]
    modem = bench(TIMEOUT="30")
    assert act(modem, 0, ms=29000) == []
    assert modem.ask("AT+HTTPSTATUS?")[0].startswith("+HTTPSTATUS: GET,1,0,0")
    assert act(modem, 2, ms=500) == ["+HTTPACTION: 2,604,0"]
    assert modem.hear(4000) == ["+HTTPACTION: 0,601,0"]


def test_a_bearer_that_goes_away_ends_what_runs_over_it():
    modem = bench()
    act(modem, 0)
    modem.modem.drop_context()
    assert modem.hear(10) == ["+SAPBR 1: DEACT", "+HTTPACTION: 0,601,0"]
    assert modem.ask("AT+HTTPACTION=0", 1000) == ["OK", "+HTTPACTION: 0,601,0"]
    modem = bench()
    act(modem, 0)
    modem.modem.brown_out()
    modem.wait(9000)
    assert modem.closed == [1] and modem.ask("AT+HTTPREAD")[-1] == "ERROR"


def test_the_service_wants_to_be_initialised_and_keeps_what_was_saved():
    modem = bench()
    assert modem.ask("AT+HTTPINIT") == ["+CME ERROR: 3"]
    assert modem.ask('AT+HTTPPARA="NOSUCH",1') == ["+CME ERROR: 50"]
    assert modem.ask('AT+HTTPPARA="TIMEOUT",29') == ["+CME ERROR: 50"]
    assert "+HTTPPARA: UA,SIMCom_MODULE" in modem.ask("AT+HTTPPARA?")
    assert modem.ask("AT+HTTPSCONT?")[0] == "+HTTPSCONT:1"
    assert modem.ask("AT+HTTPSCONT") == ["OK"]
    assert modem.ask("AT+HTTPTERM") == ["OK"]
    assert modem.ask("AT+HTTPTERM") == ["+CME ERROR: 3"]
    modem.modem.power_on()
    modem.wait(9000)
    modem.ask("ATE0;+HTTPINIT")
    assert "URL: " + URL in modem.ask("AT+HTTPSCONT?")
