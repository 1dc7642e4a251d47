"""How fast physics lets a message be: the bound that journeys are measured against.

`python -m tools.bound 30000` prints the table. This file imports nothing else of this project, so
that no fault of ours can hide in the bound.

Model: a TCP connection and the exchange on it take two round trips, the MMSC 0.3 s, and the octets
the time of the slower of radio and serial line; the first segment crosses the other one of the two
before that, and one command of the modem's dialogue takes 20 ms. A message has the header of the
shortest HTTP/1.1 request or response that can carry it (RFC 9112), and each segment 40 octets of
TCP and IP. Of what a coding scheme (3GPP TS 43.064, table 2), a bearer of UMTS (3GPP TS 34.108,
6.10.2.4.1) or an LTE terminal of category 1 (3GPP TS 36.306) carries, TCP gets 85 %.
"""

import argparse

ROUND_TRIP = 0.7  # seconds, GPRS
MMSC = 0.3  # seconds until it answers
EXPOSURE = 0.4  # seconds for the sensor and its JPEG encoder
DIALOGUE = 0.02  # seconds for one command of the modem
SEGMENT = 1460  # octets
TCP_IP = 40  # octets with each segment: RFC 791 and RFC 9293, without options
TCP_SHARE = 0.85
UART = 11520  # octets a second of a serial line at 115200 baud, 8N1
URL = "http://mmsc.o2.example"
MEDIA = "application/vnd.wap.mms-message"

# kbit/s of one time slot
SLOT = {"cs1": 8, "cs2": 12, "cs3": 14.4, "cs4": 20, "mcs5": 22.4, "mcs6": 29.6, "mcs9": 59.2}
CLASSES = {"8": (4, 1), "10": (4, 2), "12": (4, 4)}  # multislot class: (slots down, slots up)
# radio: (kbit/s down, kbit/s up, seconds of a round trip)
OTHERS = {"umts-384": (384, 64, 0.2), "umts-64": (64, 64, 0.25), "lte-1": (10300, 5200, 0.06)}
USUAL = ("gprs-8-cs2", "gprs-10-cs2", "gprs-10-cs4", "gprs-12-cs2", "edge-10-mcs6")


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
    host = url.split("/")[2]
    lines = "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n%s\r\n"
    return len(lines % (url, host, MEDIA, octets, headers))


def response(octets):
    """Octets of the header of the shortest response that carries a PDU."""
    return len("HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n" % (MEDIA, octets))


def transfer(octets, rate, uart):
    """Seconds that so many octets of a TCP connection take over radio and serial line, which work at the same time."""
    first = min(octets, SEGMENT)
    air = (octets + -(-octets // SEGMENT) * TCP_IP) / rate
    return max(air + first / uart, octets / uart + (first + TCP_IP) / rate)


def upload(octets, up, rtt=ROUND_TRIP, uart=UART, url=URL, headers=""):
    """Seconds from connecting to M-Send.conf for a PDU of `octets`, `up` octets a second."""
    return 2 * rtt + MMSC + transfer(octets + request(octets, url, headers), up, uart) + DIALOGUE


def download(octets, down, rtt=ROUND_TRIP, uart=UART):
    """Seconds from connecting to the last octet of a PDU of `octets` in the handset."""
    return 2 * rtt + MMSC + transfer(octets + response(octets), down, uart) + DIALOGUE


def camera(octets, uart, exposure=EXPOSURE):
    """Seconds from the shutter to the last octet of a picture over the camera's serial line."""
    return exposure + octets / uart


def shutter_to_confirmation(picture, octets, up, camera_uart, rtt=ROUND_TRIP, uart=UART):
    """Seconds from the shutter to M-Send.conf; attach and context are up by then."""
    return camera(picture, camera_uart) + upload(octets, up, rtt, uart)


def shutter_to_received(picture, octets, down, up, camera_uart, sms, rtt=ROUND_TRIP, uart=UART):
    """Seconds from the shutter until the other handset has it; a notification takes `sms`."""
    sent = shutter_to_confirmation(picture, octets, up, camera_uart, rtt, uart)
    return sent + sms + download(octets, down, rtt, uart)


def main():
    """Print the bounds of the usual links for a message."""
    parser = argparse.ArgumentParser(prog="python -m tools.bound", description=__doc__)
    parser.add_argument("octets", type=int, nargs="?", default=30000, help="of the PDU")
    parser.add_argument("--baud", type=int, default=115200, help="of modem and camera")
    parser.add_argument("--rtt", type=float, default=ROUND_TRIP, help="seconds of a round trip")
    parser.add_argument("--sms", type=float, default=4.0, help="seconds that a notification takes")
    given = parser.parse_args()
    uart = given.baud / 10
    print("%d octets, %d baud, round trip %.1f s" % (given.octets, given.baud, given.rtt))
    print(
        "%-14s %6s %6s %8s %10s %10s %10s" % ("radio", "down/s", "up/s", "upload", "download", "confirmed", "received")
    )
    for name in USUAL:
        down, up = rates(name)
        print(
            "%-14s %6d %6d %7.1fs %9.1fs %9.1fs %9.1fs"
            % (
                name,
                down,
                up,
                upload(given.octets, up, given.rtt, uart),
                download(given.octets, down, given.rtt, uart),
                shutter_to_confirmation(given.octets, given.octets, up, uart, given.rtt, uart),
                shutter_to_received(given.octets, given.octets, down, up, uart, given.sms, given.rtt, uart),
            )
        )


if __name__ == "__main__":
    main()
