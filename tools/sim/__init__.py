"""What a simulation puts in place of real things: virtual time and a flash file system in memory."""
