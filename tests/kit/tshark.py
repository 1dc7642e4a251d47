"""tshark, which decodes a trace into fields."""

import json
import subprocess

from tests.kit import programs


def pairs(tree, found):
    """Every (name, value) of a tree of tshark's, which repeats names."""
    for name, value in tree:
        if isinstance(value, list):
            pairs(value, found)
        else:
            found.append((name, value))
    return found


def decoded(path, shown):
    """For each packet that the filter shows, all (name, value) that tshark finds in it."""
    command = [programs.need("tshark"), "-r", str(path), "-Y", shown, "-T", "json"]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
    assert done.returncode == 0, done.stderr
    packets = json.loads(done.stdout, object_pairs_hook=list)
    return [pairs(packet, []) for packet in packets]
