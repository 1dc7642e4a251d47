"""The context of a modem is brought up; loaded for that.

The commands of a family's table that are asked here: "attached" and "attach".
"""

from drivers.modem.dialogue import is_refusal
from mms.errors import BearerError
from mms.limits import const

_EARLY_MS = const(5000)  # real modems refused to attach twice with +CME ERROR: 100, and did it then


async def attach(sockets, profile):
    """Attach, and with a `profile` bring up a context for it; raises BearerError("attach" or "context", code)."""
    modem = sockets.modem
    modem.check_ready("attach")
    if profile is not None:
        await sockets.release()
    absent = "+CGATT: 1" not in await modem.ask("attached")
    if absent and modem.sms_only:
        raise BearerError("attach", None, "only short messages go on this network")
    if absent:
        await explain(modem, "attach", modem.patient("attach", early=_EARLY_MS))
    if absent or profile is not None:
        modem.events.say("attached")
    if profile is None:
        return
    await modem.define_context(profile)
    address = await explain(modem, "context", modem.activate())
    modem.events.say("context_up", address=address)


async def explain(modem, step, work):
    """The result of `work`; a BearerError without words gets the reason that the modem knows, if there is one.

    An attach that is not answered has none of its own.
    """
    try:
        return await work
    except BearerError as error:
        text = error.text
        if is_refusal(error) or step == "context" and not text:
            text = await modem.ask_why() or text
        raise BearerError(step, error.code, text)
