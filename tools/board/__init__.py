"""The handset as a board gets it: compiled, measured, in ROMFS, as a package."""
