"""The interpreter dies while it looks at a short message: a real one, of either kind."""

import subprocess
import sys

import pytest

from tests.kit.portable import ROOT, micropython

PROGRAM = """
import asyncio, os, sys
sys.path[:0] = ["lib", ""] if sys.implementation.name == "micropython" else [""]
if sys.implementation.name != "micropython":
    sys.path.append("lib")
from mms.codec import segments, tpdu
from mms.events import Events
from mms.handset.receiving import intake
from mms.handset.receiving.inbox import Inbox
from mms.handset.sending.outbox import Outbox
from mms.handset.store.store import Store
from tests.kit.handset.inbox import ALICE
from tests.kit.checks import loaded

parse = tpdu.parse

def deadly(octets):
    if bytes(octets).find(b"POISON") >= 0:
        os.system("kill -9 $PPID")
    return parse(octets)

tpdu.parse = deadly
store, events = Store(sys.argv[1]), Events()
events.listen(lambda event: print(event["event"]))
box = loaded(Inbox(store, events, Outbox(store, events)))
if not store.names():
    poison, harmless = segments.deliver(ALICE, b"POISON", ports=(7, 7)), segments.deliver(ALICE, "hi")
    names = [box.keep(parts[0]) for parts in (poison, harmless)]
    intake.handle(box, names[0])
asyncio.run(box.expire())  # a minute later
print(len(store.names(".q")))
"""


@pytest.mark.parametrize("interpreter", [[sys.executable], micropython()], ids=["CPython", "MicroPython"])
def test_three_deaths_and_the_rest_is_delivered_all_the_same(interpreter, tmp_path):
    if not interpreter:
        pytest.skip("PyPI has no MicroPython for this machine")
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    command = [*interpreter, str(program), str(tmp_path / "store")]
    deaths = [subprocess.run(command, cwd=ROOT, capture_output=True, text=True) for _ in range(4)]
    assert [done.returncode < 0 for done in deaths] == [True, True, True, False], deaths
    said = " ".join(done.stdout for done in deaths).split()
    assert said.count("text") == 1 and said.count("quarantined") == 1 and said[-1] == "1"
