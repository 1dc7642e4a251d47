"""One message from shutter to delivery report, with all that a person sees of it: `make run`."""
