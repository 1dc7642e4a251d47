"""`phone`: what requests, commands and their answers want of a handset. There is no module of this name to import.

tests/handset/test_protocols.py holds the modules that take a `phone` to it, and mypy holds Handset to it.
"""

from typing import Any, Generic, Protocol, TypeVar

from mms.handset import handset

class Phone(Protocol):
    """A handset, as far as a user commands it."""

    settings: dict[str, Any]  # checked ones
    events: Any  # mms.events.Events
    outbox: Any  # sending.outbox.Outbox
    inbox: Any  # receiving.inbox.Inbox
    bearer: Any  # carrying.bearer.Bearer
    camera: Any  # a driver of drivers/camera, or None
    @property
    def number(self) -> Any:
        """Our own number in international form, or None."""
    async def send(self, message: Any) -> Any:
        """Accept a Message: its id."""
    async def snap(self, create: Any, size: Any = None, quality: Any = None, octets: Any = None) -> None:
        """Take a picture into what `create()` gives."""
    def retry(self, id: str) -> None:
        """Send a message again."""
    def cancel(self, id: str) -> None:
        """Give up sending a message."""
    def fetch(self, id: str) -> None:
        """Retrieve a message."""
    def abort(self, id: str) -> None:
        """End the exchange that carries a message."""
    def wake(self) -> None:
        """Have the carrier look for something to carry."""

_Kind = TypeVar("_Kind", bound=Phone)

class _Held(Generic[_Kind]): ...

_handset: _Held[handset.Handset]
