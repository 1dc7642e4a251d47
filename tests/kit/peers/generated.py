"""Specifications of PDUs for tools.pdu, made at random, the same from the same seed."""

import random

from tools.pdu import values

WITH_BODY = ("M-Send.req", "M-Retrieve.conf", "M-Mbox-View.conf", "M-Mbox-Upload.req")
OTHER_FORM = "M-Mbox-Delete.conf"  # tshark does not decode values that begin with a count
COUNTED = ("X-Mms-Content-Location", "X-Mms-Response-Text")
TEXTS = (
    "hello",
    "Grüße aus Köln",
    "☺ ☺",
    "Übergrößenträger",
    "naïve café",
    "x" * 90,
    "日本語",
    "a, b; c",
    "=?utf-8?q?x?=",
)
ADDRESSES = (
    "+447700900001/TYPE=PLMN",
    "bob@example.com",
    "192.0.2.1/TYPE=IPv4",
    "12345/TYPE=PLMN",
    "Jürgen <j@example.com>",
)
URLS = ("http://mmsc.example/m?id=%d", "mmsc:%d", "http://10.0.0.1:8080/%d")
MEDIA = (
    "image/jpeg",
    "audio/amr",
    "video/3gpp",
    "text/plain",
    "image/gif",
    "application/x-unheard-of",
    "audio/x-heard-of",
)
MULTIPARTS = ("related", "mixed", "alternative")
TOKENS = ("X-Mms-Message-Class", "X-Mms-Priority", "X-Mms-Response-Status", "X-Mms-Sender-Visibility", "X-Mms-Status")
TOKENS += ("X-Mms-Retrieve-Status", "X-Mms-Read-Status", "X-Mms-Reply-Charging", "X-Mms-MM-State", "X-Mms-Store-Status")
TOKENS += ("X-Mms-Recommended-Retrieval-Mode", "X-Mms-Content-Class", "X-Mms-Cancel-Status")
YES_NO = ("X-Mms-Delivery-Report", "X-Mms-Read-Report", "X-Mms-Report-Allowed", "X-Mms-Store", "X-Mms-Stored")
YES_NO += ("X-Mms-Totals", "X-Mms-Quotas", "X-Mms-Distribution-Indicator", "X-Mms-DRM-Content")
YES_NO += ("X-Mms-Adaptation-Allowed",)
TIMES = ("X-Mms-Expiry", "X-Mms-Delivery-Time", "X-Mms-Reply-Charging-Deadline")
NUMBERS = ("X-Mms-Message-Size", "X-Mms-Reply-Charging-Size", "X-Mms-Message-Count", "X-Mms-Start", "X-Mms-Limit")
PLAIN = ("X-Mms-Reply-Charging-ID", "X-Mms-Applic-ID", "X-Mms-Reply-Applic-ID", "X-Mms-Aux-Applic-Info")
PLAIN += ("X-Mms-Replace-ID", "X-Mms-Cancel-ID", "Message-ID")
ENCODED = ("Subject", "X-Mms-Retrieve-Text", "X-Mms-Store-Status-Text", "X-Mms-Status-Text")
ENCODED += ("X-Mms-Recommended-Retrieval-Mode-Text",)
# What each type must have, so that it can be acted upon
NEEDED = {
    "M-Send.conf": ("X-Mms-Response-Status",),
    "M-Notification.ind": ("X-Mms-Content-Location",),
    "M-NotifyResp.ind": ("X-Mms-Status",),
    "M-Delivery.ind": ("Message-ID", "X-Mms-Status"),
    "M-Read-Rec.ind": ("Message-ID", "X-Mms-Read-Status"),
    "M-Read-Orig.ind": ("Message-ID", "X-Mms-Read-Status"),
    "M-Forward.req": ("X-Mms-Content-Location",),
    "M-Forward.conf": ("X-Mms-Response-Status",),
    "M-Mbox-Store.req": ("X-Mms-Content-Location",),
    "M-Mbox-Store.conf": ("X-Mms-Store-Status",),
    "M-Mbox-View.conf": ("X-Mms-Response-Status",),
    "M-Mbox-Upload.conf": ("X-Mms-Store-Status",),
    "M-Mbox-Delete.req": ("X-Mms-Content-Location",),
    "M-Mbox-Delete.conf": ("X-Mms-Response-Status",),
}
ANY = (*TOKENS, *YES_NO, *TIMES, *NUMBERS, *PLAIN, *ENCODED)
ANY += ("Date", "From", "To", "Cc", "Bcc", "X-Mms-Previously-Sent-By", "X-Mms-Previously-Sent-Date", "X-Mms-MM-Flags")
ANY += ("X-Mms-Mbox-Totals", "X-Mms-Mbox-Quotas", "X-Mms-Attributes", "X-Mms-Content-Location", "X-Mms-Response-Text")


