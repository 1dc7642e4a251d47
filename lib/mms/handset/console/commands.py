"""The registry of the console's commands, and how a typed line becomes one; loaded for each command.

docs/console.md, `help`, the parser and the functions that perform the commands are held to the registry by tests.
"""

from mms.errors import UsageError
from mms.handset import rooms
from mms.limits import const

# name | module with its function do_NAME | keys in JSON | words after the name | what `help` says | answer in words
_COMMANDS = """
send|answering|to subject text picture size quality limit sound files cc bcc priority class hide validity delay\
 delivery_report read_report shrink under|NUMBER [KEY=VALUE...] [TEXT]|send a text as a multimedia message\
|message %(id)s is on its way%(cost)s
photo|answering|to subject text size quality limit sound files cc bcc priority class hide validity delay\
 delivery_report read_report shrink under|NUMBER [KEY=VALUE...] [TEXT]|take a picture and send it\
|message %(id)s is on its way%(cost)s
sms|composing|to text|NUMBER [TEXT]|send a text as a short message|short message %(id)s is on its way
more|composing|to cc bcc files subject text|[TEXT]|a line of the next text; alone: forget them\
|%(octets)s octets of a text are kept for the next message
press|presses|kind|[KIND]|what a short, long or double press of the button does|message %(id)s is on its way
record|verbs|seconds|SECONDS|record a sound into the album|a sound is in %(path)s
snap|verbs|size quality limit|[KEY=VALUE...]|take a picture into the album|a picture is in %(path)s
inbox|verbs|||what came, the newest last|
outbox|verbs|||what went, the newest last|
read|verbs|id|ID|show a message; the settings say if its sender is told|
fetch|verbs|id|ID|get what waits, failed, expired or was forwarded|message %(id)s is asked for
reply|composing|id text|ID [TEXT]|answer the sender|answer %(id)s is on its way
replyall|composing|id text|ID [TEXT]|answer the sender and all who got it|answer %(id)s is on its way
forward|verbs|id to cc bcc delivery_report read_report|ID NUMBER...|pass on a message that waits, without getting it\
|message %(id)s is on its way: the message centre passes it on
export|verbs|id|ID|write the parts of a message into the album|
retry|verbs|id|ID|send again what failed or is in doubt|message %(id)s is tried again
cancel|verbs|id|ID|stop trying to send|message %(id)s is not sent any more
delete|verbs|id|ID|forget a message|message %(id)s is deleted
apply|verbs|id pin|ID [PIN]|write settings that came into ours|the settings of message %(id)s are written
check|verbs|||try each step on the way to the message centre|the way to the message centre is open
scan|verbs|||the networks and cells on the air: up to three minutes|
register|verbs|network|MCCMNC|use this network, as scan shows it; "auto": any|
probe|probing|action on line id|ACTION [LINE]|one step of the modem, for laboratories|
wifi|verbs|network password|NAME [KEY]|join this Wi-Fi from the next start on|the next start joins %(network)s
price|verbs|octets recipients|[OCTETS]|what messages cost, and what was spent|
operators|verbs|||the ways to the message centre, and the one in use|
status|verbs|||where the handset stands|
settings|verbs|||the settings in force|
set|editing|setting value|[SETTING] [VALUE]|change a setting; alone: all there are|%(setting)s: %(text)s
support|verbs|||a file for a helper, without secrets|
mode|answering|mode|MODE|"json" for programs, "text" for people|from now on in words
help|verbs|topic|[TOPIC]|this list, or all about a command or a topic|
quit|answering|||end the program|goodbye
"""
_OPTIONS = const("KEY=VALUE...")
_KEYS = {
    "NUMBER": "to",
    "ID": "id",
    "PIN": "pin",
    "TOPIC": "topic",
    "MODE": "mode",
    "KIND": "kind",
    "ACTION": "action",
    "MCCMNC": "network",
    "SECONDS": "seconds",
    "OCTETS": "octets",
    "NAME": "network",
    "KEY": "password",
    "SETTING": "setting",
}
_OPTION_KEYS = {
    "send": ("sound", "under"),
    "photo": ("size", "quality", "limit", "sound", "under"),
    "snap": ("size", "quality", "limit"),
}


def _row(name):
    """The columns of a command; raises UsageError when there is no such one."""
    at = _COMMANDS.find("\n%s|" % name) if name and name.isalpha() else -1
    if at < 0:
        near = rooms.topics.near(name, [row[0] for row in rows()]) if name else ""
        raise UsageError("no command %s: type %shelp" % (name[:20] or "of no name", near and near + ", or "))
    return _COMMANDS[at + 1 : _COMMANDS.find("\n", at + 1)].split("|")


def rows():
    """The columns of all commands."""
    return [line.split("|") for line in _COMMANDS.strip().split("\n")]


def check(name, command):
    """The module that performs a command; raises UsageError, which names a key that it has not and those that it has.

    `command` is a dict, as JSON or `parse` has it.
    """
    _, module, keys = _row(name)[:3]
    keys = keys.split()
    for key in command:
        if key != "do" and key not in keys:
            known = "it has " + ", ".join(keys) if keys else "it takes nothing"
            raise UsageError("%s has no %s: %s" % (name, key[:20], known))
    return module


def answer(name):
    """The words that answer a command, with the fields of its result and its keys; "" when it shows something else."""
    return _row(name)[5]


def id_of(command):
    """The `id` of a command; raises UsageError when it has none."""
    id = command.get("id")
    if not isinstance(id, str) or len(id) != 8 or not all(c in "0123456789abcdef" for c in id):
        raise UsageError("an id, please: eight characters as inbox and outbox show them")
    return id


def parse(line):
    """A typed line as a command, None for an empty one; raises UsageError, which says what to type."""
    name, rest = _word(line)
    if not name:
        return None
    name = name.lower()
    usage = _row(name)[3]
    command = {"do": name}
    for wanted in usage.split():
        if rest:
            rest = _fill(command, wanted.strip("[]"), rest)
        elif wanted[0] != "[":
            raise UsageError("%s needs more: type %s %s" % (name, name, usage))
    if rest:
        raise UsageError("%s takes nothing more: type %s" % (name, " ".join((name + " " + usage).split())))
    if name == "more" and "text" in command:
        command["text"] += "\n"  # people type lines
    return command


def _fill(command, wanted, rest):
    """Put the first of the words `rest`, or all of them, into the key for `wanted`; returns the words that are left."""
    if wanted in ("TEXT", "VALUE", "LINE"):
        command[wanted.lower()] = rest
        return ""
    if wanted == _OPTIONS:
        word, left = _word(rest)
        key, _, value = word.partition("=")
        known = _OPTION_KEYS[command["do"]]
        while value and key.lower() in known:
            command[key.lower()] = int(value) if value.isdigit() else value
            rest = left
            word, left = _word(rest)
            key, _, value = word.partition("=")
        return rest
    if wanted == "NUMBER...":
        command["to"] = rest.split()
        return ""
    word, rest = _word(rest)
    if wanted in ("SECONDS", "OCTETS") and word.isdigit():
        word = int(word)
    command[_KEYS[wanted]] = [word] if wanted == "NUMBER" else word
    return rest


def _word(line):
    """The first word of a line, and the rest."""
    words = line.split(None, 1) + ["", ""]
    return words[0], words[1].strip()


def help():
    """The list of commands, in lines for people."""
    return "\n".join(["%-20s  %s" % (row[0] + " " + row[3], row[4]) for row in rows()])
