"""Two MMSCs by themselves, each a process: `python -m tools.lab.network.mmsc --mm4 ... --peer ...`."""

import asyncio
import subprocess
import sys

import aiohttp
import pytest

from mms.codec import mm1
from tests.kit.lab.mmsc_alone import MMSC, centre, free, post, process
from tests.kit.lab.mmsc_machine import PICTURE, submission
from tools.lab.network.gateway.machine import MSISDN
from tools.programs import ROOT

ALICE, CAROL = "+447700900001", "+447700900133"
O2, ORANGE = "mms.mnc010.mcc234.gprs", "mms.mnc033.mcc234.gprs"


def test_two_of_them_exchange_a_message_and_the_report_on_it(tmp_path):
    async def story(smsc, pushed):
        here, there = free(), free()
        first = ("--operator", "23410", "--mm4", here, "--peer", "%s=%s" % (ORANGE, there))
        second = ("--operator", "23433", "--mm4", there, "--peer", "%s=%s" % (O2, here))
        first += ("--writes", ORANGE + "=quoted-ids", "--writes", ORANGE + "=seconds")
        async with (
            process("--folder", tmp_path / "o2", "--smsc", smsc, *first) as o2,
            process("--folder", tmp_path / "orange", "--smsc", smsc, *second) as orange,
            aiohttp.ClientSession() as session,
        ):
            sent = mm1.parse(await post(o2, ALICE, submission((mm1.DELIVERY_REPORT, True), to=(CAROL,))))
            assert sent.get(mm1.RESPONSE_STATUS) == mm1.OK
            to, notification = await pushed.get()
            assert to == CAROL and mm1.number(notification.get(mm1.FROM)) == ALICE
            path = "/m/" + notification.get(mm1.CONTENT_LOCATION).split("/m/")[1]
            async with session.get(orange + path, headers={MSISDN: CAROL}) as answer:
                octets = await answer.read()
            assert PICTURE in octets and len(octets) == notification.get(mm1.MESSAGE_SIZE)
            tid = (mm1.TRANSACTION_ID, notification.get(mm1.TRANSACTION_ID))
            done = mm1.build(mm1.NOTIFYRESP_IND, [tid, (mm1.VERSION, 0x12), (mm1.STATUS, mm1.RETRIEVED)])
            await post(orange, CAROL, done)
            to, report = await pushed.get()
            assert (to, report.get(mm1.STATUS)) == (ALICE, mm1.RETRIEVED)
            assert report.get(mm1.MESSAGE_ID) == sent.get(mm1.MESSAGE_ID)

    async def whole():
        async with asyncio.timeout(60), centre() as (smsc, pushed):
            await story(smsc, pushed)

    asyncio.run(whole())


def test_a_folder_is_for_one_mmsc_and_its_queue_has_to_be_one(tmp_path):
    words = [sys.executable, *MMSC, "--folder", tmp_path, "--smsc", "http://127.0.0.1:9"]
    (tmp_path / "queue.sqlite").write_text("this is no database, and it is as long as the header of one has to be" * 9)
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 1 and done.stderr.startswith("MMSC: %s/queue.sqlite: file is not a" % tmp_path)
    (tmp_path / "queue.sqlite").unlink()
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE) as first:
        first.stdout.readline()
        done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True)
        first.terminate()
    assert done.returncode == 1 and "one runs in %s already" % tmp_path in done.stderr


WRONG = (
    ("--mm4", "0.0.0.0:25"), ("--mm4", "127.0.0.1"), ("--peer", "x"), ("--operator", "99999"), ("--smarthost", "x"),
    ("--writes", "x=y"),
)  # fmt: skip


@pytest.mark.parametrize("words", WRONG)
def test_a_wrong_word_of_the_command_line_ends_in_one_line(tmp_path, words):
    async def story():
        child = await asyncio.create_subprocess_exec(
            sys.executable, *MMSC, "--folder", tmp_path, "--smsc", "http://127.0.0.1:9", *words,
            cwd=ROOT, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        _, said = await child.communicate()
        return child.returncode, said.decode()

    status, said = asyncio.run(story())
    assert status and "Traceback" not in said and words[-1] in said.splitlines()[-1]
