"""The test case: what a campaign tries on one or two probes, as a row of a table and a coroutine."""

import dataclasses
import typing


@dataclasses.dataclass(frozen=True)
class Case:
    """One test case.

    `roles` are ("mo",), the probe that sends, or ("mo", "mt"). `about` says in a sentence when it passes, `source`
    after which document it was written. `costs`: the SIM may be charged. `run(attempt)` is a coroutine that ends when
    the case has passed, and raises otherwise (tools/campaign/attempt.py). `options` {key: kind} are those of [[cases]]
    that it takes beside those of every case; kinds are "text", "seconds" and "yes". The case is for networks
    with the same `expect` in their [[networks]] as its `expects`.
    """

    name: str
    group: str
    roles: tuple
    title: str
    about: str
    source: str
    timeout_s: float
    costs: bool
    run: typing.Callable
    options: dict = dataclasses.field(default_factory=dict)
    octets: int | None = None
    expects: str | None = None
