"""The documents as a site of pages in build/site."""

import argparse
import sys

from tools import site
from tools.programs import ROOT


def main():
    """The command line; the exit status."""
    argparse.ArgumentParser(prog="python -m tools.site", description=__doc__).parse_args()
    status, said = site.build()
    if status:
        print(said, file=sys.stderr)
    else:
        print("The documents are in %s" % (site.SITE / "index.html").relative_to(ROOT))
    return status


if __name__ == "__main__":
    sys.exit(main())
