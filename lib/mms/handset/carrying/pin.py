"""The PIN of the SIM: tried once, and never again when it was wrong; loaded when the SIM asks for it.

The record PIN of the store holds the hash of the PIN that is being tried or was wrong; `sure`: the SIM refused it.
"""

import binascii
import hashlib

from mms import flash
from mms.errors import Damaged, SimError
from mms.handset.store import filenames
from mms.limits import const

_WRONG = const("this PIN was wrong before and is not tried again")
_UNSURE = const("this PIN may have been wrong before and is not tried again: if it is right, delete pin.r in the store")
_REFUSED = const((12, 16))  # +CME: the PUK is asked for now, the PIN is incorrect; any other is a SIM that fails


async def settle(state, pin, modem, store):
    """Unlock a SIM whose `state` is "ready", "pin" or "puk"; raises SimError, ModemError, StoreError."""
    if state == "pin":
        await _unlock(pin, modem, store)
    elif state == "puk":
        raise SimError("sim", 12, "the SIM is blocked and wants its PUK: unblock it in a telephone")
    elif not _tried(store)["sure"]:
        store.remove(filenames.PIN)  # the PIN was right, and its OK was lost


async def _unlock(pin, modem, store):
    if not pin:
        raise SimError("sim", 11, 'the SIM wants a PIN: add "pin" to the settings')
    trying = binascii.hexlify(hashlib.sha256(pin.encode()).digest()).decode()
    if store.has(filenames.PIN):
        tried = _tried(store)
        if tried["wrong"] in (trying, None):
            raise SimError("sim", 16, _WRONG if tried["sure"] else _UNSURE)
    # The record is written first: a restart in between must not try the PIN again.
    store.write(filenames.PIN, {"wrong": trying, "sure": False})
    try:
        await modem.unlock(pin)
    except SimError as error:
        if error.code not in _REFUSED:
            raise
        await flash.quiet()
        store.write(filenames.PIN, {"wrong": trying, "sure": True})
        raise SimError("sim", error.code, "the SIM refuses the PIN, which is not tried again")
    await flash.quiet()
    store.remove(filenames.PIN)  # the PIN is right, even if the modem fails from here on
    await modem.unlocked()


def _tried(store):
    try:
        return store.read(filenames.PIN)
    except Damaged:
        return {"wrong": None, "sure": False}  # any PIN may be the one that was tried
