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
