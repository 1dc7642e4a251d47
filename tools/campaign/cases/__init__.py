"""Test cases, one file for each group."""
