"""Hardware in the loop: a walk through everything of the handset that has only met simulators. docs/hardware.md."""
