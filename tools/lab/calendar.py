"""The date in the lab: each operator has a Calendar, which can be set while the lab runs."""


class Calendar:
    """The date of one operator: `epoch` at millisecond 0 of the caller's clock, in seconds since 1970.

    `zone` is the tzinfo of its local time, None for UTC. It needs no more than MicroPython has, as machines do; only
    `local` does.
    """

    def __init__(self, epoch, zone=None):
        self.epoch, self.zone = epoch, zone

    def date(self, ms):
        """The seconds since 1970."""
        return self.epoch + ms // 1000

    def set(self, seconds, ms=0):
        """Let the date be so many seconds since 1970 at a millisecond."""
        self.epoch = seconds - ms // 1000

    def quarters(self, seconds):
        """How many quarters of an hour local time is ahead of UTC at a date, as time stamps have it (TS 23.040)."""
        return int(self._at(seconds).utcoffset().total_seconds()) // 900 if self.zone else 0

    def local(self, ms):
        """The local date and time as a datetime with its zone."""
        return self._at(self.date(ms))

    def _at(self, seconds):
        import datetime  # MicroPython lacks it

        return datetime.datetime.fromtimestamp(seconds, self.zone or datetime.timezone.utc)