class Maker:
    """Makes specifications of PDUs, the same from the same seed."""

    def __init__(self, seed, headers=ANY, texts=TEXTS, tokens=None, media=MEDIA):
        self._random = random.Random(seed)
        self._headers, self._texts, self._media = headers, texts, media
        self._tokens = tokens or {}

    def _number(self):
        return self._random.choice((0, 1, 127, 128, 255, 256, 65535, 1 << 24, self._random.randrange(1 << 31)))

    def _value(self, pdu, name):
        pick, number = self._random.choice, values.field_number(name)
        if name in TOKENS:
            return pick(self._tokens.get(name) or [token for _, token in values.tokens(number)])
        if name in YES_NO:
            return pick((True, False))
        if name in TIMES:
            return {pick(("absolute", "relative")): self._number()}
        if name in NUMBERS or name == "Date":
            return self._number()
        if name in PLAIN or name == "X-Mms-Transaction-Id":
            return "%s%d" % (pick("ABC$~"), self._random.randrange(10**9))
        if name in ENCODED:
            return pick(self._texts)
        if name == "From":
            return pick((None, *ADDRESSES))
        return self._structured(pdu, name)

    def _structured(self, pdu, name):
        pick = self._random.choice
        if name == "X-Mms-Content-Location":
            url = pick(URLS) % self._random.randrange(10**6)
            return [self._random.randrange(100), url] if pdu == OTHER_FORM else url
        if name == "X-Mms-Response-Text":
            return [self._random.randrange(100), pick(self._texts)] if pdu == OTHER_FORM else pick(self._texts)
        if name == "X-Mms-Previously-Sent-By":
            return [self._random.randrange(100), pick(ADDRESSES)]
        if name == "X-Mms-Previously-Sent-Date":
            return [self._random.randrange(100), self._number()]
        if name == "X-Mms-MM-Flags":
            return [pick(("add", "remove", "filter")), pick(self._texts)]
        if name in ("X-Mms-Mbox-Totals", "X-Mms-Mbox-Quotas"):
            return [pick(("messages", "octets")), self._number()]
        if name == "X-Mms-Attributes":
            return pick(("Subject", "From", "To", "Date", "X-Mms-Message-Size"))
        return pick(ADDRESSES)

    def _part(self, depth):
        pick = self._random.choice
        part = {"type": pick(self._media)}
        if depth < 2 and self._random.random() < 0.1:
            part["type"] = "application/vnd.wap.multipart." + pick(MULTIPARTS)
            part["parts"] = [self._part(depth + 1) for _ in range(self._random.randint(1, 3))]
        elif part["type"] == "text/plain":
            part["charset"] = pick(("utf-8", "us-ascii", "iso-10646-ucs-2"))
            part["text"] = pick(self._texts)
        else:
            part["raw"] = self._random.randbytes(pick((20, 30, 127, 128, 2000))).hex()
        label = "part%d" % self._random.randrange(1000)
        for key in ("name", "content_id", "content_location"):
            if key != "name" or "parts" not in part:
                part[key] = label if self._random.random() < 0.7 else None
        return part

    def spec(self, pdu):
        """A specification of a PDU of that type."""
        chosen = set(self._random.sample(self._headers, self._random.randint(0, min(12, len(self._headers))))) | set(
            NEEDED.get(pdu, ())
        )
        if pdu == OTHER_FORM:
            chosen.discard("X-Mms-Retrieve-Text")  # tshark stops at one; the standard has none there
        order = sorted(chosen)
        self._random.shuffle(order)
        if pdu != "M-Mbox-Descr":
            order.insert(0, "X-Mms-Transaction-Id")
        headers = [{"name": name, "value": self._value(pdu, name)} for name in order]
        headers.insert(
            pdu != "M-Mbox-Descr", {"name": "X-Mms-MMS-Version", "value": self._random.choice(("1.0", "1.3"))}
        )
        spec = {"pdu": pdu, "headers": headers, "parts": []}
        if pdu in WITH_BODY:
            form = self._random.choice(MULTIPARTS)
            parameters = [{"name": "start", "value": "<a>"}, {"name": "type", "value": "application/smil"}]
            value = {
                "type": "application/vnd.wap.multipart." + form,
                "parameters": parameters if form == "related" else [],
            }
            headers.append({"name": "Content-Type", "value": value})
            spec["parts"] = [self._part(0) for _ in range(self._random.randint(1, 4))]
        return spec
