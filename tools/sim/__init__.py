"""Stand-ins of a simulation: virtual time and a flash file system in memory."""
