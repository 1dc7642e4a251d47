"""The fields of an SMS TPDU by which a modem chooses its storage (3GPP TS 23.040)."""

_WAP_PUSH = 2948


def status_report(tpdu):
    """Whether it is an SMS-STATUS-REPORT (9.2.3.1)."""
    return bool(tpdu) and tpdu[0] & 3 == 2


def store_on_sim(tpdu):
    """Whether it is of class 2, which always goes to the SIM (3GPP TS 23.038, clause 4)."""
    at = _scheme(tpdu)
    if at >= len(tpdu):
        return False
    scheme = tpdu[at]
    grouped = scheme & 0xD0 == 0x10 or scheme & 0xF0 == 0xF0
    return grouped and scheme & 3 == 2


def push_part(tpdu):
    """(reference, total, sequence) of a WAP push's part, by its destination port; None for others."""
    at = _scheme(tpdu) + 9  # past the scheme, the time stamp and the length of the user data
    if not tpdu or not tpdu[0] & 0x40 or at >= len(tpdu):
        return None
    end, part, push = at + tpdu[at], (0, 1, 1), False
    at += 1
    while at + 1 < end and end < len(tpdu):
        kind, length = tpdu[at], tpdu[at + 1]
        value = tpdu[at + 2 : at + 2 + length]
        if kind == 5 and length == 4:
            push = value[0] << 8 | value[1] == _WAP_PUSH
        elif kind == 0 and length == 3:
            part = (value[0], value[1], value[2])
        elif kind == 8 and length == 4:
            part = (value[0] << 8 | value[1], value[2], value[3])
        at += 2 + length
    return part if push else None


def _scheme(tpdu):
    """The offset of the data coding scheme of an SMS-DELIVER."""
    digits = tpdu[1] if len(tpdu) > 1 else 0
    return 1 + 2 + (digits + 1) // 2 + 1
