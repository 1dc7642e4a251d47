"""A store belongs to one handset of a PC: what keeps the second one out."""

import os
import sys

import pytest

from drivers.board import pc
from mms.errors import StoreError, UsageError


@pytest.mark.parametrize("platform", ["linux", "freebsd13"])
def test_a_second_claim_of_a_folder_is_refused_until_the_first_is_gone(tmp_path, monkeypatch, platform):
    monkeypatch.setattr(sys, "platform", platform)
    held = pc.claim(str(tmp_path))
    with pytest.raises(UsageError) as caught:
        pc.claim(str(tmp_path))
    assert "another handset has the store" in str(caught.value)
    os.close(held) if isinstance(held, int) else held.close()
    assert pc.claim(str(tmp_path)) is not None


@pytest.mark.parametrize("platform", ["linux", "freebsd13"])
def test_a_folder_that_is_not_there_cannot_be_claimed(tmp_path, monkeypatch, platform):
    monkeypatch.setattr(sys, "platform", platform)
    with pytest.raises(StoreError) as caught:
        pc.claim(str(tmp_path / "gone"))
    assert caught.value.code == 2 and "cannot be locked" in str(caught.value)


def test_what_is_written_from_a_claim_to_its_release_is_its_owners_only(tmp_path):
    held, folders = {}, [str(tmp_path), str(tmp_path / "second")]
    os.mkdir(folders[1])
    for folder in folders:
        held[folder] = pc.claim(folder)
    rights = []
    for number in range(3):
        (tmp_path / str(number)).write_text("secret")
        rights.append((tmp_path / str(number)).stat().st_mode & 0o077)
        pc.release(held, *folders[:1])
        folders = folders[1:]
    assert rights == [0, 0, 0o044]
