"""The adapter of one MMSC: it knows which handset each subscriber has, and makes messages fit it.

Relay.fit is one: it is called in a thread. The shell of MM1 tells it what each request says of its handset.
"""

from tools.lab.network.adaptation import fitting

ROOM = "handsets"  # of the relay's store
_HEAD = 160  # octets of an M-Retrieve.conf without texts and addresses: ids, date, class, priority, statuses
_ADDRESS = 12  # octets of an address beside its text: field name, length, charset, /TYPE=PLMN


class Adapter:
    """`store` is that of the relay, which keeps the handsets of subscribers over a restart.

    `link(recipient, envelope)` gives address and code of the page that shows a message, as a text; it is called in the
    thread of the adapter. `given` {number: name of a profile} are handsets that are known without a request; a
    subscriber whose handset is of a profile without MMS gets texts with the link until a request names another one.
    `changed(number)` is called when a request names another profile than the one before.
    """

    def __init__(self, profiles, store, link, given=(), changed=lambda number: None):
        self._profiles, self._store, self._link, self._changed = profiles, store, link, changed
        self._known = {number: profiles.named(key) for number, key in dict(given).items()}
        for number, row in store.all(ROOM).items():
            self._known[number] = profiles.find(row["user_agent"], row["uaprof"])
        self._said = {number: (row["user_agent"], row["uaprof"]) for number, row in store.all(ROOM).items()}

    def learn(self, number, user_agent="", uaprof=""):
        """Note what an MM1 request of a subscriber says of its handset; the last request counts."""
        if self._said.get(number) == (user_agent, uaprof):
            return
        before = self.profile(number)
        self._said[number] = (user_agent, uaprof)
        self._known[number] = self._profiles.find(user_agent, uaprof)
        self._store.put(ROOM, number, {"user_agent": user_agent, "uaprof": uaprof})
        if self.profile(number) is not before:
            self._changed(number)

    def hear(self, number, headers):
        """As learn, from the headers of a request over HTTP, or over WSP by a gateway; without a number, nothing."""
        if number:
            url = headers.get("x-wap-profile") or headers.get("Profile", "")
            self.learn(number, headers.get("User-Agent", ""), url)

    def profile(self, number):
        """The Profile of a subscriber's handset, or None for one that no profile describes: that one takes all."""
        return self._known.get(number)

    def takes_mms(self, number):
        """Whether a subscriber's handset gets messages by MM1."""
        profile = self.profile(number)
        return profile is None or bool(profile.mms)

    def __call__(self, recipient, envelope):
        """The content for a recipient's handset, `envelope.content` itself where it fits; None: a text with the link.

        The size is that of the M-Retrieve.conf, so that Message-Size in the notification is what the handset gets.
        """
        profile = self.profile(recipient)
        if profile is None:
            return envelope.content
        if not profile.mms:
            return None
        try:
            return fitting.fit(
                envelope.content, profile, profile.octets - _head(envelope),
                lambda: self._link(recipient, envelope), envelope.adaptation,
            )  # fmt: skip
        except fitting.TooLarge:
            return None


def _head(envelope):
    """Octets of the M-Retrieve.conf in front of its Content-Type, at most."""
    addresses = [envelope.sender, *envelope.to, *envelope.cc, *(address for address, _ in envelope.previously)]
    texts = [envelope.subject, *addresses]
    return _HEAD + _ADDRESS * len(texts) + sum(len(text.encode()) for text in texts)
