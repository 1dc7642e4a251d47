"""An MMSC with MM4 as a process that is killed: `python -m tests.kit.lab.mm4_process DOMAIN FOLDER PORT MM4 PEER SMSC`.

PORT is that of its HTTP, MM4 and PEER are those of both sides' SMTP. For each line on stdin a child of this process is
the MMSC; its id is printed when it listens. The imports are made once, in the parent.
"""

import tools.lab  # noqa: F401 which finds lib/
from tests.kit.lab import forked
from tests.kit.lab.mm4 import NUMBERS, O2, ORANGE, Agreements
from tools.lab.network.mm4.machine import Peer
from tools.lab.network.mm4.shell import Interconnect
from tools.lab.network.mmsc.shell import Mmsc

SPEED = 200


async def _live(domain, folder, port, mm4, peer, smsc):
    own = [number for number in NUMBERS if NUMBERS[number] == domain]
    operator = {O2: "23410", ORANGE: "23433"}[domain]
    mmsc = Mmsc(folder, smsc, own, operator=operator, port=int(port), speed=SPEED)
    relay = mmsc.machine
    relay.route = lambda sender, recipient, now, octets=0: None if recipient in own else "mm4"
    peers = {O2 if domain == ORANGE else ORANGE: Peer("127.0.0.1:" + peer)}
    mmsc.add(Interconnect(relay, mmsc.wall, domain, peers, NUMBERS.get, Agreements(), mmsc.journal,
                          0.2, int(mm4), SPEED))  # fmt: skip
    await forked.live(mmsc)


if __name__ == "__main__":
    forked.main(_live)
