"""A trace that Wireshark shows decoded, from the AT line to the MMS header: a pcapng file.

Interface "uart" (link type 252, exported PDUs) has the lines of the modem's dialogue and the SMS
TPDUs; interface "socket" (link type 101, raw IP) has what went through the modem's sockets, as
synthetic TCP, and datagrams. Each packet has a comment with the board. Masked are, in AT lines: PINs, passwords,
IMSI, ICCID, IMEI and numbers but for their last two digits; in HTTP: credentials. The messages
themselves, TPDUs and MMS PDUs, are kept as they are: a trace without them shows nothing.
"""

import re
import struct
import time

from tools.lab.modem.masking import masked
from tools.lab.shell import private

UART, SOCKET = 0, 1  # interfaces
SEGMENT = 1460  # octets of TCP data in a packet
NAME, DIRECTION = 12, 35  # tags of an exported PDU
FIN, SYN, PUSH, ACK = 0x01, 0x02, 0x08, 0x10

_CREDENTIALS = re.compile(rb"(?im)^((?:Proxy-)?Authorization: *)([^\r\n]*)")
_OF_WSP = re.compile(rb"(?i)((?:Proxy-)?Authorization\0)([^\0]*)")  # a header by its name (WAP-230-WSP, 8.4.2.6)


def veiled(octets):
    """Octets of a connection or a datagram without the credentials in their headers, and as many."""
    for secret in (_CREDENTIALS, _OF_WSP):
        octets = secret.sub(lambda found: found.group(1) + b"*" * len(found.group(2)), octets)
    return octets


def _option(code, value):
    return struct.pack("<HH", code, len(value)) + value + bytes(-len(value) % 4)


def _tag(code, value):
    value += bytes(-len(value) % 4)
    return struct.pack(">HH", code, len(value)) + value


