"""Long messages out of their segments. Runs on MicroPython, too."""

from mms import limits


class Reassembler:
    """Puts the segments of long messages together, within limits.ASSEMBLIES and limits.SEGMENTS.

    A segment that says something else than one before it makes the whole worthless; when too many
    messages are under way, the one with the fewest segments goes.
    """

    def __init__(self):
        self._under_way = []  # [key, segments]

    def add(self, deliver):
        """The whole octets when `deliver` completes them (at once when it stands alone), or None."""
        if not deliver.concat:
            return deliver.data
        reference, bits, total, sequence = deliver.concat
        if not 1 <= sequence <= total or total > limits.SEGMENTS:
            return None
        key = (deliver.originator, reference, bits, total, deliver.ports)
        assembly = self._assembly(key)
        segments = assembly[1]
        known = segments[sequence - 1]
        if known is not None and known != deliver.data:
            self._under_way.remove(assembly)
            return None
        segments[sequence - 1] = deliver.data
        if None in segments:
            return None
        self._under_way.remove(assembly)
        return b"".join(segments)

    def _assembly(self, key):
        for assembly in self._under_way:
            if assembly[0] == key:
                return assembly
        if len(self._under_way) >= limits.ASSEMBLIES:
            self._under_way.remove(max(self._under_way, key=lambda found: found[1].count(None)))
        self._under_way.append([key, [None] * key[3]])
        return self._under_way[-1]
