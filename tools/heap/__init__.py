"""How much heap the whole program keeps on a 32-bit board; see __main__.py."""

import tools.lab  # noqa: F401 which finds lib/
