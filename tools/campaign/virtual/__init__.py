"""Campaigns in virtual time: handsets as shipped and the lab's machines in one process, cut into independent pieces."""
