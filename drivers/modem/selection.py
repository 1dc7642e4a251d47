"""The networks on the air, and the choice of one by hand (3GPP TS 27.007 clause 7.3).

Loaded for a scan or a choice, beside `network`.
"""

from drivers.modem import network
from drivers.modem.dialogue import is_refusal
from drivers.modem.lines import fields
from mms import memory
from mms.errors import Coverage
from mms.limits import const

COMMANDS = (  # see dialogue.py
    "\n"
    "operators|register|AT+COPS=?|180|1|+COPS:|OK\n"
    "manual|register|AT+COPS=1,2,{operator}|120|1|-|OK\n"
    "manual access|register|AT+COPS=1,2,{operator},{access}|120|1|-|OK\n"
)

_NO_SERVICE = const(30)  # +CME ERROR: no network service
_ON_THE_AIR = {"(0": "unknown", "(1": "available", "(2": "current", "(3": "forbidden"}  # +COPS=? (7.3)
_AUTOMATIC = const("auto")  # in place of a network: the modem chooses


async def read_operators(modem):
    """Rows of the networks on the air and of cells, as Family has them; a modem for one rat leaves that out."""
    found = []
    for line in await modem.ask("operators"):
        values = fields(line)
        for index, value in enumerate(values[:-3]):
            mccmnc = values[index + 3].strip(")")
            if value in _ON_THE_AIR and mccmnc.isdigit():
                rat = values[index + 4] if values[index + 3] == mccmnc and index + 4 < len(values) else ""
                found.append(
                    (mccmnc, values[index + 1], _ON_THE_AIR[value], network.name_rat(rat.strip(")")) or modem.RAT)
                )
    return found, await _read_cells(modem)


async def _read_cells(modem):
    """The cells around, as the room of the family has them; none where the modem refuses to tell."""
    if not modem.CELLS:
        return []
    room = __import__("drivers.modem." + modem.CELLS, None, None, ("*",))
    modem.dialogue.add(room.COMMANDS)
    try:
        return await room.read(modem)
    except Coverage:
        return []
    finally:
        modem.dialogue.remove(room.COMMANDS)
        memory.forget(room.__name__)


async def select(modem, mccmnc, seconds):
    """Choose a network, or "auto" to have the modem choose, and wait until registered: the status; raises Coverage.

    A network that refuses or is not there is not left chosen: the modem chooses again, and so it does when the chosen
    one is lost and after each start.
    """
    modem.registered = None  # so that the next registration chooses by itself, whatever happens here
    modem.chosen = mccmnc != _AUTOMATIC
    try:
        await (modem.ask("automatic") if mccmnc == _AUTOMATIC else _choose(modem, mccmnc))
        status = await network.wait(modem, seconds)
    except Coverage as error:
        reason = await modem.ask_why() if is_refusal(error) else ""
        if mccmnc != _AUTOMATIC:
            await network.choose_again(modem)
        if reason:
            raise Coverage("register", error.code, reason)
        raise
    if mccmnc == _AUTOMATIC or (await network.ask_serving(modem))[0] in (mccmnc, None):
        return status
    await network.choose_again(modem)
    status = await network.wait(modem, seconds)
    serving = (await network.ask_serving(modem))[0]
    if serving not in (mccmnc, None):
        modem.events.say("steered", asked=mccmnc, got=serving)
    return status


async def _choose(modem, mccmnc):
    """Choose a network by hand, also by the <AcT> of each technology that the modem does not search without it."""
    try:
        await modem.ask("manual", mccmnc)
    except Coverage as error:
        if error.code != _NO_SERVICE or not modem.SEARCHES:
            raise
        for access in modem.SEARCHES[:-1]:
            try:
                return await modem.ask("manual access", mccmnc, access)
            except Coverage:
                pass
        await modem.ask("manual access", mccmnc, modem.SEARCHES[-1])
