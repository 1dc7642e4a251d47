"""Money: the price of a message before it is sent, the bounds that the settings have, and how much was spent.

    tariffs   the prices of an operator at a date, out of assets/tariffs.bin
    prices    of messages: before they are accepted, before they go, and when the MMSC has confirmed them
    ledger    the sums of each month, durable
    refunds   a text by which the operator gives money back
    bill      all of that for the user

Each is loaded when it is needed. Money is in whole minor units (pence, cents), dates are those that the network told.
"""
