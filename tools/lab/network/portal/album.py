"""Albums: pictures by owner, each an original that nothing changes and the steps that were done to it.

Functions take a connection; pictures of others are as missing as those that there never were.
"""

import json
import secrets
from typing import NamedTuple

PICTURES = 200  # of one owner
OCTETS = 64 << 20  # of its originals
STEPS = 40  # of one picture
CAPTION = 200  # characters
_DELETED_S = 30 * 86400  # until a picture that was deleted is gone, or earlier where the album is full

_COLUMNS = "id, place, caption, steps, done, version, date, deleted"


class Missing(Exception):
    """The owner has no such picture."""


class Stale(Exception):
    """The picture was changed since the page was made that asks for a change."""


class Full(Exception):
    """There is no room: the text says for what."""


class Picture(NamedTuple):
    """A picture of an album: `steps` are those that count, `undone` how many more could be done again.

    `version` grows with each change; `deleted` is when it was deleted, in seconds since 1970, or None.
    """

    id: str
    caption: str
    steps: list
    undone: int
    version: int
    date: int
    deleted: float | None


def add(connection, owner, octets, caption, date, now, steps=(), delivery=None):
    """The id of a new picture, the last one of its album; `octets` is None for a blank sheet. Raises Full."""
    for (old,) in connection.execute("SELECT id FROM pictures WHERE deleted <= ?", (now - _DELETED_S,)).fetchall():
        _drop(connection, old)
    _make_room(connection, owner, len(octets or b""))
    (last,) = connection.execute("SELECT coalesce(max(place), 0) FROM pictures WHERE owner = ?", (owner,)).fetchone()
    key = secrets.token_urlsafe(12)
    connection.execute(
        "INSERT INTO pictures VALUES (?, ?, ?, ?, ?, ?, 1, ?, NULL, ?)",
        (key, owner, last + 1, caption[:CAPTION], json.dumps(list(steps)), len(steps), date, delivery),
    )
    if octets is not None:
        connection.execute("INSERT INTO originals VALUES (?, ?)", (key, octets))
    return key


def file(connection, owner, pictures, date, now, delivery):
    """File the (octets, caption) of one delivery, all of them or, where the same delivery was filed before, none.

    Returns how many there were. Raises Full.
    """
    if connection.execute("SELECT 1 FROM pictures WHERE delivery = ?", (delivery,)).fetchone():
        return 0
    for octets, caption in pictures:
        add(connection, owner, octets, caption, date, now, delivery=delivery)
    return len(pictures)


def pictures(connection, owner, deleted=False):
    """The pictures of an album in its order, or those that were deleted, the newest first."""
    which, order = ("NOT NULL", "deleted DESC") if deleted else ("NULL", "place")
    rows = connection.execute(
        "SELECT %s FROM pictures WHERE owner = ? AND deleted IS %s ORDER BY %s" % (_COLUMNS, which, order), (owner,)
    )
    return [_picture(row) for row in rows]


def picture(connection, owner, key):
    """One picture. Raises Missing."""
    return _picture(_row(connection, owner, key))


def original(connection, owner, key):
    """The octets of the original, or None for a blank sheet. Raises Missing."""
    _row(connection, owner, key)
    row = connection.execute("SELECT octets FROM originals WHERE picture = ?", (key,)).fetchone()
    return row[0] if row else None


def do(connection, owner, key, version, step):
    """Do a step; those that were undone cannot be done again then. Raises Missing, Stale, Full."""
    row = _fresh(connection, owner, key, version)
    steps = json.loads(row[3])[: row[4]] + [step]
    if len(steps) > STEPS:
        raise Full("%d steps are as many as a picture can have: undo some." % STEPS)
    connection.execute(
        "UPDATE pictures SET steps = ?, done = ?, version = version + 1 WHERE id = ?",
        (json.dumps(steps), len(steps), key),
    )


def undo(connection, owner, key, version, by=1):
    """Undo the last `by` steps, or do them again (`by` < 0). Raises Missing, Stale."""
    row = _fresh(connection, owner, key, version)
    done = min(max(0, row[4] - by), len(json.loads(row[3])))
    connection.execute("UPDATE pictures SET done = ?, version = version + 1 WHERE id = ?", (done, key))


def describe(connection, owner, key, version, caption):
    """Change the caption. Raises Missing, Stale."""
    _fresh(connection, owner, key, version)
    connection.execute("UPDATE pictures SET caption = ?, version = version + 1 WHERE id = ?", (caption[:CAPTION], key))


def move(connection, owner, key, by):
    """Change places with the picture `by` places further; nothing happens at the ends. Raises Missing."""
    _row(connection, owner, key)
    order = [found.id for found in pictures(connection, owner)]
    if key not in order:
        raise Missing(key)
    at = order.index(key)
    order.insert(min(max(0, at + by), len(order) - 1), order.pop(at))
    connection.executemany("UPDATE pictures SET place = ? WHERE id = ?", list(enumerate(order, 1)))


def delete(connection, owner, key, now):
    """Take a picture out of the album; for 30 days it can be put back. Raises Missing."""
    _row(connection, owner, key)
    connection.execute("UPDATE pictures SET deleted = coalesce(deleted, ?) WHERE id = ?", (now, key))


def restore(connection, owner, key):
    """Put a picture back that was deleted, where it was. Raises Missing."""
    _row(connection, owner, key)
    connection.execute("UPDATE pictures SET deleted = NULL WHERE id = ?", (key,))


def _make_room(connection, owner, octets):
    """Let go of the pictures that were deleted first until one more has room in the album. Raises Full."""
    of_owner = "FROM pictures LEFT JOIN originals ON picture = id WHERE owner = ?"
    while True:
        count, whole = connection.execute(
            "SELECT count(*), coalesce(sum(length(octets)), 0) " + of_owner, (owner,)
        ).fetchone()
        if count < PICTURES and whole + octets <= OCTETS:
            return
        row = connection.execute(
            "SELECT id FROM pictures WHERE owner = ? AND deleted NOT NULL ORDER BY deleted LIMIT 1", (owner,)
        ).fetchone()
        if row is None:
            raise Full(
                "The album is full: it has %d pictures and %d MB, of %d and %d: delete some."
                % (count, whole >> 20, PICTURES, OCTETS >> 20)
            )
        _drop(connection, row[0])


def _drop(connection, key):
    connection.execute("DELETE FROM originals WHERE picture = ?", (key,))
    connection.execute("DELETE FROM pictures WHERE id = ?", (key,))


def _row(connection, owner, key):
    row = connection.execute("SELECT %s FROM pictures WHERE id = ? AND owner = ?" % _COLUMNS, (key, owner)).fetchone()
    if row is None:
        raise Missing(key)
    return row


def _fresh(connection, owner, key, version):
    row = _row(connection, owner, key)
    if row[5] != version:
        raise Stale(key)
    return row


def _picture(row):
    key, _, caption, steps, done, version, date, deleted = row
    steps = json.loads(steps)
    return Picture(key, caption, steps[:done], len(steps) - done, version, date, deleted)
