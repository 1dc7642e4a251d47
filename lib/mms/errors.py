"""What can go wrong, one base a layer. Each carries the layer's own code and the step that failed."""


def _sentence(step, code, text):
    said = text or ("error %s" % code if code is not None else "no answer")
    if text and code is not None:
        said = "%s (%s)" % (text, code)
    return "%s: %s" % (step, said)


class _Failure(Exception):
    """What has a step that failed, its layer's own code or None, and what is known of the reason."""

    advice = ""  # what a person can do, where that depends on more than step and code

    def __init__(self, step, code=None, text=""):
        super().__init__(_sentence(step, code, text))
        self.step, self.code, self.text = step, code, text


class ModemError(_Failure):
    """A modem said no, or nothing: `step` names what was asked, `code` its +CME or +CMS number or None."""


class LineLost(ModemError):
    """The serial line was pulled out: the driver waits for it, and says `line_back` when it is there again."""


class SimError(ModemError):
    """No SIM, a wrong PIN, or a PUK is asked for: trying again would do harm."""


class Coverage(ModemError):
    """No network, or none that takes this SIM."""


class BearerError(ModemError):
    """Attach, context or connection failed, or was lost."""


class LinkError(_Failure):
    """An exchange with the MMSC failed: `code` is the HTTP status, the response or retrieve status, or None."""


class Refused(LinkError):
    """The MMSC said no; `permanent` tells whether asking again can help (OMA-TS-MMS_ENC 7.3.48)."""

    def __init__(self, step, code=None, text="", permanent=True):
        super().__init__(step, code, text)
        self.permanent = permanent


class TooLarge(LinkError):
    """A message is larger than the settings or the store allow: fetching it again costs as much and does not help."""

    permanent = True


class PduError(Exception):
    """Octets that are not what they should be, from `offset` on."""

    def __init__(self, offset, what):
        super().__init__("octet %d: %s" % (offset, what))
        self.offset, self.what = offset, what


class StoreError(_Failure):
    """A record or blob could not be read or written: `code` is the file system's errno or None."""


class StoreFull(StoreError):
    """No room left: sending and deleting still work."""


class Damaged(StoreError):
    """What is read is not what was written: reading it again cannot help."""

    permanent = True


class CameraError(_Failure):
    """The camera did not answer, or its picture is not whole."""


class SettingsError(Exception):
    """A setting is wrong: `key` names it."""

    def __init__(self, key, what):
        super().__init__("%s: %s" % (key, what))
        self.key = key


class Stuck(_Failure):
    """The program cannot go on: `step` is the duty that hangs, or "memory". A restart helps, and nothing is lost."""


class UsageError(Exception):
    """Somebody asked the handset for what cannot be done: the text says what and why."""
