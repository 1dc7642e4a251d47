"""The handset of this program; a test holds this to the code."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from mms import Handset

_Held = TypeVar("_Held")

def hold(handset: _Held) -> _Held: ...
def handset() -> Handset: ...
def send(
    to: str | list[str],
    text: str = "",
    picture: bool = False,
    subject: str = "",
    files: list[str] | tuple[()] = (),
    size: str | None = None,
    quality: int | None = None,
    sound: str = "",
) -> str | None: ...
def inbox() -> None: ...
def check() -> None: ...

class Program:
    result: Any
    def __init__(self, work: Callable[[Handset], Awaitable[Any]]) -> None: ...
    async def serve(self) -> None: ...
    async def flush(self) -> None: ...
