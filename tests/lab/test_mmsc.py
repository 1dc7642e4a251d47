"""The MMSC's shell over real sockets, with gateway and SMS centre around it."""

import asyncio
import json
import os
import subprocess
import sys
from urllib.parse import urlsplit

import aiohttp
import pytest

from mms.codec import mm1
from tests.kit.lab.mmsc import ALICE, MEDIA, PICTURE, Network, submission
from tools.lab.network.gateway.machine import MSISDN
from tools.lab.shell import private


def test_a_message_goes_through_gateway_mmsc_and_sms_centre_and_back(tmp_path):
    async def story():
        async with Network(tmp_path) as net:
            octets = submission()
            status, said = await net.alice.http(net.gateway, "POST", net.url, octets)
            confirmation = mm1.parse(said)
            assert (status, confirmation.get(mm1.RESPONSE_STATUS)) == (200, 0x80)
            notification = await net.bob.pushed(2)
            url = notification.get(mm1.CONTENT_LOCATION)
            assert urlsplit(url).hostname == net.mmsc.host
            _, said = await net.bob.http(net.gateway, "GET", url)
            assert said[mm1.parse(said).body :] == octets[mm1.parse(octets).body :]
            fields = [(mm1.TRANSACTION_ID, notification.get(mm1.TRANSACTION_ID)),
                      (mm1.VERSION, 0x12), (mm1.STATUS, mm1.RETRIEVED)]  # fmt: skip
            answer = mm1.build(mm1.NOTIFYRESP_IND, fields)
            assert (await net.bob.http(net.gateway, "POST", net.url, answer)) == (200, b"")
            report = await net.alice.pushed(1)
            assert report.get(mm1.MESSAGE_ID) == confirmation.get(mm1.MESSAGE_ID)

    asyncio.run(story())
    lines = (tmp_path / "journal.jsonl").read_text().splitlines()
    entries = [json.loads(line) for line in lines]
    assert [entry["event"] for entry in entries] == [
        "submitted", "notified", "retrieved", "notifyresp", "delivered", "reported",
    ]  # fmt: skip
    stored = (tmp_path / "bodies" / entries[0]["message_id"]).read_bytes()
    assert stored.endswith(PICTURE)


def test_a_dropped_answer_ends_the_connection_and_the_message_is_taken(tmp_path):
    async def story():
        async with Network(tmp_path) as net:
            net.mmsc.machine.drop_the_next_answer()
            with pytest.raises(aiohttp.ClientError):
                await net.alice.http(net.gateway, "POST", net.url, submission())
            assert (await net.bob.pushed(2)).type == mm1.NOTIFICATION_IND
            assert len(net.mmsc.journal.all("submitted")) == 1

    asyncio.run(story())


def test_half_a_submission_is_no_message_and_no_error(tmp_path, caplog):
    async def story():
        async with Network(tmp_path) as net:
            host, port = net.gateway.address.split(":")
            _, writer = await asyncio.open_connection(host, int(port), local_addr=("127.0.3.1", 0))
            octets = submission()
            head = "POST %s HTTP/1.1\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
            writer.write((head % (net.url, mm1.MEDIA, len(octets))).encode() + octets[:-1])
            await writer.drain()
            await asyncio.sleep(0.1)
            writer.transport.abort()
            await asyncio.sleep(0.1)
            assert net.mmsc.journal.entries == []

    asyncio.run(story())
    assert not caplog.records


def test_who_comes_without_a_gateway_is_nobody_and_the_log_says_so(tmp_path, caplog):
    async def story():
        async with Network(tmp_path) as net, aiohttp.ClientSession() as session:
            async with session.post(net.mmsc.url, data=submission(), headers=MEDIA) as answer:
                assert mm1.parse(await answer.read()).get(mm1.RESPONSE_STATUS) == 0xE3
            assert "Sending address unresolved" in caplog.text
            headers = {MSISDN: ALICE, **MEDIA}
            async with session.post(net.mmsc.url, data=submission(), headers=headers) as answer:
                assert mm1.parse(await answer.read()).get(mm1.RESPONSE_STATUS) == 0x80

    asyncio.run(story())


def test_what_does_not_call_itself_an_mms_message_is_none(tmp_path):
    async def story():
        async with Network(tmp_path) as net, aiohttp.ClientSession() as session:
            headers = {MSISDN: ALICE, "Content-Type": "application/octet-stream"}
            async with session.post(net.mmsc.url, data=submission(), headers=headers) as answer:
                assert answer.status == 415
            assert net.mmsc.journal.entries == []

    asyncio.run(story())


@pytest.mark.parametrize("name", ["network.mmsc", "network.smsc", "network.gateway", "camera"])
def test_each_starts_alone_and_explains_itself(name):
    command = [sys.executable, "-m", "tools.lab." + name, "--help"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0 and "--world FILE" in done.stdout


def test_it_prints_where_it_is_and_ends_at_a_signal(tmp_path):
    command = [sys.executable, "-m", "tools.lab.network.mmsc", "--folder", str(tmp_path / "mmsc"),
               "--smsc", "http://127.0.0.1:9"]  # fmt: skip
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    line = process.stdout.readline()
    process.terminate()
    _, errors = process.communicate(timeout=10)
    assert line.startswith("MMSC: 127.0.0.1:") and errors == "" and process.returncode == 0


def test_a_private_file_is_its_owners_whatever_it_was_before_and_a_device_stays_everybodys(tmp_path):
    path = tmp_path / "journal"
    path.write_text("old\n")
    path.chmod(0o644)
    with open(path, "a", opener=private) as file:
        file.write("new\n")
    assert path.stat().st_mode & 0o777 == 0o600 and path.read_text() == "old\nnew\n"
    before = os.stat(os.devnull).st_mode
    open(os.devnull, "w", opener=private).close()
    assert os.stat(os.devnull).st_mode == before
