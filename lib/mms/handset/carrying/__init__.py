"""Exchanges with the message centre, one at a time.

The carrier carries three kinds of Item: accepted messages (sending.outbox.Item), notifications (receiving.inbox.Item)
and small PDUs (carrying.errands.Errand). __init__.pyi declares what all three have; mypy holds them to it.
"""
