"""The names of the files in the store; docs/store.md is made from this file.

A name is ID, the eight hexadecimal digits of a message, and one of these endings; the first two may follow any name.
"""

# Any file

# A file that is being written. It is renamed when it is whole; one found at the start is deleted.
UNFINISHED = "~"
# A damaged file; as ID.q a raw TPDU that could not be parsed. Sixteen are kept, for a person to look at.
QUARANTINE = ".q"

# Outbox

# The record of a message to be sent: recipients, subject, and the order of its pieces. It is written last and makes
# the message accepted.
ACCEPTED = ".o"
# The record of its status: state, attempts, the MMSC's Message-ID, reports. Without it the message is queued.
STATUS = ".s"
# The encoded header of the M-Send.req and of its parts, or all TPDUs of a text. It is deleted when the message was
# sent.
HEAD = ".h"
# The record of a small PDU for the MMSC that answers no retrieval, such as an M-Read-Rec.ind. It is deleted when the
# MMSC has it.
ERRAND = ".a"

# Inbox

# A raw TPDU as the SIM or the network delivered it: to be parsed, or a segment of a message whose others are missing.
TPDU = ".t"
# A raw TPDU that is being parsed. It is renamed before that, so one that crashes the handset is tried three times at
# most.
PARSED_ONCE = ".u"
# A raw TPDU that is being parsed for the second time: the handset ended in the first.
PARSED_TWICE = ".v"
# A raw TPDU that is being parsed for the third time; one found at the start is put into quarantine.
PARSED_THRICE = ".w"
# The record of an entry of the inbox: a notification, a text, a link or settings, and what has become of it.
ENTRY = ".n"
# A retrieved PDU that is not checked yet.
ARRIVED = ".k"
# A retrieved PDU that is being checked after a restart. One found at the start has ended the handset twice, and is
# retrieved again.
CHECKED_AGAIN = ".l"
# A retrieved PDU as the MMSC sent it, whole and checked. Its parts are read from it.
MESSAGE = ".m"
# A whole text in UTF-8, or the document of proposed settings.
CONTENT = ".x"

# Of the handset

# The record of the last eight numbers whose notifications led to messages.
PROVEN = "proven.r"
# The record of a PIN that is being tried or was wrong: its hash, so that a wrong PIN is tried once only.
PIN = "pin.r"
# The record of the octets that were moved abroad on a day, where the settings bound them.
ABROAD = "abroad.r"
# The record of an operator that the settings lack, by whose settings the MMSC was reached.
OPERATOR = "operator.r"
# The record of the octets that the camera's last frames had, by their size and quality.
CAMERA = "camera.r"
# The record of what was spent: a row for each of the last twelve months, and the ids that are counted in them.
SPENT = "spent.r"


def part(id, index):
    """The name of a part of a message to be sent: ID.0, ID.1 and so on. It is deleted when the message was sent."""
    return "%s.%d" % (id, index)
