"""The connections on a modem's context, and the octets that move on them; loaded with the first one.

The commands of a family's table that are asked here: "open", "send", "acknowledged", "waiting", "receive", "close".
"""

import asyncio

from drivers.modem.connection import Connection
from drivers.modem.dialogue import is_refusal, read_number
from mms.errors import BearerError, ModemError
from mms.limits import BLOCK


class Traffic:
    """Opens the connections of Sockets; a Connection asks here for all that it needs, by its number."""

    def __init__(self, sockets):
        self._sockets, self._modem = sockets, sockets.modem
        self._connections = sockets.connections
        self.block = BLOCK  # octets that the modem takes at a time

    async def open(self, host, port, udp):
        """A Connection to `host` (name or address); raises BearerError("connect")."""
        modem = self._modem
        if None not in self._connections:
            raise BearerError("connect", None, "all %d connections are open" % len(self._connections))
        number = self._connections.index(None)
        if hasattr(modem, "allot"):
            number = await modem.allot(udp)
            if self._connections[number] is not None:  # its peer has closed it, and all of it was read
                self._connections[number].fail(BearerError("receive", None, "the peer closed the connection"))
        connection = Connection(self, number, udp, modem.lend_buffers())
        self._connections[number] = connection
        try:
            try:
                if hasattr(modem, "connect"):
                    well = await modem.connect(number, host, port, udp)
                    if well is not None:
                        connection.set_opened(well)
                else:
                    await modem.ask("open", number, "UDP" if udp else "TCP", host, port)
            except BearerError:
                self._sockets.profile = None  # it may have been reset without a word: the context is made anew
                raise
            well = await connection.wait_opened(modem.CONNECT_MS)
            if not well:
                raise BearerError("connect", connection.code, "" if well is None else "the connection was refused")
            self.block = await modem.ask_room(number)
        except BaseException:  # CancelledError too: the modem must not stay connected
            connection.close()
            raise
        connection.start()
        modem.events.say("connected", host=host, port=port)
        return connection

    async def push(self, number, block, whole):
        """Send up to one block, a `whole` one at once or not: the octets that the modem took, 0 without room."""
        modem = self._modem
        octets = len(block) if whole else min(len(block), self.block)
        name, values = "send", (number, octets)
        if whole and hasattr(modem, "send_datagram"):
            name, values = modem.send_datagram(number, octets)
        try:
            lines = await modem.dialogue.send_block(name, block[:octets], *values, escape=modem.way_out)
        except BearerError as error:
            if error.code is None and not error.text:  # it may still wait for octets that got lost: see way_out
                self._sockets.lose("a block was not taken")
            if error.text == modem.FULL:
                return 0
            if not is_refusal(error):  # SEND FAIL, or no answer
                raise
            room = await modem.ask_room(number)
            if room >= (octets if whole else self.block):
                raise
            if not whole and room:
                self.block = room  # the modem takes another number of octets at a time when the network changes
            return 0
        return octets if modem.TAKEN is None else min(octets, read_number("send", lines[-1:], modem.TAKEN))

    async def ask_acknowledged(self, number):
        """Octets that the peer has acknowledged."""
        modem, connection = self._modem, self._connections[number]
        octets = read_number("send", await modem.ask("acknowledged", number), modem.ACKED)
        if modem.UNACKED:
            return connection.accepted - octets if connection else 0  # none is told of one that was lost meanwhile
        return octets

    async def ask_state(self, number, opening):
        """Whether a connection is up, as the modem says: True, False, or None when it says nothing.

        opening: whether it has not been up yet.
        """
        try:
            return await self._modem.is_up(number, opening)
        except BearerError:
            return None

    async def ask_waiting(self, number, closed):
        """Octets received and not yet read; none when the modem has forgotten the connection after its end.

        None for a family whose modems do not tell: `pull` finds out.
        """
        if self._modem.WAITING is None:
            return None
        for _ in range(2):  # one answer may be of a line that arrived in pieces
            try:
                return read_number("receive", await self._modem.ask("waiting", number), self._modem.WAITING)
            except BearerError as error:
                if not closed or not is_refusal(error):
                    raise
        return 0

    async def pull(self, number, target, octets, whole=False):
        """Read at most `octets` into `target`: (octets, how many are left; a block where the modem does not tell).

        whole: a datagram, of which a modem gives no more than its block at a time.
        """
        taken, left = await self._pull(number, target, octets)
        if whole and taken == self._modem.BLOCK < octets:
            more, left = await self._pull(number, memoryview(target)[taken:], octets - taken)
            taken += more
        return taken, left

    async def _pull(self, number, target, octets):
        modem = self._modem
        octets = min(octets, modem.BLOCK)
        view = memoryview(target)[:octets]
        taken, header = await modem.dialogue.read_block("receive", view, modem.COUNT, number, octets)
        if taken > octets:
            raise BearerError("receive", None, "%d octets instead of %d" % (taken, octets))
        if modem.LEFT is None:  # nor does it announce more octets until it has none
            return taken, BLOCK if taken else 0
        left = header[modem.LEFT] if len(header) > modem.LEFT else ""
        return taken, int(left) if left.isdigit() else 0

    def shut(self, connection):
        """The connection is given up: its number is free when the modem has closed it."""
        modem = self._modem
        if modem.ready and (connection.up or connection.closed and modem.HOLDS):
            self._closing = asyncio.create_task(self._close(connection))
        else:
            self._free(connection)

    async def _close(self, connection):
        try:
            await self._modem.ask("close", connection.number)
        except ModemError:
            pass  # the peer was faster
        finally:
            self._free(connection)

    def _free(self, connection):
        if self._connections[connection.number] is connection:
            self._connections[connection.number] = None
        self._modem.return_buffers(connection.buffers())
