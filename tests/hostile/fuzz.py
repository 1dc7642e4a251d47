"""Coverage-guided fuzzing (atheris) of every decoder of the codec and of the reassembler.

`python tests/hostile/fuzz.py [DECODER...] [-max_total_time=60 or other options of libFuzzer]`. It begins with
corpus/attacks.txt and the golden inputs, keeps what it finds in build/fuzz/, and stops at the first octets that give
anything but a value or PduError: they are written to build/fuzz/crash-..., and belong into the corpus.
"""

import pathlib
import sys

import atheris

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.append(str(ROOT / "lib"))
sys.path.insert(0, str(ROOT))

with atheris.instrument_imports(include=["mms"]):
    from mms.codec import charset, wbxml  # noqa: F401
    from mms.errors import PduError
    from tests.kit.hostile import attacks

KEPT = ROOT / "build" / "fuzz"


def seeds(folder, subjects):
    """Write what fuzzing begins with: an octet that chooses the decoder, then its input."""
    folder.mkdir(parents=True, exist_ok=True)
    corpus = attacks.known()
    for number, (name, _, inputs) in enumerate(subjects):
        for at, octets in enumerate(list(inputs) + corpus.get(name, [])):
            (folder / ("%s-%d" % (name, at))).write_bytes(bytes([number]) + octets)


def main():
    """Fuzz the decoders that are named, or all."""
    charset.PYTHON = False
    subjects = attacks.subjects()
    names = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
    chosen = [subject for subject in subjects if not names or subject[0] in names]
    seeds(KEPT / "corpus", chosen)

    def one(octets):
        if not octets:
            return
        try:
            chosen[octets[0] % len(chosen)][1](octets[1:])
        except PduError as error:
            if not 0 <= error.offset <= len(octets):
                raise AssertionError("offset %d" % error.offset) from error

    options = [argument for argument in sys.argv[1:] if argument.startswith("-")]
    atheris.Setup([sys.argv[0], *options, "-artifact_prefix=%s/" % KEPT, str(KEPT / "corpus")], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
