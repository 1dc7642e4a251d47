"""The set of files of a board: what it needs is there, what it does without is told, and the set runs as a handset."""

import asyncio

import pytest

from tests.kit.laboratory import Laboratory
from tests.vectors import make
from tools.board.flash import features, sets
from tools.board.flash.line import FlashError
from tools.board.flash.program import pack
from tools.board.package import FOR_PCS
from tools.journey.phone import Failed
from tools.programs import ROOT, micropython

MOST = {"lilygo_tcall": (285000, 215000), "pico_sim800": (255000, 190000)}  # octets of .mpy; of all that is sent


def plan(name="lilygo_tcall", settings=None, **more):
    return sets.Plan(name, settings or {}, **more)


def octets(made):
    return sum(len(sets.compiled(source)) for source in made.sources)


@pytest.mark.parametrize("name", sets.boards())
def test_a_board_gets_its_modem_and_camera_and_nothing_of_others(name):
    made = plan(name)
    files = made.files()
    assert {"main.py", "lib/mms_program.mpy", "lib/drivers/board/%s.mpy" % name} <= set(files)
    assert not [path for path in files if path.endswith(("pc.mpy", "pyserial.mpy", "test.mpy", ".pyi"))]
    families = [path for path in files if path.rpartition("/")[2][:-4] in ("bg95", "m66", "sara", "sim7600", "sim800")]
    assert families == ["lib/drivers/modem/%s.mpy" % made.board.FAMILY]


def test_two_programs_may_compile_the_same_source_at_once(tmp_path, monkeypatch):
    compile_one, source = sets.size.compile_one, "lib/mms/errors.py"

    def slowly(path, target):
        compile_one(path, target)
        monkeypatch.setattr(sets.size, "compile_one", compile_one)
        sets.compiled.__wrapped__(source)  # another program, which is over before this one

    monkeypatch.setattr(sets, "CACHE", tmp_path / "flash")
    monkeypatch.setattr(sets.size, "compile_one", slowly)
    octets = sets.compiled.__wrapped__(source)
    assert octets[:1] == b"M" and [path.read_bytes() for path in (tmp_path / "flash").iterdir()] == [octets]


@pytest.mark.parametrize("name, most", MOST.items())
def test_the_sets_keep_their_sizes(name, most):
    made = plan(name)
    assert octets(made) <= most[0] and sum(len(pack(one)[0]) for one in made.files().values()) <= most[1]
    assert all(len(name) < 60 for name in made.files())  # a block takes head, path and content


def test_settings_bring_what_they_name():
    gateway = {"operators": {"23410": {"apn": "a", "mmsc": "http://m/", "proxy": "wsp://10.1.1.1"}}}
    assert "lib/mms/link/wtp.py" in plan(settings=gateway).sources
    assert "lib/mms/link/wtp.py" not in plan().sources
    assert "drivers/modem/bg95.py" in plan(settings={"modem": {"family": "bg95"}}).sources
    assert "drivers/camera/arduchip.py" in plan(settings={"camera": {"family": "arducam"}}).sources
    assert (
        "drivers/panel/parts.py" in plan(settings={"panel": {}}).sources
        and "drivers/panel/parts.py" not in plan().sources
    )
    with_page = plan(settings={"page": {"port": 80}})
    assert {"lib/microdot/__init__.mpy", "lib/assets/page/index.html.gz"} <= set(with_page.files())
    assert "lib/microdot/__init__.mpy" not in plan("picow_sim800", {"page": {"port": 80}}).files()  # too little memory


@pytest.mark.parametrize("name", features.NAMES)
def test_a_feature_can_be_had_or_left_out_and_says_what_it_costs(name):
    more, less = plan(more=[name]), plan(fewer=[name])
    assert 0 < octets(more) - octets(less) <= more.cost(name) == less.cost(name)
    assert set(less.sources) < set(more.sources)


def test_an_unknown_feature_or_driver_is_told():
    with pytest.raises(FlashError, match="no feature colour: there are page, panel"):
        plan(more=["colour"])
    with pytest.raises(FlashError, match="the settings want drivers/modem/nokia.py, which there is not"):
        plan(settings={"modem": {"family": "nokia"}})


STARTED = "import sys; sys.path[:] = ['%s', '.frozen']; import mms_program; sys.exit(mms_program.main())"


def lay(made, folder):
    """Lay a set out in a folder, and the board's name so that the unix port takes it for a PC with lines."""
    for path, content in made.files().items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return [*micropython(), "-X", "heapsize=2m", "-c", STARTED % (folder / "lib")]


def test_a_handset_of_a_flashed_set_sends_a_message_and_says_what_was_left_out(tmp_path, monkeypatch):
    made = plan(fewer=[feature.name for feature in features.FEATURES])
    made.sources |= {"drivers/board/pc.py", *FOR_PCS}  # the unix port has no UART
    command = lay(made, tmp_path / "flash")

    async def story():
        async with Laboratory(tmp_path) as lab:
            alice = await lab.ready("alice", command)
            sent = await alice.ask("send", 60, to=["+447700900002"], text="hello")
            await alice.seen("confirmed", 120, id=sent["id"])
            with pytest.raises(Failed, match="mms.handset.carrying.checkup is not on this board"):
                await alice.ask("check", 30)
            await lab.push("alice", make.read(ROOT / "tests/vectors/push-si.hex"))
            aside = await alice.seen("quarantined", 120)
            assert "mms.handset.receiving.indications is not on this board" in aside["why"]
            assert (await alice.ask("status", 30))["home"] == "23410"

    asyncio.run(story())
