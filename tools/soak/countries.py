"""The countries of the lab's world as plain rows, for sessions on either interpreter: MicroPython reads no TOML."""

from tools.lab import world


def rows(home):
    """[rows of the networks of a country], one for each country; the terms are those of subscribers of `home`."""
    lab = world.load()
    return [
        [_row(lab, home, lab.countries[name], each) for each in lab.countries[name].networks] for name in lab.countries
    ]


def _row(lab, home, country, each):
    terms = lab.terms(home, each.mccmnc)
    return {
        "mccmnc": each.mccmnc,
        "name": each.name,
        "short": each.short,
        "signal": each.signal or lab.modem.signal,
        "loss": each.loss,
        "radios": each.radios,
        "added": country.round_trip,
        "serves": [name for name in ("voice", "sms", "gprs") if getattr(terms, name)],
        "causes": [terms.refused, terms.attach, terms.context, terms.steered],
    }
