"""Numbers, times, networks and texts as the report writes them: one way for the page and the terminal.

A figure is a text with its unit; "–" stands for none, "?" for a bound that the sample cannot give.
"""

import datetime

NONE = "–"
UNKNOWN = "?"


class Networks:
    """The names of the networks of a campaign, as its plan has them."""

    def __init__(self, campaign):
        rows = (campaign.get("plan") or {}).get("networks") or ()
        self._rows = {row.get("mccmnc"): row for row in rows}

    def title(self, code):
        """The name of a network, or its code where the plan has no name."""
        return plain(self._rows.get(code, {}).get("name") or code)

    def hint(self, code):
        """The code and the country, as far as the title does not say them."""
        row = self._rows.get(code, {})
        parts = [code if row.get("name") else None, _country(row)]
        return plain(" · ".join(part for part in parts if part))

    def whole(self, code):
        """The name with the code behind it, or the code with the country."""
        row = self._rows.get(code, {})
        behind = code if row.get("name") else _country(row)
        return "%s (%s)" % (self.title(code), plain(behind)) if behind else self.title(code)

    def planned(self):
        """The codes of all networks of the plan."""
        return tuple(self._rows)


def _country(row):
    parts = (row.get("country") or "").replace("-", " ").split()
    return " ".join(part.upper() if len(part) <= 3 else part.title() for part in parts)


def plain(text):
    """A text of a handset or a network as it may be shown: characters without a shape of their own are "�"."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in str(text))


def percent(share):
    """A share (0 to 1) in percent."""
    if share is None:
        return UNKNOWN
    value = 100 * share
    if value in (0, 100) or 0.1 <= value <= 99.9:
        return ("%.0f %%" if value in (0, 100) else "%.1f %%") % value
    return "%.2g %%" % value if value < 1 else "%.*f %%" % (2 if value < 99.99 else 4, value)


def seconds(value):
    """A time with three digits and its unit: "0.42 s", "42.1 s", "421 s"."""
    if value is None:
        return UNKNOWN
    return ("%.0f s" if value >= 99.95 else "%.1f s" if value >= 9.995 else "%.2f s") % value


def write(kpi):
    """The function that writes a value of a Kpi with its unit."""
    return percent if kpi.kind == "ratio" else seconds


def thresholds(kpi, threshold):
    """The thresholds of a Kpi in words, one by one, with the side that is good."""
    if not threshold:
        return ("no threshold",)
    sign = "≥" if kpi.better == "higher" else "≤"
    bounds = (("good", threshold["green"]), ("fair", threshold["yellow"]))
    return tuple("%s %s %s" % (word, sign, bound(kpi, value)) for word, value in bounds)


def bound(kpi, value):
    """A threshold of a Kpi with its unit, as the plan has it: "5 %", "2.5 s"."""
    return "%g %%" % (100 * value) if kpi.kind == "ratio" else "%g s" % value


def span(low, high, write):
    """An interval, with its unit behind the last bound: "0.2–3.5 %"; without any bound it says so."""
    if low is None and high is None:
        return "no interval"
    first, last = write(low), write(high)
    return "%s–%s" % (first.partition(" ")[0] if " " in last else first, last)


def duration(value):
    """How long a campaign was, to its two largest units: "2 h 05 min"."""
    whole = round(value)
    for unit, smaller, size, part in (("d", "h", 86400, 3600), ("h", "min", 3600, 60), ("min", "s", 60, 1)):
        if whole >= size:
            return "%d %s %02d %s" % (whole // size, unit, whole % size // part, smaller)
    return "%d s" % whole


def moment(value):
    """A moment of the campaign since its start: "01:02:03"."""
    return "%02d:%02d:%02d" % (value // 3600, value % 3600 // 60, value % 60)


def count(value, noun, plural=None):
    """A number of things: "1 attempt", "20,000 attempts"."""
    return "%s %s" % (format(value, ","), noun if value == 1 else plural or noun + "s")


def date(text):
    """An ISO 8601 moment as people read it, in UTC; another text as it is."""
    try:
        found = datetime.datetime.fromisoformat(text).astimezone(datetime.timezone.utc)
    except (TypeError, ValueError):
        return plain(text)
    return "%d %s" % (found.day, found.strftime("%B %Y, %H:%M UTC"))


def money(spent):
    """{currency: minor units} as amounts: "12.40 GBP and 0.39 EUR"."""
    return listed("%d.%02d %s" % (*divmod(minor, 100), plain(currency)) for currency, minor in spent.items())


def listed(names, most=4):
    """A list in words: "A, B and C", "A, B, C, D and 20 others"."""
    names = list(names)
    if len(names) > most + 1:
        names = [*names[:most], "%d others" % (len(names) - most)]
    return " and ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)
