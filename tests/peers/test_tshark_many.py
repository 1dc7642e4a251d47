"""tshark and tools.pdu see the same in thousands of generated PDUs, header by header and part by part."""

import datetime
import hashlib
import io
import json
import random
import subprocess

import pytest

from mms.codec import mm1, names
from tests.peers import programs
from tools.pdu import values
from tools.pdu.capture import Capture
from tools.pdu.decode import decode
from tools.pdu.encode import encode

EACH = 105  # PDUs of every type
TYPES = range(0x80, 0x94)  # those that tshark 4 knows
WITH_BODY = ("M-Send.req", "M-Retrieve.conf", "M-Mbox-View.conf", "M-Mbox-Upload.req")
OTHER_FORM = "M-Mbox-Delete.conf"  # tshark does not decode values that begin with a count
COUNTED = ("X-Mms-Content-Location", "X-Mms-Response-Text")
UNKNOWN = "<Undecoded value for m-mbox-delete-conf>"
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
# What tshark calls its own fields otherwise than we do
FIELDS = {"X-Mms-Transaction-Id": "transaction_id", "X-Mms-MMS-Version": "mms_version", "Message-ID": "message_id"}
SHARED = (*TIMES, "Bcc", "Cc", "To", "From", "Subject", "Date", *TOKENS[:8], *YES_NO[:3], *NUMBERS[:2], *PLAIN[:1])
SHARED += ("X-Mms-Content-Location", "X-Mms-Response-Text", "X-Mms-Retrieve-Text", "X-Mms-Message-Type")
SHARED += ("X-Mms-Previously-Sent-By", "X-Mms-Previously-Sent-Date")
FIELDS.update({name: name.removeprefix("X-Mms-").replace("-", "_").lower() for name in SHARED})


class Maker:
    """Makes specifications of PDUs, the same from the same seed."""

    def __init__(self, seed):
        self._random = random.Random(seed)

    def _number(self):
        return self._random.choice((0, 1, 127, 128, 255, 256, 65535, 1 << 24, self._random.randrange(1 << 31)))

    def _value(self, pdu, name):
        pick, number = self._random.choice, values.field_number(name)
        if name in TOKENS:
            return pick([token for _, token in values.tokens(number)])
        if name in YES_NO:
            return pick((True, False))
        if name in TIMES:
            return {pick(("absolute", "relative")): self._number()}
        if name in NUMBERS or name == "Date":
            return self._number()
        if name in PLAIN or name == "X-Mms-Transaction-Id":
            return "%s%d" % (pick("ABC$~"), self._random.randrange(10**9))
        if name in ENCODED:
            return pick(TEXTS)
        if name == "From":
            return pick((None, *ADDRESSES))
        return self._structured(pdu, name)

    def _structured(self, pdu, name):
        pick = self._random.choice
        if name == "X-Mms-Content-Location":
            url = pick(URLS) % self._random.randrange(10**6)
            return [self._random.randrange(100), url] if pdu == OTHER_FORM else url
        if name == "X-Mms-Response-Text":
            return [self._random.randrange(100), pick(TEXTS)] if pdu == OTHER_FORM else pick(TEXTS)
        if name == "X-Mms-Previously-Sent-By":
            return [self._random.randrange(100), pick(ADDRESSES)]
        if name == "X-Mms-Previously-Sent-Date":
            return [self._random.randrange(100), self._number()]
        if name == "X-Mms-MM-Flags":
            return [pick(("add", "remove", "filter")), pick(TEXTS)]
        if name in ("X-Mms-Mbox-Totals", "X-Mms-Mbox-Quotas"):
            return [pick(("messages", "octets")), self._number()]
        if name == "X-Mms-Attributes":
            return pick(("Subject", "From", "To", "Date", "X-Mms-Message-Size"))
        return pick(ADDRESSES)

    def _part(self, depth):
        pick = self._random.choice
        part = {"type": pick(MEDIA)}
        if depth < 2 and self._random.random() < 0.1:
            part["type"] = "application/vnd.wap.multipart." + pick(MULTIPARTS)
            part["parts"] = [self._part(depth + 1) for _ in range(self._random.randint(1, 3))]
        elif part["type"] == "text/plain":
            part["charset"] = pick(("utf-8", "us-ascii", "iso-10646-ucs-2"))
            part["text"] = pick(TEXTS)
        else:
            part["raw"] = self._random.randbytes(pick((20, 30, 127, 128, 2000))).hex()
        label = "part%d" % self._random.randrange(1000)
        for key in ("name", "content_id", "content_location"):
            if key != "name" or "parts" not in part:
                part[key] = label if self._random.random() < 0.7 else None
        return part

    def spec(self, pdu):
        """A specification of a PDU of that type."""
        chosen = set(self._random.sample(ANY, self._random.randint(0, 12))) | set(NEEDED.get(pdu, ()))
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


def shown(text):
    """A text as tshark 4 shows it: every octet outside ASCII replaced."""
    return "".join(chr(octet) if octet < 0x80 else "\N{REPLACEMENT CHARACTER}" for octet in text.encode())


def date(seconds):
    """A date as tshark shows it."""
    when = datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)
    return when.strftime("%b %e, %Y %H:%M:%S.000000000 UTC")


def generic(octets):
    """(field, value) of a header that tshark has no name for."""
    if octets[1] >= 0x80:
        return "header.uint", str(octets[1])
    if octets[1] >= 0x20:
        return "header.string", shown(octets[1:].rstrip(b"\0").decode())
    return "header.bytes", octets.hex(":")


