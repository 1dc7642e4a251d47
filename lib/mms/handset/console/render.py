"""What the console answers to a person: rows for each kind of answer; loaded when a person asks.

Whatever others wrote stands behind a word of ours, on a row that fits into a terminal (plain.py).
"""

from mms import clock
from mms.handset import rooms

_plain = rooms.plain  # held by this room, as long as somebody holds it
_MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec"
_WORDS = {"notified": "waits", "deferred": "waits", "wanted": "comes", "proposal": "settings"}
_QUIET = ("text", "retrieved", "acknowledged", "link")  # states that a person needs not know once the message is read
_FIELDS = ("From", "sender"), ("To", "to"), ("Copy to", "cc"), ("Subject", "subject"), ("Link", "url")
_DONE = """
mode|from now on in words
quit|goodbye
send|message %(id)s is on its way
photo|message %(id)s is on its way
press|message %(id)s is on its way
sms|short message %(id)s is on its way
reply|answer %(id)s is on its way
replyall|answer %(id)s is on its way
forward|message %(id)s is on its way: the message centre passes it on
more|%(octets)s octets of a text are kept for the next message
snap|a picture is in %(path)s
fetch|message %(id)s is asked for
retry|message %(id)s is tried again
cancel|message %(id)s is not sent any more
delete|message %(id)s is deleted
apply|the settings of message %(id)s are written
check|the way to the message centre is open
"""


def dated(seconds):
    """A date (seconds since 1970) as people read it, with the time of day when it is of this year; "-" without one."""
    if not isinstance(seconds, int) or not 0 < seconds < 0x7FFFFFFF:
        return "-"
    year, month, day, hour, minute, _ = clock.date(seconds)
    name = _MONTHS[3 * month - 3 : 3 * month]
    if year == clock.date(clock.now() or seconds)[0]:
        return "%d %s %02d:%02d" % (day, name, hour, minute)
    return "%d %s %d" % (day, name, year)


def failed(text, advice):
    """The rows of an error and of what a person can do."""
    told = "%s; %s" % (text, advice) if advice else text
    return _lines(_field("! ", told))


def shown(name, result, command, handset):
    """The rows of the answer `result` to a command, each with its line feed; "" where others may run meanwhile."""
    if "messages" in result:
        return _listed(name, result["messages"], handset)
    if name == "read":
        return _lines(_message(result))
    if "files" in result:
        return _lines(_files(result["files"]))
    if name == "status":
        return _lines(_status(result))
    if name == "settings":
        return _lines(_nested(result["settings"], ""))
    if name == "help":
        return _lines(result["text"].split("\n"))
    at = _DONE.find("\n%s|" % name)
    sentence = _DONE[at + len(name) + 2 : _DONE.find("\n", at + 1)] if at >= 0 else name + ": ok"
    known = dict(command)
    known.update(result)
    return _lines(_field("", sentence % known))


def _lines(rows):
    for row in rows:
        yield row + "\n"


def _field(head, text):
    """The rows of one field: whatever is in it ends no line."""
    return _plain.rows(head, str(text).replace("\n", "?").replace("\r", "?"))


def cut(text):
    """As much of a text as fits into one row, as one line."""
    rows = _plain.rows("", _plain.plain(text[: 2 * _plain.WIDTH]), "", _plain.WIDTH - 4)
    first = next(rows)
    for _ in rows:
        return first + " ..."
    return first


def _listed(name, messages, handset):
    """One message a row, the oldest first. Only their dates are in memory at once."""
    order = []
    for message in messages:
        order.append("%08x%s" % (_date(message), message["id"]))
        yield ""
    order.sort()
    box = handset.inbox if name == "inbox" else handset.outbox
    for key in order:
        item = box.look(key[-8:])
        if item is not None:  # nobody has deleted it meanwhile
            for row in rows_of(name, item.summary()):
                yield row + "\n"
    if not order:
        yield name + ": nothing\n"


def _date(message):
    seconds = message.get("time") or message.get("received") or message.get("date") or 0
    return seconds if isinstance(seconds, int) and 0 < seconds < 0x7FFFFFFF else 0


