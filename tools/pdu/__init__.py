"""MMS PDUs for people and scripts: decode, encode, and a file for Wireshark (`python -m tools.pdu`)."""
