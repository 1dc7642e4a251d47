"""Exchanges with the message centre, one at a time."""
