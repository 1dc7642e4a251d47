"""What tests share on MicroPython and CPython alike."""

import asyncio


def raises(error, function, *arguments, **more):
    """The `error` that `function(*arguments, **more)` raises; any other outcome fails the test."""
    try:
        result = function(*arguments, **more)
    except error as raised:
        return raised
    raise AssertionError("%s was not raised; the result is %r" % (error.__name__, result))


def loaded(box):
    """An Outbox, or an Inbox and its outbox, that knows its store as after the start of a handset."""
    if hasattr(box, "outbox"):
        asyncio.run(box.outbox.load())
    asyncio.run(box.load())
    return box
