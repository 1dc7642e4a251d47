"""Whether a person lets something cost money: a question on the terminal, or an amount that was given before."""

import re

from tools.campaign.attempt import Impossible


class CostError(Exception):
    """An amount that is none."""


def parse(text):
    """(minor units, currency) of an amount such as "2.00 GBP"; raises CostError."""
    found = re.fullmatch(r"(\d{1,6})(?:\.(\d{2}))? ([A-Z]{3})", text.strip())
    if not found:
        raise CostError("%s: an amount, please, such as 2.00 GBP" % (text or '""'))
    return 100 * int(found[1]) + int(found[2] or 0), found[3]


def words(minor, currency):
    """An amount for people."""
    return "%d.%02d %s" % (*divmod(minor, 100), currency)


class Costs:
    """Asks before each thing that costs. `limit` is (minor units, currency) that may be spent without a question.

    `question(text)` gives a person's answer; None without a terminal. `told` are the answers so far.
    """

    def __init__(self, limit=None, question=None):
        self._limit, self._question = limit, question
        self.told = []

    def permit(self, thing, price, currency, is_data=False):
        """The price in words, when `thing` may cost `price` (minor units, None: unknown); raises Impossible if not.

        Some kilobytes of data, whose price no handset knows, go with any amount.
        """
        cost = "unknown to the handset: ask the SIM's operator" if price is None else words(price, currency)
        if self._limit:
            why = "" if is_data else self._within(price, currency)
        elif self._question is None:
            why = "nobody is at a terminal to say yes: --yes-to-costs AMOUNT says it before"
        else:
            answer = self._question("%s. Its price is %s. Do it? Type yes, or Enter for no: " % (thing, cost))
            why = "" if answer.strip().lower() == "yes" else "nobody said yes to its price, %s" % cost
        self.told.append((thing, cost, not why))
        if why:
            raise Impossible(why)
        return cost

    def _within(self, price, currency):
        """Take a price off the limit; the reason in words where it does not fit."""
        left, of = self._limit
        if price is None:
            return "its price is unknown, so no amount can bound it: run it at a terminal, and answer the question"
        if price and currency != of:
            return "it costs %s, and the amount is in %s" % (words(price, currency), of)
        if price > left:
            return "it costs %s, and %s are left of the amount" % (words(price, currency), words(left, of))
        self._limit = left - price, of
        return ""
