"""A picture over the whole lab, with the camera of a serial line, whose operator takes small messages only."""

import asyncio

from tests.kit.laboratory import SECONDS, Laboratory


def test_a_picture_is_taken_again_until_the_operator_takes_its_message(tmp_path):
    async def story():
        async with Laboratory(tmp_path) as lab:
            operators = lab.network.settings("alice", tmp_path)["operators"]
            for operator in operators.values():
                operator["octets"] = 16000
            alice = await lab.ready("alice", press={"to": [lab.number("bob")]}, operators=operators)
            for again in (True, False):
                id = (await alice.ask("press", SECONDS))["id"]
                await alice.seen("confirmed", SECONDS, id=id)
                (accepted,) = [event for event in alice.events if event["event"] == "accepted" and event["id"] == id]
                assert 8000 < accepted["octets"] <= 16000
                assert again == any(event["event"] == "retaken" for event in alice.events)
                alice.events.clear()
            kinds = {(frame.size, frame.compression) for frame in lab.network.cameras["alice"].frames}
            assert ("VGA", 54) in kinds and len(kinds) > 1

    asyncio.run(story())
