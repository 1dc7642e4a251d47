"""One HTML file that holds all it needs, and asks nothing of any network: what the pages of reports share.

The page forbids everything but its own style and one script, which sorts tables (Content-Security-Policy). The template
escapes every text, and shows characters without a shape as "�".
"""

import base64
import hashlib
import pathlib

import jinja2
import markupsafe

from tools.campaign.report import words

_HERE = pathlib.Path(__file__).parent


def render(template, name, light, **fields):
    """The text of a template of this folder, for a campaign called `name` with the Light of its verdict."""
    templates = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_HERE), autoescape=True, finalize=_shown, trim_blocks=True, lstrip_blocks=True
    )
    script = (_HERE / "sort.js").read_text("utf-8")
    return templates.get_template(template).render(
        name=name,
        verdict_word=light.word,
        style=markupsafe.Markup((_HERE / "style.css").read_text("utf-8")),
        script=markupsafe.Markup(script),
        script_sha256=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        **fields,
    )


def _shown(value):
    """A value as the template writes it: a text of the journal without control characters, which it then escapes."""
    return words.plain(value) if isinstance(value, str) and not isinstance(value, markupsafe.Markup) else value
