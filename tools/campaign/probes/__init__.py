"""Handsets that a campaign asks, one file for each kind of line to them."""
