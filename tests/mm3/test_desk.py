"""Mailboxes at the lab's terminal and by HTTP."""

import asyncio
import pathlib

import aiohttp
import pytest

from tests.kit.mm3.messages import BOB, DOMAIN, PICTURE, YOU
from tests.kit.mm3.relay import Office
from tests.kit.programs import until
from tools.lab.network.mm3 import reports
from tools.lab.network.mm3.desk import MailDesk
from tools.lab.shell import Server
from tools.lab.world import WorldError

BOX = "%s@%s" % (BOB, DOMAIN)


def run(folder, story):
    async def whole():
        async with asyncio.timeout(30), Office() as office:
            await story(office, MailDesk(office.box, folder))

    asyncio.run(whole())


def test_a_mail_is_listed_and_read_once_and_its_sender_learns_that(tmp_path):
    async def story(office, desk):
        assert desk.perform(["mail"]) == ["no mail"]
        office.forward(subject="A hill", read_report=True)
        await until(lambda: office.box.mails[YOU], 5)
        assert desk.perform(["mail"]) == [YOU + ": 1"]
        *lines, path = desk.perform(["mail", YOU.upper()])
        assert lines == ["from: +447700900001@mms.o2.example", "subject: A hill", "Grüße vom Hügel"]
        file = pathlib.Path(path)
        assert file.read_bytes() == PICTURE and file.parent == tmp_path / YOU and file.stat().st_mode & 0o77 == 0
        await until(lambda: (reports.READ, "k-0", YOU) in office.relay.said, 5)
        with pytest.raises(WorldError, match="no mail for"):
            desk.perform(["mail", YOU])

    run(tmp_path, story)


def test_a_mail_is_sent_and_a_refused_one_comes_back(tmp_path):
    async def story(office, desk):
        assert desk.perform(["mail", YOU, BOX, "Hello", "from", "here"]) == ["sent"]
        await until(lambda: office.relay.accepted, 5)
        ((message, recipients, _, _),) = office.relay.accepted
        assert (message.sender, recipients) == (YOU, [BOB]) and b"Hello from here" in message.content
        desk.perform(["mail", YOU, "+447700900099@" + DOMAIN, "Hello"])
        await until(lambda: office.box.mails[YOU], 5)
        assert "rejected" in "".join(desk.perform(["mail", YOU]))

    run(tmp_path, story)


@pytest.mark.parametrize(
    "words", [["you", BOX, "x"], [YOU, "bob", "x"], ["a@elsewhere.example", BOX, "x"], ["../x"], [YOU + "\n", BOX, "x"]]
)
def test_addresses_that_are_none_are_told(tmp_path, words):
    async def story(office, desk):
        with pytest.raises(WorldError):
            desk.perform(["mail", *words])

    run(tmp_path, story)


def test_the_same_by_http(tmp_path):
    async def story(office, desk):
        server = Server(desk.routes(), guarded=True)
        await server.start()
        async with aiohttp.ClientSession() as session:
            office.forward()
            await until(lambda: office.box.mails[YOU], 5)
            async with session.get(server.url + "/mail") as answer:
                assert await answer.json() == {YOU: 1}
            async with session.post(server.url + "/mail/" + YOU) as answer:
                assert (await answer.json())["text"] == "Grüße vom Hügel"
            async with session.post(server.url + "/mail/" + YOU, json={"to": BOX, "text": "back"}) as answer:
                assert answer.ok
            await until(lambda: office.relay.accepted, 5)
            for body in (b"", b"[", b"{}", b'{"to": "x", "text": "y"}'):
                async with session.post(server.url + "/mail/" + YOU, data=body) as answer:
                    assert answer.status == 400
        await server.stop()

    run(tmp_path, story)
