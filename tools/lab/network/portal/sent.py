"""The messages that a subscriber has sent from the portal, and what is known of each recipient."""

from typing import NamedTuple

_LISTED = 100  # messages
WORDS = {  # of TS 23.140, for people
    "": "on its way",
    "Retrieved": "delivered",
    "Forwarded": "forwarded",
    "Expired": "not fetched in time",
    "Rejected": "refused",
    "Deferred": "waits until it is fetched",
    "Unrecognised": "not understood by the handset",
    "Indeterminate": "perhaps delivered",
}
FAILED = ("Expired", "Rejected", "Unrecognised")


class Sent(NamedTuple):
    """A message: `message_id` is "" until the message centre has accepted it; `recipients` are (address, status, read).

    `report` says whether reports were asked for.
    """

    id: str
    message_id: str
    date: int
    subject: str
    summary: str
    octets: int
    report: bool
    recipients: list


def begin(connection, key, owner, recipients, date, subject, summary, octets, report):
    """Note a message before the message centre gets it. A form that is sent twice raises sqlite3.IntegrityError."""
    connection.execute(
        "INSERT INTO sent VALUES (?, ?, '', ?, ?, ?, ?, ?)", (key, owner, date, subject, summary, octets, report)
    )
    connection.executemany("INSERT INTO recipients VALUES (?, ?, '', '')", [(key, each) for each in recipients])
    return key


def abandon(connection):
    """Forget the messages that the message centre did not accept before the end of the process that began them."""
    for (key,) in connection.execute("SELECT id FROM sent WHERE message_id = ''").fetchall():
        refused(connection, key)


def accepted(connection, key, message_id, address=""):
    """The message centre has the message."""
    connection.execute("UPDATE sent SET message_id = ? WHERE id = ?", (message_id, key))


def refused(connection, key):
    """The message centre does not have the message."""
    connection.execute("DELETE FROM recipients WHERE sent = ?", (key,))
    connection.execute("DELETE FROM sent WHERE id = ?", (key,))


def report(connection, key, status, address):
    """Note the Status of the message at one recipient; one that came in the end is not replaced by `Deferred`."""
    connection.execute(
        "UPDATE recipients SET status = ? WHERE sent = ? AND address = ? AND (? <> 'Deferred' OR status = '')",
        (status, key, address, status),
    )


def read(connection, key, status, address):
    """Note "Read" or "Deleted without being read"."""
    connection.execute("UPDATE recipients SET read = ? WHERE sent = ? AND address = ?", (status, key, address))


def messages(connection, owner):
    """The last messages of a subscriber, the newest first."""
    found = []
    rows = connection.execute(
        "SELECT id, message_id, date, subject, summary, octets, report FROM sent WHERE owner = ?"
        " ORDER BY date DESC, rowid DESC LIMIT ?",
        (owner, _LISTED),
    ).fetchall()
    for row in rows:
        recipients = connection.execute(
            "SELECT address, status, read FROM recipients WHERE sent = ? ORDER BY rowid", (row[0],)
        ).fetchall()
        found.append(Sent._make([*row, recipients]))
    return found
