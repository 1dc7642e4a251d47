"""Deviations that show in HTTP (RFC 9112) and in no PDU: what a handset sends, and what it makes of the answer.

`operator` is what it knows of the network, as its settings have it; `url` what it asks for, and `pdu` what it posts;
`connect` where it connects to. `request` is what it sends, `answer` what comes back, and then nothing, not even an end;
`body` what of that is the answer's. In each a character stands for an octet of its number (ISO 8859-1).
"""

_OPERATOR = {"apn": "mms.example", "mmsc": "http://mmsc.example/", "proxy": "192.168.94.23:8080"}
_REQUEST = (
    "%s http://mmsc.example/%s HTTP/1.1\r\n"
    "Host: mmsc.example\r\n"
    "Accept: */*, application/vnd.wap.mms-message, application/vnd.wap.sic\r\n"
    "User-Agent: micropython-mms\r\n"
    "%s"
    "Connection: close\r\n\r\n"
)
_ANSWER = "HTTP/1.1 200 OK\r\nContent-Type: application/vnd.wap.mms-message\r\n%sContent-Length: %d\r\n\r\n%s"
_RETRIEVED = "\x8c\x84\x8d\x90\x85\x04\x65\x53\xf1\x00\x84\x83Hi"  # M-Retrieve.conf with a text
_SENT = "\x8c\x80\x98S1\0\x8d\x90\x89\x01\x81\x97+447700900002/TYPE=PLMN\0\x84\x83Hi"  # M-Send.req
_CONFIRMED = "\x8c\x81\x98S1\0\x8d\x90\x92\x80"  # M-Send.conf


def _got(about, operator=(), header=""):
    return {
        "about": about,
        "operator": {**_OPERATOR, **dict(operator)},
        "url": "http://mmsc.example/m?id=T1",
        "pdu": None,
        "connect": ["192.168.94.23", 8080],
        "request": _REQUEST % ("GET", "m?id=T1", ""),
        "answer": _ANSWER % (header, len(_RETRIEVED), _RETRIEVED),
        "body": _RETRIEVED,
    }


def _posted(about, headers):
    lines = "".join("%s: %s\r\n" % row for row in headers.items())
    lines += "Content-Type: application/vnd.wap.mms-message\r\nContent-Length: %d\r\n" % len(_SENT)
    return {
        "about": about,
        "operator": {**_OPERATOR, "headers": headers},
        "url": "http://mmsc.example/",
        "pdu": _SENT,
        "connect": ["192.168.94.23", 8080],
        "request": _REQUEST % ("POST", "", lines) + _SENT,
        "answer": _ANSWER % ("", len(_CONFIRMED), _CONFIRMED),
        "body": _CONFIRMED,
    }


EXCHANGES = {
    "deviation-23-connection-stays-open": _got(
        "An MMSC that keeps the connection open: the answer ends with its octets, and the request asks for a close",
        header="Connection: keep-alive\r\n",
    ),
    "deviation-24-proxy-with-leading-zeros": _got(
        "A proxy as operators write it, with zeros that make no number octal",
        {"proxy": "192.168.094.023:8080"},
    ),
    "deviation-27-sender-in-a-header": _posted(
        "M-Send.req whose sender the MMSC shall insert, where no gateway tells it the number: a header does",
        {"X-WAP-Network-Client-MSISDN": "447700900001"},
    ),
}
