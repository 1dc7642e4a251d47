"""What the settings allow abroad, in networks and in octets a day; loaded while the handset roams.

An error of the step "roaming" holds an Item: nothing has failed, and it goes on at home, tomorrow, or when the user
says so. Each choice is told with its reason.
"""

from mms import clock
from mms.errors import Coverage, StoreError
from mms.handset import states
from mms.handset.store import filenames
from mms.limits import const

_OVERHEAD = const(1000)  # octets of an exchange beside the message, and all of an answer
_UNKNOWN = const(100000)  # octets of a message whose size was not announced
_DAY_MS = const(86400000)
_USED_UP = const("roaming.octets_a_day are used up: it waits for tomorrow or home")


async def permit(bearer, item=None):
    """Raise Coverage, step "roaming", where the settings forbid the network, or what `item` wants of it.

    Whether a context may come up: for an Item, or else before a message goes that need not wait for home or the user.
    Octets that it may move are counted before, so that an exchange which the power ends counts, too.
    """
    rules = bearer.settings.get("roaming", {})
    where = (await bearer.network()).mccmnc or "?"
    why = _about_network(rules, where)
    if not why and item is not None and "text" not in getattr(item, "record", ()):
        why = _about_item(bearer, rules, item, where)
        answers = not hasattr(item, "record") and item.state not in states.WAITING
        if not why and not spend(bearer, _size(item), answers):
            why = _USED_UP
    if why:
        raise Coverage("roaming", None, why)
    return item is not None or rules.get("send", "yes") == "yes"


def _about_network(rules, where):
    if any(where.startswith(known) for known in rules.get("forbidden", ())):
        return "the network %s is among roaming.forbidden" % where
    allowed = rules.get("allowed")
    if allowed and not any(where.startswith(known) for known in allowed):
        return "the network %s is not among roaming.allowed" % where
    return ""


def _about_item(bearer, rules, item, where):
    """The reason for which an Item is not carried in the network `where`, or ""."""
    send = rules.get("send", "yes")
    if hasattr(item, "record"):
        if send == "no":
            return "abroad in %s, and roaming.send is no: it goes at home" % where
        if send == "ask" and not item.status.get("abroad"):
            return "abroad in %s, and roaming.send is ask: type retry %s to send it there" % (where, item.id)
    elif item.state == states.WANTED and bearer.settings["retrieve"]["roaming"] == "never":
        return "abroad in %s, and retrieve.roaming is never: it is fetched at home" % where
    return ""


def _size(item):
    """The octets that the carrier moves for an Item; those of a new notification are for its answer."""
    if hasattr(item, "record"):
        return item.record["octets"] + _OVERHEAD
    if item.state == states.WANTED:
        return (item.status["octets"] or _UNKNOWN) + _OVERHEAD
    return _OVERHEAD


def postpone(bearer, item, network):
    """The reason for which a message that was announced abroad is not fetched there, or "": then it is counted."""
    choice = bearer.settings["retrieve"]["roaming"]
    if choice != "now":
        return "abroad in %s, and retrieve.roaming is %s" % (network.mccmnc or "?", choice)
    return "" if spend(bearer, item.status["octets"] or _UNKNOWN) else _USED_UP


def spend(bearer, octets, answers=False):
    """Count octets of today; False, and nothing is counted, where they are more than the settings allow.

    One that `answers` for a message that is here is allowed: without it the MMSC would announce the message again.
    """
    most = bearer.settings.get("roaming", {}).get("octets_a_day")
    if most is None:
        return True
    store, today = bearer.store, _day()
    try:
        known = store.read(filenames.ABROAD) if store.has(filenames.ABROAD) else {}
    except StoreError as error:
        store.set_aside(filenames.ABROAD, error)
        known = {}
    spent = known.get("octets", 0) if known.get("day") == today else 0
    if spent + octets > most and not answers:
        return False
    store.write(filenames.ABROAD, {"day": today, "octets": spent + octets})
    return True


def _day():
    """Today: a count of days since 1970, or while the date is unknown of those that the board runs, below zero."""
    seconds = clock.now()
    return -1 - clock.ticks() // _DAY_MS if seconds is None else seconds // 86400


def hold(item, error, events):
    """Note and tell, once, the reason for which an Item waits."""
    if item.status.get("why") == error.text:
        return
    try:
        item.save(why=error.text)
    except StoreError:
        pass  # it is told again with the next attempt
    events.say("held", id=item.id, why=error.text)
