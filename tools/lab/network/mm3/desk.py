"""The mailboxes of the lab at its terminal, and by HTTP: mails are listed, read with their attachments, and sent."""

import email.policy
import email.utils
import json
from email.message import EmailMessage

from aiohttp import web

from tools.lab.network.mm3 import addresses, bodies
from tools.lab.shell import private, refusing
from tools.lab.world import WorldError

_TEXT = 20000  # characters of a mail that are shown


class MailDesk:
    """The desk of a Mailbox; attachments are written into `folder`, a folder for each address."""

    WORDS = ("mail",)

    def __init__(self, mailbox, folder):
        self._mailbox, self._folder = mailbox, folder
        self.HELP = (
            "mail                  list the mailboxes at %s" % mailbox.domain,
            "mail ADDRESS          read the oldest mail there; attachments are written into a folder",
            "mail ADDRESS TO TEXT  send a mail from there",
        )

    def perform(self, words):
        """Do what the words of a line say; the lines of the answer. Raises WorldError."""
        if len(words) == 1:
            rows = [(address, len(mails)) for address, mails in sorted(self._mailbox.mails.items()) if mails]
            return ["%s: %d" % row for row in rows] or ["no mail"]
        if len(words) == 2:
            mail = self.read(words[1])
            lines = ["%s: %s" % (name, mail[name]) for name in ("from", "subject") if mail[name]]
            return [*lines, *mail["text"].split("\n"), *mail["files"]]
        if len(words) == 3:
            return self.HELP
        self.send(words[1], words[2], " ".join(words[3:]))
        return ["sent"]

    def read(self, address):
        """Take the oldest mail out of a mailbox: a dict with `from`, `subject`, `text` and `files`, paths.

        Raises WorldError without one.
        """
        mails = self._mailbox.mails.get(address.lower())
        if not mails:
            raise WorldError("no mail for %.100s" % address)
        mail = mails[0]
        self._mailbox.read(address, mail)
        try:
            content = bodies.read(mail)
        except bodies.NothingShown as error:
            return {**_head(mail), "text": str(error), "files": []}
        texts = [part.octets.decode() for part in content.parts if part.media == "text/plain"]
        files = [self._keep(address, mail, part) for part in content.parts if part.media != "text/plain"]
        return {**_head(mail), "text": "\n".join(texts)[:_TEXT], "files": files}

    def _keep(self, address, mail, part):
        folder = self._folder / address.lower()
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / ("%d-%s" % (len(list(folder.iterdir())) + 1, part.location))
        with open(path, "wb", opener=private) as file:
            file.write(part.octets)
        return str(path)

    def send(self, sender, to, text):
        """Send a text; raises WorldError for an address that cannot be one."""
        for address in (sender, to):
            if not addresses.is_mail(address):
                raise WorldError("no address of mail: %.100s" % address)
        if not sender.lower().endswith("@" + self._mailbox.domain):
            raise WorldError("%s has no mailbox here: they end with @%s" % (sender, self._mailbox.domain))
        mail = EmailMessage(policy=email.policy.SMTP)
        mail["From"], mail["To"] = sender, to
        mail["Date"] = email.utils.formatdate()
        mail["Message-ID"] = email.utils.make_msgid(domain=self._mailbox.domain)
        mail["Disposition-Notification-To"] = sender
        mail.set_content(bodies.plain(text))
        self._mailbox.post(sender, to, mail.as_bytes())

    def routes(self):
        """GET /mail: {address: count}; POST /mail/ADDRESS reads the oldest mail, and with a JSON object sends one."""
        return [web.get("/mail", self._list), web.post("/mail/{address}", self._post)]

    async def _list(self, request):
        return web.json_response({address: len(mails) for address, mails in self._mailbox.mails.items() if mails})

    async def _post(self, request):
        text, address = await request.text(), request.match_info["address"]
        with refusing('the body is empty, or {"to": ADDRESS, "text": TEXT}'):
            if not text:
                return web.json_response(self.read(address))
            wish = json.loads(text)
            self.send(address, str(wish["to"]), str(wish["text"]))
        return web.json_response({})


def _head(mail):
    return {"from": bodies.line(str(mail["From"]), 200), "subject": bodies.line(str(mail.get("Subject", "")), 200)}
