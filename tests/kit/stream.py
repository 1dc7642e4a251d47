"""A stream that gives an answer from memory."""


class Peer:
    """A stream that answers `answer`, so many octets a read, and keeps what was written."""

    def __init__(self, answer, step=1460):
        self.written = []
        self._answer = answer
        self._step = step

    async def readinto(self, buf):
        piece = self._answer[: min(self._step, len(buf))]
        buf[: len(piece)] = piece
        self._answer = self._answer[len(piece) :]
        return len(piece)

    async def write(self, buf):
        self.written.append(bytes(buf))

    async def drain(self):
        self.drained = len(self.written)


class Content:
    """The content of a request, as mms.link.http has it.

    `completed` has what `state()` gave whenever the request was about to be complete.
    """

    def __init__(self, octets, state=tuple):
        self._left = octets
        self._state = state
        self.octets = len(octets)
        self.completed = []

    def readinto(self, buf):
        piece = self._left[: len(buf)]
        buf[: len(piece)] = piece
        self._left = self._left[len(piece) :]
        return len(piece)

    async def completing(self):
        self.completed.append(self._state())
