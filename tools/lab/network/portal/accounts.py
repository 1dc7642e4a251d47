"""Signing in: a number, a code that goes to it by SMS, a session. No I/O but the connection that is passed.

Seconds are real ones: people type codes as fast as they do, however fast the world of the lab runs. Nothing that is
stored here signs anybody in: codes are kept as HMAC under a key of the running process, sessions as SHA-256.
"""

import hashlib
import hmac
import secrets
from typing import NamedTuple

CODE_S = 300  # a code is valid for so long
TRIES = 5  # of one code
CODES = 3  # that one number gets in an hour
SESSION_S = 12 * 3600  # without any request
_HOUR = 3600
_CHALLENGES = 5000  # at a time: a browser that asks for more pushes the oldest ones out
_TOUCH_S = 60  # a session is written again no more often than that


class Session(NamedTuple):
    """A browser that has signed in: the subscriber's `number`, and the `token` that its forms carry."""

    number: str
    token: str


def ask(connection, key, number, known, now):
    """(challenge, code or None): a new code for a number, and the id that the same browser has to give with it.

    There is no code for a number that is not `known`, or had its CODES already; the challenge looks alike then.
    """
    connection.execute("DELETE FROM challenges WHERE expires <= ?", (now,))
    connection.execute("DELETE FROM asked WHERE at <= ?", (now - _HOUR,))
    connection.execute(
        "DELETE FROM challenges WHERE rowid IN (SELECT rowid FROM challenges ORDER BY rowid DESC LIMIT -1 OFFSET ?)",
        (_CHALLENGES - 1,),
    )
    (had,) = connection.execute("SELECT count(*) FROM asked WHERE number = ?", (number,)).fetchone()
    challenge, code = secrets.token_urlsafe(24), "%06d" % secrets.randbelow(1_000_000)
    mac = _mac(key, challenge, code)
    if not known or had >= CODES:
        code, mac = None, b""
    else:
        connection.execute("INSERT INTO asked VALUES (?, ?)", (number, now))
    connection.execute(
        "INSERT INTO challenges VALUES (?, ?, ?, ?, 0)", (challenge, number if code else "", mac, now + CODE_S)
    )
    return challenge, code


def sign_in(connection, key, challenge, code, now):
    """The secret of a new session, or None: unknown, too old, tried too often and wrong are one answer."""
    row = connection.execute(
        "SELECT number, mac FROM challenges WHERE id = ? AND expires > ? AND tries < ?", (challenge, now, TRIES)
    ).fetchone()
    number, mac = row or ("", b"")
    right = hmac.compare_digest(_mac(key, challenge, code), mac or bytes(32))
    if not (right and mac):
        connection.execute("UPDATE challenges SET tries = tries + 1 WHERE id = ?", (challenge,))
        return None
    connection.execute("DELETE FROM challenges WHERE id = ?", (challenge,))
    connection.execute("DELETE FROM sessions WHERE expires <= ?", (now,))
    secret, token = secrets.token_urlsafe(32), secrets.token_urlsafe(24)
    connection.execute("INSERT INTO sessions VALUES (?, ?, ?, ?)", (_digest(secret), number, token, now + SESSION_S))
    return secret


def session(connection, secret, now):
    """The Session with that secret, which lasts for SESSION_S from now on, or None."""
    row = connection.execute(
        "SELECT number, token, expires FROM sessions WHERE id = ? AND expires > ?", (_digest(secret), now)
    ).fetchone()
    if row is None:
        return None
    if row[2] < now + SESSION_S - _TOUCH_S:
        connection.execute("UPDATE sessions SET expires = ? WHERE id = ?", (now + SESSION_S, _digest(secret)))
    return Session(*row[:2])


def sign_out(connection, number):
    """End every session of a number."""
    connection.execute("DELETE FROM sessions WHERE number = ?", (number,))


def _mac(key, challenge, code):
    return hmac.new(key, ("%s %s" % (challenge, code)).encode(), hashlib.sha256).digest()


def _digest(secret):
    return hashlib.sha256(secret.encode()).hexdigest()
