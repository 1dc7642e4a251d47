"""What the console answers, in lines for people; loaded when a person asks."""


def shown(name, result):
    """The lines of an answer."""
    if list(result) == ["text"]:
        return result["text"]
    for key in ("messages", "files"):
        if key in result:
            row = _message if key == "messages" else _file
            return "\n".join([row(one) for one in result[key]]) or "%s: nothing" % name
    return "\n".join(_lines(result, "")) or "%s: ok" % name


def _message(message):
    """One message of inbox or outbox: id, state, with whom, how large, what about."""
    who = message.get("sender") or ", ".join(message.get("to") or ())
    words = [message["id"], message["state"], who or "-"]
    if message.get("octets"):
        words.append("%d octets" % message["octets"])
    words.append(message.get("subject") or message.get("text") or "")
    if message["state"] in ("text", "link"):
        words.append(message["url"])  # to be looked at, never opened by itself
    for recipient in sorted(message.get("reports") or ()):
        words.append("(%s: %s)" % (recipient, message["reports"][recipient]))
    if message.get("maybe_duplicate"):
        words.append("(may have arrived twice)")
    if message.get("why"):
        words.append("(%s)" % message["why"])
    return "  ".join([word for word in words if word])


def _file(file):
    return "%s  %s  %d octets" % (file["path"], file["type"], file["octets"])


def _lines(value, indent):
    lines = []
    for key in sorted(value):
        one = value[key]
        if isinstance(one, dict):
            lines.append("%s%s:" % (indent, key))
            lines.extend(_lines(one, indent + "  "))
        elif one not in (None, ""):
            lines.append("%s%s: %s" % (indent, key, one))
    return lines
