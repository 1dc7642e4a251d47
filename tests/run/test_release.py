"""make release: a tag for a version that stands everywhere, and one sentence for what is missing."""

import pytest

from tools import release


@pytest.fixture
def root(tmp_path):
    """A project of version 1.2.3, committed."""
    (tmp_path / "lib/mms").mkdir(parents=True)
    for name, text in {
        "pyproject.toml": '[project]\nname = "x"\nversion = "1.2.3"\n',
        "package.json": '{"version": "1.2.3"}\n',
        "manifest.py": 'metadata(version="1.2.3")\n',
        "lib/mms/__init__.py": '__version__ = "1.2.3"\n',
        "CHANGELOG.md": "# Changes\n\n## 1.2.3\n- A picture arrives.\n\n## 1.2.2\n- It did not.\n",
    }.items():
        (tmp_path / name).write_text(text)
    release.git(tmp_path, "init", "--quiet")
    release.git(tmp_path, "config", "user.name", "Anne")
    release.git(tmp_path, "config", "user.email", "anne@example.com")
    commit(tmp_path)
    return tmp_path


def commit(root):
    release.git(root, "add", "--all")
    release.git(root, "commit", "--quiet", "--message", "All of it")


def test_the_tag_has_the_version_and_its_changes(root):
    assert release.release(root) == "v1.2.3"
    told = release.git(root, "tag", "--list", "--format=%(contents)", "v1.2.3")
    assert told.split("\n\n") == ["Version 1.2.3", "- A picture arrives."]


def test_a_tag_is_made_once(root):
    release.release(root)
    with pytest.raises(release.Unready, match="v1.2.3 exists already"):
        release.release(root)


@pytest.mark.parametrize("name", ("package.json", "manifest.py", "lib/mms/__init__.py"))
def test_another_version_in_another_file_is_no_release(root, name):
    path = root / name
    path.write_text(path.read_text().replace("1.2.3", "1.2.4"))
    commit(root)
    with pytest.raises(release.Unready, match="%s has version 1.2.4, pyproject.toml has 1.2.3" % name):
        release.release(root)


@pytest.mark.parametrize("text", (None, "## 1.2.30\n- Too late.\n", "## 1.2.3\n\n## 1.2.2\n- Too early.\n"))
def test_a_version_without_changes_is_no_release(root, text):
    path = root / "CHANGELOG.md"
    path.unlink() if text is None else path.write_text(text)
    commit(root)
    with pytest.raises(release.Unready, match="CHANGELOG.md says nothing of version 1.2.3"):
        release.release(root)


def test_a_tree_that_is_not_clean_is_no_release(root):
    (root / "new.py").write_text("")
    with pytest.raises(release.Unready, match="not committed"):
        release.release(root)
