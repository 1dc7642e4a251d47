"""The names by which sessions count what strikes them, and those of what is unusual in them from the start on."""

TRAITS = {  # {name: text} of properties that are no faults
    "abroad": "a journey abroad",
    "deaf": "a board whose flash deafens its lines",
    "direct": "no proxy",
    "dtr": "modems that sleep by DTR",
    "flow": "flow control",
    "off": "boards that cut their modem's supply",
    "sleep": "modems that sleep by themselves",
    "wap": "a WAP gateway",
}
_TOLD = {  # kind of fault: its names; of each other kind the name is its own with a colon
    "barred": ("GPRS barred",),
    "brown-out": ("modem brown-out",),
    "clock": ("date jumps",),
    "context": ("context lost",),
    "coverage": ("coverage lost",),
    "cut": ("power cut in the flash",),
    "denied": ("network denied",),
    "dropped": ("dropped answer",),
    "echo": ("echo again",),
    "eye": ("camera: lost octets", "camera: garbled octets"),
    "garbage": ("garbage",),
    "garbled": ("garbled octets",),
    "hang": ("camera hangs",),
    "html": ("HTML instead of a PDU",),
    "kill": ("program killed",),
    "late": ("late replies",),
    "lost": ("lost octets",),
    "memory": ("no memory",),
    "mute": ("half-closed",),
    "notified": ("notified again",),
    "prompt": ("lost prompt",),
    "proxy": ("proxy 5xx",),
    "refused": ("refused for now",),
    "reset": ("connection reset", "WAP gateway restarts"),
    "send-fail": ("send fail",),
    "short": ("short accept",),
    "silence": ("modem silent",),
    "sim": ("SIM removed",),
    "sim-full": ("SIM full",),
    "sms-again": ("SMS sent again",),
    "sms-lost": ("SMS lost",),
    "sms-odd": ("odd SMS",),
    "store-full": ("store full", "bad block"),
    "stuck": ("line stuck",),
    "truncated": ("picture truncated",),
    "unreachable": ("connection refused", "WAP gateway silent"),
    "unsolicited": ("unsolicited lines",),
}
_HEADS = {"mmsc": "MMSC", "wap": "WAP"}


def told(kind):
    """The names by which a session counts a kind of fault."""
    head, _, name = kind.partition("-")
    return _TOLD.get(kind) or ("%s: %s" % (_HEADS.get(head, head), name),)
