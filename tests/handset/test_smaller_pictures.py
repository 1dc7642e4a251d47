"""Pictures of many kinds become small enough in the store, in as few attempts as can be."""

import asyncio
import io
import random

import pytest
from PIL import Image

from mms import clock
from mms.events import Events
from mms.handset import preview
from mms.handset.sending import shrinking
from mms.handset.store import filenames
from mms.handset.store.store import Store

ID = "1c0ffee5"


def noise(size, seed=1):
    """A grey picture of noise."""
    return Image.frombytes("L", size, random.Random(seed).randbytes(size[0] * size[1]))


def encoded(picture, **options):
    """A picture as JPEG."""
    file = io.BytesIO()
    picture.save(file, "JPEG", **options)
    return file.getvalue()


def half(plain, size=(320, 480)):
    """A picture whose upper half is `plain` and whose lower half is busy."""
    busy = noise((size[0] // 8, size[1] // 16)).resize((size[0], size[1] // 2), Image.Resampling.BICUBIC)
    picture = Image.new("L", size, 128)
    picture.paste(busy, (0, size[1] // 2 if plain else 0))
    return picture.convert("RGB")


class Shelf:
    """A store with pictures as the parts of a message, and the events of making them smaller."""

    def __init__(self, folder, *pictures):
        self.store, self.events, self.said = Store(str(folder)), Events(), []
        self.events.listen(self.said.append)
        self.parts = [("text/plain", "text.txt", 5)]
        for number, octets in enumerate(pictures):
            with self.store.create(filenames.part(ID, number + 1)) as writer:
                writer.write(octets)
            self.parts.append(("image/jpeg", "picture%d.jpg" % number, len(octets)))

    def shrink(self, excess):
        """What shrinking.shrink returns."""
        return asyncio.run(shrinking.shrink(self.store, self.events, ID, self.parts, excess))

    def octets(self, number):
        """The octets of a picture."""
        with self.store.open(filenames.part(ID, number + 1)) as blob:
            octets = bytearray(blob.octets)
            assert blob.readinto(octets) == self.parts[number + 1][2]
            return bytes(octets)

    def told(self, name):
        """The events of that name."""
        return [event for event in self.said if event["event"] == name]


@pytest.mark.parametrize("plain", [True, False])
@pytest.mark.parametrize("left", [90, 70, 50])
def test_a_picture_becomes_small_enough_whatever_its_beginning_is_like(tmp_path, plain, left):
    octets = encoded(half(plain), quality=92)
    shelf = Shelf(tmp_path, octets)
    most = len(octets) * left // 100
    assert shelf.shrink(len(octets) - most) is None
    smaller = shelf.octets(0)
    assert len(smaller) <= most and Image.open(io.BytesIO(smaller)).convert("L").size == (320, 480)
    assert len(shelf.told("shrunk")) == len(shelf.told("shrinks")) == 1
    begun = [event["octets"] for event in shelf.told("shrinking")]
    assert sum(1 for one, two in zip(begun, begun[1:], strict=False) if two < one) <= 2  # attempts that ended early


def test_pictures_share_what_is_too_much_and_one_that_became_too_small_leaves_the_others_more(tmp_path):
    pictures = [encoded(half(True), quality=92), encoded(half(False), quality=60), encoded(half(True), quality=98)]
    shelf = Shelf(tmp_path, *pictures)
    whole = sum(map(len, pictures))
    assert shelf.shrink(whole // 4) is None
    assert sum(part[2] for part in shelf.parts) <= 5 + whole - whole // 4
    assert [len(shelf.octets(number)) for number in range(3)] == [part[2] for part in shelf.parts[1:]]


def test_the_time_is_told_before_and_a_picture_that_takes_too_long_is_not_begun(tmp_path, monkeypatch):
    octets = encoded(half(True), quality=92)
    for ms, seconds in ((4096, len(octets) // 1000), (4096 * 1802000 // len(octets) + 1, None)):
        monkeypatch.setattr(clock, "since", lambda start, ms=ms: ms)
        shelf = Shelf(tmp_path / str(ms), octets)
        why = shelf.shrink(len(octets) // 3)
        if seconds is None:
            assert "it would take 30 minutes" in why and not shelf.told("shrinks")
            assert shelf.octets(0) == octets
        else:
            assert why is None and shelf.told("shrinks")[0]["seconds"] == seconds


def test_octets_behind_a_picture_are_not_part_of_it(tmp_path):
    octets = encoded(half(False), quality=92)
    shelf = Shelf(tmp_path, octets + bytes(len(octets) // 4))
    assert shelf.shrink(len(octets) // 2) is None
    assert len(shelf.octets(0)) <= len(octets) * 3 // 4 and shelf.octets(0)[-2:] == b"\xff\xd9"


def turns(work):
    """How often others had their turn while that was done."""

    async def story():
        count = 0

        async def others():
            nonlocal count
            while True:
                count += 1
                await clock.sleep(0)

        task = asyncio.create_task(others())
        await work
        task.cancel()
        return count

    return asyncio.run(story())


def test_a_picture_is_drawn_from_the_store_while_others_run(tmp_path):
    shelf = Shelf(tmp_path, encoded(half(True), quality=92))
    buffer = bytearray(1024)
    with shelf.store.open(filenames.part(ID, 1)) as blob:
        assert turns(preview.draw(blob, buffer, 128, 48, 16)) > 1000
    assert not any(buffer[:256]) and any(buffer[256:])


def test_others_have_their_turn_while_headers_are_read_and_octets_behind_the_picture(tmp_path):
    octets = encoded(half(True, (64, 64)), icc_profile=bytes(120000)) + bytes(60000)
    shelf = Shelf(tmp_path, octets)
    with shelf.store.open(filenames.part(ID, 1)) as blob:
        assert turns(preview.draw(blob, bytearray(1024), 128, 64)) > len(octets) // 64
    work = shrinking.shrink(shelf.store, shelf.events, ID, shelf.parts, len(octets) // 10)
    assert turns(work) > (len(octets) + 120000) // 128  # all, and before it the headers
    assert len(shelf.octets(0)) < 3000
