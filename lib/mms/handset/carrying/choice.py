"""The way to the MMSC for a SIM whose network is not in the settings; loaded when such a one is looked for.

First the settings that worked before, then those that the SIM has from its issuer, then those in assets/operators.bin.
They are tried in that order until a context comes up and the proxy or MMSC takes a connection; those by which the first
exchange succeeds are kept in the store. Kept ones that work no more get a second chance, then the others their turn.
"""

from mms import flash
from mms.errors import BearerError, Damaged, LinkError, ModemError, PduError, Refused, SettingsError, StoreError
from mms.handset import rooms
from mms.handset.store import filenames
from mms.limits import const

_SHOWN = const(("name", "apn", "user", "password", "auth", "mmsc", "proxy"))
_MMSICP = const(0x6FD0)
_UNTRIED, _REACHED, _WORKED, _KNOWN, _ALONE = const(0), const(1), const(2), const(3), const(4)  # as Bearer has them
_ASTRAY = const((403, 407, 502, 504))  # of a proxy that knows no way to the MMSC, or is not for us (RFC 9110, 15)
_LATE = const((502, 504))  # of one that may have passed the request on
_UNKNOWN = const("no settings are known for a SIM of the network %s")


async def start(bearer):
    """Take the first candidate for the bearer's SIM, if there is one; one that was kept is used without a trial."""
    kept = _kept(bearer)
    found = [("kept", kept)] if kept else (await candidates(bearer))[0]
    bearer.candidate, bearer.proven = 0, _KNOWN if kept else _UNTRIED
    bearer.profile = _make(bearer, found[0][1]) if found else None


def _make(bearer, operator):
    return rooms.operators.make_profile(operator, bearer.sim.home, bearer.settings.get("profile"))


async def candidates(bearer):
    """([(source, operator)], notes on what has ended, the error of a file that cannot be read or None), best first.

    A source is "kept" for what has worked before, "sim" or "file". Raises ModemError when the modem does.
    """
    found, notes, fault = [], [], None
    kept = _kept(bearer)
    if kept:
        found.append(("kept", kept))
    for operator in await _read_sim(bearer):
        _add(found, "sim", operator)
    try:
        for operator in _listed(bearer.sim):
            if "mmsc" in operator:
                _add(found, "file", operator)
            else:
                notes.append(operator["name"])
    except BearerError as error:
        fault = error
    return found, notes, fault


def _add(found, source, operator):
    """Add a candidate that the handset can use and does not have yet: `name` makes no other of it."""
    try:
        rooms.settings.check({"operators": {"00101": operator}})
    except SettingsError:
        return
    told = dict(operator)
    told.pop("name", None)
    for _, other in found:
        other = dict(other)
        other.pop("name", None)
        if other == told:
            return
    found.append((source, operator))


def _listed(sim):
    """Candidates and notes in the file, for the home network as the SIM has it, or else with its other MNC."""
    found = rooms.directory.find(sim.home)
    return found or rooms.directory.find(sim.imsi[: 11 - len(sim.home)])


async def _read_sim(bearer):
    octets = await bearer.modem.read_sim(_MMSICP)
    try:
        return rooms.connectivity.parse(octets) if octets else []
    except PduError:
        return []  # a SIM that is written wrong must not keep the file from being asked


def _kept(bearer):
    """The operator that has worked before with a SIM of this network, or None."""
    try:
        if bearer.store.has(filenames.OPERATOR):
            record = bearer.store.read(filenames.OPERATOR)
            if record["home"] == bearer.sim.home:
                return record["operator"]
    except Damaged as error:
        bearer.store.set_aside(filenames.OPERATOR, error)
    except StoreError:
        pass  # the others can be tried
    return None


