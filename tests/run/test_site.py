"""`make docs`: every document is in the site, every link leads somewhere, and nothing of it comes from elsewhere."""

import re

import pytest

from tools import site
from tools.programs import ROOT


@pytest.fixture
def folders(monkeypatch, tmp_path):
    """A site of its own: the project's may be open in a browser."""
    monkeypatch.setattr(site, "SOURCE", tmp_path / "site-source")
    monkeypatch.setattr(site, "SITE", tmp_path / "site")
    config = site.CONFIG.read_text().replace("../../build/", "%s/" % tmp_path)
    monkeypatch.setattr(site, "CONFIG", tmp_path / "mkdocs.yml")
    site.CONFIG.write_text(config)
    return tmp_path


def test_every_document_is_a_page_and_no_page_fetches_anything_from_elsewhere(folders):
    status, said = site.build()
    assert status == 0, said
    for name in site.documents():
        page = site.SITE / ("index.html" if name == "README.md" else name.replace(".md", ".html"))
        fetched = re.findall(r"<(?:link|script|img|iframe)\b[^>]*?\b(?:href|src)=\"?([^\s\">]+)", page.read_text())
        assert len(fetched) > 3 and [one for one in fetched if "//" in one] == [], name


def test_the_index_has_every_document():
    listed = re.findall(r"\]\(([\w./]+)\)", (ROOT / "docs/index.md").read_text())
    paths = {(ROOT / "docs" / link).resolve().relative_to(ROOT).as_posix() for link in listed}
    assert paths >= set(site.documents()) - {"docs/index.md"}


@pytest.mark.parametrize("link", ["docs/no-such.md", "docs/console.md#no-such"])
def test_a_link_that_leads_nowhere_is_an_error(folders, monkeypatch, link):
    usual = site.stage

    def stage():
        usual()
        with open(site.SOURCE / "README.md", "a") as file:
            file.write("\nSee [there](%s).\n" % link)

    monkeypatch.setattr(site, "stage", stage)
    status, said = site.build()
    assert status == 1 and "no-such" in said


def test_a_document_that_the_navigation_lacks_is_an_error(folders, monkeypatch):
    monkeypatch.setattr(site, "documents", lambda: ["README.md", "docs/index.md"])
    usual = site.stage

    def stage():
        usual()
        (site.SOURCE / "docs/lonely.md").write_text("# Lonely\n")

    monkeypatch.setattr(site, "stage", stage)
    status, said = site.build()
    assert status == 1 and "lonely.md" in said
