"""`mms campaign` as a person starts it: watched by Prometheus, ended by a signal, and without a report."""

import asyncio
import os
import signal
import urllib.error

from tests.kit import command
from tests.kit.campaign import journals
from tests.kit.campaign.scrape import free_port, scraped
from tests.kit.laboratory import SECONDS
from tools.campaign import journal

PLAN = """
[campaign]
name = "watched"
repetitions = 1000
pause_s = 0

[[probes]]
name = "alice"
kind = "simulated"
subscriber = "alice"

[[networks]]
mccmnc = "26001"
country = "poland"

[[cases]]
case = "register"
"""


def test_prometheus_reads_a_campaign_that_sigterm_ends_with_its_report(tmp_path):
    (tmp_path / "plan.toml").write_text(PLAN)
    port = free_port()
    key = ("campaign_attempts_total", ("case", "register"), ("network", "26001"), ("verdict", "passed"))

    def passed():
        try:
            return scraped(port).get(key, 0)
        except urllib.error.URLError:
            return 0  # nothing listens yet

    async def counted(process, least):
        while (found := await asyncio.to_thread(passed)) < least:
            assert process.returncode is None
            await asyncio.sleep(0.2)
        return found

    async def part(least, *more):
        words = ("campaign", "run", "plan.toml", "--out", "out", "--speed", "20", "--listen", "127.0.0.1:%d" % port)
        process = await command.start(tmp_path, *words, *more)
        hears = asyncio.create_task(process.communicate())
        try:
            found = await asyncio.wait_for(counted(process, least), SECONDS)
            process.send_signal(signal.SIGTERM)
            said, errors = await asyncio.wait_for(hears, SECONDS)
        finally:
            if process.returncode is None:
                process.kill()
        assert process.returncode == 130 and errors == b"stopped: --resume goes on\n", errors
        assert b"report.html" in said and (tmp_path / "out/report.html").exists()
        return found

    first = asyncio.run(part(1))
    assert asyncio.run(part(first + 1, "--resume")) > first  # those of the run before are counted, too


def test_a_report_needs_a_campaign_and_neither_the_journals_folder_nor_a_modern_terminal(tmp_path):
    written = journal.Journal(tmp_path / "journal.jsonl")
    for line in journals.journal(repetitions=1):
        written.write(**line)
    written.close()
    (tmp_path / "plan.toml").write_text(PLAN)

    async def story():
        done = await command.run(tmp_path, "campaign", "report", "plan.toml")
        assert done.status == 2 and done.fault == "plan.toml: no campaign in it"
        ascii = ["env", "PYTHONIOENCODING=ascii", *command.CHECKOUT]
        done = await command.run(tmp_path, "campaign", "report", ".", "--out", "elsewhere", command=ascii)
        assert done.status == 0 and "in elsewhere: report.html" in done.said, done.errors
        read, write = os.pipe()
        os.close(read)
        process = await command.start(tmp_path, "campaign", "report", ".", "--json", stdout=write)
        os.close(write)
        _, errors = await asyncio.wait_for(process.communicate(), SECONDS)
        assert process.returncode == 141 and b"cannot be written" not in errors, errors

    asyncio.run(story())
