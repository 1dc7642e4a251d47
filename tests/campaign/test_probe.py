"""A probe gives each reply to the command that it answers, late ones too."""

import pytest

from tests.kit.campaign.fakes import Fake, play
from tools.campaign.clock import Clock
from tools.campaign.probes.probe import Silent

NETWORKS = ("23205", "26001", "20801", "27202")


def asked(answers_s, wait_s=60):
    """The networks that replies to `register` name, one command after the other, None for none in time.

    `answers_s` are the seconds after which the handset answers each, or None for never. Beside them the replies that
    the listener heard, as (network, whether it was late).
    """

    async def story():
        clock = Clock(0.0)
        probe, heard, found = Fake("a", clock), [], []
        probe.listen(lambda kind, entry: heard.append(entry) if kind == "reply" else None)
        await probe.start()
        for network, seconds in zip(NETWORKS, answers_s, strict=False):
            probe.answer_s = seconds
            probe.answers["register"] = {"network": network} if seconds else None
            try:
                found.append((await probe.ask("register", wait_s, network=network))["network"])
            except Silent:
                found.append(None)
        await clock.sleep(500)
        return found, [(entry["network"], "late" in entry) for entry in heard if entry["do"] == "register"]

    return play(story())


def test_a_late_reply_is_not_taken_for_that_to_the_next_command():
    found, heard = asked((70, 20, 1))
    assert found == [None, "26001", "20801"]
    assert heard == [("23205", True), ("26001", False), ("20801", False)]


def test_a_reply_that_never_comes_costs_one_more_command_and_no_others():
    found, heard = asked((None, 1, 1, 1))
    assert found == [None, None, "20801", "27202"]
    assert heard == [("26001", True), ("20801", False), ("27202", False)]


@pytest.mark.parametrize("do", ("status", "mode"))
def test_a_late_status_is_as_good_as_one_in_time(do):
    async def story():
        probe = Fake("a", Clock(0.0))
        await probe.start()
        probe.answer_s = 70
        with pytest.raises(Silent):
            await probe.ask(do, 60)
        probe.answer_s = 20
        return await probe.ask(do, 60)

    assert play(story())["ok"]


def test_a_handset_that_is_started_again_owes_no_reply():
    async def story():
        probe = Fake("a", Clock(0.0))
        await probe.start()
        probe.answers["register"] = None
        with pytest.raises(Silent):
            await probe.ask("register", 60, network="23205")
        await probe.stop()
        await probe.start()
        probe.answers["register"] = {"network": "26001"}
        return (await probe.ask("register", 60, network="26001"))["network"]

    assert play(story()) == "26001"
