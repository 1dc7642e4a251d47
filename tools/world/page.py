"""The report of the story as one HTML page, beside the pictures that it shows."""

import pathlib

import jinja2

_HERE = pathlib.Path(__file__).parent


def write(path, report):
    """Write the page of a report, whose files are in the folder `seen` beside it."""
    templates = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_HERE), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    templates.filters["money"] = money
    path.write_text(templates.get_template("report.html").render(report=report), "utf-8")


def money(minor, currency="GBP"):
    """Minor units as people write them: 40 GBP is "£0.40"."""
    sign = {"GBP": "£", "EUR": "€"}.get(currency, currency + " ")
    return "%s%d.%02d" % (sign, minor // 100, minor % 100)
