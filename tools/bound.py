"""How fast physics lets a message be: the bound that journeys are measured against.

`python -m tools.bound 30000 --modem bg95` prints the table. This file imports nothing else of this project, so that no
fault of ours can hide in the bound.

Model: a TCP connection and the exchange on it take two round trips, gateway and MMSC the time of SERVICE. The octets go
over the modem's serial line in pieces, each by the shortest dialogue that the manual of the modem's family has for it,
and over the radio with 40 octets of TCP and IP for each segment; radio and line work at the same time, and the radio
has a piece when the line has brought all of it, or the other way round. A message has the header of the shortest
HTTP/1.1 request or response that can carry it (RFC 9112). Of what a coding scheme (3GPP TS 43.064, table 2), a bearer
of UMTS (3GPP TS 34.108, 6.10.2.4.1), an LTE terminal of category 1 (3GPP TS 36.306), or one of category M1 in half
duplex (300 kbit/s down, 375 up) carries, TCP gets 85 %.

A dialogue has no echo (ATE0) and results in words (ATV1), and a command follows the final result of the one before
(V.250, 5.2.1). Transparent modes are left out: they tell neither what the peer has acknowledged nor, without a wire for
it, that the modem's buffer is full. No manual tells how soon a modem answers; PROMPT and `taken` are the times of the
simulated ones, which are the same for every program.

Over a WAP gateway a session begins with a transaction of its own, and a message goes in segments, group by group: the
next group must not go before the acknowledgement of the last one (WAP-224-WTP, 7.14). ROOM and GROUP are no physics: a
sender keeps a group until then, of which a board has room for so many octets, and the gateway of the lab sends so many
segments.
"""

import argparse

ROUND_TRIP = 0.7  # seconds, GPRS
MMSC = 0.33  # seconds until it has answered, with the gateway before it
EXPOSURE = 0.4  # seconds for the sensor and its JPEG encoder
PROMPT = 0.005  # seconds from a command to its prompt
SEGMENT = 1460  # octets
TCP_IP = 40  # octets with each segment: RFC 791 and RFC 9293, without options
TCP_SHARE = 0.85
UART = 11520  # octets a second of a serial line at 115200 baud, 8N1
URL = "http://mmsc.o2.example"
MEDIA = "application/vnd.wap.mms-message"
CONFIRMATION = 12  # octets of the shortest M-Send.conf: type, transaction, version, status, Message-ID (OMA MMS-ENC)

# kbit/s of one time slot
SLOT = {"cs1": 8, "cs2": 12, "cs3": 14.4, "cs4": 20, "mcs5": 22.4, "mcs6": 29.6, "mcs9": 59.2}
CLASSES = {"8": (4, 1), "10": (4, 2), "12": (4, 4)}  # multislot class: (slots down, slots up)
# radio: (kbit/s down, kbit/s up, seconds of a round trip)
OTHERS = {
    "umts-384": (384, 64, 0.2),
    "umts-64": (64, 64, 0.25),
    "lte-1": (10300, 5200, 0.06),
    "lte-m1": (300, 375, 0.1),
}
USUAL = ("gprs-8-cs2", "gprs-10-cs2", "gprs-10-cs4", "gprs-12-cs2", "edge-10-mcs6")
RADIOS = USUAL + tuple(OTHERS)


UDP_IP = 28  # octets with each datagram: RFC 791 and RFC 768
WTP_SEGMENT = 1400  # octets of a message in one datagram
WTP_HEADER = 4  # of a segment (WAP-224-WTP, 8.3.1, 8.3.5, 8.3.6)
WTP_SEGMENTS = 255  # of a message: the number of a segment is one octet (8.3.5)
ROOM = 7300  # octets of a group, up
GROUP = 4  # segments, down
ACKNOWLEDGEMENT = 5  # octets, with the number of the segment (8.3.3, 8.4.3)
CONNECT = (
    4 + 4,
    3 + 4,
)  # octets of the shortest Connect and ConnectReply, behind the headers of WTP (WAP-230-WSP, 8.2.2)
REPLY = 3 + 1  # octets of the shortest Reply to a Post, with a media type in one octet, and its own header (8.2.3.3)


