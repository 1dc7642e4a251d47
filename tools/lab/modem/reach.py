"""The networks in a subscriber's reach: the lab's world (tools/lab/world.py) as cells of one modem."""

from tools.lab.modem.environment import Cell, Delays, Environment, Profile
from tools.lab.network import radio

_OWN = ("power_on", "sim", "registration", "scan", "attach", "context", "dns", "sms")


def environment(lab, home, apns=(), row=None, country=None):
    """The Environment of a modem in the world `lab`, with the card of a subscriber of `home`, in its home country.

    Any user gets a context at one of `apns`. `row` is the radio of the home country's networks.
    """
    profiles = [Profile(each.apn, each.user, each.password) for each in lab.operators if each.mccmnc == home]
    around = Environment(
        cells(lab, home, country or lab.HOME, row or lab.radio), profiles + [Profile(apn) for apn in apns]
    )
    around.delays = Delays()
    for name in _OWN:
        setattr(around.delays, name, getattr(lab.delays, name) * 1000)
    around.delays.retry = lab.smsc.retry * 1000
    for technology, table in (("umts", lab.umts), ("lte", lab.lte)):
        around.access[technology] = {name: seconds * 1000 for name, seconds in vars(table).items()}
    return around


def cells(lab, home, country, row):
    """The cells of a country for a subscriber of `home`; raises WorldError for a country that does not exist."""
    if country == lab.HOME:
        rows = [each for each in lab.operators if each.country == lab.HOME]
        served = home if home in [each.mccmnc for each in rows] else lab.home
        return [_at_home(lab, each, row, served) for each in sorted(rows, key=lambda each: each.mccmnc != served)]
    there = lab.country(country)
    return [_abroad(lab, home, there, each) for each in there.networks]


def _at_home(lab, each, row, served):
    allowed = each.mccmnc == served
    return Cell(each.mccmnc, each.name, each.short, allowed, lab.modem.signal, radios={radio.access(row): row})


def _abroad(lab, home, country, each):
    return Cell(
        each.mccmnc,
        each.name,
        each.short,
        signal=each.signal or lab.modem.signal,
        terms=lab.terms(home, each.mccmnc),
        radios={radio.access(row): row for row in each.radios},
        added=0 if each.mccmnc == home else country.round_trip,
        loss=each.loss,
        chances=lab.chances(each.mccmnc),
    )
