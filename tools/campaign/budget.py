"""The budget of a campaign: the most that its messages may cost, by the prices that the handsets tell."""

from tools.campaign.probes.probe import Refused

_ASK_S = 30


class Budget:
    """`most` minor units of `currency`, of which `spent` are gone.

    A message whose price the handset does not know counts as nothing; so does a short message, which no tariff has.
    """

    def __init__(self, most, currency, spent=0):
        self.most, self.currency, self.spent = most, currency, spent
        self._reserved = {}  # number of an attempt: minor units that it may cost

    @property
    def left(self):
        """Minor units that are neither spent nor reserved."""
        return self.most - self.spent - sum(self._reserved.values())

    async def reserve(self, attempt):
        """Ask MO for the price of the attempt's message, and keep as much of the budget; whether there is as much.

        A price in another currency cannot be compared, and is too much. Raises Silent, Gone.
        """
        if attempt.case.group == "sms":
            return True  # the price that a handset tells is that of a multimedia message
        try:
            told = await attempt.mo.ask("price", _ASK_S, octets=attempt.octets)
        except Refused:
            return True  # a handset that was made without prices
        if not told.get("known"):
            return True
        price = (told.get("amount") or 0) + (told.get("due") or 0)
        if price and (told.get("currency") != self.currency or price > self.left):
            return False
        self._reserved[attempt.number] = price
        return True

    def settle(self, attempt):
        """Take what an attempt has cost, in place of what was reserved."""
        self._reserved.pop(attempt.number, None)
        if attempt.spent and attempt.spent["currency"] == self.currency:
            self.spent += attempt.spent["minor"]

    def refusal(self):
        """The fields of the outcome of an attempt for which too little is left."""
        amounts = "%d.%02d of %d.%02d %s" % (*divmod(self.spent, 100), *divmod(self.most, 100), self.currency)
        text = "%s are spent, and too little is left for this one" % amounts
        return {"verdict": "not possible", "step": "budget", "text": text, "advice": "raise the budget of the plan"}
