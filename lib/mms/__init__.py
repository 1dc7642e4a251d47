"""An MMS handset for GPRS modem boards: `from mms import Handset, Message, phone`. __init__.pyi declares all of it."""

__version__ = "0.1.0"


def __getattr__(name):
    """Handset or Message, loaded when it is first used: each small room of mms loads this module, too."""
    if name == "Handset":
        from mms.handset.handset import Handset

        return Handset
    if name == "Message":
        from mms.handset.sending.message import Message

        return Message
    from mms.memory import BOARD

    if BOARD and name[0] != "_":  # MicroPython asks here for rooms, too, before it looks for their files
        return __import__("mms." + name, None, None, ("*",))
    raise AttributeError(name)
