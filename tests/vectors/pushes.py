"""WAP pushes (WAP-230-WSP, clause 8.2.4.1; WAP-251), and the short messages that bring them (3GPP TS 23.040)."""

import hashlib
import hmac

_NOTIFICATION = """
8C 82 98 'T1' 00 8D 90 # M-Notification.ind, T1, 1.0
8A 80 8E 02 78 00 88 05 81 03 02 A3 00 # personal, 30720 octets, 172800 s
83 'http://mmsc.example/m?id=T1' 00 # X-Mms-Content-Location
"""

_PIN = b"1234"
_SETTINGS = bytes.fromhex(
    "030b6a00c54503312e310001c65501871106034d4d534e41500001871006ab01870706034f32204d4d530001870806037761702e6f322e636f2e"
    "756b0001870906890101c600015501873600000603773400018700013400000603687474703a2f2f6d6d73632e6d6d732e6f322e636f2e756b3a"
    "3830303200018700013900000603503100010101"
)
_MAC = hmac.new(_PIN, _SETTINGS, hashlib.sha1).hexdigest().upper()

VECTORS = {
    "push-media-by-number": (
        "A notification in a push: its media type a number, its application mms.ua",
        "01 06 # transaction 1, Push\n03 # 3 octets of headers\nBE # application/vnd.wap.mms-message\n"
        "AF 84 # X-Wap-Application-Id: 4" + _NOTIFICATION,
    ),
    "push-media-by-name": (
        "A notification in a push: its media type in letters, no application",
        "02 06 # transaction 2, Push\n20 # 32 octets of headers\n'application/vnd.wap.mms-message' 00" + _NOTIFICATION,
    ),
    "push-media-with-parameters": (
        "A notification in a confirmed push: a media type with a charset, its application by name",
        "03 07 # transaction 3, ConfirmedPush\n20 # 32 octets of headers\n03 BE 81 EA # media type; charset=utf-8\n"
        "AF 'x-wap-application:mms.ua' 00 # X-Wap-Application-Id\nB4 81 # Push-Flag: 1" + _NOTIFICATION,
    ),
    "deviation-16-content-length": (
        "A push whose Content-Length is wrong",
        "04 06 # transaction 4, Push\n07 # 7 octets of headers\nBE AF 84 # media type, application\n"
        "8D DF # Content-Length: 95\nB4 81 # Push-Flag" + _NOTIFICATION,
    ),
    "deviation-17-user-data-header": (
        "A push with the user data header of its short message still before it",
        "06 05 04 0B 84 23 F0 # ports 2948 and 9200\n05 06 03 BE AF 84 # the push" + _NOTIFICATION,
    ),
    "push-si": (
        "A service indication in letters",
        "06 06 01 # transaction 6, Push, 1 octet of headers\nAD # text/vnd.wap.si\n"
        '\'<?xml version="1.0"?><si><indication href="http://www.example.com/mms" action="signal-high">You have '
        "an O2 media message</indication></si>'",
    ),
    "push-si-wbxml": (
        "A service indication in WBXML",
        "07 06 01 AE # transaction 7, Push, application/vnd.wap.sic\n03 05 6A 00 # WBXML 1.3, SI 1.0, UTF-8, no table\n"
        "45 C6 # si, indication\n0D 03 'example' 00 85 03 'mms' 00 # href: http://www.example.com/mms\n"
        "11 03 'abc@example.com' 00 08 # si-id, action: signal-high\n0A C3 05 20 03 01 27 10 # created\n"
        "01 03 'You have an O2 media message' 00 01 01",
    ),
    "push-sl-wbxml": (
        "A service loading in WBXML",
        "08 06 01 B0 # transaction 8, Push, application/vnd.wap.slc\n03 06 6A 00 # WBXML 1.3, SL 1.0, UTF-8, no table\n"
        "85 0C 03 'example' 00 85 03 'x' 00 05 01 # href: https://www.example.com/x, execute-low",
    ),
    "push-provisioning": (
        "Settings by OMA client provisioning, under a MAC by the user's PIN 1234; made with xml2wbxml",
        "0A 06 # transaction 10, Push\n2F # 47 octets of headers\n1F 2D B6 # 45 octets: ...connectivity-wbxml\n"
        "91 81 # sec: USERPIN\n92 '%s' 00 # mac\n%s # the document" % (_MAC, _SETTINGS.hex()),
    ),
    "push-of-something-else": (
        "A push of what nobody knows, for an application that nobody knows",
        "09 06 # transaction 9, Push\n11 # 17 octets of headers\n'what/ever' 00 # media type\n"
        "AF 02 99 99 # application: 39321\nB0 'x' 00 # X-Wap-Content-URI: x\n01 02 03 # the body",
    ),
}

