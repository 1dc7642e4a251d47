"""Which places of labgrid fit which wishes: tags that a place has, or {"name": NAME}. Pure, for either venv.

Places are {name: place} with the attributes `tags`, a dict, and `acquired`, HOST/USER or None, as labgrid has them.
"""


class ClaimError(Exception):
    """A place cannot be had, in one line; `held`: because it is another's."""

    def __init__(self, text, held=False):
        super().__init__(text)
        self.held = held


def fitting(places, filters):
    """The names of the places that have the tags, in order; raises ClaimError when there is none."""
    wanted = filters.items()
    found = [name for name in sorted(places) if wanted <= {**places[name].tags, "name": name}.items()]
    if not found:
        words = ", ".join("%s=%s" % item for item in sorted(wanted))
        known = ", ".join("%s (%s)" % (name, _tags(places[name])) for name in sorted(places))
        raise ClaimError("no place has %s: there are %s" % (words, known or "no places at all"))
    return found


def _tags(place):
    return ", ".join("%s=%s" % item for item in sorted(place.tags.items())) or "no tags"


def arrange(places, wishes):
    """({probe: place}, {probe: why it has none}): no place twice, in the order of the places' names.

    `wishes` are {probe: filters}. Free places come first. It is the matching of a bipartite graph by
    augmenting paths.
    """
    given, refused = {}, {}

    def place(probe, tried):
        for name in sorted(fitting(places, wishes[probe]), key=lambda name: (bool(places[name].acquired), name)):
            if name not in tried:
                tried.add(name)
                if name not in given or place(given[name], tried):
                    given[name] = probe
                    return True
        return False

    for probe in sorted(wishes):
        tried = set()
        try:
            if not place(probe, tried):
                refused[probe] = "other probes of this campaign have %s" % ", ".join(sorted(tried))
        except ClaimError as error:
            refused[probe] = str(error)
    return {given[name]: name for name in sorted(given)}, refused
