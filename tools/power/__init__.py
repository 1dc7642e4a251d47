"""Power cuts at every operation on the flash: `make powercut`."""
