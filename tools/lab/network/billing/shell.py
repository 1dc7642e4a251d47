"""One operator's billing on disk and towards its SMS centre, and the bills of all operators at the lab's terminal."""

import asyncio
import json
import pathlib

from aiohttp import ClientError, ClientSession, ClientTimeout, web

from tools.lab.network.billing import bills, tariffs
from tools.lab.network.billing.accounts import POSTPAID, PREPAID, Accounts
from tools.lab.network.billing.charging import Charging
from tools.lab.shell import private
from tools.lab.world import WorldError

_ANSWER_S = 10
_RETRY_S = 5  # until a text is sent again to an SMS centre that did not take it


class Billing:
    """The billing of an operator, a row of a World; its Relay gets `charging`.

    `folder` has billing.sqlite, and records.jsonl with a record a line. `smsc` is the URL of the SMS centre, to which
    texts about refunds go; `visited(number)` tells in which network a subscriber is, by its code, or None.
    `subscribers` are rows of the World: `number`, `plan` or "", and the `credit` of a prepaid one in minor units, or
    None. Raises WorldError for a plan that does not exist.
    """

    def __init__(self, folder, operator, smsc, subscribers, visited=lambda number: None):
        rows = tariffs.load()
        self.operator = rows.get(operator.mccmnc)
        folder = pathlib.Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        self._smsc, self._code = smsc, operator.mccmnc
        self._news = asyncio.Event()
        self._task = None
        self._accounts = None
        self._file = open(folder / "records.jsonl", "a+", encoding="utf-8", opener=private)  # noqa: SIM115 until stop
        self._written = self._last()
        open(folder / "billing.sqlite", "a", opener=private).close()
        self._accounts = Accounts(folder / "billing.sqlite", self._changed)
        with self._accounts.change():
            for row in subscribers:
                self._open(row)
        self.charging = Charging(self._accounts, rows, operator.mccmnc, operator.domain, visited)

    def _open(self, row):
        plan, credit = row.plan, row.credit
        plans = self.operator.plans if self.operator else []
        if plan and plan not in plans:
            raise WorldError("subscriber %s: no plan %r: there are %s" % (row.name, plan, ", ".join(plans) or "none"))
        self._accounts.open(row.number, POSTPAID if credit is None else PREPAID, plan, credit or 0)

    async def start(self):
        """Begin to send texts."""
        self._task = asyncio.create_task(self._send_texts())

    async def stop(self):
        """Send no more; all accounts stay on disk."""
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        self._accounts.close()
        self._file.close()

    def bill(self, row):
        """The bill of a subscriber, a row of world.toml, as lines."""
        return bills.lines(self._accounts, row.number, row.name, self.operator.zone if self.operator else None)

    def sums(self, number):
        """{currency: minor units} that a number paid."""
        return bills.sums(bills.entries(self._accounts, number))

    def _last(self):
        """The sequence number of the last record that is in the file; an unfinished line is cut off."""
        self._file.seek(0)
        lines = self._file.read().split("\n")
        if lines[-1]:
            self._file.truncate(len("".join(line + "\n" for line in lines[:-1]).encode()))
        return json.loads(lines[-2])["sequence"] if len(lines) > 1 else 0

    def _changed(self):
        """Write the new records, and let texts be sent."""
        for line in self._accounts.records(self._written) if self._accounts else ():
            self._file.write(line + "\n")
            self._written = json.loads(line)["sequence"]
        self._file.flush()
        self._news.set()

    async def _send_texts(self):
        async with ClientSession(timeout=ClientTimeout(_ANSWER_S)) as session:
            while True:
                self._news.clear()
                wait = None
                for key, number, words in self._accounts.texts():
                    if await self._send(session, key, number, words):
                        self._accounts.drop_text(key)
                    else:
                        wait = _RETRY_S
                try:
                    await asyncio.wait_for(self._news.wait(), wait)
                except TimeoutError:
                    pass  # the SMS centre gets the text again

    async def _send(self, session, key, number, words):
        """Whether the SMS centre took a text, or never will; its id keeps it from taking the text twice."""
        parameters = {"to": number, "from": self.operator.number, "id": "billing-%s-%d" % (self._code, key)}
        try:
            async with session.post(self._smsc + "/text", params=parameters, data=words.encode()) as answer:
                return answer.status < 500
        except (ClientError, OSError, TimeoutError):
            return False


class Bills:
    """The bills at the terminal: `billings` {code of a network: Billing} for the subscribers of `world`.

    `folder` has the store of each handset, as NAME/store.
    """

    WORDS = ("bill",)
    HELP = ("bill NAME             tell what the messages of a subscriber cost",)

    def __init__(self, world, billings, folder):
        self._world, self._billings, self._folder = world, billings, folder

    def bill(self, name):
        """The bill of the subscriber `name` as lines, and what his handset has spent by itself. Raises WorldError."""
        row, billing = self._find(name)
        billed = sum(billing.sums(row.number).values())
        return billing.bill(row) + bills.handset(self._folder / name / "store", row.home, billed)

    def perform(self, words):
        """Do what the words of a line say; the lines of the answer. Raises WorldError."""
        if len(words) != 2:
            return self.HELP
        return self.bill(words[1])

    def routes(self):
        """GET /bills/NAME: the lines of a bill, and its sums in minor units."""
        return [web.get("/bills/{name}", self._get)]

    def _find(self, name):
        names = [row.name for row in self._world.subscribers]
        if name not in names:
            raise WorldError("no subscriber %s: there are %s" % (name, ", ".join(names)))
        row = self._world.subscriber(name)
        if row.home not in self._billings:
            raise WorldError("no operator %s runs, of which %s is a subscriber" % (row.home, name))
        return row, self._billings[row.home]

    async def _get(self, request):
        try:
            row, billing = self._find(request.match_info["name"])
        except WorldError as error:
            raise web.HTTPNotFound(text="%s\n" % error) from None
        return web.json_response({"lines": self.bill(row.name), "sums": billing.sums(row.number)})