def _checksum(octets):
    octets += bytes(len(octets) % 2)
    total = sum(struct.unpack(">%dH" % (len(octets) // 2), octets))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def _ip(protocol, source, target, payload):
    """An IPv4 packet."""
    head = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(payload), 0, 0, 64, protocol, 0) + source + target
    return head[:10] + struct.pack(">H", _checksum(head)) + head[12:] + payload


class _Connection:
    """One TCP connection as it would have looked on the wire: addresses and sequence numbers."""

    def __init__(self, ours, port, theirs, their_port):
        self._ends = ((ours, port), (theirs, their_port))
        self._next = [1000, 5000]  # sequence numbers, ours and theirs
        self.sent, self.data = True, b""  # octets that do not yet fill a segment, and whether the handset sent them
        self.when = 0  # the time of the last of them

    def packet(self, sent, flags, data=b""):
        """An IPv4 packet: `sent` tells that it goes from the handset to the network."""
        here = 0 if sent else 1
        (source, source_port), (target, target_port) = self._ends[here], self._ends[1 - here]
        header = struct.pack(
            ">HHIIBBHHH",
            source_port,
            target_port,
            self._next[here],
            self._next[1 - here] if flags & ACK else 0,
            5 << 4,
            flags,
            0xFFFF,
            0,
            0,
        )
        pseudo = source + target + struct.pack(">BBH", 0, 6, len(header) + len(data))
        check = struct.pack(">H", _checksum(pseudo + header + data))
        header = header[:16] + check + header[18:]
        self._next[here] += len(data) + (1 if flags & (SYN | FIN) else 0)
        return _ip(6, source, target, header + data)


class Trace:
    """Writes a trace to the file `path`. The lab's modems call its methods."""

    def __init__(self, path):
        self._file = open(path, "wb", opener=private)  # noqa: SIM115 it lives as long as the trace
        self._boards = []
        self._hosts = []
        self._connections, self._ports = {}, {}
        self._opened = 0
        self._block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1))
        for link_type, name in ((252, b"uart"), (101, b"socket")):
            head = struct.pack("<HHI", link_type, 0, 0)
            self._block(1, head + _option(2, name) + _option(0, b""))

    def at(self, board, sent, line, when=None):
        """One line of the dialogue, without its end; `sent` by the handset, or by the modem; at `when`, in ns."""
        self._exported(board, b"at", 0 if sent else 1, masked(bytes(line)), when)

    def console(self, board, sent, line, when=None):
        """One line of a handset's console, a JSON object; `sent` to the handset, or by it; at `when`, in ns."""
        self._exported(board, b"json", 0 if sent else 1, bytes(line), when)

    def sms(self, board, to_handset, tpdu, when=None):
        """One TPDU, without the SMS centre's address; at `when`, in ns."""
        self._exported(board, b"gsm_sms", 0 if to_handset else 1, bytes(tpdu), when)

    def message(self, board, key, place, sent, octets, when):
        """Octets on a connection to `place` (host, port), all at `when`, in ns; the first ones open it."""
        if (board, key) not in self._connections:
            host, port = place
            self.opened(board, key, host, port, when)
        connection = self._connections[board, key]
        connection.sent, connection.data, connection.when = sent, bytes(octets), when
        while connection.data:
            self._flush(board, connection)

    def opened(self, board, key, host, port, when=None):
        """A connection is open: `key` names it among those of the board."""
        connection = _Connection(self._ours(board), self._port(), self._address(host), port)
        self._connections[board, key] = connection
        for sent, flags in ((True, SYN), (False, SYN | ACK), (True, ACK)):
            self._packet(board, connection.packet(sent, flags), when)

    def tcp(self, board, key, sent, octets):
        """Octets that went through a connection that is open: in a packet when they fill a segment, or it is over."""
        if (board, key) not in self._connections:
            return
        connection = self._connections[board, key]
        if connection.sent != sent:
            self._flush(board, connection)
        connection.sent, connection.data = sent, connection.data + bytes(octets)
        connection.when = time.time_ns()
        while len(connection.data) >= SEGMENT:
            self._flush(board, connection)

    def udp(self, board, key, host, port, sent, octets):
        """One datagram between a socket of the board, which `key` names, and a host."""
        place = (board, key, port)
        if place not in self._ports:
            self._ports[place] = self._port()
        ends = [(self._ours(board), self._ports[place]), (self._address(host), port)]
        (source, source_port), (target, target_port) = ends if sent else reversed(ends)
        head = struct.pack(">HHHH", source_port, target_port, 8 + len(octets), 0)
        self._packet(board, _ip(17, source, target, head + veiled(bytes(octets))))

    def _ours(self, board):
        if board not in self._boards:
            self._boards.append(board)
        at = 1 + self._boards.index(board)
        return bytes((10, 64, at >> 8 & 0xFF, at & 0xFF))

    def _port(self):
        self._opened += 1
        return 40000 + self._opened % 20000

    def _flush(self, board, connection):
        data, connection.data = connection.data[:SEGMENT], connection.data[SEGMENT:]
        if data:
            self._packet(board, connection.packet(connection.sent, PUSH | ACK, veiled(data)), connection.when)

    def closed(self, board, key):
        """A connection has ended, one way or the other."""
        connection = self._connections.pop((board, key), None)
        if connection:
            self._flush(board, connection)
            for sent, flags in ((True, FIN | ACK), (False, FIN | ACK), (True, ACK)):
                self._packet(board, connection.packet(sent, flags))

    def close(self):
        """Finish the file."""
        for (board, _), connection in self._connections.items():
            self._flush(board, connection)
        self._file.close()

    def _address(self, host):
        parts = host.split(".")
        if len(parts) == 4 and all(part.isdigit() and int(part) < 256 for part in parts):
            return bytes(int(part) for part in parts)
        if host not in self._hosts:
            self._hosts.append(host)
        return bytes((10, 65, 0, 1 + self._hosts.index(host)))

    def _exported(self, board, dissector, direction, payload, when=None):
        tags = _tag(NAME, dissector) + _tag(DIRECTION, struct.pack(">I", direction))
        self._write(UART, board, tags + bytes(4) + payload, when)

    def _packet(self, board, packet, when=None):
        self._write(SOCKET, board, packet, when)

    def _write(self, interface, board, packet, when=None):
        if self._file.closed:
            return
        microseconds = (when or time.time_ns()) // 1000
        head = struct.pack(
            "<IIIII",
            interface,
            microseconds >> 32,
            microseconds & 0xFFFFFFFF,
            len(packet),
            len(packet),
        )
        comment = _option(1, board.encode()) + _option(0, b"")
        self._block(6, head + packet + bytes(-len(packet) % 4) + comment)

    def _block(self, kind, body):
        length = struct.pack("<I", len(body) + 12)
        self._file.write(struct.pack("<I", kind) + length + body + length)
