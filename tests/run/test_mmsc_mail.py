"""An MMSC by itself with mail, killed meanwhile: `python -m tools.lab.network.mmsc --mm3 ... --smarthost ...`."""

import asyncio
import signal

from mms.codec import mm1
from tests.kit.lab.mmsc_alone import centre, free, post, process
from tests.kit.lab.mmsc_machine import submission
from tests.kit.mm3.messages import ALICE, BOB, DOMAIN, YOU, mail
from tests.kit.programs import until
from tools.lab.network.mm3 import reports
from tools.lab.network.mm3.mailbox import Mailbox


def run(folder, story):
    async def whole():
        async with asyncio.timeout(90), centre() as (smsc, pushed):
            place = free()
            box = Mailbox("mail.example", {DOMAIN: lambda: place}, int(free().rpartition(":")[2]), speed=50)
            words = ("--folder", folder, "--smsc", smsc, "--mm3", place)
            await story(box, pushed, words)

    asyncio.run(whole())


def test_a_mail_that_waits_for_its_server_outlives_a_kill_and_goes_once(tmp_path):
    async def story(box, pushed, words):
        words += ("--smarthost", "127.0.0.1:%d" % box._server._port)
        async with process(*words, end=signal.SIGKILL) as url:
            await post(url, ALICE, submission((mm1.DELIVERY_REPORT, True), to=(YOU,)))
            await until(lambda: b'"mail-failed"' in (tmp_path / "journal.jsonl").read_bytes(), 20)
        await box.start()
        async with process(*words, end=signal.SIGKILL):
            to, report = await pushed.get()
            assert (to, report.get(mm1.STATUS)) == (ALICE, mm1.RETRIEVED)
        async with process(*words):
            await asyncio.sleep(0.5)
        assert len(box.mails[YOU]) == 1 and pushed.empty()
        await box.stop()

    run(tmp_path, story)


def test_a_report_that_waits_for_its_server_outlives_a_kill(tmp_path):
    async def story(box, pushed, words):
        await box.start()
        down = ("--smarthost", free())
        async with process(*words, *down, end=signal.SIGKILL) as url:
            await box.send(YOU, "%s@%s" % (BOB, DOMAIN), mail(), "SUCCESS", "e1")
            _, notification = await pushed.get()
            tid = (mm1.TRANSACTION_ID, notification.get(mm1.TRANSACTION_ID))
            await post(url, BOB, mm1.build(mm1.NOTIFYRESP_IND, [tid, (mm1.VERSION, 0x12), (mm1.STATUS, mm1.RETRIEVED)]))
        async with process(*words, "--smarthost", box.address):
            await until(lambda: box.mails[YOU], 20)
        await box.stop()
        (report,) = reports.read(box.mails[YOU][0])
        assert (report.status, report.envid) == ("Retrieved", "e1")

    run(tmp_path, story)
