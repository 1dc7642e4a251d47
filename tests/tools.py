"""What tests share on MicroPython and CPython alike."""


def raises(error, function, *arguments, **more):
    """The `error` that `function(*arguments, **more)` raises; any other outcome fails the test."""
    try:
        result = function(*arguments, **more)
    except error as raised:
        return raised
    raise AssertionError("%s was not raised; the result is %r" % (error.__name__, result))
