"""How fast the codec is, beside others (`make bench`)."""
