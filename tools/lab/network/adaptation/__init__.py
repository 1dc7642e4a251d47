"""Messages made to fit the handset that retrieves them (3GPP TS 23.140, clause 7.1.7.3: capability negotiation)."""
