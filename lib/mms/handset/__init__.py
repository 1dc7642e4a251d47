"""The handset: it sends, receives, stores and shows messages."""
