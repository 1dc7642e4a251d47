"""Adafruit's FONA library at work on a serial line: connects, gets, posts, and reads a short message.

    python tests/kit/peers/fona.py LINE HOST PORT

The library is written for CircuitPython boards. What it imports of theirs stands here: `const`, `map_range`, a UART
(pyserial has the same methods) and a pin that is not connected. It counts milliseconds by sleeping, so that a clock
that sleeps less makes it work faster beside a modem that is faster than life. Prints what it saw as JSON.
"""

import hashlib
import json
import sys
import time
import types

import serial

FASTER = 4
PIECE = 1400  # a SIM800 gives and takes 1460 octets at a time, and the library asks for whatever it is told to
OCTETS = bytes(range(256)) * 40


class Pin:
    """digitalio.DigitalInOut: the reset line, which leads nowhere."""

    value = False

    def switch_to_output(self):
        pass


def shim():
    """Put modules of CircuitPython where the library imports them from."""
    sys.modules["busio"] = types.SimpleNamespace(UART=serial.Serial)
    sys.modules["digitalio"] = types.SimpleNamespace(DigitalInOut=Pin)
    sys.modules["circuitpython_typing"] = types.SimpleNamespace(ReadableBuffer=bytes)
    sys.modules["micropython"] = types.SimpleNamespace(const=lambda value: value)
    sys.modules["simpleio"] = types.SimpleNamespace(
        map_range=lambda x, low, high, least, most: least + (x - low) * (most - least) / (high - low)
    )


def fetched(sockets, request, host, port):
    """The answer to an HTTP request. The far end stays: this library takes CLOSED for the reply that it waits for."""
    to = sockets.getaddrinfo(host, port)[0][4]
    stream = sockets.socket()
    stream.connect(to)
    peer = stream.getpeername().strip('"')
    for at in range(0, len(request), PIECE):
        stream.send(request[at : at + PIECE])
    head, _, body = bytes(stream.recv(PIECE)).partition(b"\r\n\r\n")  # more than PIECE comes
    lines = head.decode().split("\r\n")
    (count,) = [int(line.split(":")[1]) for line in lines if line.lower().startswith("content-length:")]
    while len(body) < count:
        body += bytes(stream.recv(min(PIECE, count - len(body))))
    stream.close()
    return {"status": lines[0], "body": hashlib.sha256(body).hexdigest(), "peer": peer, "to": to[0]}


def main():
    shim()
    from adafruit_fona import adafruit_fona, adafruit_fona_socket
    from adafruit_fona.adafruit_fona_network import CELLULAR

    adafruit_fona.time = types.SimpleNamespace(sleep=lambda seconds: time.sleep(seconds / FASTER))
    line, host, port = sys.argv[1], sys.argv[2], int(sys.argv[3])
    fona = adafruit_fona.FONA(serial.Serial(line, 115200, timeout=5), Pin())
    seen = {"version": fona.version, "imei": fona.iemi, "iccid": fona.iccid, "rssi": fona.rssi}
    cellular = CELLULAR(fona, ("lab", "", ""))
    for _ in range(100):
        if cellular.is_attached:
            break
    cellular.connect()
    seen["connected"] = cellular.is_connected
    adafruit_fona_socket.set_interface(fona)
    heads = "Host: %s:%d\r\n" % (host, port)
    get = "GET /picture HTTP/1.1\r\n%s\r\n" % heads
    post = "POST /picture HTTP/1.1\r\n%sContent-Length: %d\r\n\r\n" % (heads, len(OCTETS))
    seen["get"] = fetched(adafruit_fona_socket, get.encode(), host, port)
    seen["post"] = fetched(adafruit_fona_socket, post.encode() + OCTETS, host, port)
    seen["messages"], seen["message"] = fona.num_sms(), fona.read_sms(1)
    seen["deleted"] = fona.delete_all_sms()
    print(json.dumps(seen, default=repr))


if __name__ == "__main__":
    main()
