"""What a user asks of a message besides its parts: checked, and as fields of an M-Send.req; loaded for a new one."""

from mms import limits
from mms.codec import mm1
from mms.errors import UsageError
from mms.handset import policy, rooms

_PRIORITY = ("low", "normal", "high")  # from 80 on, as those of the classes
_CLASS = ("personal", "advertisement", "informational", "auto")
_SUBJECT = limits.TEXT - 12  # its charset goes before it
_YEAR = 31536000  # seconds: the longest validity and delay


def checked(handset, message):
    """(recipients, wishes) of a Message, its numbers in international form and the settings behind the wishes."""
    settings, own = handset.settings, handset.number
    numbers = rooms.numbers
    wishes = {key: settings[key] for key in ("delivery_report", "read_report")}
    wishes.update(message.wishes)
    wishes["version"] = policy.version(settings)
    flag(wishes, "picture")
    recipients = [numbers.recipient(to, own) for to in message.to]
    count = len(recipients)
    for key in ("cc", "bcc"):
        who = wishes.get(key, [])
        if not isinstance(who, list) or not all(isinstance(to, str) for to in who):
            raise UsageError("%s is a list of texts" % key)
        wishes[key] = [numbers.recipient(to, own) for to in who]
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


def fields(tid, recipients, subject, wishes, date):
    """The fields of the M-Send.req up to its body; raises UsageError for a wish that nobody can grant."""
    found = [(mm1.TRANSACTION_ID, tid), (mm1.VERSION, wishes.get("version", mm1.VERSION_1_0))]
    if date is not None:
        found.append((mm1.DATE, date))
    found.append((mm1.FROM, None))
    for field, who in ((mm1.TO, recipients), (mm1.CC, wishes.get("cc", ())), (mm1.BCC, wishes.get("bcc", ()))):
        found.extend((field, mm1.address(recipient)) for recipient in who)
    if subject:
        found.append((mm1.SUBJECT, subject))
    found.append((mm1.MESSAGE_CLASS, _token(wishes, "class", _CLASS, 0)))
    found.extend(
        (field, ("relative", _seconds(wishes, key)))
        for field, key in ((mm1.EXPIRY, "validity"), (mm1.DELIVERY_TIME, "delay"))
        if wishes.get(key) is not None
    )
    found.append((mm1.PRIORITY, _token(wishes, "priority", _PRIORITY, 1)))
    if flag(wishes, "hide"):
        found.append((mm1.SENDER_VISIBILITY, 0x80))
    found.append((mm1.DELIVERY_REPORT, flag(wishes, "delivery_report")))
    found.append((mm1.READ_REPORT, flag(wishes, "read_report")))
    related = [("start", "<layout>"), ("type", "application/smil")]
    found.append((mm1.CONTENT_TYPE, mm1.ContentType("application/vnd.wap.multipart.related", related)))
    return found


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
    """A wish that is true or false; raises UsageError for what is neither."""
    value = wishes.get(key, False)
    if value is not True and value is not False:
        raise UsageError("%s is true or false" % key)
    return value
