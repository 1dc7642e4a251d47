"""A journal is measured: each figure by its trigger points, whatever became of the campaign."""

from tests.kit.campaign import journals
from tools.campaign.figures import kpis, measure

HOME, ABROAD = "23410", "26207"


def test_every_kpi_of_the_table_has_a_figure():
    found = measure.measure(journals.journal(repetitions=3))
    assert found.kpis == tuple(kpi.name for kpi in kpis.KPIS)
    assert found.networks == (HOME, ABROAD, "20801")
    assert found.campaign["name"] == "sample" and len(found.attempts) == 3 * 3 * len(journals.CASES)


def test_times_are_those_between_the_trigger_points():
    lines = list(
        journals.journal(
            (HOME,),
            (("mms-30", "mms", 30720),),
            1,
            chances={HOME: journals.Chances(dict.fromkeys(journals.Chances.DEFAULTS, 0))},
        )
    )
    found = measure.measure(lines)
    at = {
        line.get("event") or line.get("do"): line["at"] for line in reversed(lines) if line["what"] in ("ask", "event")
    }

    def only(name):
        return found.cells[HOME, name].median

    assert only("mms-send-time") == round(at["confirmed"] - at["send"], 4)
    assert only("mms-notification-time") == round(at["notified"] - at["confirmed"], 4)
    assert only("mms-retrieval-time") == round(at["acknowledged"] - at["notified"], 4)
    assert only("mms-end-to-end-time") == round(at["retrieved"] - at["send"], 4)
    assert only("delivery-report-time") == round(at["delivered"] - at["confirmed"], 4)
