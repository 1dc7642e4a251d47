"""What the carrier wants of an Item, whichever of the three kinds it is."""

from typing import Any, Generic, Protocol, TypeVar

from mms.handset.carrying import errands
from mms.handset.receiving import inbox
from mms.handset.sending import outbox

class Item(Protocol):
    """One thing to be carried, as its record in the store has it."""

    id: str  # eight hexadecimal digits
    status: dict[str, Any]  # the saved fields; `attempts`, `why` and `state` among them
    @property
    def state(self) -> str:
        """One of states.py; the carrier goes on with QUEUED, NOTIFIED, WANTED, RETRIEVED and REJECTING."""
    def save(self, **changes: Any) -> None:
        """Change fields of the status durably; raises StoreError. The carrier counts `attempts` before each."""
    def failed(self, error: Exception, final: bool) -> None:
        """Save that an attempt failed with `error`, the last one when `final`; raises StoreError."""

_Kind = TypeVar("_Kind", bound=Item)

class _Held(Generic[_Kind]): ...

_outbox: _Held[outbox.Item]
_inbox: _Held[inbox.Item]
_errands: _Held[errands.Errand]
