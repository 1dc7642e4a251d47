"""What real networks send and the standard does not have: octets that a decoder must take, and no encoder may make.

Numbers are those of the project's list of deviations; 23, 24 and 27 show in HTTP (exchanges.py), 26 in short messages
(pushes.py). `TOLD` says what decoding each must give, written by hand.
"""

_EXPIRY = "88 05 81 03 02 A3 00 # X-Mms-Expiry: 172800 s"
_NOTIFICATION = (
    """
8C 82 # X-Mms-Message-Type: M-Notification.ind
98 'T1' 00 # X-Mms-Transaction-Id: T1
8D 90 # X-Mms-MMS-Version: 1.0
%s
8A 80 # X-Mms-Message-Class: personal
8E 02 78 00 # X-Mms-Message-Size: 30720
"""
    + _EXPIRY
    + """
83 'http://mmsc.example/m?id=T1' 00 # X-Mms-Content-Location
"""
)
_RETRIEVED = """
8C 84 # X-Mms-Message-Type: M-Retrieve.conf
98 'T1' 00 # X-Mms-Transaction-Id: T1
8D 90 # X-Mms-MMS-Version: 1.0
8B 'M1' 00 # Message-ID: M1
85 04 65 53 F1 00 # Date: 2023-11-14 22:13:20 UTC
%s
"""
_MIXED = "84 A3 # Content-Type: application/vnd.wap.multipart.mixed\n"
_SMIL = "'<smil><body><par><text src=\"t.txt\"/></par></body></smil>'"

VECTORS = {}
TOLD = {}


def _notification(name, about, row, **told):
    VECTORS[name] = (about, _NOTIFICATION % row)
    TOLD[name] = told


def _retrieved(name, about, rows, **told):
    VECTORS[name] = (about, _RETRIEVED % rows)
    TOLD[name] = told


def _other(name, about, text, **told):
    VECTORS[name] = (about, text)
    TOLD[name] = told


