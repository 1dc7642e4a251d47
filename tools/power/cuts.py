"""Cuts power after every operation of a recorded history, inside MicroPython; tools/power/__main__.py starts it.

`micropython tools/power/cuts.py LIB PAGE SHARD OF EVERY STEP [BREAK]` takes the handset from the folder LIB and a flash
with pages of PAGE octets. It tests the images whose number modulo OF is SHARD; the recovery of every EVERYth of
them is recorded and cut, too, at each STEPth image. The results are printed as one line of JSON.
"""

import json
import sys

if __name__ == "__main__":
    sys.path[:] = [sys.argv[1], "", ".frozen"]

from tools.power import promises, workload
from tools.power.flash import FACT, Flash, apply
from tools.power.outside import Outside

_SHOWN = 10


def record(page):
    """(the chip's octets with a fresh file system, the history of workload.story from there on)."""
    flash, outside, history = Flash(page), Outside(), []
    flash.history = outside.history = history
    workload.mount(flash, 0, True)
    before = bytes(flash.octets)
    history.clear()
    life = workload.Life(outside)
    life.start()
    workload.run(workload.story(life))
    workload.unmount()
    return before, history


def recover(flash, outside, ids):
    """The promises that are broken when a handset is switched on with this flash and this outside."""
    try:
        workload.mount(flash, ids)
    except OSError as error:
        return ["mount: %s" % error]
    try:
        return _recover(outside)
    except Exception as error:
        return ["error: %r" % error]
    finally:
        workload.unmount()


def _recover(outside):
    life = workload.Life(outside)
    broken = promises.on_disk(outside, life.store)
    if not broken:
        life.start()
        broken = promises.after_start(outside, life)
    if not broken:
        workload.run(workload.go_on(life))
        broken = promises.at_the_end(outside, life)
    return broken


def images(before, history):
    """(number, octets, entries of the history that were done, whether the next was torn) of every image."""
    chip, number = bytearray(before), 0
    for length in range(len(history) + 1):
        yield number, chip, length, False
        number += 1
        if length < len(history):
            operation = history[length]
            if operation[0] != FACT:
                torn = bytearray(chip)
                apply(torn, operation, True)
                yield number, torn, length, True
                number += 1
            apply(chip, operation)


class Run:
    """All cuts of one process: how many `images`, `nested` among them, and what was `broken`."""

    def __init__(self, page, shard, of, every, step):
        self._page, self._shard, self._of, self._every, self._step = page, shard, of, every, step
        self.operations = self.images = self.nested = 0
        self.broken = []
        self.enough = _SHOWN

    def work(self):
        """Record the history and cut it; stops when `enough` promises are broken."""
        before, history = record(self._page)
        self.operations = sum(1 for entry in history if entry[0] != FACT)
        for number, octets, length, _ in images(before, history):
            if number % self._of != self._shard:
                continue
            again = [] if number // self._of % self._every == 0 else None
            self._look(octets, history[:length], 0x1000, "%d" % number, again)
            if again is not None:
                self._cut_again(number, octets, history[:length], again)
            if len(self.broken) >= self.enough:
                break

    def _cut_again(self, first, before, known, history):
        for number, octets, length, _ in images(before, history):
            if number % self._step == 0:
                self.nested += 1
                self._look(octets, known + history[:length], 0x2000, "%d.%d" % (first, number))

    def _look(self, octets, known, ids, label, history=None):
        """Switch on with a copy of `octets` and the facts in `known`; the recovery is recorded in `history`."""
        flash, outside = Flash(self._page, bytearray(octets)), Outside(known)
        flash.history = outside.history = history
        self.images += 1
        for what in recover(flash, outside, ids):
            self.broken.append("image %s: %s" % (label, what))


def main(words):
    """The command line; BREAK is a name in breaks.py."""
    run = Run(*[int(word) for word in words[:5]])
    if words[5:]:
        from tools.power import breaks

        breaks.BREAKS[words[5]]()
        run.enough = 1
    run.work()
    counted = {"operations": run.operations, "images": run.images, "nested": run.nested}
    counted["broken"] = run.broken
    print(json.dumps(counted))


if __name__ == "__main__":
    main(sys.argv[2:])
