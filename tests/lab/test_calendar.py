"""The date in the lab: an operator's own, in its local time, and set while the lab runs."""

import datetime
import zoneinfo

from mms.codec import tpdu
from tools.lab.calendar import Calendar
from tools.lab.network.smsc.machine import Centre

BERLIN = zoneinfo.ZoneInfo("Europe/Berlin")
MIDNIGHT = int(datetime.datetime(2003, 2, 1, tzinfo=BERLIN).timestamp())
ALICE = "+4917604069000"


def test_the_date_runs_with_the_callers_milliseconds_in_local_time():
    calendar = Calendar(MIDNIGHT - 1, BERLIN)
    assert [calendar.date(ms) - MIDNIGHT for ms in (0, 999, 1000)] == [-1, -1, 0]
    assert [str(calendar.local(ms)) for ms in (999, 1000)] == ["2003-01-31 23:59:59+01:00", "2003-02-01 00:00:00+01:00"]
    assert [calendar.quarters(MIDNIGHT + days * 86400) for days in (0, 57, 58)] == [4, 4, 8]  # summer time is there
    assert Calendar(0).quarters(MIDNIGHT) == 0


def test_a_date_that_is_set_counts_from_that_moment_on():
    calendar = Calendar(0)
    calendar.set(MIDNIGHT, 5500)
    assert [calendar.date(ms) - MIDNIGHT for ms in (5500, 6499, 7000)] == [0, 1, 2]


def test_stamps_of_the_sms_centre_are_of_its_own_local_time():
    tries, calendar = [], Calendar(MIDNIGHT, BERLIN)
    centre = Centre(lambda key, number, octets: tries.append((key, octets)), (ALICE,), calendar)
    for days, stamp in ((0, "30201000000040"), (60, "30402010000080")):
        calendar.set(MIDNIGHT + days * 86400, days)
        centre.push(ALICE, "MMSC", b"x", days)
        centre.advance(days + 3000)
        key, octets = tries.pop()
        assert stamp in octets.hex() and tpdu.parse(octets).time == MIDNIGHT + days * 86400
        centre.delivered(key, days + 3000)