class Dialogue:
    """The lines of one connection on the serial line of a modem family: texts with %d for a number of octets.

    opened: the line that tells of a connection; send, prompt, sent: before and after a block of at most `most` octets,
    which goes `pause` seconds after the prompt, and whose end the modem answers in `taken` seconds; notice: octets can
    be read; read, header, end: around a block of at most `block` octets.
    """

    def __init__(self, opened, most, send, prompt, sent, taken, notice, block, read, header, end, pause=0.0):
        self.most, self.block, self.taken, self.pause = most, block, taken, pause
        self.texts = {
            "opened": (opened,),
            "send": (send, prompt, sent),
            "notice": (notice,),
            "read": (read, header, end),
        }

    def tell(self, what, uart):
        """Seconds of the line that tells of an opened connection or of octets that can be read."""
        return len(self.texts[what][0]) / uart

    def send(self, octets, uart):
        """(seconds until the modem has a block, seconds from there until the next command)."""
        command, prompt, sent = self.texts["send"]
        before = PROMPT + self.pause + (_length(command + prompt, octets) + octets) / uart
        return before, self.taken + _length(sent, octets) / uart

    def read(self, octets, uart):
        """Seconds in which a block that the modem has gets to the handset."""
        return (_length("".join(self.texts["read"]), octets) + octets) / uart


def _length(text, octets):
    return len(text.replace("%d", "%d" % octets))


_END = "\r\nOK\r\n"
FAMILIES = {
    "sim800": Dialogue(  # AT Command Manual V1.09, 8.2.2, 8.2.3, 8.2.13 (AT+CIPQSEND=1), 8.2.26 (AT+CIPRXGET=1)
        "\r\nCONNECT OK\r\n", 1460, "AT+CIPSEND=%d\r", "\r\n> ", "\r\nDATA ACCEPT:%d\r\n", 0,
        "\r\n+CIPRXGET: 1\r\n", 1460, "AT+CIPRXGET=2,%d\r", "\r\n+CIPRXGET: 2,%d,0\r\n", _END,
    ),
    "sim7600": Dialogue(  # A7600 Series TCPIP Application Note V1.00, 3.1; the octets that were taken come after the OK
        "\r\n+CIPOPEN: 0,0\r\n", 1500, "AT+CIPSEND=0,%d\r", "\r\n>", _END + "\r\n+CIPSEND: 0,%d,%d\r\n", 0.02,
        "\r\n+CIPRXGET: 1,0\r\n", 1500, "AT+CIPRXGET=2,0,%d\r", "\r\n+CIPRXGET: 2,0,%d,0\r\n", _END,
    ),
    "bg95": Dialogue(  # BG95&BG77 TCP/IP Application Note V1.1, 2.3.4, 2.3.7, 2.3.8, 2.4
        "\r\n+QIOPEN: 0,0\r\n", 1460, "AT+QISEND=0,%d\r", "\r\n> ", "\r\nSEND OK\r\n", 0.002,
        '\r\n+QIURC: "recv",0\r\n', 1500, "AT+QIRD=0,%d\r", "\r\n+QIRD: %d\r\n", "\r\n" + _END,
    ),
    "m66": Dialogue(  # GSM TCPIP Application Notes V1.1, as logs have it; the proxy's address is one of many
        "\r\nCONNECT OK\r\n", 1460, "AT+QISEND=%d\r", "\r\n> ", "\r\nSEND OK\r\n", 0.002,
        "\r\n+QIRDI: 0,1,0\r\n", 1500, "AT+QIRD=0,1,0,%d\r", "\r\n+QIRD: 10.1.1.1:8080,TCP,%d\r\n", _END,
    ),
    "sara": Dialogue(  # SARA-R4/N4 AT Commands Manual (UBX-17003787), 18.10 (50 ms after the prompt), 18.12
        _END, 1024, "AT+USOWR=0,%d\r", "\r\n@", "\r\n+USOWR: 0,%d\r\n" + _END, 0.01,
        "\r\n+UUSORD: 0,%d\r\n", 1024, "AT+USORD=0,%d\r", '\r\n+USORD: 0,%d,"', '"' + _END, pause=0.05,
    ),
}  # fmt: skip


def rates(radio):
    """Octets a second down and up that TCP gets: "gprs-10-cs2" is class 10 with CS-2."""
    if radio in OTHERS:
        down, up, _ = OTHERS[radio]
        return down * 1000 / 8 * TCP_SHARE, up * 1000 / 8 * TCP_SHARE
    _, multislot, coding = radio.split("-")
    down, up = CLASSES[multislot]
    octets = SLOT[coding] * 1000 / 8 * TCP_SHARE
    return octets * down, octets * up


