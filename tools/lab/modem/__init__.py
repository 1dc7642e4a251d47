"""The lab's modems: what all families share; a family is a folder beside these files."""
