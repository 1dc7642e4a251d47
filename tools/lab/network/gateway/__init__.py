"""The WAP gateway."""
