"""Answers to people: rows for the result of each command; loaded for each answer.

A text by strangers always stands behind a word of ours, on rows that fit into a terminal (plain.py).
"""

from mms import clock
from mms.handset import rooms
from mms.limits import const

_plain = rooms.plain  # stays in memory as long as this module
_MONTHS = const("JanFebMarAprMayJunJulAugSepOctNovDec")
_WORDS = {"notified": "waits", "deferred": "waits", "wanted": "comes", "proposal": "settings"}
_QUIET = const(("text", "retrieved", "acknowledged", "link"))  # states that say nothing once the message is read
_SOURCES = {"settings": "settings", "kept": "it has worked", "sim": "of the SIM", "file": "operators.bin"}
_FIELDS = const((("From", "sender"), ("To", "to"), ("Copy to", "cc"), ("Subject", "subject"), ("Link", "url")))


def date(seconds):
    """Seconds since 1970 as people read them, with the time of day when they are of this year; "-" for no date."""
    if not isinstance(seconds, int) or not 0 < seconds < 0x7FFFFFFF:
        return "-"
    year, month, day, hour, minute, _ = clock.date(seconds)
    name = _MONTHS[3 * month - 3 : 3 * month]
    if year == clock.date(clock.now() or seconds)[0]:
        return "%d %s %02d:%02d" % (day, name, hour, minute)
    return "%d %s %d" % (day, name, year)


def error(text, advice):
    """The rows of an error, and what a person can do."""
    return _lines(_field("! ", "%s; %s" % (text, advice) if advice else text))


def reply(name, result, command, phone):
    """The rows for the `result` of a command, each with its line feed; an empty text lets other tasks run."""
    if "messages" in result:
        return _listed(name, result["messages"], phone)
    if name == "read" or "sender" in result:
        return _lines(_message(result))
    if "files" in result:
        return _lines(_files(result["files"]))
    if name == "status":
        return _lines(_status(result))
    if name == "support":
        return _lines(_support(result["sections"]))
    if "sections" in result:
        return _lines(_settable(result["sections"]))
    if name == "settings":
        return _lines(_nested(result["settings"], ""))
    if name in ("help", "price"):
        return _lines(result["text"].split("\n"))
    if name == "operators":
        return _lines(_operators(result))
    if name == "scan":
        return _lines(_scanned(result))
    if name == "register":
        return _lines(_field("network:  ", _network(result["network"])))
    if name == "press" and "path" in result:
        name = "snap"
    fields = dict(command)
    fields.update(result)
    return _lines(_field("", (rooms.commands.answer(name) or name + ": ok") % fields))


def _lines(rows):
    for row in rows:
        yield row + "\n"


def _field(head, text):
    """The rows of one field; a line feed in it ends no row."""
    return _plain.rows(head, str(text).replace("\n", "?").replace("\r", "?"))


def cut(text):
    """The beginning of a text that fits into one row."""
    rows = _plain.rows("", _plain.clean(text[: 2 * _plain.WIDTH]), "", _plain.WIDTH - 4)
    first = next(rows)
    for _ in rows:
        return first + " ..."
    return first


def _listed(name, messages, phone):
    """One message a row, the oldest first. Only their dates are in memory at once."""
    order = []
    for message in messages:
        order.append("%08x%s" % (_date(message), message["id"]))
        yield ""
    order.sort()
    box = phone.inbox if name == "inbox" else phone.outbox
    for key in order:
        item = box.get(key[-8:])
        if item is not None:  # it was not deleted meanwhile
            for row in rows(name, item.summary()):
                yield row + "\n"
    if not order:
        yield name + ": nothing\n"


def _date(message):
    seconds = message.get("time") or message.get("received") or message.get("date") or 0
    return seconds if isinstance(seconds, int) and 0 < seconds < 0x7FFFFFFF else 0


def rows(name, message):
    """The rows of one message of the inbox or outbox: the message, and below it its reports and what failed."""
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
    size = "(%s)" % _plain.size(octets) if octets >= 1000 else ""
    head = "%-8s %s  %-12s  %-14s  " % (word, id, date(_date(message)), _plain.clean(who))
    yield cut("%s%s %s" % (head, size, about) if size else head + about)
    for row in _below(message, name, state, id):
        yield row


