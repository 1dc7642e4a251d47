"""What octets mean. Nothing here waits, reads or writes."""