async def attach(bearer):
    """Attach by the candidate in force, or by the next ones in turn; raises BearerError when none of them works."""
    if bearer.proven != _UNTRIED:
        try:
            return await bearer.modem.attach(bearer.profile)
        except BearerError as error:
            doubt(bearer, error)
            raise
    found, notes, fault = await candidates(bearer)
    if not found:
        raise fault or _noted(BearerError("operators", None, _UNKNOWN % bearer.sim.home), notes)
    failed = None
    for _ in found:
        bearer.candidate %= len(found)
        source, operator = found[bearer.candidate]
        bearer.profile = _make(bearer, operator)
        try:
            await bearer.modem.attach(bearer.profile)
            if len(found) > 1 and not bearer.profile.wsp:  # a gateway's answer to a datagram comes with the exchange
                stream = await bearer.modem.open(*bearer.where(bearer.profile.mmsc))
                stream.close()
            bearer.proven = _ALONE if source == "kept" and len(found) == 1 else _REACHED
            return
        except ModemError as error:
            if error.step not in ("context", "connect"):
                raise
            failed = error
        bearer.candidate += 1
        await bearer.modem.release()
    raise _noted(failed, notes)


def _noted(error, notes):
    """The error, or one that says what has ended, too."""
    if not notes:
        return error
    return BearerError(error.step, error.code, "%s, and %s" % (error.text, notes[0]))


def prove(bearer, media):
    """The profile in force has brought an answer of that type: it works, unless that is a page that asks to log in."""
    if media[:9] == "text/html":
        raise LinkError("answer", None, "a page for people instead of the message centre's answer")
    bearer.proven = _WORKED


async def keep(bearer, events):
    """Note in the store that the profile in force has worked, and tell it, unless it is the one that was kept."""
    if _kept(bearer) == bearer.profile.settings:
        return
    record = {"home": bearer.sim.home, "operator": bearer.profile.settings}
    await flash.quiet()
    try:
        bearer.store.write(filenames.OPERATOR, record)
        bearer.candidate = 0  # it is the first one from here on
        events.say("kept", operator=bearer.profile.name, apn=bearer.profile.apn)
    except StoreError:
        pass  # it will be found again after the next start


async def describe(bearer):
    """What is known for the bearer's SIM: a dict of `home`, `candidates`, `notes` and `fault`.

    Each candidate is a dict of its settings with its `source` and whether it is `used`. `notes` say what has ended,
    `fault` why operators.bin cannot be read, or None.
    """
    found, notes, fault = await candidates(bearer)
    if bearer.candidate is None:
        found.insert(0, ("settings", bearer.profile.settings))
    shown = []
    for source, operator in found:
        one = {key: operator[key] for key in _SHOWN if key in operator}
        used = bearer.profile is not None and bearer.profile.settings == operator
        one["source"], one["used"] = source, used and not any(other["used"] for other in shown)
        shown.append(one)
    return {"home": bearer.sim.home, "candidates": shown, "notes": notes, "fault": str(fault) if fault else None}


def doubt(bearer, error):
    """Have candidates tried anew after an error that another one may not meet.

    The answer of a proxy counts against it, and not against the message, unless it is the only one: then Refused, which
    is not permanent, is raised, or LinkError where the message centre may have the message. A profile that has worked
    is tried once more before the next.
    """
    worked = bearer.proven >= _WORKED
    if error.step not in ("context", "connect"):
        if bearer.proven == _ALONE or not _is_astray(error, bearer):
            return
    if bearer.proven == _REACHED:
        bearer.candidate += 1
    bearer.proven = _UNTRIED
    if error.step == "answer":
        text = "this proxy does not lead to the message centre"
        if bearer.profile.wsp and error.code is None or worked and error.code in _LATE:
            raise LinkError("answer", error.code, text)
        raise Refused("answer", error.code, text, False)


def _is_astray(error, bearer):
    """Whether the proxy may be a wrong one: by its status or its silence, or because its first answer was none."""
    if error.step == "answer" and error.code is None:
        return bearer.profile.wsp or bearer.proven < _WORKED
    return error.step == "time" or error.step == "answer" and error.code in _ASTRAY


def settle(bearer, settings):
    """Use the profile that the settings have for the SIM from here on."""
    bearer.profile = rooms.operators.find_profile(settings, bearer.sim.home)
    bearer.candidate, bearer.proven = None, _KNOWN
