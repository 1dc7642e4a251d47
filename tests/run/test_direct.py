"""An operator without a proxy: handsets connect to the MMSC, and to another host of it for their messages."""

import asyncio

from tests.kit.laboratory import SECONDS, Laboratory


def test_a_message_comes_from_another_host_of_the_operator_without_a_proxy(tmp_path):
    async def story():
        lab = Laboratory(tmp_path)
        home = lab.world.operator(lab.world.home)
        home.gateway, home.mmsc = "", "http://mmsc.mms.o2.example:8002/"
        async with lab:
            lab.network.mmsc.machine.deviations.switch("other-host")
            alice, bob = [await lab.ready(name) for name in ("alice", "bob")]
            await alice.ask("send", SECONDS, to=[lab.number("bob")], text="straight on", subject="News")
            known = await bob.seen("acknowledged", SECONDS)
            shown = await bob.ask("read", SECONDS, id=known["id"])
            assert (shown["sender"], shown["text"]) == (lab.number("alice"), "straight on")
            (notified,) = lab.journal("notified")
            assert notified["deviations"] == ["other-host"]
            assert lab.journal("submitted")[0]["sender"] == lab.number("alice")

    asyncio.run(story())
