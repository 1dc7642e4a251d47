"""Sounds of phones as WAV for browsers, by PyAV: AMR, which no browser plays, and the other types that messages have.

Octets from outside are decoded here: call it in a thread. PyAV is of the group `world`; without it there are no sounds.
"""

import importlib.util
import io
import itertools
import wave

PACKAGE = "av"
SECONDS = 60  # of the longest sound
_FRAME_S = 50  # frames of AMR in a second
_AMR, _AMR_WB = b"#!AMR\n", b"#!AMR-WB\n"  # RFC 4867, 5.1; files of several channels have other marks
# octets of a frame by its type (5.3); 0 where there is no such type
_NARROW = (13, 14, 16, 18, 20, 21, 27, 32, 6, 0, 0, 0, 0, 0, 0, 1)
_WIDE = (18, 24, 33, 37, 41, 47, 51, 59, 61, 6, 0, 0, 0, 0, 1, 1)
_FORMATS = (  # name of FFmpeg's demuxer, first octets, and where they stand
    ("wav", b"RIFF", 0), ("mov", b"ftyp", 4), ("ogg", b"OggS", 0), ("mp3", b"ID3", 0),
    ("mp3", b"\xff\xfb", 0), ("mp3", b"\xff\xf3", 0), ("aac", b"\xff\xf1", 0), ("aac", b"\xff\xf9", 0),
)  # fmt: skip
_MOST = 44100  # samples of a second in a WAV file
_RATES = (4000, 192000)  # in a sound; from others it takes seconds to convert them


def available():
    """Whether PyAV is installed."""
    return importlib.util.find_spec(PACKAGE) is not None


def wav(octets):
    """The WAV file of a sound, one channel of 16 bits; raises ValueError for other octets, and for more than 60 s."""
    if octets.startswith(_AMR):
        return _file(8000, _frames("libopencore_amrnb", 8000, _pieces(octets, len(_AMR), _NARROW)))
    if octets.startswith(_AMR_WB):
        return _file(16000, _frames("libopencore_amrwb", 16000, _pieces(octets, len(_AMR_WB), _WIDE)))
    names = [name for name, mark, at in _FORMATS if octets[at : at + len(mark)] == mark]
    if not names:
        raise ValueError("this is no sound that can be played")
    return _other(octets, names[0])


def _pieces(octets, at, sizes):
    """The whole frames of an AMR file; a cut one at its end is left out."""
    found = []
    while at < len(octets):
        size = sizes[octets[at] >> 3 & 15]
        if not size:
            raise ValueError("a frame of no known type")
        if at + size <= len(octets):
            found.append(octets[at : at + size])
        at += size
        if len(found) > SECONDS * _FRAME_S:
            raise ValueError("a sound of more than %d s" % SECONDS)
    return found


def _frames(codec, rate, pieces):
    """Samples of AMR: opencore's decoder also takes comfort noise, which FFmpeg's own refuses."""
    import av

    context = av.codec.CodecContext.create(codec, "r")
    context.sample_rate, context.layout = rate, "mono"
    for piece in pieces:
        for frame in context.decode(av.Packet(piece)):
            yield _samples(frame)


def _other(octets, name):
    import av

    try:
        with av.open(io.BytesIO(octets), "r", format=name) as container:
            streams = container.streams.audio
            if not streams or streams[0].codec_context is None or not _RATES[0] <= streams[0].rate <= _RATES[1]:
                raise ValueError("there is no sound in it that can be played")
            rate = min(_MOST, streams[0].rate)
            resampler = av.AudioResampler("s16", "mono", rate)
            frames = itertools.chain(container.decode(audio=0), [None])
            return _file(rate, (_samples(made) for frame in frames for made in resampler.resample(frame)))
    except av.FFmpegError as error:
        raise ValueError("a damaged sound: %s" % error.strerror) from None


def _samples(frame):
    return bytes(frame.planes[0])[: frame.samples * 2]


def _file(rate, pieces):
    """The WAV file of samples; `pieces` are read until they are too many."""
    samples = bytearray()
    for piece in pieces:
        samples += piece
        if len(samples) > SECONDS * rate * 2:
            raise ValueError("a sound of more than %d s" % SECONDS)
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setparams((1, 2, rate, len(samples) // 2, "NONE", ""))
        sound.writeframes(samples)
    return file.getvalue()
