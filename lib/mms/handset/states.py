"""The states of a message in outbox and inbox: each is what its record on disk says under "state"."""

# Outbox
QUEUED = "queued"  # accepted, to be sent, perhaps once more
LEAVING = "leaving"  # its last octets are being handed over: from here on the MMSC may have it
IN_DOUBT = "in doubt"  # it may have arrived, and the user decides whether it is sent again
SENT = "sent"  # the MMSC, or for a text the network, has confirmed it

# Outbox and inbox
FAILED = "failed"  # given up: the user may ask for it again

# Inbox: a message that an MMSC has announced
NOTIFIED = "notified"  # announced, to be retrieved
DEFERRED = "deferred"  # the MMSC was told to keep it until the user decides
WANTED = "wanted"  # the user has asked for it, to be retrieved
RETRIEVED = "retrieved"  # stored, and the MMSC is to be told
ACKNOWLEDGED = "acknowledged"  # stored, and the MMSC knows
FORWARDED = "forwarded"  # the MMSC has passed it on for the user, and may have it still
EXPIRED = "expired"  # the MMSC does not keep it any more
REJECTING = "rejecting"  # too large, and the MMSC is to be told
REJECTED = "rejected"  # too large, and the MMSC knows

# Inbox: an entry that came without an MMSC
TEXT = "text"  # a short message
LINK = "link"  # a link that came by WAP push
PROPOSAL = "proposal"  # settings that came by WAP push
APPLIED = "applied"  # such settings, in force

WAITING = (NOTIFIED, DEFERRED, WANTED)  # announced, and nothing has failed
OVER = (FAILED, EXPIRED, REJECTING, REJECTED)  # announced, and not retrieved any more by itself
ANSWERABLE = (RETRIEVED, REJECTING)  # the MMSC still waits for an answer
SHELVED = (LINK, PROPOSAL)  # bounded in number, and few enough to be known by heart
