"""What the console answers, in lines for people; loaded when a person asks."""

_DIRECTIONS = (b"\xe2\x80", b"\x8e\x8f\xaa\xab\xac\xad\xae"), (b"\xe2\x81", b"\xa6\xa7\xa8\xa9")


def plain(text, more=b""):
    """`text` without what a terminal obeys: controls (but those in `more`) and changes of direction become "?"."""
    octets = bytearray(text.encode("utf-8", "replace"))
    for at in range(len(octets)):
        octet = octets[at]
        if octet < 0x20 and octet not in more or octet == 0x7F:
            octets[at] = 0x3F
        elif octet in (0xC0, 0xC1) or octet == 0xC2 and octets[at + 1] < 0xA0:  # C0 and C1 only MicroPython lets in
            octets[at : at + 2] = b"??"
        elif octet == 0xE2:
            for start, ends in _DIRECTIONS:
                if octets[at : at + 2] == start and octets[at + 2] in ends:
                    octets[at : at + 3] = b"???"
    return octets.decode()


def shown(name, result):
    """The lines of an answer."""
    if list(result) == ["text"]:
        return result["text"]
    for key in ("messages", "files"):
        if key in result:
            row = _message if key == "messages" else _file
            return "\n".join([plain(row(one)) for one in result[key]]) or "%s: nothing" % name
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
            lines.append(plain("%s%s: %s" % (indent, key, one), b"\n"))
    return lines
