"""A story that is told to its end by a program: what a person gets when it does not come true."""

import asyncio
import logging

from tools.journey.phone import Failed


def go(story):
    """(exit status, why it failed or None) of `await story.run()`; 130 is Ctrl-C."""
    try:
        asyncio.run(story.run())
        return 0, None
    except Failed as failed:
        return 1, "%s failed at %s: %s" % (failed.who, failed.step, failed.why)
    except KeyboardInterrupt:
        return 130, "stopped"
    except Exception as error:  # a user gets one line; the rest is in the log
        logging.exception("the lab network failed")
        return 1, "the lab network failed: %s: %s" % (type(error).__name__, error)
