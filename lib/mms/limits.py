"""Every bound, each with its reason: no length on the wire decides how much memory is allocated."""

try:
    from micropython import const
except ImportError:

    def const(value):
        """On CPython a constant is a plain value."""
        return value


# PDUs (octets unless the name says otherwise)
UINTVAR = const(5)  # 32 bits; longer ones are attacks, not numbers
LONG_INTEGER = const(8)  # more than any date, size or charset needs
PDU_HEADER = const(4096)  # the headers of a PDU up to its body
HEADERS = const(64)  # header fields in one PDU
TEXT = const(512)  # one text value
ADDRESSES = const(20)  # recipients of one message
PARTS = const(25)  # parts of one message
PART_HEADER = const(1024)  # content type and headers of one part
NESTING = const(4)  # multiparts inside multiparts
PARAMETERS = const(16)  # parameters of one content type
SMIL = const(8192)
TAGS = const(200)  # of a layout; a document in WBXML has four times so many tokens
ATTRIBUTES = const(20)  # of one tag
DEPTH = const(8)  # tags inside tags of a document in WBXML

# SMS
TPDU = const(176)  # 12 octets of address and time, 140 of user data, and some room
SEGMENTS = const(8)  # segments of one concatenated message
SEGMENT = const(134)  # octets of user data in one of them
ASSEMBLIES = const(4)  # concatenated messages under way at a time
ASSEMBLY_MS = const(600000)  # a segment that has not come after ten minutes will not come
WAITING = const(16)  # announced messages that are not retrieved, failed ones included: a stranger can announce some
PROVEN = const(8)  # numbers from which notifications came that led to a message: an operator has one or two
RETRIEVALS = const(12)  # failed retrievals in a row before the handset waits: each costs money
RETRIEVAL_MS = const(10000)  # after so long, one more retrieval may fail
TEXTS = const(128)  # short messages that are kept, or a quarter where the flash is small; two blocks of it each
SENT = const(64)  # messages that were sent and are still listed; two blocks of the flash each
LINKS = const(16)  # links and proposals of settings, each
ERRANDS = const(16)  # answers to PDUs from the air that wait for the MMSC
QUARANTINE = const(16)  # TPDUs that the handset does not understand: enough to find out why
NOTIFICATION = const(2048)  # a push and the notification in it

# HTTP
URL = const(512)
HTTP_LINE = const(512)
HTTP_HEADER = const(2048)
HTTP_LINES = const(32)
HTTP_INTERIM = const(4)  # interim responses before one final response: 100, 102 and 103 are all that there are
HTTP_CHUNK = const(8)  # hexadecimal digits of the length of a chunk
HTTP_TRAILERS = const(8)  # lines behind the last chunk
HTTP_PACE_MS = const(60000)  # in each such time come at least
HTTP_PACE = const(3000)  # octets, 50 a second: a peer slower than the slowest radio holds the connection on purpose
CONFIRMATION = const(2048)  # an M-Send.conf

# A WAP gateway
WSP = const(350000)  # a message that it carries: 255 segments of 1400 octets, and room for headers

# Modem
AT_LINE = const(1024)  # the list of 20 networks (AT+COPS=?) is the longest line
AT_LINES = const(64)  # lines of one reply that are kept
AT_ARGUMENT = const(100)  # the longest argument: a host name
UNACKED = const(7300)  # octets in flight: the radio never starves, and little is lost with the bearer

# Supervision (milliseconds)
WATCHDOG_MS = const(8000)  # an RP2040 counts to 8388
STEP_MS = const(1800000)  # between two heartbeats: register_seconds may be 600, and two may wait for the same modem

# Messages
MESSAGE = const(1100000)  # the largest message a network of today takes
BLOCK = const(1460)  # octets that move between modem and store at a time: one TCP segment
CONSOLE_LINE = const(2048)  # the largest piece of the heap that a line decides; longer texts come in pieces
COMMANDS = const(8)  # of a console that are under way at a time: each takes memory until it is answered
RECORD = const(2048)  # one record of the store
STORE_RESERVE = const(32768)  # eight blocks of littlefs, for records: a change takes one before it frees one
