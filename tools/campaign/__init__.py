"""Campaigns: test cases over probes and networks, a journal of all that happens, and the figures from it."""
