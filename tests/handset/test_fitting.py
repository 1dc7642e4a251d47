"""A picture has the best size and quality whose message is small enough, after three tries at most."""

import os

from mms import clock
from mms.errors import CameraError, UsageError
from mms.handset import settings as handset_settings
from mms.handset.sending.message import Message
from mms.handset.store.blobs import Writer
from tests.kit.checks import raises
from tests.kit.handset.inbox import ALICE
from tests.kit.handset.phone import OPERATOR, Camera, Phone

PIXELS = {"UXGA": 1920000, "SVGA": 480000, "VGA": 307200, "QVGA": 76800, "QQVGA": 19200}
ALL = ("UXGA", "SVGA", "VGA", "QVGA", "QQVGA")


class Sensor(Camera):
    """Its frames have as many octets as their pixels, their quality and the scene make; faults: errors of the first."""

    def __init__(self, sizes=("VGA", "QVGA", "QQVGA"), scene=1.0, half=30, faults=()):
        super().__init__()
        self.sizes, self.scene, self.half, self.faults = sizes, scene, half, list(faults)

    def capture(self, size, quality):
        self.left = int(self.scene * 3.5 * PIXELS[size] ** 0.7 * 2 ** ((quality - 79) / self.half))
        return super().capture(size, quality)

    async def __aenter__(self):
        if self.faults:
            raise self.faults.pop(0)
        self.octets, self.width, self.height = self.left, 640, 480
        return self

    async def readinto(self, buf):
        count = min(len(buf), self.left)
        self.left -= count
        return count


def phone(camera, octets=1100000, again=None, **settings):
    """A Phone with this camera, whose operator takes messages of so many octets; again: the one whose store it has."""
    more = {"operators": {"23410": dict(OPERATOR, octets=octets)}, "camera": settings}
    made = Phone(camera)
    made.settings = handset_settings.check(more)
    made.begin()
    if again:
        made.store = again.store
        made.begin()
    return made


def sent(phone, pictures=1, text="", **wanted):
    """The octets of messages with a picture each, None for one that failed, and its error."""

    async def story():
        await phone.handset.ready()
        octets = []
        for _ in range(pictures):
            message = Message(ALICE, "subject")
            message.picture(**wanted)
            if text:
                message.text(text)
            try:
                id = await phone.handset.send(message)
                octets.append(phone.handset.outbox.item(id).record["octets"])
            except (UsageError, CameraError) as error:
                octets.append(error)
            await clock.sleep(120000)
        return octets

    return phone.live(story)


def test_without_a_limit_that_matters_the_picture_is_as_it_was_asked_for():
    camera = Sensor(ALL)
    sent(phone(camera, size="best"))
    sent(phone(camera))
    sent(phone(camera), size="SVGA", quality=90)
    sent(phone(camera), size="best", quality=33)
    assert camera.asked == [("UXGA", 79), ("VGA", 79), ("SVGA", 90), ("UXGA", 33)]


def test_a_message_stays_under_the_limit_whatever_the_scene_and_the_camera():
    for sizes in (("VGA", "QVGA", "QQVGA"), ALL):
        for scene in (0.4, 1, 2.5):
            for half in (18, 30, 55):
                for limit in (10000, 30000, 100000):
                    camera = Sensor(sizes, scene, half)
                    (octets,) = sent(phone(camera, limit, size="best"))
                    assert isinstance(octets, int) and octets <= limit and len(camera.asked) <= 3, (scene, half, limit)
                    assert octets > limit // 5 or camera.asked[-1][1] == 79, (scene, half, limit)


def test_what_the_last_frames_had_makes_the_next_one_right_at_once_and_near_the_limit():
    camera = Sensor(half=25)
    first = phone(camera, 20000)
    sent(first, 3)
    tries = len(camera.asked)
    octets = sent(phone(camera, 20000, first), 2)  # after a restart
    assert len(camera.asked) == tries + 2 and all(0.8 * 20000 < one <= 20000 for one in octets)
    assert first.store.read("camera.r")["VGA"][0] == camera.asked[-1][1] < 79


def test_quality_goes_before_size_and_size_before_a_quality_that_is_too_low():
    camera = Sensor()
    sent(phone(camera, 20000))
    assert camera.asked[-1][0] == "VGA" and 30 <= camera.asked[-1][1] < 79
    camera = Sensor()
    sent(phone(camera, 10000))
    assert camera.asked[-1][0] == "QVGA" and camera.asked[-1][1] >= 30


def test_a_limit_of_the_user_counts_for_the_whole_message():
    for settings, wanted in (({}, {"limit": 15000}), ({"limit": 15000}, {}), ({"limit": 90000}, {"limit": 15000})):
        (octets,) = sent(phone(Sensor(), 1100000, **settings), text="a long text " * 400, **wanted)
        assert 9000 < octets <= 15000
    (error,) = sent(phone(Sensor()), text="a long text " * 400, limit=5000)
    assert "a limit of 5000 octets leaves no room for a picture" in str(error)


def test_a_picture_that_stays_too_large_is_stored_nowhere():
    camera = Sensor(("UXGA",), 30)
    made = phone(camera, 10000)
    (error,) = sent(made)
    assert "this camera has no size VGA" in str(error) and made.store.names() == []
    made = phone(camera, 10000, made)
    (error,) = sent(made, size="UXGA")
    assert "there is room for" in str(error) and len(camera.asked) == 3
    assert made.store.names() == ["camera.r"] and [event["text"] for event in made.told("retaken")]


def test_a_frame_that_is_none_is_taken_again_and_a_camera_that_is_gone_is_not():
    bad = CameraError("picture", None, "the picture has no end")
    made = phone(Sensor(faults=[bad, bad]))
    assert isinstance(sent(made)[0], int) and len(made.told("retaken")) == 2
    for faults in ([bad] * 3, [CameraError("camera", None, "no answer")]):
        camera = Sensor(faults=faults)
        made = phone(camera)
        assert sent(made) == faults[-1:] and len(camera.asked) == len(faults) and made.store.names() == []


def test_a_file_for_a_camera_is_taken_once_as_it_is():
    camera = Camera()
    made = phone(camera, 10000, size="best")
    (error,) = sent(made)
    assert "the message has" in str(error) and len(camera.asked) == 1


def test_a_picture_for_the_album_has_a_limit_of_its_own():
    async def story():
        for limit in (3000, None):
            await made.handset.snap(lambda: Writer(path, plain=True), "VGA", None, limit)
            sizes.append(os.stat(path)[6])

    path, sizes, made = "build/test-fitting.jpg", [], phone(Sensor())
    made.live(story)
    os.remove(path)
    assert 1000 < sizes[0] <= 3000 < 20000 < sizes[1]
    for wrong in ({"limit": 100}, {"limit": True}, {"quality": "79"}):
        assert "is a number from" in str(raises(UsageError, Message(ALICE).picture, **wrong))


def test_a_damaged_record_of_frames_is_set_aside():
    made = phone(Sensor(), 20000)
    sent(made)
    path = made.folder + "/camera.r"
    with open(path, "rb") as file:
        octets = bytearray(file.read())
    octets[3] ^= 1
    with open(path, "wb") as file:
        file.write(octets)
    (octets,) = sent(phone(Sensor(), 20000, made))
    assert octets <= 20000 and "camera.r" in made.store.names() and "camera.r.q" in made.store.names()
