"""The lines that are typed into the terminal of a lab: each is for the desk that knows its first word.

A desk has WORDS, HELP (a line for each wish), `perform(words)`, which returns the lines of its answer or raises
WorldError, and `routes()` for the same wishes on HTTP. Places takes all lines that no desk knows.
"""

from tools.lab import places
from tools.lab.world import WorldError


class Terminal:
    """Places and desks at one terminal; `help` are the lines of all of them."""

    def __init__(self, where, desks):
        self._where, self._desks = where, desks
        self.help = places.HELP + tuple(line for desk in desks for line in desk.HELP)

    def perform(self, line):
        """Do what a line says; the lines of the answer."""
        words = line.split()
        for desk in self._desks:
            if words and words[0] in desk.WORDS:
                try:
                    return desk.perform(words)
                except WorldError as error:
                    return (str(error),)
        answer = self._where.perform(line)
        return self.help if answer is places.HELP else answer
