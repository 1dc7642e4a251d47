"""The prices of the lab's operators: rows of a table, by local date, size, plan and place."""

import binascii
import datetime
import struct

import pytest

from tools import tariffs as compiled
from tools.lab.network.billing import tariffs
from tools.lab.network.billing.tariffs import TariffError

ROWS = tariffs.load()
JANUARY, FEBRUARY = datetime.date(2003, 1, 31), datetime.date(2003, 2, 1)
O2_UK, O2_DE = "23410", "26207"
TABLE = """
[[operator]]
name = "One"
codes = ["00101"]
currency = "GBP"
zone = "Europe/London"
number = "12345"
[[operator.tariff]]
from = 2003-01-01
until = 2003-01-31
price = 10
ours = "a test"
"""
ROW = """
[[operator.tariff]]
from = %s
until = %s
price = 20
ours = "a test"
"""


def minor(*given, **more):
    price = tariffs.price(ROWS, *given, **more)
    return price.minor + price.fee


def test_a_message_of_o2_uk_is_free_until_the_last_of_january_and_costs_40_pence_then():
    assert minor(O2_UK, JANUARY, 30000, False) == 0
    assert minor(O2_UK, FEBRUARY, 30000, False) == minor(O2_UK, FEBRUARY, 300000, True) == 40


def test_30720_octets_are_over_the_tier_of_o2_germany_and_30719_are_not():
    assert [minor(O2_DE, JANUARY, octets, False) for octets in (1, 30719, 30720, 30721)] == [39, 39, 99, 99]
    for code, plan, prices in (("26201", "", [39, 99]), ("26201", "prepaid", [59, 129]), ("26202", "", [39, 99])):
        assert [minor(code, JANUARY, octets, False, plan) for octets in (30719, 30720)] == prices


def test_abroad_each_kilobyte_begun_costs_3_cents_more_both_ways():
    assert [minor(O2_DE, JANUARY, octets, True) for octets in (1, 1024, 1025, 30720)] == [42, 42, 45, 99 + 90]
    assert [tariffs.receiving(ROWS, O2_DE, JANUARY, octets, True).minor for octets in (1024, 1025)] == [3, 6]
    assert tariffs.receiving(ROWS, O2_DE, JANUARY, 1025, False).minor == 0
    assert tariffs.abroad(O2_UK, "20820") and not tariffs.abroad(O2_UK, "23433") and not tariffs.abroad(O2_UK, None)


@pytest.mark.parametrize("plan, fee, included", [("bolt10", 350, 10), ("bolt25", 650, 25)])
def test_a_bolt_on_costs_its_fee_and_then_nothing_until_its_messages_are_used_up(plan, fee, included):
    prices = [tariffs.price(ROWS, O2_UK, FEBRUARY, 100, False, plan, count) for count in range(included + 2)]
    assert [price.fee for price in prices] == [fee] + [0] * (included + 1)
    assert [price.minor for price in prices] == [0] * included + [40, 40]


def test_the_best_bolt_on_brings_a_message_to_26_pence_and_none_counts_while_all_is_free():
    rows = [row for row in ROWS[O2_UK].tariffs if row.plan]
    assert min(row.fee / row.included for row in rows) == 26 and len(rows) == 2
    assert minor(O2_UK, JANUARY, 100, False, "bolt25") == 0


def test_a_fee_can_include_every_message_of_the_month():
    assert [minor("23430", JANUARY, 100, False, so_far=count) for count in (0, 1, 70000)] == [2000, 0, 0]


@pytest.mark.parametrize("code, day", [(O2_DE, FEBRUARY), (O2_UK, datetime.date(2003, 4, 1)), ("99999", JANUARY)])
def test_a_price_that_no_row_has_is_unknown(code, day):
    with pytest.raises(TariffError, match="no tariff.* (2003|network 99999)"):
        tariffs.price(ROWS, code, day, 100, False)


@pytest.mark.parametrize(
    "more, words",
    [
        (ROW % ("2003-02-02", "2003-02-28"), "One, no plan: a gap between 2003-01-31 and 2003-02-02"),
        (ROW % ("2003-01-31", "2003-02-28"), "One, no plan: overlap between 2003-01-31 and 2003-01-31"),
        (ROW % ("2003-02-28", "2003-02-01"), "the first one first"),
        (ROW % ("2003-02-01T00:00:00", "2003-02-28"), "from and until are days"),
        (ROW % ("2003-02-01", "2003-02-28") + "over = 3", "edge and over go together"),
        (ROW % ("2003-02-01", "2003-02-28") + "fee = 3.5", "fee is 3.5: a whole number"),
        (ROW % ("2003-02-01", "2003-02-28") + "sending = 256", "sending is 256: a whole number from 0 to 255"),
        (ROW % ("2003-02-01", "2003-02-28") + "discount = 1", "say from, until, price"),
        (ROW.replace("ours", "plan") % ("2003-02-01", "2003-02-28"), "neither a source nor ours"),
        (TABLE, "One: network 00101 belongs to One already"),
        (TABLE.replace("00101", "00102").replace("Europe/London", "Europe/Nowhere"), "no zone 'Europe/Nowhere'"),
        (TABLE.replace("12345", "O2"), "number is 'O2'"),
        (TABLE.replace('["00101"]', "7"), "codes and tariff are lists"),
        ("[[operator]]", "operator None: say"),
        ("[", "tariffs: "),
    ],
)
def test_a_table_that_is_wrong_is_refused_in_one_line_that_names_the_row(more, words):
    tariffs.read(TABLE)
    with pytest.raises(TariffError) as caught:
        tariffs.read(TABLE + more)
    assert words in str(caught.value) and "\n" not in str(caught.value)


def content():
    """The content of the compiled file, its blocks checked."""
    octets = compiled.TARGET.read_bytes()
    blocks = [octets[at : at + 512] for at in range(0, len(octets), 512)]
    assert all(binascii.crc32(block[:508]).to_bytes(4, "big") == block[508:] for block in blocks)
    return b"".join(block[:508] for block in blocks)


def test_the_compiled_file_is_that_of_the_table_and_small():
    octets = compiled.TARGET.read_bytes()
    assert octets == compiled.compile(tariffs.SOURCE.read_text()), "run: python -m tools.tariffs"
    assert len(octets) <= 2048


def test_records_of_the_compiled_file_begin_and_end_at_local_midnight():
    octets = content()
    networks, operators, count = octets[5:8]
    assert octets[:5] == b"MMST\1" and networks == len(ROWS)
    start = 32 * (1 + (networks + 7) // 8 + operators)
    found = [struct.unpack_from(">B10sIIb5H2B", octets, start + 32 * at) for at in range(count)]
    germany = [row for row in found if row[0] == 1]
    local = datetime.timezone(datetime.timedelta(minutes=15 * germany[0][4]))
    assert [datetime.datetime.fromtimestamp(second, local).isoformat() for second in germany[0][2:4]] == [
        "2002-11-08T00:00:00+01:00",
        "2003-02-01T00:00:00+01:00",
    ]
    assert germany[0][5:] == (0, 0, 39, 30720, 99, 3, 3)
    orange = [row for row in found if row[0] == 5]
    assert [row[4] for row in orange] == [4, 0, 4]  # in summer time, out of it, and in it again
    assert [row[3] for row in orange[:-1]] == [row[2] for row in orange[1:]]
