"""The meaning of the statuses of MM1 (OMA-TS-MMS_ENC).

tools/pdu/pack.py writes this file from tools/pdu/standard.py.

A line has the number of a field and a value of it in hexadecimal, the outcome, and the value's name.
"""

OUTCOMES = """
1580 permanent expired
1581 ok retrieved
1582 permanent rejected
1583 transient deferred
1584 permanent unrecognised
1585 transient indeterminate
1586 ok forwarded
1587 transient unreachable
1280 ok ok
1281 transient unspecified
1282 permanent service-denied
1283 permanent message-format-corrupt
1284 permanent sending-address-unresolved
1285 permanent message-not-found
1286 transient network-problem
1287 permanent content-not-accepted
1288 permanent unsupported-message
12C0 transient failure
12C1 transient sending-address-unresolved
12C2 transient message-not-found
12C3 transient network-problem
12C4 transient partial-success
12E0 permanent failure
12E1 permanent service-denied
12E2 permanent message-format-corrupt
12E3 permanent sending-address-unresolved
12E4 permanent message-not-found
12E5 permanent content-not-accepted
12E6 permanent reply-charging-limitations-not-met
12E7 permanent reply-charging-request-not-accepted
12E8 permanent reply-charging-forwarding-denied
12E9 permanent reply-charging-not-supported
12EA permanent address-hiding-not-supported
12EB permanent lack-of-prepaid
1980 ok ok
19C0 transient failure
19C1 transient message-not-found
19C2 transient network-problem
19E0 permanent failure
19E1 permanent service-denied
19E2 permanent message-not-found
19E3 permanent content-unsupported
1B80 ok read
1B81 ok deleted-without-being-read
2580 ok ok
25C0 transient failure
25C1 transient network-problem
25E0 permanent failure
25E1 permanent service-denied
25E2 permanent message-format-corrupt
25E3 permanent message-not-found
25E4 permanent mailbox-full
3F80 ok received
3F81 permanent corrupted
"""
