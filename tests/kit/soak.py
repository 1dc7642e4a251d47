"""Sessions of the soak, played until one of them breaks a promise."""

from tools.soak import session

MOST = 12  # seeds until the fault has struck where it matters


def broken(fault=None, most=MOST):
    """The broken promises of the first of `most` sessions that has any, with one kind of fault or with any."""
    for seed in range(1, most + 1):
        said = session.play(seed, fault)["broken"]
        if said:
            return " | ".join(said)
    return ""
