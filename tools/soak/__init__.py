"""Whole sessions under virtual time: two handsets as shipped, the lab's machines, faults, oracles; from one seed."""
