"""The operator's web site for its subscribers: sign in, write messages, the album and its pictures."""
