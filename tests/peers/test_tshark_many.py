"""tshark and tools.pdu see the same in thousands of generated PDUs, header by header and part by part."""

import datetime
import hashlib
import io
import json
import subprocess

import pytest

from mms.codec import mm1, names
from tests.kit import programs
from tests.kit.peers.generated import COUNTED, NUMBERS, OTHER_FORM, PLAIN, TIMES, TOKENS, YES_NO, Maker
from tools.pdu import values
from tools.pdu.capture import Capture
from tools.pdu.decode import decode
from tools.pdu.encode import encode

EACH = 105  # PDUs of every type
TYPES = range(0x80, 0x94)  # those that tshark 4 knows
UNKNOWN = "<Undecoded value for m-mbox-delete-conf>"
# What tshark calls its own fields otherwise than we do
FIELDS = {"X-Mms-Transaction-Id": "transaction_id", "X-Mms-MMS-Version": "mms_version", "Message-ID": "message_id"}
SHARED = (*TIMES, "Bcc", "Cc", "To", "From", "Subject", "Date", *TOKENS[:8], *YES_NO[:3], *NUMBERS[:2], *PLAIN[:1])
SHARED += ("X-Mms-Content-Location", "X-Mms-Response-Text", "X-Mms-Retrieve-Text", "X-Mms-Message-Type")
SHARED += ("X-Mms-Previously-Sent-By", "X-Mms-Previously-Sent-Date")
FIELDS.update({name: name.removeprefix("X-Mms-").replace("-", "_").lower() for name in SHARED})


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
        return [(field + ".id", "0x%02x" % values.from_json(mm1.MESSAGE_CLASS, value))]
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
