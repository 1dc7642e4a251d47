"""The WAP gateway of a session, which the sessions with the trait "wap" have in place of a proxy.

The faults of a proxy's connections strike it in its own way: for a connection that is refused it is silent, where one
is reset it restarts and knows nothing of its sessions any more, and for an answer that does not come it says 502.
"""

from tools.lab.network.gateway.wap import pdu, wsp
from tools.lab.network.gateway.wap.deviations import Deviations
from tools.soak import abroad
from tools.soak.dice import Dice

ADDRESS = ("10.1.1.2", 9201)
_MENDED_MS = 300000  # until a gateway that does not segment has made room for one that does
_PATIENCE_MS = 60000  # until the gateway gives up a server that does not answer


class Gateway:
    """`network` is the CoreNetwork whose faults it shares; `deviations` are those of the machine.

    `watch(entry)` hears of each session that is still open when its modem begins another ("left"), and of each abort
    ("aborted" with its `reason`).
    """

    def __init__(self, network, world, watch, struck, seed):
        self._network, self._world, self._watch, self._struck = network, world, watch, struck
        dice = Dice(seed + 3000017)
        self.deviations = Deviations(dice, self._deviate)
        self._ports = dice.between(1, 2)  # a modem sends from one port again and again, or from two in turn
        self._keys, self._addresses = {}, {}  # of an address, and of (number, key)
        self._silent = set()  # addresses for which the gateway is not there
        self._passed = {}  # (number, key): octets up and down
        self._places = {}  # address: the place of the subscriber, as CoreNetwork has it
        self._start()

    def _deviate(self, name):
        self._struck("WAP: " + name)
        if name == "no-sar":  # a modem keeps its port, and so its place in a gateway that segments nothing
            self._world.agenda.after(_MENDED_MS, self._start)

    def _start(self):
        self._machine = wsp.Gateway(self.deviations)

    @property
    def due(self):
        """The moment when something is due here, or None."""
        return self._machine.due

    def advance(self, now):
        """Let the time pass."""
        if self._machine.due is not None and self._machine.due <= now:
            self._machine.advance(now)
            self._flush()

    def open(self, number, key):
        """A modem has a socket for datagrams to the gateway."""
        address = number, key % self._ports
        self._addresses[number, key], self._keys[address] = address, key
        self._passed[number, key] = [0, 0]
        self._places[address] = abroad.place(self._network.modems[number])
        self._silent.discard(address)
        if self._network.refusals:
            self._network.refusals -= 1
            self._struck("WAP gateway silent")
            self._silent.add(address)

    def close(self, number, key):
        """A modem has closed the socket."""
        address = self._addresses.pop((number, key), None)
        if address is not None and self._keys.get(address) == key:
            del self._keys[address]

    def send(self, number, key, octets):
        """Take a datagram; False where the connection is none of the gateway's."""
        address = self._addresses.get((number, key))
        if address is None:
            return False
        if not any(self._passed[number, key]) and address in [peer.address for peer in self._machine.sessions.values()]:
            self._watch({"event": "left", "ms": self._world.now, "number": number})
        if address not in self._silent and not self._restarts((number, key), 0, octets):
            self._machine.receive(address, octets, self._world.now)
            self._flush()
        return True

    def _restarts(self, connection, way, octets):
        """Whether the gateway restarts at this datagram, which is lost; `way`: 0 up, 1 down."""
        passed, reset = self._passed[connection], self._network.reset
        passed[way] += len(octets)
        if reset is None or int(reset[0]) != way or passed[way] < reset[1]:
            return False
        self._network.reset = None
        self._struck("WAP gateway restarts")
        self._start()
        return True

    def _flush(self):
        """Carry out what the machine wants."""
        machine = self._machine
        for address, octets in machine.datagrams():
            if octets[0] >> 3 == pdu.ABORT:
                self._watch({"event": "aborted", "ms": self._world.now, "reason": octets[3]})
            key = self._keys.get(address)
            if key is not None and not self._restarts((address[0], key), 1, octets):
                self._network.modems[address[0]].arrived(key, octets)
        asked, machine.requests = machine.requests, []
        for request in asked:
            wait = self._network.ANSWER_MS
            self._world.agenda.after(wait, lambda request=request: self._serve(machine, request))

    def _serve(self, machine, request):
        """Let the MMSC answer a request, even if the gateway has forgotten it meanwhile."""
        network, number = self._network, request.peer.address[0]
        place = self._places[request.peer.address]
        answer = network.answer(number, place, request.method.encode(), request.url.encode(), request.body)
        whole = answer.length is None or answer.length <= len(answer.octets)
        wait = 1
        if network.drops:
            network.drops -= 1
            self._struck("dropped answer")
            whole = False
        elif network.mute:
            network.mute -= 1
            self._struck("half-closed")
            whole, wait = False, _PATIENCE_MS
        self._world.agenda.after(wait, lambda: self._reply(machine, request, answer if whole else None))

    def _reply(self, machine, request, answer):
        """Let the machine pass an answer on, or with None the status of a server that gives none."""
        if answer is None:
            machine.answer(request, wsp.BAD_GATEWAY, [], b"", self._world.now)
        else:
            fields, body = [("Content-Type", answer.media)], answer.octets[: answer.length]
            if answer.length is not None:
                fields.append(("Content-Length", str(answer.length)))
            machine.answer(request, answer.status, fields, body, self._world.now)
        if machine is self._machine:
            self._flush()
