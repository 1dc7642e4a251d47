"""The lab: a mobile network on one machine, for people without a board, a SIM or a network."""
