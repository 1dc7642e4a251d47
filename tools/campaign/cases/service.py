"""Packet service: attach, context, and the way to the message centre.

The handset's room `probe` (docs/console.md) does each step by itself, and tells when its command is written and when it
holds. A handset without that room is asked to `check`, which tries the same steps one after the other.
"""

import functools

from tools.campaign.attempt import Impossible
from tools.campaign.cases.case import Case
from tools.campaign.probes.probe import Refused

_STEPS = ("modem", "power", "sim", "signal", "register", "attach", "context", "proxy", "mmsc")  # of `check`, in order


async def _attach(attempt):
    """MO attaches to packet service, after it was detached."""
    await attempt.register("mo")
    if await _probe(attempt, "detach") is None:
        return await _check(attempt, "attach")
    if (await _probe(attempt, "attach")).get("already"):
        attempt.impossible("the modem stays attached, so an attach cannot be measured")


async def _context(attempt):
    """MO activates a context, after the one that may be up was released."""
    await attempt.register("mo")
    if await _probe(attempt, "release") is None:
        return await _check(attempt, "context")
    await _probe(attempt, "attach")
    told = await _probe(attempt, "context")
    if told.get("already"):
        attempt.impossible("the modem keeps its context, so an activation cannot be measured")
    attempt.note(has_address=bool(told.get("address")))


async def _reach(attempt):
    """MO reaches the MMSC: every step of `check` holds."""
    await attempt.register("mo")
    await attempt.ask("mo", "check")


async def _probe(attempt, action):
    """The reply to one step, or None where the handset has no room `probe`; raises Refused with the cause."""
    try:
        return await attempt.ask("mo", "probe", action=action)
    except Impossible:
        return None


async def _check(attempt, step):
    """Have `check` try the steps, of which `step` has to hold; later ones may fail. Raises Refused."""
    attempt.note(by="check")
    since = attempt.clock.now()
    try:
        await attempt.ask("mo", "check")
    except Refused as error:
        if error.step not in _STEPS or _STEPS.index(error.step) <= _STEPS.index(step):
            raise
    await attempt.seen("mo", "checked", since=since, step=step)


_case = functools.partial(Case, group="service", roles=("mo",), source="after GSMA IR.35", timeout_s=300, costs=False)
CASES = (
    _case(name="attach", title="GPRS attach", about="MO attaches to packet service, after a detach", run=_attach),
    _case(
        name="context",
        title="PDP context activation",
        about="MO activates the context of the MMS access point",
        run=_context,
    ),
    _case(
        name="mmsc",
        title="The way to the message centre",
        about="every step of `check` holds, up to an answer of the MMSC",
        run=_reach,
    ),
)
