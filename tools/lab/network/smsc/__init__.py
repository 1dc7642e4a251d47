"""The SMS centre."""
