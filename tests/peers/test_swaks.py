"""swaks sends mail to a subscriber's number, as people do by hand: text, HTML, pictures, and what is refused."""

import asyncio

import pytest

from tests.kit.mm3.messages import BOB, DOMAIN, PICTURE
from tests.kit.mm3.relay import Office
from tests.kit.programs import need
from tools.lab.network.mmsc.contents import unpack

BOX = "%s@%s" % (BOB, DOMAIN)


def run(*arguments, to=BOX):
    """(what swaks printed, what the relay accepted)."""

    async def story():
        async with asyncio.timeout(30), Office() as office:
            sender, recipient = "you@mail.example", to.lstrip("+")  # a + begins an option
            process = await asyncio.create_subprocess_exec(
                need("swaks"), "--server", office.mail.address, "--from", sender, "--to", recipient, *arguments,
                stdout=asyncio.subprocess.PIPE, stdin=asyncio.subprocess.DEVNULL,
            )  # fmt: skip
            output, _ = await process.communicate()
            return output.decode("utf-8", "replace"), office.relay.accepted

    return asyncio.run(story())


def test_a_mail_with_a_picture_is_a_message(tmp_path):
    (tmp_path / "hill.jpg").write_bytes(PICTURE)
    output, accepted = run(
        "--attach-type", "text/plain", "--attach-body", "Hello", "--attach-type", "image/jpeg",
        "--attach-name", "hill.jpg", "--attach", "@%s" % (tmp_path / "hill.jpg"), "--header", "Subject: The hill",
    )  # fmt: skip
    ((message, recipients, _, _),) = accepted
    assert "250-DSN" in output and "250 2.0.0 m1" in output
    assert (message.sender, message.subject, recipients) == ("you@mail.example", "The hill", [BOB])
    text, picture = unpack(message.content).parts
    assert (text.octets.strip(), picture.octets, picture.name) == (b"Hello", PICTURE, "hill.jpg")


@pytest.mark.parametrize(
    "to, header, reply",
    [
        ("+447700900099@" + DOMAIN, "X: y", "550 5.1.1"),
        ("you@mail.example", "X: y", "550 5.7.1"),
        (BOX, "From: +447700900001@" + DOMAIN, "550 5.7.1"),
        (BOX, "From: Bob <+447700900001/TYPE=PLMN@elsewhere.example>", ""),
    ],
)
def test_a_stranger_and_a_forged_sender_are_told_so(to, header, reply):
    output, accepted = run("--header", header, to=to)
    assert ("<** " + reply in output and accepted == []) if reply else accepted[0][0].sender == "you@mail.example"
