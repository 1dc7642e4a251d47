"""The states of a board with a handset, for labgrid: off, booted, sim_ready, registered, reachable.

Each state has all states before it. It runs in build/labgrid, and in pytest with labgrid's plugin.
"""

import time

import attr
from labgrid.driver import Driver
from labgrid.factory import target_factory
from labgrid.protocol import PowerProtocol
from labgrid.strategy import Strategy, StrategyError

from tools.labgrid.board import BoardError, MmsBoardDriver

STATES = ("off", "booted", "sim_ready", "registered", "reachable")
_ANSWER_S = 2
_AGAIN_S = 0.5


@target_factory.reg_driver
@attr.s(eq=False)
class MmsStrategy(Strategy):
    """Brings a handset into a state of STATES; `network` is the MCCMNC to be registered on, None: the modem's choice.

    `boot_s`, `sim_s` and `register_s` are the most seconds that each may take. Without a power port the board cannot
    be switched off, and is taken as it is.
    """

    bindings = {"board": MmsBoardDriver, "power": {PowerProtocol, None}}

    network = attr.ib(default=None)
    boot_s = attr.ib(default=60.0, converter=float)
    sim_s = attr.ib(default=60.0, converter=float)
    register_s = attr.ib(default=180.0, converter=float)
    reached = attr.ib(default="unknown", init=False)

    def transition(self, status):
        """Go through all states up to `status`; raises StrategyError that names the state which was not reached."""
        if status not in STATES:
            raise StrategyError("no state %r: there are %s" % (status, ", ".join(STATES)))
        reached, wanted = (STATES.index(name) if name in STATES else 0 for name in (self.reached, status))
        steps = STATES[reached + 1 if reached < wanted else 1 : wanted + 1] if wanted else STATES[:1]
        for state in steps:
            self.reached = "unknown"
            try:
                getattr(self, "_" + state)()
            except BoardError as error:
                raise StrategyError("not %s: %s" % (state, error)) from error
            self.reached = state

    def force(self, status):
        """Take a state as reached, which another program has brought about."""
        if status not in STATES:
            raise StrategyError("no state %r: there are %s" % (status, ", ".join(STATES)))
        self.target.activate(self.power if status == "off" and self.power else self.board)
        self.reached = status

    def _off(self):
        if not self.power:
            raise StrategyError("not off: place %s has no power port" % self.target.name)
        self.target.deactivate(self.board)
        self.target.activate(self.power)
        self.power.off()

    def _booted(self):
        self.target.activate(self.board)
        if self._answers(_ANSWER_S):
            return
        if self.power:
            self.target.activate(self.power)
            self.power.cycle()
        if not self._answers(self.boot_s):
            raise BoardError("mode", "the board does not answer on its console (%d s waited)" % self.boot_s)

    def _answers(self, seconds):
        """Whether the board speaks JSON in time: a board that boots loses the first lines."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                self.board.ask("mode", min(_ANSWER_S, seconds), mode="json")
                return True
            except BoardError as error:
                if error.step != "mode":
                    raise
        return False

    def _sim_ready(self):
        self._wait("no SIM", self.sim_s, lambda status: status.get("home"))

    def _registered(self):
        if self.network:
            self.board.ask("register", self.register_s, network=self.network)
        self._wait("no network", self.register_s, lambda status: (status.get("network") or {}).get("mccmnc"))

    def _reachable(self):
        self.board.ask("check", self.register_s)

    def _wait(self, fault, seconds, holds):
        """Ask the handset for its status until it `holds`; a modem that starts has none."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                if holds(self.board.ask("status", seconds)):
                    return
            except BoardError as error:
                fault = str(error)
            time.sleep(_AGAIN_S)
        raise BoardError("status", "%s (%d s waited)" % (fault, seconds))

    @Driver.check_bound
    def get_status(self):
        """The state that was reached last, as labgrid's other strategies name it."""
        return self.reached
