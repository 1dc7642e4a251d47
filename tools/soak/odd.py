"""Short messages that are well formed and odd: a handset shows the text in each of them (3GPP TS 23.040 and 23.038)."""

_HEADED = 0x40
_STAMP = 7  # octets of the time stamp, which is between the data coding scheme and the length
_CODINGS = (  # of the GSM alphabet, by 3GPP TS 23.038, clause 4
    0x0C,  # a reserved alphabet
    0x4C,  # the same in a message that is to be deleted when it was read
    0x80,  # reserved groups
    0xB4,
    0xC8,  # voice mail waits, and the message may be discarded
    0xD8,  # voice mail waits, and the message is stored
    0xD1,  # no fax waits any more
)
_ELEMENTS = (  # of headers (TS 23.040, 9.2.3.24)
    b"\x01\x02\x80\x03",  # three messages of voice mail
    b"\x70\x00",  # for a SIM toolkit, without data
    b"\xdf\x03odd",  # of the SMS centre's own
    b"\x06\x01\x00\x06\x01\x00",  # the same one twice
    b"",  # none
)
FORMS = 1 + len(_CODINGS) + len(_ELEMENTS)


def is_plain(tpdu):
    """Whether an SMS-DELIVER is of the GSM alphabet and has no header: `made_odd` takes no other."""
    return not tpdu[0] & _HEADED and tpdu[_scheme(tpdu)] == 0


def made_odd(tpdu, form):
    """The plain SMS-DELIVER `tpdu` with the same text in an odd form, 0 to FORMS - 1."""
    octets, scheme = bytearray(tpdu), _scheme(tpdu)
    if form == 0:
        octets[0] |= 3  # a reserved type, which is taken for SMS-DELIVER (TS 23.040, 9.2.3.1)
    elif form <= len(_CODINGS):
        octets[scheme] = _CODINGS[form - 1]
    else:
        return _headed(octets, scheme + 1 + _STAMP, _ELEMENTS[form - 1 - len(_CODINGS)])
    return bytes(octets)


def _scheme(tpdu):
    """The offset of the data coding scheme, which is behind the originator and the protocol identifier."""
    return 4 + (tpdu[1] + 1) // 2


def _headed(octets, at, elements):
    """The TPDU with a header before the septets of the text, which begin at a multiple of 7 bits.

    Their number is the octet at `at`.
    """
    header = bytes([len(elements)]) + elements
    before = (8 * len(header) + 6) // 7
    septets = before + octets[at]
    bits = int.from_bytes(bytes(octets[at + 1 :]), "little") << 7 * before | int.from_bytes(header, "little")
    octets[0] |= _HEADED
    return bytes(octets[:at]) + bytes([septets]) + bits.to_bytes((7 * septets + 7) // 8, "little")
