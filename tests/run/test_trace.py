"""Wireshark's decoders read our traces from the AT line to the MMS header, without our secrets."""

import subprocess

import pytest

from tests.kit.programs import need
from tools.journey import trace


# An M-Send.req with a text of `octets` in its one part (OMA-TS-MMS_ENC, 6.1.1)
def _message(octets):
    head = bytes.fromhex("8c80 9854303100 8d92 8901 81")
    to = b"\x97+447700900002/TYPE=PLMN\0"
    data_length = bytes((0x80 | octets >> 14, 0x80 | octets >> 7 & 0x7F, octets & 0x7F))
    part = bytes((1, 1)) + data_length + b"\x83" + b"x" * octets
    return head + to + bytes.fromhex("84a3") + part


def _confirmation():
    return bytes.fromhex("8c81 9854303100 8d92 9280") + b"\x8bM-1\0"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "trace.pcapng"


def _tshark(path, *arguments):
    command = [need("tshark"), "-r", str(path), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def _post(writer, body, key=0):
    writer.opened("alice", key, "10.1.1.1", 8080)
    head = (
        "POST http://mmsc.o2.example/ HTTP/1.1\r\nHost: mmsc.o2.example\r\n"
        "Proxy-Authorization: Basic c2VjcmV0OnNlY3JldA==\r\n"
        "Content-Type: application/vnd.wap.mms-message\r\nContent-Length: %d\r\n\r\n" % len(body)
    )
    writer.tcp("alice", key, True, head.encode())
    for start in range(0, len(body), 4000):
        writer.tcp("alice", key, True, memoryview(body)[start : start + 4000])
    answer = _confirmation()
    writer.tcp(
        "alice",
        key,
        False,
        (
            b"HTTP/1.1 200 OK\r\nContent-Type: application/vnd.wap.mms-message\r\n"
            b"Content-Length: %d\r\n\r\n" % len(answer)
        )
        + answer,
    )
    writer.closed("alice", key)


def test_a_whole_submission_of_300_kb_decodes_as_mms(path):
    writer = trace.Trace(path)
    _post(writer, _message(300000))
    writer.close()
    rows = _tshark(
        path,
        "-Y",
        "mmse",
        "-T",
        "fields",
        "-e",
        "mmse.message_type",
        "-e",
        "mmse.to",
        "-e",
        "mmse.transaction_id",
        "-e",
        "mmse.response_status",
        "-e",
        "frame.comment",
    ).splitlines()
    assert rows[0].split("\t") == ["0x80", "+447700900002/TYPE=PLMN", "T01", "", "alice"]
    assert rows[1].split("\t")[0] == "0x81" and rows[1].split("\t")[3] == "0x80"
    assert len(rows) == 2
    wrong = "_ws.malformed or tcp.analysis.flags or tcp.checksum.status == 0"
    checked = ("-o", "tcp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE")
    assert _tshark(path, *checked, "-Y", wrong) == ""


def test_octets_that_come_one_by_one_fill_segments_and_keep_no_password(path):
    writer = trace.Trace(path)
    writer.opened("alice", 0, "10.1.1.1", 8080)
    request = b"GET http://h.example/ HTTP/1.1\r\nAuthorization: Basic c2VjcmV0\r\n\r\n" + bytes(3000)
    for octet in request:
        writer.tcp("alice", 0, True, bytes((octet,)))
    writer.close()
    lengths = _tshark(path, "-Y", "tcp.len > 0", "-T", "fields", "-e", "tcp.len").split()
    assert [int(length) for length in lengths] == [1460, 1460, len(request) - 2920]
    assert b"c2VjcmV0" not in path.read_bytes()


def test_two_connections_of_two_boards_do_not_mix(path):
    writer = trace.Trace(path)
    writer.opened("bob", 0, "mmsc.o2.example", 80)
    _post(writer, _message(2000))
    _post(writer, _message(2000), key=1)
    writer.tcp("bob", 0, True, b"GET http://mmsc.o2.example/m/1 HTTP/1.1\r\n\r\n")
    writer.close()
    requests = _tshark(path, "-Y", "http.request", "-T", "fields", "-e", "tcp.stream")
    assert requests.split() == ["1", "2", "0"]


def test_datagrams_of_a_socket_go_both_ways_between_the_same_ports(path):
    writer = trace.Trace(path)
    for sent, octets in ((True, "0a0001120110000080 80"), (False, "12800102010000")):
        writer.udp("alice", 0, "10.1.1.1", 9201, sent, bytes.fromhex(octets))
    writer.udp("alice", 1, "10.1.1.1", 9201, True, bytes.fromhex("180001"))
    writer.close()
    fields = ["-e", "ip.src", "-e", "udp.srcport", "-e", "udp.dstport", "-e", "wtp.pdu_type"]
    rows = [row.split("\t") for row in _tshark(path, "-Y", "wtp", "-T", "fields", *fields).splitlines()]
    ours, other = rows[0][1], rows[2][1]
    assert rows == [
        ["10.64.0.1", ours, "9201", "0x01"],
        ["10.1.1.1", "9201", ours, "0x02"],
        ["10.64.0.1", other, "9201", "0x03"],
    ]
    assert ours != other and _tshark(path, "-o", "ip.check_checksum:TRUE", "-Y", "ip.checksum.status == 0") == ""


def test_lines_and_short_messages_decode_with_their_directions(path):
    writer = trace.Trace(path)
    writer.at("alice", True, b"AT+CREG?")
    writer.at("alice", False, b"+CREG: 0,1")
    writer.sms("alice", True, bytes.fromhex("040c91447700990010000062211132540000 05e8329bfd06"))
    writer.sms("alice", False, bytes.fromhex("01000c91447700990020000005e8329bfd06"))
    writer.close()
    shown = _tshark(path, "-Y", "at or gsm_sms")
    assert "Sent AT Command: AT+CREG?" in shown
    assert "Rcvd AT Command: +CREG: 0,1" in shown
    assert "SMS-DELIVER" in _tshark(path, "-V")
    assert "SMS-SUBMIT" in _tshark(path, "-V")
    assert _tshark(path, "-Y", "_ws.malformed") == ""


@pytest.mark.parametrize(
    "line, kept",
    [
        (b'AT+CPIN="1234"', b"AT+CPIN=******"),
        (b"AT+CPIN=1234", b"AT+CPIN=****"),
        (b'AT+CSTT="wap.example","web","secret"', b'AT+CSTT="wap.example","web",********'),
        (b'AT+CGAUTH=1,1,"secret","web"', b"AT+CGAUTH=1,1,**************"),
        (b'AT+UAUTHREQ=1,1,"web","secret"', b"AT+UAUTHREQ=1,1,**************"),
        (b'AT+UPSD=0,3,"secret"', b"AT+UPSD=0,3,********"),
        (b'AT+QICSGP=1,1,"wap.example","web","secret",1', b'AT+QICSGP=1,1,"wap.example",****************'),
        (b'AT+QICSGP=1,"wap.example","web","secret"', b'AT+QICSGP=1,"wap.example",**************'),
        (b"+ICCID: 8944110065432109876F", b"*" * 28),
        (b"234100000000001", b"*************01"),
        (b"8944110065432109876F", b"******************6F"),
        (b'+CNUM: "","+447700900001",145,7,4', b'+CNUM: "",************01",145,7,4'),
        (b"+CIPACK: 1100000,1090000,10000", b"+CIPACK: 1100000,1090000,10000"),
        (b"AT+CREG?", b"AT+CREG?"),
        (b'+CREG: 2,1,"1234","ABCD"', b'+CREG: 2,1,"1234","ABCD"'),
    ],
)
def test_secrets_are_masked_in_lines(line, kept):
    assert trace.masked(line) == kept


def test_credentials_are_hidden_in_headers_of_http_and_of_wsp():
    http = b"GET / HTTP/1.1\r\nProxy-Authorization: Basic YTpi\r\nHost: a\r\n\r\n"
    assert trace.veiled(http) == http.replace(b"Basic YTpi", b"*" * 10)
    wsp = b"\x0e\x80\x00Proxy-Authorization\x00Basic YTpi\x00X-A\x00b\x00"
    assert trace.veiled(wsp) == wsp.replace(b"Basic YTpi", b"*" * 10)


def test_no_secret_stands_in_the_file(path):
    writer = trace.Trace(path)
    writer.at("alice", True, b'AT+CPIN="1234"')
    writer.at("alice", False, b"234100000000001")
    _post(writer, _message(100))
    writer.close()
    written = path.read_bytes()
    assert b'1234"' not in written and b"23410000" not in written and b"c2VjcmV0" not in written
