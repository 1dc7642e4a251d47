"""What simulated probes tell of sockets and short messages: one line each, and octets without secrets."""

import base64

import pytest

from mms.codec import mm1
from tools.campaign.traffic import HEAD, KEPT, Traffic, hidden

NUMBER = "+447700900002"
SEND = mm1.build(
    mm1.SEND_REQ,
    [
        (mm1.TRANSACTION_ID, "a1b2"),
        (mm1.FROM, None),
        (mm1.TO, NUMBER + "/TYPE=PLMN"),
        (mm1.CONTENT_TYPE, mm1.ContentType("application/vnd.wap.multipart.mixed", [])),
    ],
)
POST = b"POST http://mmsc/key HTTP/1.1\r\nProxy-Authorization: Basic c2VjcmV0\r\nContent-Length: %d\r\n\r\n"


def told(pieces):
    """(sent, text, kept octets) of each line that is told of `pieces` (sent, octets) on one connection."""
    found = []

    def tell(board, sent, text, fields):
        found.append((sent, text, base64.b64decode(fields.get("kept", ""))))

    traffic = Traffic(tell)
    traffic.opened("alice", 0, "10.1.1.1", 8080)
    for sent, octets in pieces:
        traffic.tcp("alice", 0, sent, octets)
    traffic.closed("alice", 0)
    return found


@pytest.mark.parametrize("size", (1, 7, 1460))
def test_a_request_is_one_line_and_its_body_and_secrets_are_not_kept(size):
    body = SEND + b"\x01private" * 4000
    octets = POST % len(body) + body
    pieces = [(True, octets[at : at + size]) for at in range(0, len(octets), size)]
    ((sent, text, kept),) = told(pieces)
    assert sent and text.startswith("POST http://mmsc/... M-Send.req, transaction a1b2, to " + NUMBER)
    assert text.endswith("%s octets" % format(len(body), ","))
    assert not [secret for secret in (b"private", b"c2VjcmV0", b"/key", b"447700") if secret in kept]
    head, _, headers = kept.partition(b"\r\n\r\n")
    assert b"Content-Length: %d" % len(headers) in head and mm1.parse(headers).get(mm1.TRANSACTION_ID) == "a1b2"


def test_two_requests_in_one_piece_and_an_answer_are_three_lines():
    request = b"GET /m/token HTTP/1.1\r\n\r\n"
    lines = told([(True, request * 2), (False, b"HTTP/1.1 404 Not Found\r\n\r\ngone")])
    assert [text for _, text, _ in lines] == [
        "GET http://10.1.1.1/...",
        "GET http://10.1.1.1/...",
        "404 4 octets that are no MMS PDU",
    ]
    assert b"token" not in lines[0][2] and b"gone" not in lines[2][2]


@pytest.mark.parametrize("octets", (b"\x16\x03\x01", b"\r\n\r\n", b"x" * (HEAD + KEPT), b"POST / HTTP/1.1\r\nHos"))
def test_octets_that_are_nothing_known_are_one_line_and_are_not_kept(octets):
    ((_, text, kept),) = told([(True, octets)])
    assert "octets that are no MMS PDU" in text and not kept


def test_what_is_hidden_is_as_long_as_before():
    given = b"X-Number: 447700900001\r\nCookie: a=b\r\nhttp://mmsc:80/m/12?k=v\0+4477009"
    assert hidden(given) == b"X-Number: **********01\r\nCookie: ***\r\nhttp://mmsc:80/********\0******09"


def test_a_tpdu_that_is_none_is_a_line():
    found = []
    traffic = Traffic(lambda board, sent, text, fields: found.append((sent, text)))
    for octets in (b"", b"\x04", b"\xff" * 9):
        traffic.sms("alice", True, octets)
    assert found == [(False, "%d octets that are no SMS" % size) for size in (0, 1, 9)]