def rows_of(name, message):
    """The rows of one message of the inbox or outbox: what it is, and below it what has become of it."""
    state, id = message["state"], message["id"]
    if name == "inbox":
        who = message.get("sender") or "?"
        word = _WORDS.get(state, "" if state in _QUIET else state)
        if state in _QUIET + ("proposal",) and not message.get("read"):
            word = "new"
    else:
        who, word = ", ".join(message.get("to") or ()), state
    about = ": ".join([message[key] for key in ("subject", "text") if message.get(key)])
    octets = 0 if state == "text" else message.get("octets") or 0
    size = "(%s)" % _plain.sized(octets) if octets >= 1000 else ""
    head = "%-8s %s  %-12s  %-14s  " % (word, id, dated(_date(message)), _plain.plain(who))
    yield cut("%s%s %s" % (head, size, about) if size else head + about)
    for row in _below(message, name, state, id):
        yield row


def _below(message, name, state, id):
    """The rows below a message: reports, what failed and what to type."""
    reports, readings = message.get("reports") or {}, message.get("readings") or {}
    for recipient in sorted(set(list(reports) + list(readings))):
        told = [known[recipient] for known in (reports, readings) if recipient in known]
        yield cut("         %s: %s" % (recipient, ", ".join(told)))
    if message.get("maybe_duplicate"):
        yield "         it may have arrived twice"
    if message.get("url") and state in ("text", "link"):
        for row in _field("         ", message["url"]):  # to be looked at, never opened by itself
            yield row
    verb = {"failed": "retry" if name == "outbox" else "fetch", "in doubt": "retry"}.get(state, "")
    if state in ("notified", "deferred", "expired", "forwarded"):
        verb = "fetch"
    if state == "proposal":
        verb = "apply"
    if message.get("why"):
        for row in _field("         ", message["why"]):
            yield row
    if verb and name in ("inbox", "outbox"):
        yield "         type: %s %s" % (verb, id)


def _message(told):
    """A message as a person reads it: a row a field, then its text, indented."""
    told["sender"] = told["sender"] or "?"
    if told["state"] not in ("text", "link"):
        told["url"] = ""  # it is where the message centre had it
    for label, key in _FIELDS:
        value = told.get(key)
        if value:
            for row in _field("%-9s" % (label + ":"), ", ".join(value) if isinstance(value, list) else value):
                yield row
    if told.get("date"):
        yield "Date:    " + dated(told["date"])
    for part in told["parts"]:
        if part["type"] != "application/smil":
            about = part["name"] or "?", part["type"], _plain.sized(part["octets"])
            for row in _field("Part:    ", "%s, %s, %s" % about):
                yield row
    if told.get("note"):
        yield "Note:    " + told["note"]
    if told.get("text"):
        yield "Text:"
        for row in _plain.rows("    ", told["text"]):
            yield row
    if told["parts"]:
        yield "The parts can be written into the album. Type: export %s" % told["id"]
    if told["sender"] != "?" and told["state"] not in ("link", "proposal"):
        yield "To answer, type: reply %s TEXT" % told["id"]


def _files(files):
    for file in files:
        told = "%s  %s, %s" % (file["path"], file["type"], _plain.sized(file["octets"]))
        for row in _field("", told):
            yield row
    if not files:
        yield "this message has no parts"


def _status(told):
    network = told["network"]
    rows = [
        ("operator: ", "%s, by a SIM of %s" % (told["operator"] or "?", told["home"])),
        ("network:  ", _network(network)),
        ("runs on:  ", told["interpreter"]),
    ]
    if told["memory"]:
        rows.append(("memory:   ", _plain.sized(told["memory"]) + " in use"))
    for head, text in rows:
        for row in _field(head, text):
            yield row


def _network(network):
    where = [network["mccmnc"] or "none", network["status"], network["rat"] or ""]
    if network["signal"] is not None:
        where.append("%s dBm" % network["signal"])
    return ", ".join([str(one) for one in where if one])


def _nested(value, indent):
    for key in sorted(value):
        one = value[key]
        if isinstance(one, dict):
            yield "%s%s:" % (indent, key)
            for row in _nested(one, indent + "  "):
                yield row
        elif one not in (None, "", []):
            if one is True or one is False:
                one = "true" if one else "false"  # as the settings have it
            for row in _field("%s%s: " % (indent, key), ", ".join(one) if isinstance(one, list) else one):
                yield row
