"""Options of this family beside those of all, the models, and the switches.

[M] marks rules that are only remembered, of the manuals or of real modules; a switch makes them otherwise.
"""

from tools.lab.modem import options
from tools.lab.modem.options import KEPT, SAVED, VOLATILE, joined
from tools.lab.network.radio import GSM, LTE, UMTS

G350, U201, R410M, R412M = "SARA-G350", "SARA-U201", "SARA-R410M", "SARA-R412M"
ACCESS = {U201: (GSM, UMTS), G350: (GSM,), R410M: (LTE,), R412M: (GSM, LTE)}  # the access technologies of each model

# name: (values, what it means); the first value is the usual modem
SWITCHES = joined(
    options.SWITCHES,
    {
        "activation": (
            ("answered", "announced"),
            "AT+UPSDA=0,3 says OK when the context is up (log), or at once and +UUPSDA later (log of a LARA)",
        ),
        "active-again": (("refused", "works"), "AT+UPSDA=0,3 of a profile that is active: CME 3, or OK [M]"),
        "after-data": (("bare", "blank"), "OK follows the octets of AT+USORD at once (log), or after an empty line"),
        "announced": (("once", "doubled"), "+UUSORD and +UUSOCL come once, or twice [M]"),
        "attach-itself": (("yes", "no"), "packet service is attached after the registration (log), or when asked [M]"),
        "before-sms-ready": (
            ("works", "error", "302", "100"),
            "SMS commands before the card is read: CMS 314, ERROR, CMS 302, CME 100 [M]",
        ),
        "blank-lines": (("none", "some"), "the R4 puts empty lines before the replies of its sockets (log)"),
        "cells": (("quoted", "bare"), "area and cell of +CREG, +CGREG and +CEREG"),
        "close": (
            ("prompt", "slow"),
            "AT+USOCL on an R4 answers after a round trip, or after 12 s (19.7: up to 120 s)",
        ),
        "deactivation": (("silent", "told"), "AT+UPSDA=0,4 sends no +UUPSDD, or one [M]"),
        "define-active": (
            ("taken", "refused"),
            "AT+CGDCONT of the context that is up: it counts at the next attach, or is refused [M]",
        ),
        "failed-connect": (
            ("kept", "closed"),
            "after an AT+USOCO that failed the number is in use until AT+USOCL (log), or +UUSOCL frees it [M]",
        ),
        "hasty": (("lost", "kept"), "octets in the 50 ms after @ (19.10.4) are lost [M], or taken (log)"),
        "lost-sockets": (("silent", "told"), "connections of a context that ended: nothing is said, or +UUSOCL [M]"),
        "message-waiting": (("silent", "told"), "+UMWI: 0,1 to 0,4 in the reply of the first commands (log)"),
        "model": ((U201, G350, R410M, R412M), "its identity, commands and access technologies"),
        "partial-read": (("told", "silent"), "+UUSORD follows a read that left octets (19.12.1), or does not [M]"),
        "prompt": (("soon", "late"), "the @ comes in 5 ms, or in 2.3 s (log)"),
        "push-labels": (("off", "on"), '+CMTI of a WAP push has no label, or "MMS PUSH" as SIMCom writes it'),
        "reason": (
            ("told", "stale"),
            "AT+CEER tells of the last refusal, or says 148 whatever was (of a SARA-U201, u-blox's ubxlib)",
        ),
        "refusal": (("soon", "late"), "a refused connection: ERROR after a round trip, or after 75.5 s"),
        "rts": (
            ("wired", "open"),
            "the handset drives RTS, or nothing does: then the module's pull-up holds it off, and with the flow control"
            " of the factory no octet comes until AT&K0 (integration, 1.9.1.3 and 1.9.1.4)",
        ),
        "uauthreq": (
            ("user-first", "password-first"),
            "AT+UAUTHREQ has the user and the password in the manual's order, or as Arduino's program for an R410M has",
        ),
        "unread": (
            ("kept", "lost"),
            "+UUSOCL waits until all octets are read (19.10.1), or comes at once and the octets are lost [M]",
        ),
        "write-result": (("soon", "late"), "+USOWR comes 10 ms after the octets, or 90 ms (log)"),
    },
)
SWITCHES = {name: SWITCHES[name] for name in sorted(SWITCHES)}

# name: (factory value, allowed values, when it is saved)
_NUMBERS = {
    "&K": (3, (0, 3), SAVED),  # log
    "&S": (1, (0, 1), SAVED),
    "+CEREG": (0, (0, 1, 2), SAVED),  # of the R4 alone
    "+CTZR": (0, (0, 1), SAVED),
    "+CTZU": (0, (0, 1), SAVED),  # log
    "+UMWI": (1, (0, 1), VOLATILE),
}

_STRINGS = {"+CSCS": ("IRA", '("GSM","UCS2","IRA")', SAVED)}

_TUPLES = {
    "+CNMI": ((1, 0, 0, 0, 0), ((0, 1, 2), (0, 1, 2, 3), (0, 2), (0, 1, 2), (0, 1)), SAVED),  # factory: log
    "+CGEREP": ((0, 0), ((0, 1, 2), (0, 1)), SAVED),
    "+IFC": ((2, 2), ((0, 2), (0, 2)), SAVED),
    "+UPSV": ((0, 2000), ((0, 1, 2, 3), range(40, 65001)), KEPT),  # mode, frames until it sleeps (integration, 1.9.1.4)
}

_RATES = (9600, 19200, 38400, 57600, 115200, 230400, 460800, 921600)


def made():
    """The options of a new module."""
    return options.Options(
        joined(options.NUMBERS, _NUMBERS),
        joined(options.STRINGS, _STRINGS),
        joined(options.TUPLES, _TUPLES),
        _RATES,
        SAVED,
    )
