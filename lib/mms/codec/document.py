"""What a document consists of, as text (markup.py) and as WBXML (wbxml.py): `read` of either tells it piece by piece.

(START, name, [(name, value)]), (END, name, None) or (TEXT, text, None).
"""

from mms.limits import const

START = const(1)
END = const(2)
TEXT = const(3)
