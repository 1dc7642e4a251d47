"""Encoded parts are decoded as they stream."""

from mms.codec.transfer import Decoder


def decoded(encoding, data, size):
    decoder = Decoder(encoding)
    view = memoryview(data)
    found = [decoder.feed(view[at : at + size]) for at in range(0, len(data), size)]
    return b"".join(found) + decoder.close()


def test_the_octets_are_the_same_however_they_arrive():
    for encoding, data, octets in (
        ("base64", b"R3I/w58=", b"Gr?\xc3\x9f"),
        ("BASE64 ", b"R3\r\nI /\tw58=\r\n", b"Gr?\xc3\x9f"),
        ("base64", b"QQ==QUI=QUJD", b"AABABC"),
        ("base64", b"-_8", b"\xfb\xff"),
        ("base64", b"!!!", b""),
        ("quoted-printable", b"Gr=C3=BC=\r\n=c3=9Fe=\n!", "Grüße!".encode()),
        ("Quoted-Printable", b"a=b", b"a=b"),
        ("quoted-printable", b"=4", b"=4"),
        ("quoted-printable", b"1=ZZ=\rx", b"1=ZZ=\rx"),
        ("binary", b"=41", b"=41"),
        (None, b"=41", b"=41"),
    ):
        for size in (1, 2, 3, 5, 100):
            assert decoded(encoding, data, size) == octets, (encoding, data, size)


def test_the_octets_decoded_are_bounded_by_the_octets_read():
    for encoding in ("base64", "quoted-printable", None):
        decoder = Decoder(encoding)
        for block in (b"=" * 100, b"A" * 100, b"\r" * 100, bytes(range(256))):
            assert len(decoder.feed(block)) <= len(block) + 2
        assert len(decoder.close()) <= 2


def test_every_octet_survives_both_encodings():
    octets = bytes(range(256))
    printable = b"".join([("=%02X" % octet).encode() for octet in octets])
    assert decoded("quoted-printable", printable, 7) == octets
