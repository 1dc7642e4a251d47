"""The errors of all layers, one base class a layer. Each has the step that failed and the code of its layer."""


def _sentence(step, code, text):
    said = text or ("error %s" % code if code is not None else "no answer")
    if text and code is not None:
        said = "%s (%s)" % (text, code)
    return "%s: %s" % (step, said)


class _Failure(Exception):
    """An error with the step that failed, the code of its layer or None, and the reason in words, if there is one."""

    advice = ""  # advice to the user, where it depends on more than step and code

    def __init__(self, step, code=None, text=""):
        super().__init__(_sentence(step, code, text))
        self.step, self.code, self.text = step, code, text


class ModemError(_Failure):
    """A modem refused a command or did not answer: `step` names it, `code` is the +CME or +CMS number or None."""


class LineLost(ModemError):
    """The serial line was pulled out. The driver waits for it, and the event `line_back` follows."""


class SimError(ModemError):
    """There is no SIM, the PIN is wrong, or the SIM asks for the PUK: another attempt would do harm."""


class Coverage(ModemError):
    """There is no network, or none that accepts the SIM."""


class BearerError(ModemError):
    """Attach, context or connection failed, or was lost."""


class LinkError(_Failure):
    """An exchange with the MMSC failed: `code` is the HTTP status, the response or retrieve status, or None."""


class Refused(LinkError):
    """The MMSC refused; `permanent` tells that another attempt cannot help (OMA-TS-MMS_ENC 7.3.48)."""

    def __init__(self, step, code=None, text="", permanent=True):
        super().__init__(step, code, text)
        self.permanent = permanent


class TooLarge(LinkError):
    """A message is larger than the settings or the store allow: fetching it again costs as much and does not help."""

    permanent = True


class PduError(Exception):
    """Octets are malformed from `offset` on; `what` says how."""

    def __init__(self, offset, what):
        super().__init__("octet %d: %s" % (offset, what))
        self.offset, self.what = offset, what


class StoreError(_Failure):
    """A record or blob could not be read or written: `code` is the file system's errno or None."""


class StoreFull(StoreError):
    """The store has no room left. Sending and deleting still work."""


class Damaged(StoreError):
    """A file differs from what was written to it, so reading it again cannot help."""

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
    """The user asked for something that cannot be done; the text says what and why."""
