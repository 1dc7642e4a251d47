"""Events as sentences for people; loaded when one happens and the console speaks words."""

from mms.handset import rooms
from mms.handset.store import filenames
from mms.limits import const

_plain = rooms.plain

_SENTENCES = const("""
ready|ready, at %(operator)s with a SIM of %(home)s
registered|registered with %(mccmnc)s (%(status)s)
sms_only|only short messages go on %(mccmnc)s with this SIM: type scan, then register MCCMNC for another network
steered|asked for network %(asked)s and got %(got)s: the home network steers, or the two are one
attached|attached to GPRS
context_up|the context is up: %(address)s
context_lost|the context is lost
connected|connected to %(host)s:%(port)s
modem_found|the modem is %(model)s, of the family %(family)s, at %(baud)s bit/s
modem_reset|the modem has restarted
line_lost|the serial line of the modem was pulled out: plug it in again
line_back|the serial line of the modem is back
undervoltage|undervoltage: %(text)s
power|power: %(text)s
battery|%(text)s
pressed|a press (%(kind)s): %(text)s
kept|the settings of %(operator)s work and are kept: access point %(apn)s
checked|checked, %(step)s: %(text)s (%(took_ms)s ms)
captured|picture taken: %(width)s x %(height)s, %(size)s
recording|recording for %(seconds)s s
recorded|sound recorded: %(seconds)s s, %(size)s
retaken|the picture is taken again: %(text)s
shrinks|the message is too large: a picture of %(size)s is made smaller, to some %(less)s, in %(seconds)s s
shrunk|the picture is smaller: %(size)s
accepted|message %(id)s is accepted, %(size)s: it is safe
confirmed|message %(id)s is sent: the network has it
in_doubt|message %(id)s is in doubt, it may have arrived: %(why)s. To send it again, type: retry %(id)s
delivered|report on message %(id)s: %(status)s by %(recipient)s
read|report on message %(id)s: %(status)s by %(recipient)s
unknown_report|a report on no message of ours
notified|message %(id)s of %(size)s waits, from %(sender)s
notified_again|message %(id)s was announced once more
retrieved|message %(id)s is here, %(size)s. Type: read %(id)s
deferred|message %(id)s waits until you want it: %(why)s. Type: fetch %(id)s
expiring|message %(id)s of %(size)s from %(sender)s is kept for %(hours)s hours more. Type: fetch %(id)s
held|message %(id)s is held: %(why)s
acknowledged|the message centre knows that message %(id)s is here
rejected|the message centre knows that message %(id)s is too large
expired|message %(id)s has expired
cancelled|message %(id)s was taken back by who sent it
read_reported|the sender of message %(id)s knows that it was read
text|short message %(id)s from %(sender)s: %(text)s
messages_wait|%(sender)s says that messages wait for you: %(kind)s
messages_gone|%(sender)s says that no more messages wait for you: %(kind)s
link|a link from %(sender)s, not opened: %(url)s %(text)s
proposed|settings from %(sender)s, not applied. Type: read %(id)s, then apply %(id)s
applied|the settings of message %(id)s are in force for %(operator)s
incomplete|%(parts)s of %(of)s parts of a message came, and no more
quarantined|something came that nobody here understands: %(why)s
flooded|%(dropped)s that came had no place
wifi|in the Wi-Fi %(network)s, at the address %(address)s
page|the page is at http://%(host)s:%(port)s
old_settings|the settings are of version 0.1; write %(write)s
damaged|file %(file)s of the store is damaged; all else goes on
failed|%(text)s
""")
_MOVES = {"picture": "picture", "sent": "sending", "received": "receiving", "shrinking": "making smaller"}


def render(event, phone):
    """The rows of an event, each with its line feed. Only the text of a short message has line feeds of its own."""
    fields = dict(event)
    name = fields.pop("event")
    if "octets" in fields:
        fields["size"] = _plain.size(fields["octets"])
    if "expected" in fields:
        fields["less"] = _plain.size(fields["expected"])
    at = _SENTENCES.find("\n%s|" % name)
    sentence = _SENTENCES[at + len(name) + 2 : _SENTENCES.find("\n", at + 1)] if at >= 0 else ""
    try:
        text = sentence % {key: _field(fields[key], name == key == "text") for key in fields}
    except KeyError:
        text = ""
    if not text:
        rest = ["%s %s" % (key, fields[key]) for key in sorted(fields) if key != "ms"]
        text = _plain.clean("%s: %s" % (name, ", ".join(rest)))
    if name == "failed":
        text += _next(fields, phone)
    for row in _plain.rows("* ", text):
        yield row + "\n"


def _field(value, lines):
    """A field on one line; a text that came may have several `lines`."""
    value = "?" if value is None or value == "" else str(value)
    return value if lines else _plain.clean(value)


def _next(fields, phone):
    """The rest of the sentence on a failure: advice, and a command to type or the time of the next attempt."""
    advice = "; " + fields["advice"] if fields.get("advice") else ""
    if fields.get("retry_ms"):
        seconds = fields["retry_ms"] // 1000
        return advice + ". Tried again in %s" % ("%d min" % (seconds // 60) if seconds > 99 else "%d s" % seconds)
    id = fields.get("id")
    if id and fields.get("final"):
        return advice + ". Type: %s %s" % ("retry" if phone.outbox.store.has(id + filenames.ACCEPTED) else "fetch", id)
    return advice


def render_progress(event):
    """Progress in a few words, "" at its end."""
    if event["event"] == "checking":
        return "trying: " + event["step"]
    octets, of = event.get("octets") or 0, event.get("of") or 0
    size = _plain.size
    if not of:
        return "%s, %s" % (_MOVES[event["event"]], size(octets))
    return "" if octets >= of else "%s %d %% of %s" % (_MOVES[event["event"]], 100 * octets // of, size(of))
