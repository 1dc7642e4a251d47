"""Lines of a modem and the tables that say what they are.

A table is a text of lines `word|meaning`, which takes a tenth of the memory of a tuple; it begins and ends with the end
of a line. A word that ends in ":" or "," matches the beginning of a line, any other word the whole line.
"""

HEXADECIMAL = "0123456789ABCDEFabcdef"
BLANK = b" \t\r\n\x00\xff"  # a line that wakes up looks like 0x00 and 0xff
GOOD, BAD = "good", "bad"  # the meanings of final results


def fields(line):
    """The values after the first colon, unquoted: '+COPS: 0,2,"23410"' -> ["0", "2", "23410"]."""
    values, value, quoted = [], "", False
    for character in line[line.find(":") + 1 :].strip():
        if character == '"':
            quoted = not quoted
        elif character == "," and not quoted:
            values.append(value.strip())
            value = ""
        else:
            value += character
    values.append(value.strip())
    return values


def read_value(answer, place):
    """A value of an answer's first line; "" where that is not there, or lost a quotation mark on its way."""
    values = fields(answer[0]) if answer else []
    return values[place] if place < len(values) else ""


def find(tables, text):
    """The meaning of a line of text by the first table that has its longest word, or None."""
    for word in (text, text[: text.find(",") + 1], text[: text.find(":") + 1]):  # the longest first
        for table in tables if word else ():
            start = table.find("\n%s|" % word)
            if start >= 0:
                start += len(word) + 2
                return table[start : table.find("\n", start)]
    return None


def without_connection(text):
    """The text behind the number of a connection: '0, CLOSED' -> 'CLOSED'."""
    if len(text) > 2 and text[1] == "," and text[0].isdigit():
        return text[2:].strip()
    return text


def is_final(final, line):
    """Whether a line, without the number of its connection, ends well the command that expects `final`."""
    return bool(final) and (line.startswith(final) if final[-1] in ":," else line == final)


def decode(octets):
    """Octets as text, each that is not printable ASCII as a question mark."""
    if octets and not 0x20 <= min(octets) <= max(octets) <= 0x7E:
        octets = bytearray(octets)  # in place: a list would be eight times as large
        for at in range(len(octets)):
            if not 0x20 <= octets[at] <= 0x7E:
                octets[at] = 0x3F
    return octets.decode()


def consists(text, characters):
    """Whether a text has no other characters."""
    for character in text:
        if character not in characters:
            return False
    return True
