"""Hostile octets through every decoder of the codec: prints what came of them, the same on every interpreter.

`python tests/kit/hostile/attacks.py pypi|engine KIND [NUMBER]` runs over PyPI's construct or lib/construct; MicroPython
runs `micropython tests/kit/hostile/attacks.py board KIND [NUMBER]`. KIND is "every" (every prefix of every golden PDU,
every octet set to what is special, every length made wrong), "random" (so many damaged PDUs, seeded) or "known"
(the attacks in corpus/). One line a decoder: inputs, values, refusals, how deep refused inputs were read, a digest.
A line that begins with "crash" or "slow" is a fault.
"""

import sys

if __name__ == "__main__":
    if "pypi" in sys.argv:
        sys.path.append("lib")
    else:
        sys.path.insert(0, "lib")
    sys.path.insert(1, ".")

from mms.codec import (
    audio,
    charset,
    connectivity,
    links,
    mm1,
    multipart,
    nested,
    provisioning,
    push,
    requantise,
    segments,
    slides,
    thumbnail,
    tpdu,
)
from mms.errors import PduError
from tests.kit.codec import every, golden
from tests.kit.codec.mutants import Chance, mutant
from tests.kit.hostile.judge import as_a_board, judge
from tools.pdu.segments import Reassembler

SPECIAL = b"\x00\x1e\x1f\x7f\x80\xfe\xff"
CORPUS = "tests/hostile/corpus/attacks.txt"
_INNER = b"\x02" + multipart.entry("text/plain", 3, [("charset", 106)]) + b"one" + multipart.entry("image/gif", 0)
_AMR = b"#!AMR\n" + b"\x3c" + bytes(31) + b"\x04" + bytes(12) + b"\x7c"
_WAV = (
    b"RIFF\x40\0\0\0WAVEfmt \x10\0\0\0\1\0\1\0\x40\x1f\0\0\x80\x3e\0\0\2\0\x10\0LIST\3\0\0\0abc\0data\x20\0\0\0"
    + bytes(32)
)
_SIM = (  # EF_MMSICP, as the example of TS 31.102 J.2 but for packet data
    b"\xab\x4e\x80\x01\x01\x81\x15http://mms.operator/x\x82\x18\x10\xab\x08an.apn\0\x09\x89\x0c\x9a\x0duser\0\x0eok\0"
    b"\x83\x18\x20170.187.51.3\0\x21\x85\x239203\0\x24\xcb\xff\xff"
)
_NESTED = b"\x02" + multipart.entry("multipart/alternative", len(_INNER)) + _INNER + multipart.entry("a/b", 1) + b"x"


def _mm1(octets):
    pdu = mm1.parse(octets)
    built = None
    try:
        built = mm1.build(pdu.type, [field[:2] for field in pdu.fields[1:]])
    except PduError:
        pass
    assert pdu.body is None or pdu.body <= len(octets)
    return pdu.type, pdu.fields, pdu.body, [warning[0] for warning in pdu.warnings], built


def _parts(parser, octets):
    told = []
    for at in range(0, len(octets), 50):
        for what, value in parser.feed(octets[at : at + 50]):
            if what == multipart.PART:
                told.append((value.media, value.charset, value.name, value.content_id, value.encoding))
                told.append((value.location, value.octets, value.offset))
            else:
                told.append(bytes(value) if what == multipart.DATA else what)
    parser.close()
    return told, [warning[0] for warning in parser.warnings]


def _message(octets):
    """A body, and what it shows."""
    parser = nested.Parser()
    parts = []
    smil = b""
    for what, value in parser.feed(octets):
        if what == multipart.PART:
            parts.append(value)
        elif what == multipart.DATA and parts[-1].media == slides.SMIL:
            smil = bytes(value)
    parser.close()
    told = []
    try:
        layout = slides.parse(smil)
    except PduError:
        layout = None
    for slide in slides.order(parts, layout):
        told.append((slide.ms, [(item.element, parts.index(item.part), item.region) for item in slide.items]))
    return told


def _push(octets):
    told = push.parse(octets)
    body = octets[told.body :]
    if told.media == mm1.MEDIA:
        return tuple(told), _mm1(body)
    if told.media == provisioning.BINARY:
        characteristics = provisioning.parse(body)
        checked = provisioning.check(told.params, body, "234101234567890", "1234")
        proposal = provisioning.proposal(characteristics)
        return checked, characteristics, sorted([(key, proposal[key]) for key in proposal])
    return tuple(told), tuple(links.parse(body, told.media))


def _sms(octets):
    """Segments, one after the other behind their lengths, and the push that they carry."""
    reassembler = Reassembler()
    told = []
    at = 0
    while at < len(octets):
        segment = tpdu.parse(octets[at + 1 : at + 1 + octets[at]])
        at += 1 + octets[at]
        told.append(tuple(segment))
        whole = reassembler.add(segment) if isinstance(segment, tpdu.Deliver) else None
        if whole is not None:
            told.append(_push(whole))
    return told


def _jpeg(octets):
    """The rows of a thumbnail, and a smaller picture; what one job refuses the other refuses, too."""
    told = []
    for job in (thumbnail.Thumbnail(), requantise.Requantiser(32)):
        found = bytearray()
        for view in job.feed(octets):
            if view is not None and len(found) < 4096:
                found.extend(view)
        job.close()
        told.append(bytes(found))
    return told


