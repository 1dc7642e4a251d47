"""The probes of a campaign: which are free, which live, and how those that are gone or silent are started again."""

from tools.campaign.probes.probe import Gone, ProbeError, Refused

_MEND_S = 5  # between two tries to start a probe that is gone
_MEND_MOST_S = 60


class Pool:
    """Probes, each of which rests for `pause_s` after an attempt.

    `free` are those that can begin an attempt, the one that has rested longest first; `alive` are those and the ones in
    attempts or at rest. `spawn` runs a coroutine beside everything else.
    """

    def __init__(self, clock, pause_s, spawn):
        self.free, self.alive = [], set()
        self._clock, self._pause_s, self._spawn = clock, pause_s, spawn

    async def start(self, probe):
        """Start a probe; where that fails, go on trying beside everything else."""
        try:
            await probe.start()
        except ProbeError as error:
            if probe.state not in ("gone", "silent"):
                probe.tell_state("gone" if isinstance(error, Gone) else "silent", error.told)
            await probe.stop()
            self._spawn(self._mend(probe, ()))
            return
        self._add(probe)

    def lose(self, probe):
        """Have a free probe that was lost mended."""
        self.free.remove(probe)
        self._spawn(self.rest(probe, False, ()))

    async def rest(self, probe, is_well, owed):
        """Have a probe free after its pause; mend it where it is not well or still owes what puts it back."""
        if is_well and not owed:
            await self._clock.sleep(self._pause_s)
            self.free.append(probe)
            return
        self.alive.discard(probe)
        await probe.stop()
        await self._mend(probe, owed)

    async def _mend(self, probe, owed):
        """Start a lost probe again and put back what the attempt before has changed, until both succeed."""
        pause = _MEND_S
        while probe not in self.alive:
            await self._clock.sleep(pause)
            pause = min(2 * pause, _MEND_MOST_S)
            try:
                await probe.start()
                await _put_back(owed)
            except ProbeError:
                await probe.stop()
                continue
            self._add(probe)

    def _add(self, probe):
        self.alive.add(probe)
        self.free.append(probe)


async def _put_back(owed):
    for put_back in owed:
        try:
            await put_back()
        except Refused:
            pass  # it is noted already, and the handset cannot do it


def choose(planned, probes):
    """{role: probe} of different probes, for as many roles as can be. Those for one role alone are taken first."""
    chosen = {}
    named = {role: planned.options.get(role) for role in planned.case.roles}
    for role, name in named.items():
        fit = [
            probe
            for probe in probes
            if probe.role in (role, "any")
            and (probe.name == name if name else probe.name not in named.values())
            and probe not in chosen.values()
        ]
        if fit:
            chosen[role] = min(fit, key=lambda probe: probe.role == "any")
    return chosen


def is_whole(planned, chosen):
    """Whether all roles of an attempt have a probe."""
    return len(chosen) == len(planned.case.roles)
