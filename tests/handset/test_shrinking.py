"""A message that is too large for its operator goes with smaller pictures, or is refused with the reason."""

import asyncio

from mms import clock
from mms.codec import jpeg, mm1, multipart
from mms.errors import UsageError
from mms.handset.sending.message import Message
from mms.handset.store.store import Store
from tests.kit.checks import raises
from tests.kit.handset.inbox import ALICE
from tests.kit.handset.phone import OPERATOR, Phone

SAMPLE = "assets/sample.jpg"
LIMIT = 10000
MINUTE = 60000


def phone(**more):
    """A Phone whose operator takes 10,000 octets."""
    operator = dict(OPERATOR)
    operator["octets"] = LIMIT
    return Phone(operators={"23410": operator}, **more)


def pictures(paths=(SAMPLE, SAMPLE), text="", **wishes):
    """A message with these files."""
    message = Message(ALICE)
    message.wishes = wishes
    for path in paths:
        message.file(path)
    if text:
        message.text(text)
    return message


def refusal(phone, message):
    """The text of the UsageError with which the message is refused; nothing of it is left."""

    async def story():
        await phone.handset.send(message)

    text = str(raises(UsageError, phone.live, story))
    assert phone.store.names() == [] and phone.mmsc.heard == [] and "accepted" not in phone.names()
    return text


def read(octets):
    """The Reader of a picture, which has read it to its end."""
    reader = jpeg.Reader()
    for _ in reader.feed(octets):
        pass
    reader.close()
    return reader


def body(request):
    """The data of the parts in the body of a POST."""
    octets = request.partition(b"\r\n\r\n")[2]
    found = []
    for what, value in multipart.Parser().feed(octets[mm1.parse(octets).body :]):
        if what == multipart.PART:
            found.append(b"")
        elif what == multipart.DATA:
            found[-1] += bytes(value)
    return found


def test_pictures_become_smaller_until_the_message_fits():
    handset = phone()
    posts, usual = [], handset.mmsc.__call__

    def keep(request):
        posts.append(request)
        return usual(request)

    handset.modem._mmsc = keep

    async def story():
        id = await handset.handset.send(pictures(text="Look"))
        await clock.sleep(MINUTE)
        return handset.handset.outbox.item(id).summary()

    summary = handset.live(story)
    with open(SAMPLE, "rb") as file:
        original = file.read()
    assert summary["state"] == "sent" and LIMIT * 3 // 5 < summary["octets"] <= LIMIT
    layout, first, second, text = body(posts[0])
    assert text == b"Look" and max(len(first), len(second)) < len(original) * 2 // 3
    for smaller in (first, second):
        assert (read(smaller).width, read(smaller).height) == (read(original).width, read(original).height)
    names = [name for name in handset.names() if name in ("shrinks", "shrinking", "shrunk", "accepted")]
    assert names[0] == "shrinks" and names[-2:] == ["shrunk", "accepted"] and names.count("shrunk") == 2
    told = handset.told("shrinks")[0]
    assert told["octets"] == len(original) and abs(told["expected"] - len(first)) < len(first) // 3
    assert handset.told("shrunk")[0]["octets"] == len(first)
    progress = [event["octets"] for event in handset.told("shrinking")]
    assert len(progress) > 20 and max(progress) <= len(original)


def test_other_tasks_run_while_a_picture_becomes_smaller():
    handset = phone()

    async def story():
        turns = [0]

        async def others():
            while True:
                turns[0] += 1
                await clock.sleep(0)

        task = asyncio.create_task(others())
        await handset.handset.send(pictures())
        task.cancel()
        return turns[0]

    blocks = sum(1 for found in read_blocks())
    assert handset.live(story) > blocks  # of both pictures, and of their beginnings


def read_blocks():
    """The blocks of the sample with coefficients enough for a turn."""
    reader = jpeg.Reader()
    with open(SAMPLE, "rb") as file:
        for found in reader.feed(file.read()):
            if found >= 0 and reader.number > 16:
                yield reader.number


def test_who_wants_it_otherwise_is_told_the_size():
    for settings, wishes in (({"shrink": False}, {}), ({}, {"shrink": False})):
        text = refusal(phone(**settings), pictures(**wishes))
        assert text.endswith("octets, the operator takes 10000")
    assert refusal(phone(), pictures(shrink="yes")) == "shrink is true or false"


def test_a_message_without_pictures_is_refused_as_ever():
    text = refusal(phone(), pictures((), "long " * 3000))
    assert text.endswith("octets, the operator takes 10000")


def test_a_picture_that_cannot_be_made_smaller_leaves_the_error_and_its_reason():
    with open(SAMPLE, "rb") as file:
        octets = file.read()
    frame = octets.index(b"\xff\xc0")
    for kind, damaged, reason in (
        ("progressive", octets[:frame] + b"\xff\xc2" + octets[frame + 2 :], "SOF2: a JPEG that is progressive"),
        ("cut", octets[:5000], "the picture is cut short"),
        ("none", b"\xff\xd8\xff\xe0\0\2" + bytes(9000), "a marker was to come"),
    ):
        path = "build/tests/%s.jpg" % kind
        with open(path, "wb") as file:
            file.write(damaged)
        text = refusal(phone(), pictures((path, SAMPLE)))
        assert "the operator takes 10000; the picture cannot be made smaller: " + reason in text


def test_a_picture_does_not_become_too_coarse_to_look_at():
    text = refusal(phone(), pictures(text="long " * 1900))
    assert text.endswith(
        "the operator takes 10000; the picture cannot be made smaller: it would be too coarse to look at"
    )


def test_a_store_without_room_for_the_smaller_picture_is_named():
    handset, room = phone(), Store.room
    Store.room = lambda store, path: 16500 if store.written < 15600 else store.written + 100
    try:
        text = refusal(handset, pictures())
    finally:
        Store.room = room
    assert "the operator takes 10000; the picture cannot be made smaller: store: the store is full" in text