_CENTRE = "07 91 44 77 58 10 06 50"  # +447785016005, a field before the TPDU
_ALICE = "0C 91 44 77 00 09 00 10"  # +447700900001
_TIME = "32 11 41 22 31 02 00"  # 2023-11-14 22:13:20 UTC
_LATER = "32 11 51 30 31 02 00"  # 2023-11-15 03:13:20 UTC
_PUSH = bytes.fromhex("01 06 03 BE AF 84 8C 82 98 54 31 00 8D 90 8A 80 8E 02 78 00 88 05 81 03 02 A3 00 83")
_PUSH += b"http://mmsc.example/" + b"m" * 100 + b"\0"
_PORTS = "05 04 0B 84 23 F0"


def _deliver(elements, data, centre="", dcs="04", time=_TIME):
    """An SMS-DELIVER from Alice with these elements in its user data header, on a line."""
    header = bytes.fromhex(elements)
    header = bytes([len(header)]) + header if header else b""
    head = bytes.fromhex("%s %s %s 00 %s %s" % (centre, "44" if header else "04", _ALICE, dcs, time))
    return (head + bytes([len(header) + len(data)]) + header + data).hex().upper()


def _text(elements, septets, octets, first=None, dcs="00"):
    """An SMS-DELIVER of so many septets, header and fill included, on a line."""
    header = bytes.fromhex(elements)
    header = bytes([len(header)]) + header if header else b""
    head = bytes.fromhex("%s %s 00 %s %s" % (first or ("44" if header else "04"), _ALICE, dcs, _TIME))
    return (head + bytes([septets]) + header + bytes.fromhex(octets)).hex().upper() + " "


SHORT_MESSAGES = {
    "sms-one-segment": (
        "A push in one short message, with the address of the SMS centre",
        _deliver(_PORTS, _PUSH[:60] + b"\0", _CENTRE),
    ),
    "sms-two-segments": (
        "A push in two short messages, the second first; ports before the reference, then after it",
        _deliver("00 03 07 02 02" + _PORTS, _PUSH[100:]) + " " + _deliver(_PORTS + "00 03 07 02 01", _PUSH[:100]),
    ),
    "sms-interleaved": (
        "Two pushes from one sender, with references of 8 and of 16 bits that are equal, their segments in turn",
        " ".join(
            _deliver(_PORTS + element, data, "00")
            for element, data in (
                ("00 03 07 02 01", _PUSH[:90]),
                ("08 04 00 07 02 01", _PUSH[:70]),
                ("00 03 07 02 02", _PUSH[90:]),
                ("08 04 00 07 02 02", _PUSH[70:]),
            )
        ),
    ),
    "deviation-26-notified-twice": (
        "One notification, and hours later the same again: it is one message, and wants another answer",
        " ".join(_deliver(_PORTS, _PUSH[:60] + b"\0", time=time) for time in (_TIME, _LATER)),
    ),
    "sms-text": (
        "A text in the GSM alphabet: hellohello; one in UCS-2; one submitted; a status report",
        # GSM 03.38 packs septets; ten of them are the example that everybody knows
        "04 %s 00 00 %s 0A E8329BFD4697D9EC37".replace(" ", "") % (_ALICE.replace(" ", ""), _TIME.replace(" ", ""))
        + " "
        + _deliver("", "Grüße ☺".encode("utf-16-be"), dcs="08")
        + " 01000C9144770009002000000AE8329BFD4697D9EC37"
        + " 062A0C91447700090020321141223102003211412231030000",
    ),
    "sms-national-languages": (
        "Texts with national tables: a locking shift of Turkish, a single shift of it, and a language that nobody has",
        _text("25 01 01", 7, "58 24 01")  # the septets 0B 49, after three bits of fill
        + _text("24 01 01", 8, "58 6C 92")  # 0B 1B 49
        + _text("25 01 63", 7, "58 24 01"),
    ),
    "sms-odd-headers": (
        "Texts, hello each: part 0 of 0, part 3 of 2, an element of a wrong length, two that are longer than the header"
        " is; a reserved type of message; a reserved coding",
        _text("00 03 07 00 00", 12, "D0 65 36 FB 0D")  # after one bit of fill
        + _text("00 03 07 02 03", 12, "D0 65 36 FB 0D")
        + _text("00 02 07 02", 11, "A0 CB 6C F6 1B")  # two bits
        + _text("00 04 07 02 01", 12, "D0 65 36 FB 0D")
        + _text("05 04 0B", 10, "40 97 D9 EC 37")  # three bits
        + _text("", 5, "E8 32 9B FD 06", first="07")
        + _text("", 5, "E8 32 9B FD 06", dcs="0C"),
    ),
    "malformed-segment-missing": (
        "The first of two segments, and no second",
        _deliver(_PORTS + "00 03 07 02 01", _PUSH[:100]),
    ),
}
