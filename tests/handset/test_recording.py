"""A sound by the microphone: as a part of a message, in the album, bounded by seconds and octets."""

from mms import clock
from mms.errors import ModemError, UsageError
from mms.handset.console import commands, composing, verbs
from mms.handset.sending import kinds
from mms.handset.sending.message import Message
from tests.kit.checks import raises
from tests.kit.handset.inbox import ALICE
from tests.kit.handset.phone import MINUTE, OPERATOR, Camera, Phone

HEADER = b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\1\0\1\0\x40\x1f\0\0\x80\x3e\0\0\2\0\x10\0data"


class Amr:
    """So many seconds of AMR, in pieces; after `breaks` octets an error."""

    media, breaks = "audio/amr", None

    def __init__(self, seconds):
        self.seconds, self.octets = seconds, 6 + 650 * seconds
        self.most = 1620 * seconds

    def sound(self):
        return b"#!AMR\n" + 50 * self.seconds * (b"\x04" + bytes(12))

    async def __aenter__(self):
        self.left = self.sound()
        await clock.sleep(1000 * self.seconds)
        return self

    async def __aexit__(self, kind, error, trace):
        pass

    async def readinto(self, buf):
        await clock.sleep(5)
        if self.breaks is not None and len(self.left) <= self.octets - self.breaks:
            raise ModemError("record", None, "octets of the recording were lost")
        count = min(len(buf), 256, len(self.left))
        buf[:count] = self.left[:count]
        self.left = self.left[count:]
        return count


class Wav(Amr):
    media = "audio/x-wav"

    def __init__(self, seconds):
        super().__init__(seconds)
        self.most = self.octets = 44 + 16000 * seconds

    def sound(self):
        size = 16000 * self.seconds
        return HEADER + size.to_bytes(4, "little") + bytes(size)


def phone(kind, camera=None, octets=300000, **settings):
    """A Phone whose modem records sounds of that kind, None for one without a microphone."""
    made = Phone(camera, operators={"23410": dict(OPERATOR, octets=octets)}, **settings)
    made.recorded = []

    def record(seconds):
        made.recorded.append(seconds)
        return kind(seconds)

    if kind:
        made.modem.record = record
    return made


def sent(phone, seconds, picture=False):
    """The octets of the request that carries a message with a sound, or its error."""
    heard = []
    phone.handset.bearer.modem._mmsc = lambda request: heard.append(request) or phone.mmsc(request)

    async def story():
        await phone.handset.ready()
        message = Message(ALICE, "a sound")
        if picture:
            message.picture()
        message.record(seconds)
        try:
            await phone.handset.send(message)
        except (UsageError, ModemError) as error:
            return error
        await clock.sleep(10 * MINUTE)

    return phone.live(story) or heard[-1]


def test_a_sound_is_recorded_into_a_message_whose_slide_lasts_as_long():
    made = phone(Amr)
    octets = sent(made, 12)
    assert Amr(12).sound() in octets and b'<par dur="12s"><audio src="sound.amr"/></par>' in octets
    (said,) = made.told("recorded")
    assert (said["octets"], said["seconds"]) == (6 + 12 * 650, 12.0)
    names = made.names()
    assert names.index("recording") < names.index("recorded") < names.index("accepted") < names.index("confirmed")


def test_a_sound_leaves_room_for_the_picture_and_fits_the_operator():
    made = phone(Wav, Camera(), 100000)
    octets = sent(made, 60, picture=True)
    assert made.recorded[0] == 60 and made.recorded[-1] == 3
    assert len(octets) < 101000 and made.told("recorded")[0]["seconds"] == 3.0
    assert b'<audio src="sound.wav"/><img src="picture.jpg" region="Image"/></par></body>' in octets
    made = phone(Wav, octets=10000)
    assert str(sent(made, 5)) == "there is no room for a sound: the rest of the message is too large"


def test_a_sound_that_breaks_leaves_nothing_behind():
    class Broken(Amr):
        breaks = 1000

    made = phone(Broken)
    error = sent(made, 5)
    assert (error.step, error.text) == ("record", "octets of the recording were lost")
    assert made.store.names() == [] and made.told("accepted") == []


def test_what_a_microphone_gives_has_to_be_a_sound():
    class Noise(Amr):
        def sound(self):
            return bytes(5000)

    class Silence(Amr):
        def sound(self):
            return b""

    for kind in (Noise, Silence):
        made = phone(kind)
        assert str(sent(made, 5)) == "the microphone gave no sound" and made.store.names() == []


def test_a_handset_without_a_microphone_says_so():
    assert str(sent(phone(None), 5)) == "neither this board nor its modem has a microphone"


def test_seconds_have_a_bound():
    message = Message(ALICE)
    for seconds in (1, 60):
        message.record(seconds)
    for seconds in (0, 61, -1, True, 1.5, "5", None):
        assert str(raises(UsageError, message.record, seconds)) == "seconds are a whole number from 1 to 60"
    assert len(message.parts) == 2


def test_the_words_for_a_sound_of_the_microphone():
    message = Message(ALICE)
    kinds.add_sound(message, "record:5")
    kinds.add_sound(message, "hello.amr")
    assert [(part.seconds, part.path) for part in message.parts] == [(5, None), (0, "hello.amr")]
    for wrong in ("record:", "record:0", "record:61", "record:x", "record:-1", "record:5.5", "record:%s" % ("9" * 99)):
        raises(UsageError, kinds.add_sound, message, wrong)


def test_the_console_records_into_the_album_and_into_messages():
    made = phone(Amr, album="build/tests/album-recording")

    async def story():
        await made.handset.ready()
        path = (await verbs.do_record(made.handset, {"do": "record", "seconds": 2}))["path"]
        with open(path, "rb") as file:
            octets = file.read()
        for line, wanted in (
            ("photo 07700900001 sound=record:4 size=VGA Look", ["image/jpeg", "audio/x-wav", "text/plain"]),
            ("send +447700900001 sound=record:7 Hear", ["audio/x-wav", "text/plain"]),
            ("send +447700900001 size=12 shoes", ["text/plain"]),
        ):
            command = commands.parse(line)
            parts = composing.build(made.handset, command["do"], command, {}).parts
            assert [part.media for part in parts] == wanted
        assert commands.parse("record 5") == {"do": "record", "seconds": 5}
        return octets

    assert made.live(story) == Amr(2).sound()
