"""What tests share on MicroPython and CPython alike."""


def raises(error, function, *arguments):
    """The `error` that `function(*arguments)` raises; any other outcome fails the test."""
    try:
        result = function(*arguments)
    except error as raised:
        return raised
    raise AssertionError("%s was not raised; the result is %r" % (error.__name__, result))