def round_trip(radio):
    """Seconds of a round trip."""
    return OTHERS[radio][2] if radio in OTHERS else ROUND_TRIP


def request(octets, url=URL, headers=""):
    """Octets of the header of the shortest POST of a PDU; `headers` are the lines that the operator wants beside."""
    lines = "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n%s\r\n"
    return len(lines % (url, _host(url), MEDIA, octets, headers))


def question(url=URL, headers=""):
    """Octets of the shortest GET; `headers` as those of `request`."""
    return len("GET %s HTTP/1.1\r\nHost: %s\r\n%s\r\n" % (url, _host(url), headers))


def response(octets):
    """Octets of the header of the shortest response that carries a PDU."""
    return len("HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n" % (MEDIA, octets))


def _host(url):
    return url.split("/")[2]


def _pieces(octets, most):
    """The sizes of so many octets in pieces of at most `most`, the rest last."""
    return [min(most, octets - start) for start in range(0, octets, most)]


def outward(octets, rate, uart, family):
    """Seconds until so many octets of a TCP connection have gone through serial line and radio to the network."""
    line = air = 0.0
    for piece in _pieces(octets, family.most):
        before, after = family.send(piece, uart)
        air = max(air, line + before) + _on_air(piece) / rate
        line += before + after
    return air


def inward(octets, rate, uart, family):
    """Seconds until so many octets that the network sends have come through radio and serial line to the handset.

    Either the radio brings the last octet, and that one is left to read, or the line brings full blocks all the time.
    """
    notice = family.tell("notice", uart)
    blocks = sum(family.read(piece, uart) for piece in _pieces(octets, family.block))
    return max(_on_air(octets) / rate + family.read(1, uart), _on_air(1) / rate + notice + blocks)


def _on_air(octets):
    return octets * (SEGMENT + TCP_IP) / SEGMENT


def opening(rtt, uart, family):
    """Seconds from asking the modem for a connection until it is open."""
    return rtt + FAMILIES[family].tell("opened", uart)


def exchange(out, back, radio, uart, family):
    """Seconds from the open connection to the last octet of the response: `out` octets one way, `back` the other."""
    (down, up), family = rates(radio), FAMILIES[family]
    return outward(out, up, uart, family) + round_trip(radio) + MMSC + inward(back, down, uart, family)


def upload(octets, radio, uart=UART, family="sim800", url=URL, headers="", connected=False):
    """Seconds from connecting to M-Send.conf for a PDU of `octets`; without connecting where that is done."""
    there, back = octets + request(octets, url, headers), response(CONFIRMATION) + CONFIRMATION
    before = 0 if connected else opening(round_trip(radio), uart, family)
    return before + exchange(there, back, radio, uart, family)


def download(octets, radio, uart=UART, family="sim800", url=URL, headers=""):
    """Seconds from connecting to the last octet of a PDU of `octets` in the handset."""
    there, back = question(url, headers), octets + response(octets)
    return opening(round_trip(radio), uart, family) + exchange(there, back, radio, uart, family)


def _datagram(octets, radio, uart, family, up):
    """Seconds of a datagram between handset and gateway, all of it; `octets` with the header of WTP."""
    down_rate, up_rate = rates(radio)
    if up:
        return FAMILIES[family].send(octets, uart)[0] + (octets + UDP_IP) / up_rate + round_trip(radio) / 2
    dialogue = FAMILIES[family]
    line = dialogue.tell("notice", uart) + dialogue.read(octets, uart)
    return (octets + UDP_IP) / down_rate + round_trip(radio) / 2 + line


def wtp_segment(family):
    """Octets of a message in one datagram that a modem takes whole."""
    return min(WTP_SEGMENT, FAMILIES[family].most - WTP_HEADER)


