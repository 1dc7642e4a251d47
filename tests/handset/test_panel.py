"""The panel: presses of the button, the language of the LED, the pages of the display and a weak battery."""

from mms import clock
from mms.codec import segments
from mms.handset import states
from mms.handset.panel.lamp import PATTERNS, Lamp
from mms.handset.panel.presses import Button
from tests.kit.drivers import scripted
from tests.kit.handset.parts import Display, Parts
from tests.kit.handset.phone import MINUTE, Camera, Phone, hello

FAVOURITE = {"to": ["+447700900001"], "text": "Look"}
FOX = "The quick brown fox jumps over the lazy dog. "


def pressed(*moves):
    """The kinds of presses that a Button tells for (level, ms) in turn, each with the ms at which it was told."""
    told = []

    async def story():
        button, now = Button(), 0
        for level, ms in moves:
            for _ in range(ms // 10):
                await clock.sleep(10)
                now += 10
                kind = button.look(level)
                if kind:
                    told.append((kind, now))

    scripted.run(story())
    return told


def test_a_short_press_counts_when_no_second_one_follows_and_a_bounce_never():
    ((kind, ms),) = pressed((True, 200), (False, 1000))
    assert kind == "short" and 600 <= ms <= 650
    assert pressed((True, 40), (False, 1000)) == []  # shorter than 50 ms
    bounces = [(True, 20), (False, 10), (True, 300), (False, 20), (True, 20), (False, 1000)]
    assert [kind for kind, ms in pressed(*bounces)] == ["short"]


def test_a_long_press_is_told_while_it_is_held_and_is_no_short_one():
    ((kind, ms),) = pressed((True, 3000), (False, 2000))
    assert kind == "long" and 1000 <= ms <= 1080
    assert [kind for kind, ms in pressed((True, 940), (False, 1000))] == ["short"]


def test_two_presses_within_400_ms_are_a_double_one():
    assert [kind for kind, ms in pressed((True, 100), (False, 350), (True, 100), (False, 1000))] == ["double"]
    assert [kind for kind, ms in pressed((True, 100), (False, 500), (True, 100), (False, 1000))] == ["short", "short"]
    twice = [(True, 100), (False, 200)] * 2 + [(False, 1000), (True, 100), (False, 1000)]
    assert [kind for kind, ms in pressed(*twice)] == ["double", "short"]


def lived(parts, story, **settings):
    """A Phone with a panel after `await story(phone)`."""
    phone = Phone(Camera(), panel={}, **settings)

    async def work():
        await phone.handset.ready()
        await story(phone)

    phone.live(work, None, parts)
    return phone


def test_a_short_press_takes_a_picture_and_sends_it_to_the_favourite():
    async def story(phone):
        await parts.press()
        await clock.sleep(MINUTE)
        items.extend(phone.handset.outbox.items())

    display, items = Display(), []
    parts = Parts(display)
    lived(parts, story, press=FAVOURITE)
    assert {frame[0].split(" ")[0] for frame in display.frames} >= {"O2", "sending"}
    (item,) = items
    assert item.state == states.SENT and item.record["to"] == FAVOURITE["to"]
    assert len(item.record["parts"]) == 2


def test_a_short_press_without_a_favourite_only_takes_it_and_says_so():
    async def story(phone):
        await parts.press()
        await clock.sleep(5000)

    parts = Parts()
    phone = lived(parts, story)
    (event,) = phone.told("pressed")
    assert event["path"].endswith(".jpg") and "press.to" in event["text"] and phone.told("accepted") == []


def test_a_long_press_only_takes_a_picture():
    async def story(phone):
        await parts.press(1500)
        await clock.sleep(MINUTE)

    parts = Parts()
    phone = lived(parts, story, press=FAVOURITE)
    assert [event["kind"] for event in phone.told("pressed")] == ["long"] and phone.told("accepted") == []


def test_a_double_press_shows_the_last_message_in_pages_and_it_counts_as_read():
    async def story(phone):
        await parts.press(times=2)
        await clock.sleep(2000)
        assert phone.told("failed")[-1]["text"] == "no message is here"
        phone.modem.arrives(*segments.deliver("+447700900009", FOX * 3))
        await clock.sleep(MINUTE)
        assert "1 new" in display.frames[-1]
        for _ in range(2):
            await parts.press(times=2)
            await clock.sleep(2000)
            pages.append(display.frames[-1])

    display, pages = Display(), []
    parts = Parts(display)
    lived(parts, story)
    assert "no news" in pages[0] and "+447700900009:" in pages[0]
    assert all(len(row) <= 16 for page in pages for row in page)
    words = " ".join(" ".join(page[2:]) for page in pages)
    assert words.count("quick brown fox") >= 2 and "1 new" not in pages[1]


def lights(hear, ms=6000):
    """The moments (ms) at which the LED goes on in so many ms after `hear(lamp)`."""
    found = []

    async def story():
        lamp, lit = Lamp(), False
        hear(lamp)
        for now in range(0, ms, 10):
            if lamp.is_on() != lit:
                lit = not lit
                if lit:
                    found.append(now)
            await clock.sleep(10)

    scripted.run(story())
    return found


def test_the_lamp_tells_idle_busy_error_news_and_a_weak_battery_apart():
    def after(name, **more):
        def hear(lamp):
            for event in ("ready", name):
                lamp.hear({"event": event})
            for key in more:
                setattr(lamp, key, more[key])

        return hear

    idle, busy, error = lights(after("ready")), lights(after("sent")), lights(after("failed"))
    news, weak = lights(after("ready", unread=True)), lights(after("ready", weak=True))
    assert idle == [] and 11 <= len(busy) <= 13 and len(news) in (2, 3) and 2 <= len(weak) <= 4
    assert 8 <= len(error) <= 11 and min(b - a for a, b in zip(error, error[1:])) < 300  # noqa: B905
    assert len({len(row) for row in (idle, busy, error, news)}) == 4


def test_what_moves_no_more_is_not_busy_and_a_press_ends_an_error():
    def hear(lamp):
        lamp.hear({"event": "ready"})
        lamp.hear({"event": "sent", "octets": 5, "of": 9})

    assert max(lights(hear, 20000)) < 10100

    async def story():
        lamp = Lamp()
        lamp.hear({"event": "failed"})
        assert lamp.state == "error"
        lamp.press()
        assert lamp.state == "taking"
        lamp.hear({"event": "captured"})
        assert lamp.state == "busy"
        lamp.rest()
        lamp.hear({"event": "pressed"})
        assert lamp.state == "idle"

    scripted.run(story())
    assert all("\n" + state + "|" in PATTERNS for state in ("taking", "busy", "error", "weak", "news", "idle"))


def test_a_display_has_operator_counts_and_what_happened_and_goes_dark():
    async def story(phone):
        await clock.sleep(5000)
        await phone.handset.send(hello())
        await clock.sleep(MINUTE)
        await clock.sleep(2 * MINUTE)

    display = Display()
    phone = lived(Parts(display), story)
    assert phone.told("failed") == []
    assert display.frames[-1][:2] == ["O2", "no news"] and "is sent: the" in " ".join(display.frames[-1])
    assert any("no news 1 to go" in frame for frame in display.frames)
    assert display.lights == [True, False]


def test_a_display_that_is_absent_or_unplugged_is_told_once_and_the_handset_goes_on():
    for late in (False, True):

        async def story(phone):
            await clock.sleep(MINUTE)
            display.gone = True  # noqa: B023
            await phone.handset.send(hello())
            await clock.sleep(MINUTE)

        display = Display()
        display.gone = not late
        phone = lived(Parts(display), story)
        (failed,) = phone.told("failed")
        assert failed["step"] == "display" and "panel.display" in failed["advice"]
        assert phone.told("confirmed") and bool(display.frames) == late


def test_nothing_is_sent_below_3500_mv_and_what_waits_goes_once_the_battery_is_charged():
    async def story(phone):
        parts.mv = 3400
        await clock.sleep(2 * MINUTE)
        id = await phone.handset.send(hello())
        await clock.sleep(5 * MINUTE)
        found.append(phone.handset.outbox.item(id).state)
        parts.mv = 3550  # a battery that rests recovers a little
        await clock.sleep(5 * MINUTE)
        found.append(phone.handset.outbox.item(id).state)
        parts.mv = 3900
        await clock.sleep(15 * MINUTE)
        found.append(phone.handset.outbox.item(id).state)

    parts, found = Parts(), []
    phone = lived(parts, story, attach="needed")
    assert found == [states.QUEUED, states.QUEUED, states.SENT]
    assert [event["mv"] for event in phone.told("battery")] == [3400, 3900]
    assert phone.told("failed")[0]["step"] == "battery"


def test_a_board_without_a_battery_sends():
    async def story(phone):
        parts.mv = None
        await clock.sleep(2 * MINUTE)
        parts.mv = 120  # an open pin
        await clock.sleep(2 * MINUTE)
        await phone.handset.send(hello())
        await clock.sleep(MINUTE)

    parts = Parts()
    phone = lived(parts, story)
    assert phone.told("confirmed") and phone.told("battery") == []


def test_the_board_sleeps_only_while_nothing_is_under_way():
    async def story(phone):
        await clock.sleep(MINUTE)
        assert naps
        del naps[:]
        await phone.handset.send(hello())
        await clock.sleep(8000)
        assert naps == []
        await clock.sleep(MINUTE)
        assert naps

    naps, parts = [], Parts()
    parts.nap = naps.append
    lived(parts, story)
