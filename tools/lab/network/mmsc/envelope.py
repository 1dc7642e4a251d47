"""A message beside its content, as all ways into a message centre describe it."""

import dataclasses


@dataclasses.dataclass
class Envelope:
    """A message as ports give and get it (3GPP TS 23.140, clause 8.4.1, in the words of MM4).

    `key` is its message id in this MMSC, "" before it is accepted; `sender` a number in E.164, an e-mail address or a
    short code, which recipients do not see when `hidden`; `to` and `cc` are addresses that are shown. Dates are seconds
    since 1970; `expires` is 0 where the MMSC decides. `previously` has (address, date) of each earlier sender, the
    first one first, and `hops` counts the MMSCs and forwards behind it. `content` is what contents.pack gives.
    """

    key: str = ""
    sender: str = ""
    hidden: bool = False
    to: list = dataclasses.field(default_factory=list)
    cc: list = dataclasses.field(default_factory=list)
    subject: str = ""
    message_class: str = "Personal"  # Personal, Advertisement, Informational or Auto
    priority: str = "Normal"  # Low, Normal or High
    delivery_report: bool = False
    read_report: bool = False
    date: int = 0
    expires: int = 0
    adaptation: bool = True
    previously: list = dataclasses.field(default_factory=list)
    hops: int = 0
    content: bytes = b""
