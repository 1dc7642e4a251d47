"""The port of recipients who get a text with a link, without its lines: pages, their codes and sessions.

Time is the caller's, in milliseconds: call `advance` whenever `due` has come. What a browser asks without a session
changes nothing, and finds out nothing: an unknown id is answered as a wrong code.
"""

from tools.lab.network.mmsc.ports import PAGE
from tools.lab.network.viewer import codes, text

WRONG = 5  # codes until a page wants a new one
TRIES = 20  # wrong codes of an address in an hour
RENEWALS = 3  # new codes of a page in a day
SESSION_S = 1800
_HOUR_MS, _DAY_S = 3600000, 86400
_ADDRESSES = 10000  # that are remembered for an hour


class Busy(Exception):
    """An address has tried so many codes that it has to wait."""


class Viewer:
    """The port `page` of a relay, which keeps its pages in the relay's store.

    `text(key)` has the shell send the text of a page, and call `texted` or `unreachable` then; `contents` keeps the
    content of pages by id, as a dict does; `url` is what stands in front of /ID, `zone` the time zone of dates in
    texts, `secret` some octets that stay the same. `pages` {id: row} are those that there are.
    """

    def __init__(self, relay, text, contents, url, zone, secret):
        self._relay, self._text, self._contents = relay, text, contents
        self.url, self._zone, self._codes = url, zone, codes.Codes(secret)
        self.pages = relay.store.all(PAGE)
        self._tries = {}  # by address: milliseconds of wrong codes

    # towards the relay

    def forward(self, key, envelope, recipient, now):
        """Take one delivery; the page of a delivery that comes again is the one that there is."""
        for page, row in self.pages.items():
            if row["delivery"] == key:
                if not row["texted"]:
                    self._text(page)
                return
        self._text(self._add(key, envelope, recipient, now))

    def link(self, recipient, envelope, now):
        """Address and code, as a text, of a page that is not the whole way of a message: nothing is reported."""
        page = self._add("", envelope, recipient, now)
        return "%s/%s code %s" % (self.url, page, self._renew(page))

    def texted(self, page, now):
        """The SMS centre has taken the text."""
        row = self.pages.get(page)
        if row and not row["texted"]:
            with self._relay.store:
                self._change(page, texted=True)
                self._relay.handed(row["delivery"], now)

    def unreachable(self, page, now):
        """The SMS centre knows no such subscriber."""
        row = self.pages.get(page)
        if row and not row["texted"]:
            with self._relay.store:
                self._drop(page)
                self._relay.answered(row["delivery"], "Unrecognised", now)

    def message(self, page):
        """(recipient, text) of the short message of a page, with a new code; None for a page that is no more."""
        row = self.pages.get(page)
        if row is None:
            return None
        code = self._renew(page)
        url = "%s/%s" % (self.url, page)
        return row["recipient"], text.write(row["sender"], row["expires"], self._zone, url, code)

    @property
    def due(self):
        """The milliseconds at which `advance` has something to do, or None."""
        moments = [row["expires"] for row in self.pages.values()]
        return (min(moments) - self._relay.date(0)) * 1000 if moments else None

    def advance(self, now):
        """Drop every page that is over at `now`; a message that was not shown by then has expired."""
        for page, row in list(self.pages.items()):
            if row["expires"] <= self._relay.date(now):
                with self._relay.store:
                    self._drop(page)
                    if row["delivery"] and not row["shown"]:
                        self._relay.answered(row["delivery"], "Expired", now)

    # towards browsers

    def enter(self, page, code, address, now):
        """The session that a code opens, or None: for an unknown page as for a wrong code. Raises Busy."""
        self._count(address, now)
        row = self.pages.get(page)
        right = self._codes.matches(page, code, row["code"] if row else "")
        if right and row["wrong"] < WRONG:
            self._tries[address].pop()
            session = codes.make_session()
            until = self._relay.date(now) + SESSION_S
            self._change(page, code="", wrong=0, session=self._codes.digest(page, session), until=until)
            self._say(page, now, "opened")
            return session
        if row:
            self._change(page, wrong=row["wrong"] + 1)
        self._say(page, now, "wrong code" if row else "unknown page")
        return None

    def ask(self, page, address, now):
        """Send a new code by SMS, a few times a day; the caller is never told whether. Raises Busy."""
        self._count(address, now)
        row = self.pages.get(page)
        today = self._relay.date(now) - _DAY_S
        renewed = [date for date in row["renewed"] if date > today] if row else []
        if row and len(renewed) < RENEWALS:
            self._change(page, renewed=[*renewed, self._relay.date(now)])
            self._say(page, now, "new code")
            self._text(page)
        else:
            self._say(page, now, "no new code" if row else "unknown page")

    def see(self, page, session, now):
        """(row, octets of the content) of a page for a session, or None."""
        row = self.pages.get(page)
        known = self._codes.matches(page, session, row["session"] if row else "")
        if not known or self._relay.date(now) >= min(row["until"], row["expires"]):
            return None
        return row, self._contents[page]

    def shown(self, page, now):
        """The page has been shown with all that is in it: its sender's handset is told so once."""
        row = self.pages[page]
        if not row["shown"]:
            with self._relay.store:
                self._change(page, shown=True)
                self._say(page, now, "shown")
                if row["delivery"]:
                    self._relay.answered(row["delivery"], "Retrieved", now)

    # pages

    def _add(self, delivery, envelope, recipient, now):
        page = codes.make_id()
        row = {
            "delivery": delivery, "message": envelope.key, "recipient": recipient,
            "sender": text.HIDDEN if envelope.hidden else envelope.sender, "subject": envelope.subject,
            "date": envelope.date, "expires": envelope.expires, "code": "", "wrong": 0, "renewed": [],
            "session": "", "until": 0, "texted": not delivery, "shown": False,
        }  # fmt: skip
        self._contents[page] = envelope.content
        self.pages[page] = row
        self._relay.store.put(PAGE, page, row)
        return page

    def _renew(self, page):
        """A new code, which ends the one before and the count of wrong ones."""
        code = codes.make_code()
        self._change(page, code=self._codes.digest(page, code), wrong=0)
        return code

    def _change(self, page, **fields):
        self.pages[page] = {**self.pages[page], **fields}
        self._relay.store.put(PAGE, page, self.pages[page])

    def _drop(self, page):
        """Let go of a page; of its content once that is durable."""
        self._relay.store.drop(PAGE, page)
        del self.pages[page]
        self._relay.store.after(lambda: self._contents.__delitem__(page))

    def _count(self, address, now):
        """Count a code that an address tries, as a wrong one until it proves right. Raises Busy."""
        recent = [ms for ms in self._tries.pop(address, ()) if ms > now - _HOUR_MS]
        self._tries[address] = recent
        if len(self._tries) > _ADDRESSES:
            del self._tries[next(iter(self._tries))]
        if len(recent) >= TRIES:
            raise Busy(address)
        recent.append(now)

    def _say(self, page, now, words):
        row = self.pages.get(page)
        self._relay.log("page", now, what=words, message_id=row and row["message"], recipient=row and row["recipient"])
