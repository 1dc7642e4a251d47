"""The transport of messages over a Stream: HTTP."""
