"""The meaning of X-Mms-Status, Response-Status, Retrieve-Status, Store-Status, Read-Status and Cancel-Status.

Imported when a status is not the expected one.
"""

from mms.codec.mm1 import STATUS
from mms.codec.outcomes import OUTCOMES


def status(field, value):
    """(name, "ok", "transient" or "permanent") of the value of a field; transient: another attempt may help.

    An unknown value counts as the failure of its range, and one outside all ranges as a permanent failure
    (OMA-TS-MMS_ENC 7.3.48).
    """
    at = OUTCOMES.find("\n%02X%02X " % (field, value)) + 1
    if at:
        _, outcome, name = OUTCOMES[at : OUTCOMES.find("\n", at)].split(" ")
        return name, outcome
    if field == STATUS:
        return "indeterminate", "permanent"
    has_range = "\n%02XC0 " % field in OUTCOMES
    return "failure", "transient" if has_range and 0xC0 <= value < 0xE0 else "permanent"
