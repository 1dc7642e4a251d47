"""The lab's date is told and set by a typed line and by HTTP, and stands in what its parts answer."""

import asyncio
import datetime
import email.utils
import zoneinfo

import aiohttp
import pytest

from tools.lab import dates
from tools.lab.calendar import Calendar
from tools.lab.network.billing import tariffs
from tools.lab.network.smsc.shell import Smsc
from tools.lab.places import HELP, Control
from tools.lab.terminal import Terminal
from tools.lab.world import WorldError

ZONES = {"O2": "Europe/London", "O2 DE": "Europe/Berlin"}


class Nowhere:
    """Places that know no line."""

    def perform(self, line):
        return HELP


class Wrong:
    """A table of tariffs whose first row lacks almost everything."""

    def read_text(self):
        return '[[operator]]\nname = "O2"'


class Bench:
    """Two operators' calendars at 27 January 2003, 09:00, in their local time."""

    def __init__(self):
        self.now = 0
        zones = {name: zoneinfo.ZoneInfo(zone) for name, zone in ZONES.items()}
        self.calendars = {name: Calendar(dates.seconds("2003-01-27 09:00", zone), zone) for name, zone in zones.items()}
        self.dates = dates.Dates(self.calendars, lambda: self.now)
        self.terminal = Terminal(Nowhere(), [self.dates])


@pytest.fixture
def bench():
    return Bench()


def test_a_line_tells_and_sets_the_local_time_of_each_operator(bench):
    bench.now = 60000
    assert bench.terminal.perform("date") == ["O2: 2003-01-27 09:01:00+00:00", "O2 DE: 2003-01-27 09:01:00+01:00"]
    answer = ["O2: 2003-07-31 23:59:50+01:00", "O2 DE: 2003-07-31 23:59:50+02:00"]
    assert bench.terminal.perform("date 2003-07-31 23:59:50") == answer
    bench.now += 10000
    assert bench.terminal.perform("date")[0] == "O2: 2003-08-01 00:00:00+01:00"


WRONG = ("soon", "2003-02-30 09:00", "1969-12-31 00:00", "2100-01-01", "2003-01-27 09:00+01:00")


@pytest.mark.parametrize("text", WRONG)
def test_a_date_that_cannot_be_is_answered_by_one_line_and_changes_nothing(bench, text):
    before = bench.dates.told()
    (line,) = bench.terminal.perform("date " + text)
    assert line.startswith("no date %r: say YYYY-MM-DD HH:MM" % text) and bench.dates.told() == before


def test_the_help_of_the_terminal_has_the_lines_of_every_desk(bench):
    assert bench.terminal.perform("help") == bench.terminal.help == (*HELP, *dates.Dates.HELP)


def test_the_date_is_set_over_http_as_well(bench):
    async def story():
        control = Control(Nowhere(), desks=[bench.dates])
        await control.start()
        try:
            async with aiohttp.ClientSession() as session:
                async with session.post(control.url + "/date", json={"date": "2003-02-01 00:00"}) as answer:
                    assert (await answer.json())["O2 DE"] == "2003-02-01 00:00:00+01:00"
                for wrong in ("{}", "[]", "[" * 9999, '{"date": 3}', '{"date": "2003"}'):
                    async with session.post(control.url + "/date", data=wrong) as answer:
                        assert answer.status == 400 and "YYYY-MM-DD" in await answer.text(), wrong
                async with session.get(control.url + "/date") as answer:
                    assert (await answer.json())["O2"] == "2003-02-01 00:00:00+00:00"
        finally:
            await control.stop()

    asyncio.run(story())


def test_answers_over_http_have_the_date_of_the_calendar(bench):
    async def story():
        smsc = Smsc({}, calendar=bench.calendars["O2 DE"])
        await smsc.start()
        try:
            async with aiohttp.ClientSession() as session, session.post(smsc.url + "/push") as answer:
                return email.utils.parsedate_to_datetime(answer.headers["Date"])
        finally:
            await smsc.stop()

    since = asyncio.run(story()) - datetime.datetime(2003, 1, 27, 8, tzinfo=datetime.UTC)
    assert datetime.timedelta(0) <= since < datetime.timedelta(minutes=1)


def test_an_operators_calendar_has_the_zone_of_its_tariffs():
    assert str(dates.calendar("26207", "2003-01-27 09:00").local(0)) == "2003-01-27 09:00:00+01:00"
    assert str(dates.calendar("99999", "2003-01-27 09:00").local(0)) == "2003-01-27 09:00:00+00:00"
    assert dates.calendar("26207").local(0).year > 2020
    with pytest.raises(WorldError):
        dates.calendar("26207", "yesterday")


def test_a_lab_with_a_wrong_table_of_prices_ends_in_one_line(monkeypatch):
    monkeypatch.setattr(tariffs.load, "__defaults__", (Wrong(),))
    with pytest.raises(WorldError, match="operator O2: say codes, currency"):
        dates.calendar("26207")
