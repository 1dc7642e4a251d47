"""Postfix stands between two message centres, as relays and filters do; swaks says what it likes."""

import asyncio

from mms.codec import mm1
from tests.kit.lab.mm4 import ALICE, CAROL, O2, ORANGE
from tests.kit.lab.mm4_mail import Centre, two
from tests.kit.peers.postfix import Postfix
from tests.kit.programs import need, until
from tools.lab.network.mm4.machine import Peer


def drive(story):
    async def run():
        o2, orange = await two(speed=50)
        try:
            async with Postfix("relay.example", (), {row.domain: row.shell.address for row in (o2, orange)}) as postfix:
                o2.mm4.peers[ORANGE] = orange.mm4.peers[O2] = Peer(postfix.address)
                await asyncio.wait_for(story(o2, orange, postfix), 60)
        finally:
            for centre in (o2, orange):
                await centre.stop()

    asyncio.run(run())


def test_a_message_its_response_and_its_report_cross_through_postfix():
    async def story(o2, orange, postfix):
        key = o2.submit(ALICE, CAROL, (mm1.DELIVERY_REPORT, True), (mm1.SUBJECT, "Grüße"))
        await until(lambda: orange.shown(CAROL, mm1.NOTIFICATION_IND), 20)
        await until(lambda: o2.said("handed"), 20)
        retrieved = orange.retrieve(CAROL)
        assert mm1.number(retrieved.get(mm1.FROM)) == ALICE and retrieved.get(mm1.SUBJECT) == "Grüße"
        assert [mm1.number(address) for address in retrieved.all(mm1.TO)] == [CAROL]
        await until(lambda: o2.shown(ALICE, mm1.DELIVERY_IND), 20)
        assert o2.shown(ALICE, mm1.DELIVERY_IND)[0].get(mm1.MESSAGE_ID) == key
        assert "to=<%s/TYPE=PLMN@%s>" % (CAROL, ORANGE) in postfix.log()

    drive(story)


def test_what_postfix_has_taken_is_not_what_the_peer_has():
    async def story(o2, orange, postfix):
        await orange.stop()
        o2.submit(ALICE, CAROL)
        await until(lambda: "status=deferred" in postfix.log(), 20)
        assert o2.said("sending") and not o2.said("handed") and not o2.said("failed")
        back = Centre(ORANGE, 50, port=int(orange.shell.address.split(":")[1]))
        await back.start()
        back.mm4.peers[O2] = Peer(postfix.address)
        await until(lambda: o2.said("handed"), 30)
        assert len(back.said("accepted")) == 1
        await back.stop()

    drive(story)


def test_mail_by_swaks_that_is_no_mm4_is_refused():
    swaks = need("swaks")

    async def story(o2, orange, postfix):
        async def send(to):
            process = await asyncio.create_subprocess_exec(
                swaks, "--server", o2.shell.address, "--from", "x@" + ORANGE, "--to", to,
                stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE,
            )  # fmt: skip
            return (await process.communicate())[0].decode()

        ours = "%s/TYPE=PLMN@%s" % (ALICE[1:], O2)  # an argument that begins with + would be an option
        assert "<** 554 5.6.0 no X-Mms-Message-Type of MM4" in await send(ours)
        assert "<** 550 5.1.1 not a subscriber of " + O2 in await send("447700900999@" + O2)
        assert "<** 550 5.7.1 %s relays for nobody" % O2 in await send("you@mail.example")
        assert len(o2.said("smtp")) == 3 and not o2.said("accepted")

    drive(story)
