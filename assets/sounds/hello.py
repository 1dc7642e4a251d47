"""How hello.amr was made: a jingle of our own as AMR at 4.75 kbit/s (needs PyPI's av, 18.1.0).

python assets/sounds/hello.py hello.amr
"""

import array
import math
import sys

import av

RATE = 8000
NOTES = (  # hertz, seconds
    (659, 0.18), (784, 0.18), (988, 0.18), (1319, 0.36), (988, 0.18), (1175, 0.18), (1319, 0.8),
)  # fmt: skip


def samples():
    """Sixteen-bit samples: the notes twice, each struck and fading."""
    wave = array.array("h")
    for hertz, seconds in NOTES * 2:
        for index in range(int(RATE * seconds)):
            time = index / RATE
            turn = 2 * math.pi * hertz * time
            loud = 9000 * min(1, time * 60) * math.exp(-3 * time)
            wave.append(round(loud * (math.sin(turn) + 0.3 * math.sin(2 * turn))))
    return wave


def main(path):
    """Write the jingle to `path`."""
    wave = samples()
    frame = av.AudioFrame(format="s16", layout="mono", samples=len(wave))
    frame.planes[0].update(wave.tobytes().ljust(frame.planes[0].buffer_size, b"\0"))
    frame.sample_rate = RATE
    with av.open(path, "w", format="amr") as file:
        stream = file.add_stream("libopencore_amrnb", rate=RATE, layout="mono")
        stream.bit_rate = 4750
        for packet in list(stream.encode(frame)) + list(stream.encode(None)):
            file.mux(packet)


if __name__ == "__main__":
    main(*sys.argv[1:])
