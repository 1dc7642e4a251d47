"""Sounds of a PC as AMR, which every handset plays, by PyAV. Call it in a thread."""

import io

import av

from tools.lab import sounds

_RATE = 8000  # samples of a second
_BIT_RATE = 12200  # the best of AMR (3GPP TS 26.071): 32 octets for 20 ms
_CODEC = "libopencore_amrnb"


def amr(octets):
    """The AMR file of a sound in WAV, MP3, AAC, M4A or Ogg, of 60 s at most; raises ValueError."""
    file = io.BytesIO()
    with av.open(io.BytesIO(sounds.wav(octets)), "r", format="wav") as source, av.open(file, "w", format="amr") as made:
        stream: av.AudioStream = made.add_stream(_CODEC, _RATE, layout="mono")
        stream.bit_rate = _BIT_RATE
        resampler = av.AudioResampler("s16", "mono", _RATE)
        for frame in [*source.decode(audio=0), None]:
            for samples in resampler.resample(frame):
                made.mux(stream.encode(samples))
        made.mux(stream.encode(None))
    return file.getvalue()
