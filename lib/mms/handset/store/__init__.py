"""Records and blobs that survive a power cut, and the text formats of files."""
