"""Whatever fails, a person is told what can be done: for each status of the MMSC, and for each step of an error."""

from mms import errors
from mms.advice import advice
from mms.codec import mm1
from mms.handset import rooms
from tests.kit.handset.steps import STEPS


def refusal(field, status):
    """The error of the handset for a status that is no success."""
    name, kind = rooms.statuses.status(field, status)
    step = "retrieve" if field == mm1.RETRIEVE_STATUS else "confirmation"
    return errors.Refused(step, status, name, kind == "permanent")


def test_each_status_has_its_advice():
    for field in (mm1.RESPONSE_STATUS, mm1.RETRIEVE_STATUS, mm1.STORE_STATUS):
        for status in range(0x81, 0x100):
            told = advice(refusal(field, status))
            assert len(told) > 20 and "\n" not in told, (field, status)
    for status in (400, 401, 403, 404, 407, 408, 410, 413, 429, 500, 502, 503, 504):
        for step in ("answer", "retrieve"):
            assert advice(errors.Refused(step, status, "no")), status


def test_what_advice_depends_on_the_status():
    for field, status, word in (
        (mm1.RESPONSE_STATUS, 0x82, "subscription"),
        (mm1.RESPONSE_STATUS, 0xE1, "subscription"),
        (mm1.RESPONSE_STATUS, 0xE2, "other words"),
        (mm1.RESPONSE_STATUS, 0xE3, "number"),
        (mm1.RESPONSE_STATUS, 0xE5, "content"),
        (mm1.RESPONSE_STATUS, 0xEA, "hide"),
        (mm1.RESPONSE_STATUS, 0xEB, "top up"),
        (mm1.RESPONSE_STATUS, 0xE0, "retry"),
        (mm1.RETRIEVE_STATUS, 0xE1, "subscription"),
        (mm1.RETRIEVE_STATUS, 0xE2, "sender"),
        (mm1.RETRIEVE_STATUS, 0xC0, "later"),
    ):
        assert word in advice(refusal(field, status)), (field, status)


def test_each_step_has_its_advice():
    for step in STEPS:
        for kind in (errors.LinkError, errors.ModemError, errors.StoreError, errors.CameraError, errors.TooLarge):
            for waits in (False, True):
                assert len(advice(kind(step, None, "no"), waits)) > 15, step
    for error in (errors.Stuck("carry"), errors.PduError(0, "no"), errors.SettingsError("pin", "no")):
        assert len(advice(error)) > 15
    assert advice(errors.UsageError("it says itself what is wanted")) == ""


def test_an_error_that_knows_better_says_so():
    error = errors.Refused("location", None, "elsewhere")
    error.advice = "add it"
    assert (advice(error), advice(error, True)) == ("add it", "add it; the message waits")


def test_a_context_that_the_network_took_down_is_no_fault_of_the_settings():
    for step in ("connect", "send", "receive"):
        told = advice(errors.BearerError(step, None, "the network took the context down"), True)
        assert "brings it up again" in told and "settings" not in told and told.endswith("; the message waits")
