"""Networks: selection, registration, refusals and steering."""

import functools

from tools.campaign.cases.case import Case
from tools.campaign.probes.probe import Refused

_NOT_ON_THE_AIR = 30  # +CME ERROR: no network service (3GPP TS 27.007, 9.2.1)
_STEERING = 117  # +CME ERROR of cause 17 of 3GPP TS 24.008, by which home networks steer (GSMA IR.73)
_LOOK_S = 1
_REGISTERED = ("home", "roaming")


async def _register(attempt):
    """MO registers on the network by hand."""
    await attempt.register_anew("mo")


async def _register_by_itself(attempt):
    """MO chooses a network by itself, in the place of the attempt's network."""
    network = (await attempt.ask("mo", "register", network="auto"))["network"]
    attempt.note(got=network["mccmnc"], status=network["status"])


async def _scan(attempt):
    """MO hears the network on the air."""
    found = (await attempt.ask("mo", "scan"))["networks"]
    attempt.note(networks=[row["mccmnc"] for row in found])
    if attempt.network not in [row["mccmnc"] for row in found]:
        text = "%d networks are on the air, and %s is none of them" % (len(found), attempt.network)
        attempt.fail("scan", text=text, advice="see whether the network has a cell here")


async def _be_refused(attempt):
    """The network refuses the SIM, MO names the cause, and finds back into a network that takes it."""
    try:
        await attempt.register_anew("mo")
    except Refused as error:
        refusal = error
    else:
        text = "the network %s took the SIM, and a refusal is expected" % attempt.network
        attempt.fail("register", text=text, advice="see whether there is an agreement after all")
    attempt.note(cause=refusal.text, code=refusal.code)
    wanted = attempt.options["cause"]
    if refusal.step != "register" or refusal.code == _NOT_ON_THE_AIR or wanted and wanted not in refusal.text:
        raise refusal
    await _back(attempt)


async def _back(attempt):
    """Have MO find a network by itself: here, or else where its home network is."""
    try:
        await attempt.ask("mo", "register", network="auto")
    except Refused:
        await attempt.mo.move(attempt.mo.facts["home"])
        await attempt.ask("mo", "register", network="auto")


async def _be_steered(attempt):
    """MO says on which network it lands by itself and by hand, so that steering is seen."""
    by_itself = await _settled(attempt)
    how = "" if by_itself == attempt.network else "by itself it is on %s" % by_itself
    try:
        by_hand = (await attempt.register_anew("mo"))["mccmnc"]
        if by_hand != attempt.network:
            how = "asked for %s it got %s" % (attempt.network, by_hand)
    except Refused as error:
        if error.code != _STEERING:
            raise
        how, by_hand = error.text, None
    attempt.note(steered=bool(how), by_itself=by_itself, by_hand=by_hand)
    wanted = attempt.options["steered"]
    if wanted is not None and wanted != bool(how):
        text = how or "the handset is on %s by itself and by hand" % attempt.network
        attempt.fail("steering", text=text, advice="ask the home operator which networks it prefers")


async def _settled(attempt):
    """The network on which MO is by itself, once it is on one; the attempt's time bounds the waiting."""
    while True:
        network = (await attempt.ask("mo", "status"))["network"]
        if network["status"] in _REGISTERED:
            return network["mccmnc"]
        await attempt.clock.sleep(_LOOK_S)


_case = functools.partial(Case, group="network", roles=("mo",), source="after GSMA IR.35", timeout_s=300, costs=False)
CASES = (
    _case(name="scan", title="Networks on the air", about="MO hears the network in a scan", run=_scan),
    _case(
        name="register", title="Manual registration", about="MO registers on the network when told to", run=_register
    ),
    _case(
        name="register-auto",
        title="Automatic registration",
        about="MO registers on one that it chooses",
        run=_register_by_itself,
    ),
    _case(
        name="refused",
        title="Refusal without an agreement",
        about="the network refuses MO, which names the cause (with `cause` in its words), "
        "and finds back into a network",
        run=_be_refused,
        options={"cause": "text"},
        timeout_s=600,
        expects="refused",
    ),
    _case(
        name="steering",
        title="Steering of roaming",
        about="it is noted on which network MO lands by itself and by hand; `steered` says what is expected",
        run=_be_steered,
        options={"steered": "yes"},
        timeout_s=600,
    ),
)
