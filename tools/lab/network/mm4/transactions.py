"""Transactions of MM4 that a message centre has begun, and how they are kept on disk."""

import dataclasses

from tools.lab.network.mm4 import addresses
from tools.lab.network.mm4.messages import Forward, Report, Response

# The states of a transaction
DUE = "due"  # a mail is to be sent at `when`
SENDING = "sending"  # a mail is under way
WAITING = "waiting"  # the mail has arrived, its RES is owed until `when`
HANDED = "handed"  # the peer has the message, a delivery report may come
DONE = "done"  # the delivery has ended, a read report may come

_TYPES = {kind.__name__: kind for kind in (Forward, Report, Response)}
_MINUTE_MS = 60_000
_PAUSES = (1, 5, 15, 60)  # minutes behind the first, second ... attempt
_LAST_PAUSE = 240
ACKNOWLEDGEMENT_MS = 15 * _MINUTE_MS  # a RES that takes longer is lost


def pause_ms(attempts):
    """Milliseconds until the next attempt after so many have failed."""
    return _MINUTE_MS * (_PAUSES[attempts - 1] if attempts <= len(_PAUSES) else _LAST_PAUSE)


@dataclasses.dataclass
class Transaction:
    """One mail to one mailbox of the peer `domain`, sent until it is answered or `expires`, in milliseconds.

    A forward has the `key` of the relay's delivery and its `recipient`; `report_wanted` and `read_wanted` say which
    reports may follow. `when`: milliseconds at which something is to be done, or None. The envelope of a forward is
    there while a mail is under way: the relay has it.
    """

    message: Forward | Report | Response
    domain: str
    mailbox: str
    expires: int
    key: str = ""
    recipient: str = ""
    report_wanted: bool = False
    read_wanted: bool = False
    state: str = DUE
    attempts: int = 0
    when: int | None = None

    @property
    def label(self):
        """Its name among all transactions."""
        own = isinstance(self.message, Response)  # an id of the peer's, which may be one of ours, too
        return ("response:" if own else "") + self.domain * own + addresses.identifier(self.message.transaction)

    @property
    def active(self):
        """Whether mails are still to be sent."""
        return self.state in (DUE, SENDING, WAITING)

    def kept(self, epoch_ms):
        """The row that is kept on disk, as a dict for JSON; its times are since 1970."""
        fields = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
        del fields["when"]
        message = {field.name: getattr(self.message, field.name) for field in dataclasses.fields(self.message)}
        message.pop("envelope", None)
        expires = self.expires + epoch_ms
        return {**fields, "expires": expires, "message": message, "type": type(self.message).__name__}


def restore(kept, epoch_ms):
    """The Transaction of a dict that was kept; one that was under way is due."""
    fields = {**kept, "expires": kept["expires"] - epoch_ms}
    kind = _TYPES[fields.pop("type")]
    message = dict(fields.pop("message"))
    if kind is Forward:
        message["envelope"] = None
    transaction = Transaction(kind(**message), **fields)
    if transaction.active:
        transaction.state = DUE
    return transaction