_notification(
    "deviation-01-text-without-quote",
    "A text whose first octet has its top bit set, without the quote 7F before it",
    "96 'Über uns' 00 # Subject",
    headers={"Subject": "Über uns"},
)
_notification(
    "deviation-01-byte-order-mark",
    "UTF-8 with a byte order mark",
    "96 0B EA EF BB BF 'Grüß' 00 # Subject",
    headers={"Subject": "Grüß"},
)
_retrieved(
    "deviation-02-address-with-charset",
    "Addresses with a charset and without a type",
    "89 11 80 0F EA '+447700900001' 00 # From\n97 0F EA '+447700900002' 00 # To\n84 83 # text/plain\n'Hi'",
    headers={"From": "+447700900001", "To": "+447700900002"},
)
_notification(
    "deviation-03-length-of-from-too-small",
    "A From whose length is too small",
    "89 05 80 '+447700900001/TYPE=PLMN' 00 # From",
    headers={"From": "+447700900001/TYPE=PLMN"},
)
_notification(
    "deviation-03-length-of-from-too-large",
    "A From whose length is too large",
    "89 1E 80 '+447700900001/TYPE=PLMN' 00 # From",
    headers={"From": "+447700900001/TYPE=PLMN", "X-Mms-Message-Class": "personal"},
)
_notification("deviation-03-empty-from", "A From of length 0", "89 00 # From", absent=["From"], warned=True)
_notification(
    "deviation-04-empty-subject-with-charset",
    "An empty subject in UTF-8",
    "96 02 EA 00 # Subject",
    headers={"Subject": ""},
)
_notification("deviation-04-empty-subject", "An empty subject", "96 00 # Subject", headers={"Subject": ""})
_notification(
    "deviation-04-subject-of-mail",
    "A subject as mail has it (RFC 2047), left as it is",
    "96 '=?utf-8?B?SGk=?=' 00 # Subject",
    headers={"Subject": "=?utf-8?B?SGk=?="},
)
_notification(
    "deviation-04-subject-cut-off",
    "A subject cut off inside a character of UTF-8",
    "96 05 EA 'Gr' C3 00 # Subject",
    headers={"Subject": "Gr\N{REPLACEMENT CHARACTER}"},
    warned=True,
)
_other(
    "deviation-05-absolute-expiry",
    "An expiry that is a date",
    (_NOTIFICATION % "").replace(_EXPIRY, "88 06 80 04 65 53 F1 00 # X-Mms-Expiry: 2023-11-14 22:13:20 UTC"),
    headers={"X-Mms-Expiry": {"absolute": 1700000000}},
)
_other(
    "deviation-05-short-delta",
    "A relative expiry that is a Short-integer",
    (_NOTIFICATION % "").replace(_EXPIRY, "88 02 81 BC # X-Mms-Expiry: 60 s"),
    headers={"X-Mms-Expiry": {"relative": 60}},
)
_other(
    "deviation-06-octets-after-the-last-field",
    "Octets after the last field",
    "8C 81 98 'T1' 00 8D 90 92 80 8B 'M1' 00\n81 00 00 # an empty Bcc, then a NUL",
    headers={"X-Mms-Response-Status": "ok", "Message-ID": "M1"},
    warned=True,
)
_other(
    "deviation-06-padding",
    "NULs after the last field",
    "8C 81 98 'T1' 00 8D 90 92 80 8B 'M1' 00\n00 00 00 00 # padding",
    headers={"X-Mms-Response-Status": "ok", "Message-ID": "M1"},
    warned=True,
)
_other(
    "deviation-06-cut-off",
    "Cut off inside the last field, after all that matters",
    "8C 81 98 'T1' 00 8D 90 92 80\n8B 'M1' # Message-ID without its end",
    headers={"X-Mms-Response-Status": "ok"},
    warned=True,
)
_notification(
    "deviation-07-unknown-headers",
    "Header fields with numbers that nobody knows, each of another form, in the middle",
    "C5 81 # C5: one octet\nC6 'what' 00 # C6: text\nC7 03 01 02 03 # C7: a length and octets\n"
    "C8 1F 02 01 02 # C8: a longer length",
    headers={"0xC5": "81", "0xC6": "7768617400", "0xC7": "03010203", "0xC8": "1f020102", "X-Mms-Message-Size": 30720},
)
_retrieved(
    "deviation-07-wrong-inner-form",
    "X-Mms-Previously-Sent-By with a token where its number should be, and -Date with nothing before its date",
    "A0 19 80 '+447700900003/TYPE=PLMN' 00 # X-Mms-Previously-Sent-By\n"
    "A1 05 04 65 53 F1 00 # X-Mms-Previously-Sent-Date\n84 83 # text/plain\n'Hi'",
    headers={"Message-ID": "M1"},
    parts=["text/plain"],
)
_notification(
    "deviation-08-textual-headers",
    "Header fields with names in letters, left in by mail gateways",
    "'X-Scanned-By' 00 'scanner 1.0' 00 # a field of mail\n'Return-Path' 00 '<a@example.com>' 00 # another",
    headers={"X-Scanned-By": "scanner 1.0", "Return-Path": "<a@example.com>", "X-Mms-Message-Size": 30720},
)
_other(
    "deviation-09-retrieval-without-transaction-id",
    "M-Retrieve.conf without a transaction id: no acknowledgement is expected",
    "8C 84 8D 90 # type, version\n8B 'M1' 00 # Message-ID\n85 04 65 53 F1 00 # Date\n84 83 # text/plain\n'Hi'",
    absent=["X-Mms-Transaction-Id"],
    parts=["text/plain"],
)
_other(
    "deviation-09-delivery-with-transaction-id",
    "M-Delivery.ind with a transaction id",
    "8C 86 98 'T9' 00 8D 90 # type, id, version\n8B 'M1' 00 # Message-ID\n97 '+447700900002/TYPE=PLMN' 00 # To\n"
    "85 04 65 53 F1 00 95 81 # Date, Status",
    headers={"X-Mms-Transaction-Id": "T9", "X-Mms-Status": "retrieved"},
)
_other(
    "deviation-10-body-is-no-multipart",
    "M-Retrieve.conf whose body is a plain text, without a Message-ID",
    "8C 84 98 'T1' 00 8D 90 # type, id, version\n85 04 65 53 F1 00 # Date\n"
    "84 83 # text/plain\n'4504:Message not found'",
    absent=["Message-ID"],
    parts=["text/plain"],
)
_retrieved(
    "deviation-11-broken-part-headers",
    "A part whose headers are broken: the lengths lead on",
    _MIXED + "02 # two parts\n[ 9E 8E 'p.jpg' | FF D8 FF D9 ] # a name without its end\n[ 83 8E 't.txt' 00 | 'Hi' ]",
    parts=["image/jpeg", "text/plain"],
)
_retrieved(
    "deviation-11-names-missing-and-misspelt",
    "Content-ID without its quote, without its brackets, none at all; Content-Location in brackets",
    _MIXED + "03 # three parts\n[ 9E C0 '<a>' 00 | FF D8 FF D9 ]\n[ 9E C0 22 'b' 00 8E '<b.jpg>' 00 | FF D8 FF D9 ]\n"
    "[ 83 | 'Hi' ]",
    parts=["image/jpeg", "image/jpeg", "text/plain"],
    content_ids=["a", "b", None],
    locations=[None, "b.jpg", None],
)
_retrieved(
    "deviation-12-forms-of-parameters",
    "A charset by name and as a Long-integer, a name by name, and related without its type",
    "84 01 B3 # Content-Type: related, without parameters\n03 # three parts\n[ < 83 81 'utf-8' 00 > | 'Grüße' ]\n"
    "[ < 83 81 01 6A > | 'Grüße' ]\n[ < 9E 'name' 00 'p.jpg' 00 > | FF D8 FF D9 ]",
    parts=["text/plain", "text/plain", "image/jpeg"],
    charsets=["utf-8", "utf-8", None],
    names=[None, None, "p.jpg"],
)
_retrieved(
    "deviation-12-rare-media",
    "Media types with rare numbers, and one that nobody has",
    _MIXED + "04 # four parts\n[ 84 8E 'a' 00 | 'a' ] # text/x-hdml\n[ C7 8E 'b' 00 | 'b' ] # OMA download descriptor\n"
    "[ 02 01 3A 8E 'c' 00 | 'c' ] # a Long-integer: a WAP certificate's answer\n[ FF 8E 'd' 00 | 'd' ] # nobody's",
    parts=[
        "text/x-hdml",
        "application/vnd.oma.dd+xml",
        "application/vnd.wap.cert-response",
        "application/octet-stream",
    ],
    locations=["a", "b", "c", "d"],
)
_retrieved(
    "deviation-12-typed-parameters",
    "Parameters that are no texts, before those that tell charset and name: qualities, dates, a size, a type by number",
    "84 < A3 80 33 8E 02 0E 10 > # mixed; q=0.5; max-age=3600\n03 # three parts\n"
    "[ < 83 80 83 31 93 04 65 53 F1 00 96 02 01 00 81 EA > | 'Hi' ] # q=0.333; creation-date; size=256; utf-8\n"
    "[ < 9E 82 92 83 02 01 00 85 22 'p.jpg' 00 > | FF D8 FF D9 ] # level=1.2; type; a name behind a quote\n"
    "[ < 03 'image/gif' 00 89 22 'image/gif' 22 00 > | 'G' ] # a type in quotes",
    parts=["text/plain", "image/jpeg", "application/octet-stream"],
    charsets=["utf-8", None, None],
    names=[None, "p.jpg", None],
)
_retrieved(
    "deviation-12-charsets",
    "Charsets that phones of some countries use",
    _MIXED + "08 # eight parts\n[ < 83 81 A4 > | C7 D1 ]\n[ < 83 81 A5 > | 1B 24 29 43 0E 47 51 0F ]\n"
    "[ < 83 81 D1 > | C7 ]\n[ < 83 81 D2 > | C7 ]\n[ < 83 81 D4 > | F9 ]\n[ < 83 81 D5 > | F9 ]\n"
    "[ < 83 81 02 07 E8 > | 87 40 ]\n[ < 83 81 02 07 EB > | 9F ]",
    parts=["text/plain"] * 8,
    charsets=[
        "ks_c_5601-1987",
        "iso-2022-kr",
        "iso-8859-6-e",
        "iso-8859-6-i",
        "iso-8859-8-e",
        "iso-8859-8-i",
        "windows-31j",
        "macintosh",
    ],
)
_retrieved(
    "deviation-13-layout-in-mixed",
    "A layout in a multipart that is mixed, and not first",
    _MIXED + f"02 # two parts\n[ < 83 81 EA > 8E 't.txt' 00 | 'Hi' ]\n[ 'application/smil' 00 | {_SMIL} ]",
    parts=["text/plain", "application/smil"],
)
_retrieved(
    "deviation-13-related-without-start",
    "Related without a start, and the layout not first",
    "84 < B3 89 'application/smil' 00 > # related\n02 # two parts\n[ < 83 81 EA > 8E 't.txt' 00 | 'Hi' ]\n"
    f"[ 'application/smil' 00 | {_SMIL} ]",
    parts=["text/plain", "application/smil"],
)
_retrieved(
    "deviation-14-transfer-encodings",
    "Parts in base64 and in quoted-printable, as mail has them",
    _MIXED + "02 # two parts\n[ < 83 81 EA > 'Content-Transfer-Encoding' 00 'base64' 00 | 'R3LDvMOfZQ==' ]\n"
    "[ < 83 81 EA > C8 'quoted-printable' 00 | 'Gr=C3=BC=C3=9Fe' ]",
    parts=["text/plain", "text/plain"],
)
_retrieved(
    "deviation-15-nested",
    "A multipart in a multipart, and a Content-Disposition by its old number",
    _MIXED + "02 # two parts\n[ A6 | 02 01 02 83 'Hi' 01 02 82 'Ho' ] # alternative, of two\n"
    "[ 9E AE < 82 86 'p.jpg' 00 > | FF D8 FF D9 ]",
    parts=["application/vnd.wap.multipart.alternative", "image/jpeg"],
    inside=["text/plain", "text/html"],
)
_notification(
    "deviation-18-address-name-and-mail",
    "An address with a name before it",
    "89 < 80 'Alice Archer <alice@example.com>' 00 > # From",
    headers={"From": "Alice Archer <alice@example.com>"},
)
_notification(
    "deviation-18-address-of-letters",
    "An address of letters",
    "89 < 80 'Vodafone' 00 > # From",
    headers={"From": "Vodafone"},
)
_notification(
    "deviation-18-address-with-slash",
    "An e-mail address with a slash in it, which begins no type",
    "89 < 80 'a/b@example.com' 00 > # From",
    headers={"From": "a/b@example.com"},
)
_other(
    "deviation-19-empty-message-id",
    "M-Send.conf: ok, and an empty Message-ID",
    "8C 81 98 'T1' 00 8D 90 92 80\n8B 00 # Message-ID",
    headers={"X-Mms-Response-Status": "ok", "Message-ID": ""},
)
_other(
    "deviation-19-no-message-id",
    "M-Send.conf: ok, and no Message-ID",
    "8C 81 98 'T1' 00 8D 90 92 80",
    headers={"X-Mms-Response-Status": "ok"},
    absent=["Message-ID"],
)
_other(
    "deviation-20-content-disposition",
    "M-Send.req whose part has a Content-Disposition, which older MMSCs refuse: as WSP 1.3 and as WSP 1.4 number it",
    """
8C 80 98 'S1' 00 8D 90 # M-Send.req, S1, 1.0
89 01 81 # From: the MMSC inserts it
97 '+447700900002/TYPE=PLMN' 00 # To
"""
    + _MIXED
    + """
02 # two parts
[ 83 8E 't.txt' 00 AE < 82 > | 'Hi' ] # inline
[ 83 8E 'u.txt' 00 C5 < 81 > | 'Ho' ] # attachment
""",
    parts=["text/plain", "text/plain"],
    locations=["t.txt", "u.txt"],
)
_retrieved(
    "deviation-20-file-name",
    "Parts that have their name in Content-Disposition alone: by both numbers, and in letters",
    _MIXED
    + "04 # four parts\n[ 9E AE < 81 86 'p.jpg' 00 > | FF D8 FF D9 ]\n[ 9D C5 < 82 98 22 'g.gif' 00 > | 'GIF' ]\n"
    "[ 83 'Content-Disposition' 00 'attachment; filename=\"t.txt\"' 00 | 'Hi' ]\n"
    "[ < 83 85 'better.txt' 00 > AE < 81 86 'worse.txt' 00 > | 'Ho' ]",
    parts=["image/jpeg", "image/gif", "text/plain", "text/plain"],
    names=["p.jpg", "g.gif", "t.txt", "better.txt"],
)
_retrieved(
    "deviation-21-text-without-charset",
    "Text parts that do not say their charset: UTF-8, and ISO 8859-1",
    _MIXED + "02 # two parts\n[ 83 | 'Grüße' ]\n[ 83 | 47 72 FC DF 65 ]",
    parts=["text/plain", "text/plain"],
    charsets=[None, None],
)
_retrieved(
    "deviation-22-number-without-type",
    "A To that does not say that it is a telephone number",
    "97 '+447700900002' 00 # To\n84 83 # text/plain\n'Hi'",
    headers={"To": "+447700900002"},
)
_other(
    "deviation-25-location-that-wants-the-id",
    "A Content-Location that ends in = and wants the transaction id after it",
    "8C 82 98 'T1' 00 8D 90 8A 80 8E 02 78 00 88 05 81 03 02 A3 00\n"
    "83 'http://mmsc.example/m?id=' 00 # X-Mms-Content-Location",
    headers={"X-Mms-Content-Location": "http://mmsc.example/m?id=", "X-Mms-Transaction-Id": "T1"},
)
_notification(
    "deviation-28-nul-in-ucs-2",
    "UCS-2, in which every other octet is NUL",
    "96 0B 02 03 E8 00 48 00 69 00 21 00 00 # Subject",
    headers={"Subject": "Hi!"},
)
_other("malformed-empty", "Nothing at all", "", error=0)
_other("malformed-no-message-type", "No Message-Type before all else", "98 'T1' 00 8C 81", error=0)
_other("malformed-no-transaction-id", "M-NotifyResp.ind that nobody can match", "8C 83 8D 90 95 81", error=6)
_retrieved("malformed-cut-off", "A body that ends inside its only part", _MIXED + "01 01 05 83 'Hi'", error=26)
_retrieved("malformed-part-count", "A body that says it has 2^32 - 1 parts", _MIXED + "8F FF FF FF 7F", error=24)
_retrieved("malformed-uintvar", "A number of parts that never ends", _MIXED + "FF FF FF FF FF FF", error=24)