def expected(header, octets, pdu):
    """The (field, value) in which tshark shows a header that tools.pdu found in `octets`."""
    name, value = header["name"], header["value"]
    if name not in FIELDS:
        return [generic(octets)]
    field = FIELDS[name]
    if name in COUNTED and pdu == OTHER_FORM:
        return [("content_location", UNKNOWN)]
    if name == "X-Mms-Message-Class":
        return [(field + ".id", "0x%02x" % values.meant(mm1.MESSAGE_CLASS, value))]
    if name in TOKENS or name == "X-Mms-Message-Type":
        return [(field, "0x%02x" % octets[1])]
    if name in YES_NO:
        return [(field, "0x80" if value else "0x81")]
    if name in TIMES:
        ((form, seconds),) = value.items()
        return [(field + "." + form[:3], date(seconds) if form == "absolute" else "%d.000000000" % seconds)]
    if name == "Date":
        return [(field, date(value))]
    if name.startswith("X-Mms-Previously"):
        told = date(value[1]) if name.endswith("Date") else shown(value[1])
        inner = field + (".date" if name.endswith("Date") else ".address")
        return [(field, told), (field + ".forward_count", str(value[0])), (inner, told)]
    quote = "" if value is None or str(value)[:1].isascii() else "\x7f"  # that of a text which begins like a number
    return [(field, "<insert address>" if value is None else quote + shown(str(value)))]


def inner(tree, wanted):
    """Yield what hangs under each `wanted` of a tree, without going into it."""
    for name, value in tree:
        if name == wanted:
            yield value
        elif isinstance(value, list):
            yield from inner(value, wanted)


def flat(tree):
    """Every (name, value) of a tree, in its order, but for what is inside parts."""
    for name, value in tree:
        if isinstance(value, list):
            if name != "wsp.multipart_tree":
                yield from flat(value)
        else:
            yield name, value


def part_of(tree):
    """A part as tshark sees it, in the form of tools.pdu."""
    found = dict(reversed(list(flat(tree))))
    part = {"type": found["wsp.header.content_type"].lower()}
    part["charset"] = found.get("wsp.parameter.charset", "").lower() or None
    part["name"] = found.get("wsp.parameter.name")
    part["content_id"] = found.get("wsp.header.content_id", "").strip('"<>') or None
    part["content_location"] = found.get("wsp.header.content_location")
    if "media.type" in found:
        part["sha256"] = hashlib.sha256(bytes.fromhex(found["media.type"].replace(":", ""))).hexdigest()
    return part


def agreed(ours, theirs, octets):
    """Assert that a part of `octets` is the same; whether its data could be compared, too."""
    for key in ("type", "charset", "name", "content_id", "content_location"):
        assert ours[key] == theirs[key]
    if "sha256" not in theirs:
        return False
    data = octets[ours["offset"] :][: ours["octets"]]
    assert theirs["sha256"] == hashlib.sha256(data).hexdigest()
    assert ours["sha256"] in (theirs["sha256"], None)  # a multipart inside is opaque to tshark, and parts to us
    return True


@pytest.fixture(scope="module")
def pdus():
    maker = Maker(20031127)
    specs = [maker.spec(names.TYPES[kind]) for _ in range(EACH) for kind in TYPES]
    return [(spec, encode(spec)) for spec in specs]


@pytest.fixture(scope="module")
def packets(pdus, tmp_path_factory):
    tshark = programs.need("tshark")
    path = tmp_path_factory.mktemp("many") / "pdus.pcapng"
    capture = Capture(path)
    for _, octets in pdus:
        capture.add("generated", octets)
    capture.close()
    command = [tshark, "-r", str(path), "-Y", "mmse", "-T", "json"]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=120, check=True)
    found = json.loads(done.stdout, object_pairs_hook=list)
    for (_, octets), packet in zip(pdus, found, strict=True):
        # tshark takes a PDU whose last octet is 84 for one that goes on with a Content-Type
        assert octets[-1] == 0x84 or not list(inner(packet, "_ws.malformed"))
    return [next(inner(packet, "mmse")) for packet in found]


def test_there_are_2000_of_every_type_that_tshark_knows(pdus, packets):
    assert len(pdus) == len(packets) >= 2000
    assert {spec["pdu"] for spec, _ in pdus} == {names.TYPES[kind] for kind in TYPES}


def test_what_is_encoded_is_decoded(pdus):
    for spec, octets in pdus:
        found = decode(io.BytesIO(octets), "")
        assert found["warnings"] == [] or all("no field" in one["what"] for one in found["warnings"])
        told = [{"name": one["name"], "value": one["value"]} for one in found["headers"][1:]]
        assert json.loads(json.dumps(told)) == spec["headers"]


def test_tshark_sees_the_same_headers(pdus, packets):
    headers = 0
    for (spec, octets), packet in zip(pdus, packets, strict=True):
        found = decode(io.BytesIO(octets), "")["headers"]
        ends = [header["offset"] for header in found[1:]] + [len(octets)]
        wanted = []
        for header, end in zip(found, ends, strict=True):
            if header["name"] == "Content-Type":
                continue
            wanted += expected(header, octets[header["offset"] : end], spec["pdu"])
        seen = [(name[5:], value) for name, value in flat(packet) if name.startswith("mmse.")]
        assert seen == wanted, octets.hex()
        headers += len(found)
    assert headers > 10000


def test_tshark_sees_the_same_parts(pdus, packets):
    digests = 0
    for (spec, octets), packet in zip(pdus, packets, strict=True):
        found = decode(io.BytesIO(octets), "")
        parts = [part_of(one) for one in inner(packet, "wsp.multipart_tree")]
        assert len(parts) == len(spec["parts"]) == len(found["parts"])
        for ours, theirs in zip(found["parts"], parts, strict=True):
            digests += agreed(ours, theirs, octets)
    assert digests > 500