def _sound(octets):
    """How long it lasts, as AMR and as WAV, whole and in pieces."""
    told = []
    for media in ("audio/amr", "audio/wav"):
        for size in (3, len(octets) or 1):
            meter = audio.meter(media)
            for at in range(0, len(octets), size):
                meter.feed(octets[at : at + size])
            told.append(meter.ms())
    assert told[0] == told[1] and told[2] == told[3]
    return told


def _smil(octets):
    return tuple(slides.parse(octets))


def _sent(text):
    parts = segments.deliver("+447700900002", text, push.PORTS if isinstance(text, bytes) else None, 3)
    return b"".join([bytes([len(part)]) + part for part in parts])


def _pushes():
    yield golden.PUSH
    for media, body in (
        ("application/vnd.wap.sic", golden.SI),
        ("application/vnd.wap.slc", golden.SL),
        ("text/vnd.wap.si", b"<si><indication href='http://x/' si-id='a'>Gr&#252;&lt;</indication></si>"),
    ):
        yield push.build(1, media, body, None)
    params = provisioning.mac("USERNETWPIN", golden.PROVISIONING, "234101234567890", "1234")
    yield push.build(1, provisioning.BINARY, golden.PROVISIONING, None, params)


def subjects():
    """(name, decoder, golden inputs)."""
    return (
        ("mm1", _mm1, [golden.SEND_HEADER, golden.RETRIEVE_CONF] + [octets for name, octets in every.pdus()]),
        ("multipart", lambda octets: _parts(multipart.Parser(), octets), [golden.BODY]),
        ("nested", lambda octets: _parts(nested.Parser(), octets), [golden.BODY, _NESTED]),
        ("message", _message, [golden.BODY]),
        ("push", _push, list(_pushes())),
        ("sms", _sms, [_sent(golden.PUSH * 2), _sent("Grüße, {alle} €"), _sent("☺ 😀")]),
        ("smil", _smil, [golden.SMIL]),
        ("jpeg", _jpeg, [golden.JPEG]),
        ("sound", _sound, [_AMR, _WAV]),
        ("connectivity", connectivity.parse, [_SIM]),
    )


def lengths(left, uintvars):
    """Wire forms of lengths: none, the bound and beyond it, 31 and 32 bits, and more; as Value-length or uintvar."""
    begin = b"" if uintvars else b"\x1f"
    for value in (0, left, left + 1, 1 << 31, (1 << 32) - 1, 1 << 32, (1 << 35) - 1):
        octets = bytes([value & 0x7F])
        while value > 0x7F:
            value >>= 7
            octets = bytes([0x80 | value & 0x7F]) + octets
        yield begin + octets
    yield begin + b"\xff" * 6


def wrong(octets, uintvars):
    """Every prefix, every octet set to what is special, and every length made wrong."""
    for at in range(len(octets)):
        yield octets[:at]
        for special in SPECIAL:
            yield octets[:at] + bytes([special]) + octets[at + 1 :]
        for length in lengths(len(octets) - at - 1, uintvars):
            yield octets[:at] + length + octets[at + 1 :]


def damaged(inputs, number, chance):
    """So many inputs with faults in them; some with their pieces in another order, doubled or left out."""
    for _ in range(number):
        octets = inputs[chance.below(len(inputs))]
        if not chance.below(4):
            cuts = sorted([chance.below(len(octets)) for _ in range(3)])
            first, second = octets[cuts[0] : cuts[1]], octets[cuts[1] : cuts[2]]
            octets = octets[: cuts[0]] + second + (first, b"", first + first)[chance.below(3)] + octets[cuts[2] :]
        yield mutant(octets or b"\0", chance)


def known():
    """{decoder: [inputs]} of the corpus."""
    found = {}
    with open(CORPUS) as corpus:
        for line in corpus:
            if line.strip() and line[0] != "#":
                decoder, _, octets = line.split()
                found.setdefault(decoder, []).append(bytes.fromhex(octets))
    return found


def _read(decode):
    """A decoder as a door: what is no value is a PduError, with an offset."""

    def door(octets):
        try:
            return None, decode(octets)
        except PduError as error:
            assert error.offset >= 0, "offset %d" % error.offset
            return min(3, 4 * error.offset // (len(octets) + 1)), error.offset

    return door


def main(words=None):
    """Attack every decoder."""
    kind, *numbers = words or sys.argv[2 if __name__ == "__main__" else 1 :]
    number = int(numbers[0]) if numbers else 0
    charset.PYTHON = False  # all as on a board
    as_a_board()
    chance = Chance(2463534242)
    corpus = known()
    for name, decode, inputs in subjects():
        if kind == "every":
            uintvars = name not in ("mm1", "push")
            hostile = (octets for golden in inputs for octets in wrong(golden, uintvars))
        elif kind == "known":
            hostile = corpus.get(name, [])
        else:
            hostile = damaged(inputs, number // len(subjects()), chance)
        judge(name, _read(decode), hostile)


if __name__ == "__main__":
    main()
