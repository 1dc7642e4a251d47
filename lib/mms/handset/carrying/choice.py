"""The way to the MMSC for a SIM whose network is not in the settings; loaded when such a one is looked for.

First the settings that worked before, then those that the SIM has from its issuer, then those in assets/operators.bin.
They are tried in that order until a context comes up and the proxy or MMSC takes a connection; those by which the first
exchange succeeds are kept in the store.
"""

from mms import flash
from mms.errors import BearerError, Damaged, LinkError, ModemError, PduError, SettingsError, StoreError
from mms.handset import rooms
from mms.handset.store import filenames
from mms.limits import const

_SHOWN = const(("name", "apn", "user", "password", "auth", "mmsc", "proxy"))
_MMSICP = const(0x6FD0)
_UNTRIED, _REACHED, _WORKED, _KNOWN = const(0), const(1), const(2), const(3)  # as Bearer has them
_ASTRAY = const((403, 407, 502, 504))  # of a proxy that knows no way to the MMSC, or is not for us (RFC 9110, 15)
_UNKNOWN = const("no settings are known for a SIM of the network %s")


async def start(bearer):
    """Take the first candidate for the bearer's SIM, if there is one; one that was kept is used without a trial."""
    kept = _kept(bearer)
    found = [("kept", kept)] if kept else (await candidates(bearer))[0]
    bearer.candidate, bearer.proven = 0, _KNOWN if kept else _UNTRIED
    bearer.profile = rooms.operators.make_profile(found[0][1], bearer.sim.home) if found else None


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
        raise fault or BearerError("operators", None, _UNKNOWN % bearer.sim.home)
    failed = None
    for _ in found:
        bearer.candidate %= len(found)
        source, operator = found[bearer.candidate]
        bearer.profile = rooms.operators.make_profile(operator, bearer.sim.home)
        try:
            await bearer.modem.attach(bearer.profile)
            if len(found) > 1 and not bearer.profile.wsp:  # a gateway's answer to a datagram comes with the exchange
                stream = await bearer.modem.open(*bearer.where(bearer.profile.mmsc))
                stream.close()
            bearer.proven = _KNOWN if source == "kept" else _REACHED
            return
        except ModemError as error:
            if error.step not in ("context", "connect"):
                raise
            failed = error
        bearer.candidate += 1
        await bearer.modem.release()
    if notes:
        failed = BearerError(failed.step, failed.code, "%s, and %s" % (failed.text, notes[0]))
    raise failed


async def keep(bearer):
    """Note in the store that the profile in force has worked."""
    record = {"home": bearer.sim.home, "operator": bearer.profile.settings}
    await flash.quiet()
    try:
        bearer.store.write(filenames.OPERATOR, record)
        bearer.candidate = 0  # it is the first one from here on
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
    """Have candidates tried anew after an error that another one may not meet; raises LinkError for one of a proxy.

    The status of a proxy that has not worked yet counts against it, and not against the message.
    """
    if error.step in ("context", "connect"):
        if bearer.proven == _REACHED:
            bearer.candidate += 1
        bearer.proven = _UNTRIED
    elif bearer.proven == _REACHED and error.step == "answer" and _is_astray(error, bearer.profile):
        bearer.candidate, bearer.proven = bearer.candidate + 1, _UNTRIED
        raise LinkError("answer", error.code, "this proxy does not lead to the message centre")


def _is_astray(error, profile):
    """Whether the proxy is a wrong one: by its status, or because no WAP gateway has answered."""
    return error.code in _ASTRAY or profile.wsp and error.code is None


def settle(bearer, settings):
    """Use the profile that the settings have for the SIM from here on."""
    bearer.profile = rooms.operators.find_profile(settings, bearer.sim.home)
    bearer.candidate, bearer.proven = None, _KNOWN
