"""Help on one command or one topic, and the command that a misspelt word is like; loaded for these.

`rows` are those of commands.py: the columns of each command.
"""

from mms.errors import UsageError
from mms.limits import const

# topic | what it is about | its commands | rows of its own
_TOPICS = const("""
sending|messages out|send photo press sms more outbox retry cancel\
|A NUMBER is +447700900002, 07700900002 or an e-mail address.&send and photo take size=VGA quality=70 limit=90000 or \
sound=FILE before TEXT.
receiving|messages in|inbox read fetch reply replyall forward export delete\
|A message that comes is announced by a row with *, which says what to type.
pictures|the camera and its pictures|photo snap press\
|Sizes are those of your camera, VGA with most; "best" is the largest.
network|the way to the message centre|check status operators scan register\
|When something fails, check tries each step and names the one that failed.
setup|settings of yours and of your operator|settings set apply|A file, settings.json: docs/settings.md has every key.
programs|driving the handset by a program|mode help quit\
|{"do": "mode", "mode": "json"} changes to JSON; "help" with a command names its keys.
""")


def _topics():
    return [row.split("|") for row in _TOPICS.strip().split("\n")]


def overview():
    """The row that names the topics."""
    return "help TOPIC: a command, " + ", ".join([row[0] for row in _topics()])


def help(topic, rows):
    """All about a topic or a command, in lines for people; raises UsageError with the topics."""
    if not isinstance(topic, str):
        raise UsageError("a topic is a text")
    topic = topic.lower()
    for name, _, keys, words, text in [row[:5] for row in rows]:
        if name == topic:
            lines = [(name + " " + words).strip(), "    " + text]
            if keys:
                lines += _wrapped("    keys in JSON: ", keys.split())
            return "\n".join(lines)
    for name, about, commands, more in _topics():
        if name == topic:
            known = [row for row in rows if row[0] in commands.split(" ")]
            lines = [about + ":"] + ["%-20s  %s" % (row[0] + " " + row[3], row[4]) for row in known]
            return "\n".join(lines + more.split("&"))
    raise UsageError("no help on %s; %s" % (topic[:20], overview()))


def _wrapped(head, words):
    lines = [head]
    for word in words:
        if len(lines[-1]) + len(word) > 74:
            lines.append(" " * 18)
        lines[-1] += word + " "
    return [line.rstrip() for line in lines]


def near(word, names):
    """The name that a misspelt word is like: one letter more, less or other, or its beginning; "" for none or many."""
    found = [name for name in names if _alike(word, name)]
    found = found or [name for name in names if len(word) > 1 and name.startswith(word)]
    return found[0] if len(found) == 1 else ""


def _alike(one, other):
    """Whether two words differ in one letter, or in the order of two."""
    if len(one) > len(other):
        one, other = other, one
    at = 0
    while at < len(one) and one[at] == other[at]:
        at += 1
    if len(one) < len(other):
        return one[at:] == other[at + 1 :]
    swapped = one[at + 1 : at + 2] + one[at : at + 1]
    return one[at + 1 :] == other[at + 1 :] or swapped + one[at + 2 :] == other[at:]
