"""Networks that the home network likes less, choices by hand, and contexts before a message may go."""

import pytest

from mms import clock
from mms.handset import rooms, states
from tests.kit.handset.traveller import HOME, MINUTE, WORLD, Traveller, cells
from tools.lab.network.roaming import Terms

AUTOMATIC, MANUAL = 0, 1
LIKED, DISLIKED = "26207", "26201"  # by the agreements of the lab's world: the second one has the stronger signal
FAMILIES = ("sim800", "sim7600", "bg95", "m66", "sara")


def germany(family, manual="kept"):
    """A Traveller in Germany; `manual` is the modem's switch of that name."""
    traveller = Traveller(family, cells("germany"))
    traveller.modem.turn("manual", manual)
    return traveller


async def serving(traveller):
    """The network that the handset is on, and the mode of the modem's choice."""
    await traveller.handset.bearer.registered()
    network = await traveller.handset.bearer.network()
    return network.mccmnc, traveller.modem.registration._mode


@pytest.mark.parametrize("family", FAMILIES)
def test_the_home_network_steers_to_the_one_it_likes_and_nothing_is_told_of_it(family):
    async def story(traveller):
        await clock.sleep(2 * MINUTE)
        return await serving(traveller)

    traveller = germany(family)
    assert traveller.travel(story) == (LIKED, AUTOMATIC)
    assert [event["mccmnc"] for event in traveller.told("registered")] == [LIKED]
    assert traveller.told("steered") == []


@pytest.mark.parametrize("family", FAMILIES)
def test_a_network_that_was_asked_for_and_refuses_is_told_with_the_one_in_its_place(family):
    async def story(traveller):
        await clock.sleep(2 * MINUTE)
        traveller.modem.environment.cells[0].steered = 20  # the home network goes on to refuse
        await rooms.checkup.select(traveller.handset.bearer, DISLIKED)
        return await serving(traveller)

    traveller = germany(family, "another")
    assert traveller.travel(story) == (LIKED, AUTOMATIC)
    (steered,) = traveller.told("steered")
    assert (steered["asked"], steered["got"]) == (DISLIKED, LIKED)
    words = " ".join(rooms.sentences.render(steered, traveller.station))
    assert DISLIKED in words and LIKED in words and "steers" in words


@pytest.mark.parametrize("family", FAMILIES)
def test_a_choice_by_hand_ends_with_the_next_start(family):
    async def story(traveller):
        await rooms.checkup.select(traveller.handset.bearer, DISLIKED)
        found = [await serving(traveller)]
        traveller.modem.power_on()  # the power fails for modem and board
        traveller.station.kill(1000)
        await clock.sleep(500)
        await traveller.ready()
        await clock.sleep(2 * MINUTE)
        found.append((await serving(traveller))[1])
        await rooms.checkup.select(traveller.handset.bearer, DISLIKED)
        await rooms.checkup.select(traveller.handset.bearer, "auto")
        return [*found, (await serving(traveller))[1]]

    assert germany(family).travel(story) == [(DISLIKED, MANUAL), AUTOMATIC, AUTOMATIC]


@pytest.mark.parametrize("family", FAMILIES)
def test_a_choice_by_hand_ends_where_its_network_does(family):
    async def story(traveller):
        await rooms.checkup.select(traveller.handset.bearer, DISLIKED)
        traveller.modem.carry(cells("austria"))
        return await serving(traveller)

    assert germany(family).travel(story) == ("23205", AUTOMATIC)


@pytest.mark.parametrize("send", ("yes", "ask", "no"))
def test_abroad_no_context_comes_up_before_a_message_that_waits(send):
    async def story(traveller):
        id = await traveller.send()
        await clock.sleep(3 * MINUTE)
        before = traveller.modem.registration.attached, bool(traveller.told("context_up"))
        if send == "ask":
            traveller.ask(id)
            await clock.sleep(MINUTE)
        return before, traveller.handset.outbox.item(id).state

    traveller = Traveller("sim800", cells("ireland"), roaming={"send": send})
    (attached, context), state = traveller.travel(story)
    assert attached and context == (send == "yes")
    assert state == (states.QUEUED if send == "no" else states.SENT)


@pytest.mark.parametrize("family", FAMILIES)
def test_a_sim_without_data_service_has_its_modem_restarted_once_on_a_network(family):
    async def story(traveller):
        await traveller.send()
        await clock.sleep(60 * MINUTE)
        return len(traveller.told("failed", step="attach", code=107)), len(traveller.told("modem_reset"))

    barred = {HOME: Terms(("voice", "sms"), attach=7)}
    refusals, restarts = Traveller(family, cells(WORLD.HOME, barred)).travel(story)
    assert refusals > 5 and restarts == 1
