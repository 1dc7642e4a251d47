"""The cable is pulled, or the power fails, in the middle of a flash: the board has the old program or the new one."""

import subprocess

import pytest

from tests.kit.board import versions
from tests.kit.board.unix_board import UnixBoard, start
from tools.board.flash.line import Board, FlashError
from tools.board.flash.program import NEW, SWITCH, Program, switch_code
from tools.programs import micropython

MOMENTS = 30
FAST = 921600


def flash(board, wanted):
    """Flash in this process: the octets that were sent."""
    board.wait()
    with Board(board.port, FAST) as line:
        return Program(line).update(wanted, lambda octets: None, None)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The octets that a whole flash takes from the PC to the board, and those of the set."""
    folder = tmp_path_factory.mktemp("whole")
    versions.write(folder / "flash", 1)
    with UnixBoard(folder, speed=FAST) as board:
        sent, _ = flash(board, versions.files(2))
        heard = board.heard
    assert start(folder / "flash").strip() == versions.says(2)
    return heard, sent


def test_a_set_of_20_kb_is_what_is_cut(whole):
    heard, sent = whole
    assert 18000 < heard - 6000 < 21000 < sent  # what is sent is packed; some 6 kB are code and lists


@pytest.mark.parametrize("moment", range(MOMENTS))
def test_after_the_cable_is_pulled_the_old_program_starts_or_the_new_one_and_the_next_flash_succeeds(
    tmp_path, whole, moment
):
    versions.write(tmp_path / "flash", 1)
    with UnixBoard(tmp_path, most=1 + whole[0] * moment // MOMENTS, speed=FAST) as board:
        with pytest.raises(FlashError) as error:
            flash(board, versions.files(2))
    assert str(error.value).count("\n") == 0 and str(tmp_path) in str(error.value)
    assert start(tmp_path / "flash").strip() in (versions.says(1), versions.says(2))
    with UnixBoard(tmp_path, speed=FAST) as board:
        sent, _ = flash(board, versions.files(2))
    assert start(tmp_path / "flash").strip() == versions.says(2)
    assert sent <= whole[1] and (moment < MOMENTS // 2 or sent < whole[1])  # what was there is not sent twice
    assert not [path for path in (tmp_path / "flash").rglob("*") if path.name.endswith(NEW)]


POWER = """
import os, sys
left = [%d]
def cut(act):
    def perform(*paths):
        if not left[0]:
            raise SystemExit
        left[0] -= 1
        act(*paths)
    return perform
class Os:
    rename, remove, stat = cut(os.rename), cut(os.remove), os.stat
sys.modules["os"] = Os
sys.path.insert(1, "lib")
import switch_over
"""


def test_power_that_fails_between_any_two_renames_leaves_a_start_that_finishes_them(tmp_path):
    names = list(versions.files(2))
    operations = len(names) + 2  # each rename, an old file, and the list itself
    for done in range(operations):
        folder = tmp_path / str(done)
        versions.write(folder, 1)
        (folder / "lib/mms/old.py").write_text("left over")
        for path, octets in versions.files(2).items():
            (folder / (path + NEW)).write_bytes(octets)
        (folder / SWITCH).write_bytes(switch_code(names, ["lib/mms/old.py"]))
        subprocess.run([*micropython(), "-c", POWER % done], cwd=folder, check=True, timeout=30)
        assert (folder / SWITCH).exists()
        assert start(folder).strip() == versions.says(2)
        assert not (folder / SWITCH).exists() and not (folder / "lib/mms/old.py").exists()


def test_main_is_the_first_file_to_be_renamed():
    code = switch_code(["lib/mms/m1.py", "main.py"], []).decode()
    assert 0 < code.index("'main.py'") < code.index("'m1.py'")
