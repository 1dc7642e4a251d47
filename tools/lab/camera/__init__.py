"""The lab's cameras: a family is a file; the shell puts it on a pseudo-terminal."""
