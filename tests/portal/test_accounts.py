"""Codes and sessions, albums and the list of sent messages, in a file of their own."""

import pytest

from tests.kit.portal import ALICE, BOB, STRANGER
from tools.lab.network.portal import accounts, album, database, sent

KEY = b"k" * 32
STEP = {"do": "cartoon"}


@pytest.fixture
def file(tmp_path):
    """A connection to a new file."""
    connection = database.connect(str(tmp_path / "portal.sqlite"))
    yield connection
    connection.close()


def signed_in(file, number=ALICE, now=0):
    challenge, code = accounts.ask(file, KEY, number, True, now)
    return accounts.sign_in(file, KEY, challenge, code, now)


def test_a_code_signs_in_once(file):
    challenge, code = accounts.ask(file, KEY, ALICE, True, 0)
    assert len(code) == 6 and code.isdigit()
    secret = accounts.sign_in(file, KEY, challenge, code, 1)
    assert accounts.session(file, secret, 2).number == ALICE
    assert accounts.sign_in(file, KEY, challenge, code, 1) is None


def test_a_code_ends_after_five_minutes_and_after_five_tries(file):
    for late, tries, signs in ((299, 0, True), (300, 0, False), (0, 4, True), (0, 5, False)):
        file.execute("DELETE FROM asked")
        challenge, code = accounts.ask(file, KEY, ALICE, True, 1000)
        for _ in range(tries):
            assert accounts.sign_in(file, KEY, challenge, "%06d" % ((int(code) + 1) % 10**6), 1000) is None
        assert bool(accounts.sign_in(file, KEY, challenge, code, 1000 + late)) is signs


def test_a_number_gets_three_codes_in_an_hour_and_a_stranger_none(file):
    codes = [accounts.ask(file, KEY, ALICE, True, at)[1] for at in (0, 10, 20, 30, 3599, 3600, 3601)]
    assert [bool(code) for code in codes] == [True, True, True, False, False, True, False]
    challenge, code = accounts.ask(file, KEY, STRANGER, False, 0)
    assert code is None and len(challenge) == len(accounts.ask(file, KEY, BOB, True, 0)[0])
    assert accounts.sign_in(file, KEY, challenge, "", 0) is None


def test_nothing_in_the_file_signs_in(file):
    challenge, code = accounts.ask(file, KEY, ALICE, True, 0)
    secret = signed_in(file)
    rows = [str(row) for table in ("challenges", "sessions") for row in file.execute("SELECT * FROM " + table)]
    assert len(rows) == 2 and not any(code in row or secret in row for row in rows)
    assert accounts.sign_in(file, b"other" * 8, challenge, code, 0) is None


def test_a_session_ends_twelve_hours_after_its_last_request_or_by_signing_out_anywhere(file):
    secret = signed_in(file)
    for now in (40_000, 80_000):
        assert accounts.session(file, secret, now)
    assert accounts.session(file, secret, 80_000 + 43_200) is None
    one, other = signed_in(file, now=100_000), signed_in(file, now=100_000)
    accounts.sign_out(file, ALICE)
    assert accounts.session(file, one, 100_000) is accounts.session(file, other, 100_000) is None


def test_challenges_are_bounded(file, monkeypatch):
    monkeypatch.setattr(accounts, "_CHALLENGES", 10)
    for number in range(30):
        accounts.ask(file, KEY, "+4477009%05d" % number, False, 0)
    assert file.execute("SELECT count(*) FROM challenges").fetchone() == (10,)


def test_steps_are_undone_and_done_again_until_another_one_is_done(file):
    key = album.add(file, ALICE, b"octets", "", 0, 0)
    for version, turn in ((1, 90), (2, 180)):
        album.do(file, ALICE, key, version, {"do": "rotate", "turn": turn})
    album.undo(file, ALICE, key, 3)
    album.undo(file, ALICE, key, 4, -1)
    assert len(album.picture(file, ALICE, key).steps) == 2
    album.undo(file, ALICE, key, 5, album.STEPS)
    assert album.picture(file, ALICE, key)[2:5] == ([], 2, 6)
    album.do(file, ALICE, key, 6, STEP)
    assert album.picture(file, ALICE, key)[2:5] == ([STEP], 0, 7)
    assert album.original(file, ALICE, key) == b"octets"
    with pytest.raises(album.Stale):
        album.describe(file, ALICE, key, 6, "late")


def test_pictures_change_places_go_and_come_back(file):
    keys = [album.add(file, ALICE, b"", name, 0, 0) for name in "abc"]

    def order():
        return "".join(picture.caption for picture in album.pictures(file, ALICE))

    album.move(file, ALICE, keys[2], -1)
    album.move(file, ALICE, keys[0], -1)
    assert order() == "acb"
    album.delete(file, ALICE, keys[2], 10)
    assert order() == "ab" and [each.caption for each in album.pictures(file, ALICE, True)] == ["c"]
    album.restore(file, ALICE, keys[2])
    assert order() in ("acb", "abc")
    album.delete(file, ALICE, keys[0], 20)
    album.add(file, ALICE, b"", "d", 0, 20 + 30 * 86400)
    with pytest.raises(album.Missing):
        album.restore(file, ALICE, keys[0])
    assert file.execute("SELECT count(*) FROM originals WHERE picture = ?", (keys[0],)).fetchone() == (0,)


def test_albums_and_steps_are_bounded_and_others_have_no_part_in_them(file, monkeypatch):
    monkeypatch.setattr(album, "PICTURES", 2)
    monkeypatch.setattr(album, "STEPS", 2)
    key = album.add(file, ALICE, b"", "", 0, 0)
    with file, pytest.raises(album.Full):
        album.file(file, ALICE, [(b"", "")] * 3, 0, 0, "delivery")
    for version in (1, 2):
        album.do(file, ALICE, key, version, STEP)
    with pytest.raises(album.Full):
        album.do(file, ALICE, key, 3, STEP)
    for work in (album.picture, album.original, album.restore):
        with pytest.raises(album.Missing):
            work(file, BOB, key)


def test_a_full_album_lets_go_of_deleted_pictures_and_of_no_others(file, monkeypatch):
    monkeypatch.setattr(album, "PICTURES", 3)
    monkeypatch.setattr(album, "OCTETS", 100)
    keys = [album.add(file, ALICE, bytes(30), name, 0, 0) for name in "abc"]
    for at, key in enumerate((keys[1], keys[0])):
        album.delete(file, ALICE, key, at)
    album.add(file, ALICE, bytes(30), "d", 0, 10)
    assert [each.caption for each in album.pictures(file, ALICE, True)] == ["a"]
    album.add(file, ALICE, bytes(40), "e", 0, 10)
    assert [each.caption for each in album.pictures(file, ALICE)] == ["c", "d", "e"]
    with pytest.raises(album.Full, match="3 pictures and 0 MB"):
        album.add(file, ALICE, b"", "f", 0, 10)
    album.add(file, BOB, bytes(100), "", 0, 10)
    assert file.execute("SELECT count(*) FROM originals").fetchone() == (4,)


def test_a_report_that_comes_late_does_not_take_back_the_end(file):
    sent.begin(file, "form", ALICE, [BOB], 0, "", "", 1, True)
    for status in ("Deferred", "Retrieved", "Deferred"):
        sent.report(file, "form", status, BOB)
    sent.read(file, "form", "Read", BOB)
    assert sent.messages(file, ALICE)[0].recipients == [(BOB, "Retrieved", "Read")]
    assert sent.messages(file, BOB) == []
