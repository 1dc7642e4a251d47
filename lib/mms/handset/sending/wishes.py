"""Wishes: recipients, reports, priority and whatever else a message has beside its parts; loaded for a new message."""

from mms import limits
from mms.codec import mm1
from mms.errors import UsageError
from mms.handset import policy, rooms
from mms.limits import const

_PRIORITY = const(("low", "normal", "high"))  # X-Mms-Priority, from 80 on (OMA-TS-MMS_ENC, 7.3.37)
_CLASS = const(("personal", "advertisement", "informational", "auto"))
_SUBJECT = limits.TEXT - 12  # octets; the charset goes before them
_YEAR = const(31536000)  # seconds: the longest validity and delay


def resolve(phone, message):
    """(recipients, wishes) of a Message: numbers in international form, and settings for wishes that it has not.

    Raises UsageError for a recipient or a wish that is none.
    """
    settings, own = phone.settings, phone.number
    numbers = rooms.numbers
    wishes = {key: settings[key] for key in ("delivery_report", "read_report", "shrink")}
    wishes.update(message.wishes)
    wishes["version"] = policy.version(settings)
    flag(wishes, "picture")
    recipients = [numbers.recipient(to, own) for to in message.to]
    count = len(recipients)
    for key in ("cc", "bcc"):
        addresses = wishes.get(key, [])
        if not isinstance(addresses, list) or not all(isinstance(to, str) for to in addresses):
            raise UsageError("%s is a list of texts" % key)
        wishes[key] = [numbers.recipient(to, own) for to in addresses]
        count += len(wishes[key])
    try:
        octets = len(message.subject.encode())
    except UnicodeError:
        raise UsageError("this subject has half a character in it")
    if octets > _SUBJECT:
        raise UsageError("a subject has at most %d octets" % _SUBJECT)
    if not 1 <= count <= limits.ADDRESSES:
        raise UsageError("a message has 1 to %d recipients" % limits.ADDRESSES)
    return recipients, wishes


def build_fields(tid, recipients, subject, wishes, date):
    """The fields of the M-Send.req up to its body; raises UsageError for a wish that cannot be fulfilled."""
    fields = [(mm1.TRANSACTION_ID, tid), (mm1.VERSION, wishes.get("version", mm1.VERSION_1_0))]
    if date is not None:
        fields.append((mm1.DATE, date))
    fields.append((mm1.FROM, None))
    copies = (mm1.CC, wishes.get("cc", ())), (mm1.BCC, wishes.get("bcc", ()))
    for field, addresses in ((mm1.TO, recipients),) + copies:
        fields.extend((field, mm1.address(recipient)) for recipient in addresses)
    if subject:
        fields.append((mm1.SUBJECT, subject))
    fields.append((mm1.MESSAGE_CLASS, _token(wishes, "class", _CLASS, 0)))
    fields.extend(
        (field, ("relative", _seconds(wishes, key)))
        for field, key in ((mm1.EXPIRY, "validity"), (mm1.DELIVERY_TIME, "delay"))
        if wishes.get(key) is not None
    )
    fields.append((mm1.PRIORITY, _token(wishes, "priority", _PRIORITY, 1)))
    if flag(wishes, "hide"):
        fields.append((mm1.SENDER_VISIBILITY, 0x80))
    fields.append((mm1.DELIVERY_REPORT, flag(wishes, "delivery_report")))
    fields.append((mm1.READ_REPORT, flag(wishes, "read_report")))
    related = [("start", "<layout>"), ("type", "application/smil")]
    fields.append((mm1.CONTENT_TYPE, mm1.ContentType("application/vnd.wap.multipart.related", related)))
    return fields


def _token(wishes, key, words, usual):
    word = wishes.get(key, words[usual])
    if word not in words:
        raise UsageError('%s is one of "%s"' % (key, '", "'.join(words)))
    return 0x80 + words.index(word)


def _seconds(wishes, key):
    seconds = wishes[key]
    if not isinstance(seconds, int) or seconds is True or not 0 < seconds <= _YEAR:
        raise UsageError("%s is a number of seconds, at most a year" % key)
    return seconds


def flag(wishes, key):
    """The wish `key`, which is true or false; raises UsageError for another value."""
    value = wishes.get(key, False)
    if value is not True and value is not False:
        raise UsageError("%s is true or false" % key)
    return value
