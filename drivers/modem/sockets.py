"""The context of a modem and the connections on it, by their numbers; loaded when there is something to carry.

While the context is up and nothing moves, this much stays: context.py brings it up, traffic.py has the connections.
"""

from drivers.modem.lines import fields
from mms import memory
from mms.errors import BearerError


class Sockets:
    """The context of a Family: `profile`, and the `connections` on it."""

    def __init__(self, modem):
        self.modem = modem
        self.connections = [None] * modem.CONNECTIONS
        self.profile = None  # values of the profile that the context was made for, while it is up
        self.traffic = None  # from the first connection on

    async def attach(self, profile=None):
        """Attach, and with a `profile` bring up a context for it; raises BearerError("attach" or "context", code)."""
        wanted = profile and (profile.apn, profile.user or "", profile.password or "")
        if self.profile is not None and wanted in (None, self.profile):
            return
        from drivers.modem import context

        memory.forget(context.__name__)
        await context.attach(self, profile)
        self.profile = wanted

    async def release(self):
        """Take the context down, with every connection on it."""
        self.lose("the context was released")
        await self.modem.deactivate()

    async def open(self, host, port, udp):
        """A Connection to `host` (name or address); raises BearerError("connect")."""
        if self.traffic is None:
            from drivers.modem.traffic import Traffic

            self.traffic = Traffic(self)
        return await self.traffic.open(host, port, udp)

    def hear(self, word, place, text):
        """Handle news of a connection or of the context (see Family)."""
        if word == "deactivated":
            if self.profile is not None:
                self.lose("the network took the context down")
                self.modem.events.say("context_lost")
            return
        values = fields(text)
        number = text[:1] if place == "" else values[int(place)] if int(place) < len(values) else ""
        number = int(number) if number.isdigit() and len(number) < 3 else len(self.connections)
        connection = self.connections[number] if number < len(self.connections) else None
        if connection is None:
            return
        if word == "octets":
            connection.announce()
        elif word == "closed":
            connection.end()
        else:
            code = "".join(values[int(place) + 1 :]) if word == "opened" else ""
            well = word == "connected" or code == "0"
            connection.set_opened(well, int(code) if code.isdigit() and len(code) < 6 and not well else None)

    def lose(self, text):
        """The context is lost, and every connection fails."""
        self.profile = None
        for number, connection in enumerate(self.connections):
            if connection is not None:
                connection.fail(BearerError("receive", None, text))
                self.connections[number] = None
