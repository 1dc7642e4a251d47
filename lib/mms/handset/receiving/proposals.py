"""Settings that come by WAP push (OMA client provisioning): a proposal until the user applies it.

Loaded when one comes or is applied. The store has the document as ID.x.
"""

from mms import limits
from mms.errors import PduError, SettingsError, UsageError
from mms.handset import rooms, states
from mms.handset.store import filenames
from mms.limits import const

_ATTEMPTS = const(3)  # with a PIN, as the standard has it (OMA-WAP-ProvBoot, 6)
_KEYS = const(("name", "apn", "user", "password", "auth", "mmsc", "proxy"))
_SHOWN = const(("name", "apn", "mmsc", "proxy"))


def store(inbox, id, message, push, body):
    """Store the settings in `body` as a proposal; raises PduError when they are not for MMS, StoreError."""
    room = rooms.provisioning
    found = room.proposal(room.parse(body, push.media))
    room = None  # the room is large, and need not stay in memory
    if not found:
        raise PduError(push.body, "settings for something else")
    rooms.retention.make_room(inbox, states.PROPOSAL, limits.LINKS)
    with inbox.store.create(id + filenames.CONTENT) as writer:
        writer.write(body)
    shown = {key: found[key] for key in _SHOWN if key in found}
    rooms.entries.add(
        inbox,
        id,
        states.PROPOSAL,
        sender=message.originator,
        proposed=shown,
        media=push.media,
        params=[list(param) for param in push.params],
        time=message.time,
    )
    inbox.events.say("proposed", id=id, sender=message.originator, settings=shown)


async def apply(handset, id, pin=None):
    """Write a proposal into the settings, if its MAC shows that the operator sent it; raises UsageError, StoreError."""
    item = handset.inbox.item(id)
    sim = handset.bearer.sim
    if item.state != states.PROPOSAL or sim is None:
        raise UsageError("message %s is no proposal of settings that can be applied now" % id)
    room = rooms.provisioning
    with handset.inbox.store.open(id + filenames.CONTENT) as blob:
        body = bytearray(blob.octets)
        blob.readinto(body)
    _check(handset, item, room.check([tuple(param) for param in item.status["params"]], body, sim.imsi, pin), pin)
    found = room.proposal(room.parse(bytes(body), item.status["media"]))
    room = body = None  # they are large, and need not stay in memory
    settings = handset.settings
    operator = dict(settings["operators"].get(sim.home, {}))
    for key in _KEYS:
        operator.pop(key, None)
        if key in found:
            operator[key] = found[key]
    try:
        rooms.settings.check({"operators": {sim.home: operator}})
    except SettingsError as error:
        raise UsageError("these settings cannot be right: %s" % error)
    rooms.editing.change(settings, "operators." + sim.home, operator)
    settings["operators"][sim.home] = operator
    rooms.choice.settle(handset.bearer, settings)
    item.save(state=states.APPLIED)
    try:
        await handset.bearer.modem.release()  # a context that is up has the old settings
    finally:
        handset.events.say("applied", id=id, operator=sim.home)


def _check(handset, item, result, pin):
    """Raise UsageError unless `result`, (security, whether the MAC is right), is that of settings to be applied."""
    security, right = result
    if security is None:
        raise UsageError("nobody vouches for these settings: they are not applied")
    if right:
        return
    if "USER" in security and pin is None:
        raise UsageError("these settings want the PIN that the operator told you: apply %s PIN" % item.id)
    attempts = item.status["attempts"] + 1
    item.save(attempts=attempts)
    if attempts >= _ATTEMPTS or "USER" not in security:
        handset.inbox.delete(item.id)
        raise UsageError("these settings are not from who they say: they are deleted")
    raise UsageError("this PIN is wrong: %d attempts are left" % (_ATTEMPTS - attempts))