def _segments(octets, radio, uart, family, up):
    """Seconds of a message in segments, to the last octet at its other end."""
    down_rate, up_rate = rates(radio)
    dialogue, seconds = FAMILIES[family], 0.0
    segment = wtp_segment(family) if up else WTP_SEGMENT
    sizes = [WTP_HEADER + piece for piece in _pieces(octets, segment)]
    group = ROOM // (segment + WTP_HEADER) if up else GROUP
    groups = [sizes[start : start + group] for start in range(0, len(sizes), group)]
    for sizes in groups:
        line = air = 0.0
        for size in sizes:
            if up:
                before, after = dialogue.send(size, uart)
                air = max(air, line + before) + (size + UDP_IP) / up_rate
                line += before + after
            else:
                air += (size + UDP_IP) / down_rate
                line = max(line, air) + sum([dialogue.read(piece, uart) for piece in _pieces(size, dialogue.block)])
        seconds += (air if up else line) + round_trip(radio) / 2
        if sizes is not groups[-1]:
            seconds += _datagram(ACKNOWLEDGEMENT, radio, uart, family, not up)
    return seconds


def _session(uart, radio, family):
    """Seconds until a session is open: a socket for datagrams waits for no network."""
    out, back = CONNECT
    seconds = _datagram(out, radio, uart, family, True) + _datagram(back, radio, uart, family, False)
    return FAMILIES[family].tell("opened", uart) + seconds


def wap_upload(octets, radio, uart=UART, family="sim800", url=URL):
    """Seconds from asking for a socket to M-Send.conf, by way of a WAP gateway."""
    head = 4 + len(url)  # Post: type, two lengths, URL, media type (WAP-230-WSP, 8.2.3.2)
    there = _segments(head + octets, radio, uart, family, True)
    back = _datagram(WTP_HEADER + REPLY + CONFIRMATION, radio, uart, family, False)
    return _session(uart, radio, family) + there + MMSC + back


def wap_download(octets, radio, uart=UART, family="sim800", url=URL):
    """Seconds from asking for a socket to the last octet of a PDU of `octets`, by way of a WAP gateway."""
    there = _datagram(WTP_HEADER + 2 + len(url), radio, uart, family, True)
    back = _segments(REPLY + octets, radio, uart, family, False)
    return _session(uart, radio, family) + there + MMSC + back


def camera(octets, uart, exposure=EXPOSURE):
    """Seconds from the shutter to the last octet of a picture over the camera's serial line."""
    return exposure + octets / uart


def shutter_to_confirmation(picture, octets, radio, camera_uart, uart=UART, family="sim800", url=URL, proxy="http"):
    """Seconds from the shutter to M-Send.conf; the context is up by then, and connecting takes none of the time.

    proxy: "http", or "wsp" for a WAP gateway.
    """
    line = radio, uart, family
    opened, sent = opening(round_trip(radio), uart, family), upload
    if proxy == "wsp":
        opened, sent = _session(uart, radio, family), wap_upload
    return max(camera(picture, camera_uart), opened) + sent(octets, *line, url) - opened


def shutter_to_received(picture, octets, radio, camera_uart, sms, uart=UART, family="sim800", proxy="http"):
    """Seconds from the shutter until the other handset has it; a notification takes `sms`."""
    sent = shutter_to_confirmation(picture, octets, radio, camera_uart, uart, family, proxy=proxy)
    return sent + sms + (wap_download if proxy == "wsp" else download)(octets, radio, uart, family)


def main():
    """Print the bounds of all links for a message."""
    parser = argparse.ArgumentParser(prog="python -m tools.bound", description=__doc__)
    parser.add_argument("octets", type=int, nargs="?", default=30000, help="of the PDU")
    parser.add_argument("--modem", choices=sorted(FAMILIES), default="sim800", help="the family of both modems")
    parser.add_argument("--baud", type=int, default=115200, help="of modem and camera")
    parser.add_argument("--sms", type=float, default=4.0, help="seconds that a notification takes")
    given = parser.parse_args()
    uart = given.baud / 10
    print("%d octets, %s, %d baud" % (given.octets, given.modem, given.baud))
    columns = ("radio", "down/s", "up/s", "upload", "download", "wsp up", "wsp down", "confirmed", "received")
    print("%-14s %7s %7s %9s %9s %9s %9s %9s %9s" % columns)
    for name in RADIOS:
        line, octets = (uart, given.modem), given.octets
        seconds = (
            upload(octets, name, *line),
            download(octets, name, *line),
            wap_upload(octets, name, *line),
            wap_download(octets, name, *line),
            shutter_to_confirmation(octets, octets, name, uart, *line),
            shutter_to_received(octets, octets, name, uart, given.sms, *line),
        )
        print("%-14s %7d %7d" % (name, *rates(name)), *("%8.1fs" % value for value in seconds))


if __name__ == "__main__":
    main()
