"""Sessions of the soak, played until one of them breaks a promise."""

from tools.soak import session

MOST = 12  # seeds until the fault has struck where it matters


def broken(fault=None):
    """The broken promises of the first session that has any, of those with one kind of fault or with any."""
    for seed in range(1, MOST + 1):
        said = session.play(seed, fault)["broken"]
        if said:
            return " | ".join(said)
    return ""
