"""MM3: e-mail both ways (3GPP TS 23.140, clause 8.3; RFC 4356)."""
