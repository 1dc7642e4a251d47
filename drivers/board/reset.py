"""The reason why a board was reset; loaded at the start of one that can tell it. Not tried on hardware."""

_NAMES = ("BROWNOUT_RESET", "BROWN_OUT_RESET")  # of builds that tell it; stock ones tell a power-on


def browned_out():
    """Whether the board was reset because its supply broke down."""
    import machine

    return any(hasattr(machine, name) and getattr(machine, name) == machine.reset_cause() for name in _NAMES)
