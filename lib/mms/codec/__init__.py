"""The codec: octets of MMS and SMS to values, and back. Nothing here waits, reads or writes."""
