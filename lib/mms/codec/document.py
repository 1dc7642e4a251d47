"""The pieces of a document that markup.read (XML) and wbxml.read (WBXML) yield.

(START, name, [(name, value)]), (END, name, None) or (TEXT, text, None).
"""

from mms.limits import const

START = const(1)
END = const(2)
TEXT = const(3)
