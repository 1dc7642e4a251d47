"""The MMSC."""
