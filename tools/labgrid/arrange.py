"""Gives each wish of a campaign a place of labgrid's own: stdin has {PROBE: {TAG: VALUE}}, stdout one line of JSON.

It runs in build/labgrid. The line is {"places": {PROBE: PLACE}, "refused": {PROBE: why}}. A campaign takes its places
in the order of their names, which the line has: so two campaigns that want the same places wait for each other in turn,
and never both for ever.
"""

import asyncio
import json
import logging
import sys

from tools.labgrid.claims import connect, take_name
from tools.labgrid.wishes import ClaimError, arrange


async def _arrange(wishes):
    session = await connect()
    found, refused = arrange(session.places, wishes)
    await session.close()
    return {"places": found, "refused": refused}


def main():
    """The program; its exit status is always 0."""
    logging.basicConfig(level=logging.CRITICAL)  # labgrid's own words of what is told here in one line
    take_name()
    wishes = json.load(sys.stdin)
    try:
        found = asyncio.run(_arrange(wishes))
    except ClaimError as error:
        found = {"places": {}, "refused": dict.fromkeys(wishes, str(error))}
    print(json.dumps(found))


if __name__ == "__main__":
    main()
