"""The third line: commands in, events out."""
