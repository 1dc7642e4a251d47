"""The handset on its way into a board: the set of files, the line to the board, its firmware. None met hardware yet."""
