"""The reason why a board was reset; loaded at the start of one that can tell it. Not tried on hardware."""

BROWNED_OUT = ("BROWNOUT_RESET", "BROWN_OUT_RESET")  # in builds that tell it; stock ones tell a power-on


def causes():
    """The names that `machine` has for the cause of the last reset; none where nothing tells it."""
    import machine

    if not hasattr(machine, "reset_cause"):
        return []
    cause = machine.reset_cause()
    return [name for name in dir(machine) if name[-6:] == "_RESET" and getattr(machine, name) == cause]
