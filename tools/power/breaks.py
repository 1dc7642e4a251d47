"""Breaks the handset on purpose, one way at a time: the promise that test_powercut.py names for it must find it."""

import builtins

from mms.codec import mm1
from mms.errors import PduError, TooLarge
from mms.handset import states
from mms.handset.carrying import answers, carrier
from mms.handset.receiving import arriving, contents, intake, noting, retrieved
from mms.handset.sending import attempts, content, outbox
from mms.handset.store import filenames, files
from mms.handset.store import store as stores
from mms.link.url import parse_url
from tools.power import outside


def publish_before_whole():
    """Files have their final names while they are written."""
    files.open = lambda path, mode: builtins.open(path[:-1] if path.endswith("~") else path, mode)
    replace = files.replace
    files.replace = lambda aside, path: None if aside.endswith("~") else replace(aside, path)


def acknowledge_before_durable():
    """A message is kept in memory until the MMSC has its answer."""

    class Kept:
        media, octets = mm1.MEDIA, 0

        def __init__(self):
            self.whole = b""

        async def consume(self, response, buffer):
            count = await response.readinto(buffer)
            while count:
                self.whole += bytes(memoryview(buffer)[:count])
                count = await response.readinto(buffer)

        async def readinto(self, buffer):
            count = min(len(buffer), len(self.whole))
            buffer[:count] = self.whole[:count]
            self.whole = self.whole[count:]
            return count

    async def retrieve(self, item):
        kept = Kept()
        await self.bearer.request("GET", parse_url(item.status["url"]), kept.consume)
        await answers.respond(self.bearer, self._settings, item, mm1.NOTIFYRESP_IND, item.status["tid"], mm1.RETRIEVED)
        inbox = self._inbox
        media = await arriving.receive(inbox.store, inbox.events, item, kept, bytearray(500))
        await inbox.publish(item, media)

    carrier.Carrier._retrieve = retrieve


def send_before_marked():
    """The flash does not say that the last octets of a message are about to be sent."""
    outbox.Item.content = lambda self, **changes: content.Content(self._store, self.record["plan"], lambda: None)


def forget_the_flag():
    """A message in doubt is sent again as if it were not."""
    attempts.doubt = lambda item, why: item.save(state=states.QUEUED, why=why)


def empty_the_sim_first():
    """The SIM forgets a short message before the handset has kept it."""
    following, done = outside.Modem.__anext__, outside.Modem.done

    async def emptied(self):
        sms = await following(self)
        await done(self, sms)
        return sms

    async def nothing(self, sms):
        pass

    outside.Modem.__anext__, outside.Modem.done = emptied, nothing


def forget_the_report():
    """Delivery reports are not saved: they are lost when the power fails."""
    save = outbox.Item.save

    def forgetful(self, **changes):
        if "reports" not in changes:
            save(self, **changes)

    outbox.Item.save = forgetful


def lose_the_retry():
    """A message whose first attempt failed is not tried again."""
    following = carrier.Carrier._next

    async def first(self):
        job = await following(self)
        return None if job and job[0].status["attempts"] else job

    carrier.Carrier._next = first


def forget_untried_messages():
    """A message that was accepted and has no status yet is deleted at start."""
    usual = outbox.Outbox.load

    async def load(self):
        for name in self.store.names(filenames.ACCEPTED):
            if not self.store.has(name[:-2] + filenames.STATUS):
                self.store.remove(name)
        await usual(self)

    outbox.Outbox.load = load


def leave_unfinished_files():
    """Files that were not written to their end are never removed."""

    def start(self, folder, claim=None):
        self._folder, self.damaged = folder, []
        files.make_folder(folder)

    stores.Store.__init__ = start


def delete_the_record_last():
    """The status of a message is deleted before its record: for a moment there is a record without a status."""

    def delete(self, id):
        item = self.item(id)
        self.store.remove(id + filenames.STATUS)
        item.remove_parts()
        self.store.remove(id + filenames.ACCEPTED)

    outbox.Outbox.delete = delete


def delete_in_memory_only():
    """Messages are not deleted on the flash: they come back with the power."""
    outbox.Outbox.delete = lambda self, id: None


def change_octets_that_are_sent():
    """An octet of every message is changed on its way."""
    readinto = content.Content.readinto

    def changed(self, buf):
        count = readinto(self, buf)
        if count:
            buf[count - 1] ^= 1
        return count

    content.Content.readinto = changed


def note_a_confirmation_as_a_refusal():
    """A message that the MMSC has accepted is noted as failed."""
    outbox.Item.confirm = lambda self, message_id, **changes: self.save(state=states.FAILED, maybe_duplicate=True)


def accept_truncated_answers():
    """An answer without a body is a message of no parts."""
    parse = mm1.parse

    def lax(octets):
        try:
            return parse(octets)
        except PduError:
            return parse(bytes(octets) + b"\x84\xa3")

    async def no_parts(blob, pdu):
        return []

    is_short = retrieved._is_short
    mm1.parse, contents.walk = lax, no_parts
    retrieved._check_body = lambda *_: None
    retrieved._is_short = lambda item, pdu, octets: octets > 8 and is_short(item, pdu, octets)


def accept_less_than_announced():
    """A message that is shorter than announced is accepted without being fetched again."""
    retrieved._is_short = lambda *_: False


def reject_before_noted():
    """The MMSC is told that a message is too large before the flash says so."""
    retrieve = carrier.Carrier._retrieve

    async def hasty(self, item):
        try:
            await retrieve(self, item)
        except TooLarge:
            tid = item.status["tid"]
            await answers.respond(self.bearer, self._settings, item, mm1.NOTIFYRESP_IND, tid, mm1.REJECTED)
            raise

    carrier.Carrier._retrieve = hasty


def leave_retrievals_unacknowledged():
    """The MMSC is not told that a message is here."""

    async def answer(self, item):
        noting.note_acknowledged(item)

    carrier.Carrier._answer = answer


def keep_messages_on_the_sim():
    """The SIM never forgets a short message."""

    async def nothing(self, sms):
        pass

    outside.Modem.done = nothing


def fail_without_a_type():
    """Every short message meets an error in our code that is not one of mms.errors."""

    def handle(inbox, names):
        raise ValueError(names)

    intake._handle = handle


BREAKS = {
    function.__name__: function
    for function in (
        publish_before_whole,
        acknowledge_before_durable,
        send_before_marked,
        forget_the_flag,
        empty_the_sim_first,
        forget_the_report,
        lose_the_retry,
        forget_untried_messages,
        leave_unfinished_files,
        delete_the_record_last,
        delete_in_memory_only,
        change_octets_that_are_sent,
        note_a_confirmation_as_a_refusal,
        accept_truncated_answers,
        accept_less_than_announced,
        reject_before_noted,
        leave_retrievals_unacknowledged,
        keep_messages_on_the_sim,
        fail_without_a_type,
    )
}