def _below(message, name, state, id):
    """The rows below a message: reports, what failed and what to type."""
    reports, readings = message.get("reports") or {}, message.get("readings") or {}
    for recipient in sorted(set(list(reports) + list(readings))):
        words = [known[recipient] for known in (reports, readings) if recipient in known]
        yield cut("         %s: %s" % (recipient, ", ".join(words)))
    if message.get("maybe_duplicate"):
        yield "         it may have arrived twice"
    if message.get("url") and state in ("text", "link"):
        for row in _field("         ", message["url"]):  # shown, and never opened by itself
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


def _message(message):
    """A message as a person reads it: a row for each field, then its text, indented."""
    message["sender"] = message["sender"] or "?"
    if message["state"] not in ("text", "link"):
        message["url"] = ""  # the MMSC's location means nothing to people
    for label, key in _FIELDS:
        value = message.get(key)
        if value:
            for row in _field("%-9s" % (label + ":"), ", ".join(value) if isinstance(value, list) else value):
                yield row
    if message.get("date"):
        yield "Date:    " + date(message["date"])
    for part in message["parts"]:
        if part["type"] != "application/smil":
            about = part["name"] or "?", part["type"], _plain.size(part["octets"])
            lasts = ", %s s" % part["seconds"] if "seconds" in part else ""
            for row in _field("Part:    ", "%s, %s, %s" % about + lasts):
                yield row
    if message.get("note"):
        yield "Note:    " + message["note"]
    if message.get("text"):
        yield "Text:"
        for row in _plain.rows("    ", message["text"]):
            yield row
    if message["parts"]:
        yield "The parts can be written into the album. Type: export %s" % message["id"]
    if message["sender"] != "?" and message["state"] not in ("link", "proposal"):
        yield "To answer, type: reply %s TEXT" % message["id"]


def _files(files):
    for file in files:
        for row in _field("", "%s  %s, %s" % (file["path"], file["type"], _plain.size(file["octets"]))):
            yield row
    if not files:
        yield "this message has no parts"


def _status(status):
    network = status["network"]
    rows = [
        ("operator: ", "%s, by a SIM of %s" % (status["operator"] or "?", status["home"])),
        ("network:  ", _network(network)),
        ("runs on:  ", status["interpreter"]),
    ]
    if status["memory"]:
        rows.append(("memory:   ", _plain.size(status["memory"]) + " in use"))
    for head, text in rows:
        for row in _field(head, text):
            yield row


def _support(sections):
    """A row for each fact, below what it is about; the last section is the file in which they are."""
    for section in sections[:-1]:
        yield section["name"] + ":"
        for row in section.get("rows", ()):
            yield from _field("  ", row)
        yield from _nested({key: section[key] for key in section if key not in ("name", "rows")}, "  ")
    yield "all of this is in %(path)s: look through it before you give it away" % sections[-1]


def _settable(rows):
    """A row for each setting: its value, and the rule for it."""
    for row in rows:
        value = "-" if row["value"] is None else row["value"]
        if isinstance(value, list):
            value = " ".join(value)
        elif value is True or value is False:
            value = "true" if value else "false"
        for line in _field("%-28s " % row["name"], "%s  (%s)" % (value, row["takes"])):
            yield line


def _operators(result):
    for one in result["candidates"]:
        where = _plain.clean(one.get("name") or "?"), one["apn"], one["mmsc"], one.get("proxy") or "no proxy"
        for row in _field("> " if one["used"] else "  ", "%s: %s, %s, %s" % where + " (%s)" % _SOURCES[one["source"]]):
            yield row
    for text in result["notes"] + ([result["fault"]] if result["fault"] else []):
        for row in _field("  ", text):
            yield row
    if not result["candidates"]:
        yield "no settings are known for a SIM of the network %s" % result["home"]


def _scanned(result):
    for one in result["networks"]:
        for row in _field(
            "%-7s " % one["mccmnc"], "%s, %s, %s" % (_plain.clean(one["name"]), one["status"], one["rat"])
        ):
            yield row
    for one in result["cells"]:
        signal = "" if one["signal"] is None else ", %d dBm" % one["signal"]
        told = [one[name] or "?" for name in ("mccmnc", "area", "cell")]  # a modem tells less of neighbours
        yield "cell    %s, area %s, cell %s%s" % tuple(told + [signal])
    if not result["networks"]:
        yield "no network is on the air"


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
