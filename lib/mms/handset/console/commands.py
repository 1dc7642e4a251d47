"""Which commands a console has, the keys that a program may give, and what a person types; loaded for each command."""

from mms.errors import UsageError

# command | keys of JSON | what is typed behind it | what it does
_COMMANDS = """
send|to subject text picture size sound files cc bcc priority class hide validity delay delivery_report read_report\
|NUMBER [TEXT]|send a text as a multimedia message
photo|to subject text size sound files cc bcc priority class hide validity delay delivery_report read_report\
|NUMBER [TEXT]|take a picture and send it
sms|to text|NUMBER [TEXT]|send a text as a short message
more|to cc bcc files subject text|[TEXT]|a line of the next text; alone: forget them
press|||take a picture and send it as the settings say
snap|size||take a picture into the album
inbox|||what came, the newest last
outbox|||what went, the newest last
read|id|ID|show a message; the settings say if its sender is told
fetch|id|ID|get what waits, failed, expired or was forwarded
reply|id text|ID [TEXT]|answer the sender
replyall|id text|ID [TEXT]|answer the sender and all who got it
forward|id to cc bcc delivery_report read_report|ID NUMBER...|pass on a message that waits, without getting it
export|id|ID|write the parts of a message into the album
retry|id|ID|send again what failed or is in doubt
cancel|id|ID|stop trying to send
delete|id|ID|forget a message
apply|id pin|ID [PIN]|write settings that came into ours
check|||try each step on the way to the message centre
status|||where the handset stands
settings|||the settings in force
mode|mode|MODE|"json" for programs, "text" for people
help|||this list
quit|||end the program
"""
_KEYS = {"NUMBER": "to", "ID": "id", "PIN": "pin", "MODE": "mode"}


def _row(name):
    """(keys, what is typed) of a command; raises UsageError when there is no such one."""
    at = _COMMANDS.find("\n%s|" % name) if name and name.isalpha() else -1
    if at < 0:
        raise UsageError("no command %s: type help" % (name[:20] or "of no name"))
    row = _COMMANDS[at + 1 : _COMMANDS.find("\n", at + 1)].split("|")
    return row[1].split(), row[2]


def check(name, command):
    """See whether all keys of a command are known; raises UsageError, which names the wrong one and those there are."""
    keys, _ = _row(name)
    for key in command:
        if key != "do" and key not in keys:
            known = "it has " + ", ".join(keys) if keys else "it takes nothing"
            raise UsageError("%s has no %s: %s" % (name, key[:20], known))


def typed(line):
    """A person's line as a command, None for an empty one; raises UsageError, which says what to type."""
    name, rest = _word(line)
    if not name:
        return None
    name = name.lower()
    _, usage = _row(name)
    command = {"do": name}
    for wanted in usage.split():
        if rest:
            rest = _fill(command, wanted.strip("[]"), rest)
        elif wanted[0] != "[":
            raise UsageError("%s needs more: type %s %s" % (name, name, usage))
    if rest:
        raise UsageError("%s takes nothing more: type %s" % (name, " ".join((name + " " + usage).split())))
    if name == "more" and "text" in command:
        command["text"] += "\n"  # what a person gives are lines
    return command


def _fill(command, wanted, rest):
    """Put what belongs at `wanted` into the command; what is left of the line."""
    if wanted == "TEXT":
        command["text"] = rest
        return ""
    if wanted == "NUMBER...":
        command["to"] = rest.split()
        return ""
    word, rest = _word(rest)
    command[_KEYS[wanted]] = [word] if wanted == "NUMBER" else word
    return rest


def _word(line):
    """The first word of a line, and the rest."""
    words = line.split(None, 1) + ["", ""]
    return words[0], words[1].strip()


def help():
    """The list of commands, in lines for people."""
    told = []
    for line in _COMMANDS.strip().split("\n"):
        name, _, usage, what = line.split("|")
        told.append("%-20s  %s" % (name + " " + usage, what))
    return "\n".join(told)
