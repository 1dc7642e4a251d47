"""Prometheus' text format for campaigns that run for weeks: counters of attempts and KPIs, and histograms of times.

serve("127.0.0.1:9100", metrics) answers GET /metrics; `metrics.handle(line)` hears each line of the journal, those of
earlier runs first. Labels are networks, cases, KPIs and probes: as many as the plan has.
"""

import contextlib
import socket
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics, start_http_server

from tools.campaign.figures import measure

disable_created_metrics()  # a moment beside each counter: as many series again

# Seconds: from a short message at home to a message of 300 kB over GPRS.
_BUCKETS = (0.5, 1, 2, 3, 5, 7.5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600)
_STATES = ("ready", "silent", "gone", "back", "ended")


class ListenError(Exception):
    """An address on which nothing can listen: one line with what to do."""


class Metrics:
    """The metrics of one campaign, in a registry of their own."""

    def __init__(self):
        self.registry = CollectorRegistry()
        self._observer = measure.Observer()
        about: dict[str, Any] = {"registry": self.registry, "namespace": "campaign"}
        self._attempts = Counter("attempts", "Attempts that are over", ("network", "case", "verdict"), **about)
        self._tries = Counter("kpi_tries", "Attempts that count for a KPI", ("network", "kpi"), **about)
        self._counted = Counter("kpi_counted", "Those counted in its ratio", ("network", "kpi"), **about)
        self._seconds = Histogram("kpi_seconds", "Times of successes", ("network", "kpi"), buckets=_BUCKETS, **about)
        self._running = Gauge("attempts_running", "Attempts under way", **about)
        self._probes = Gauge("probe_state", "1 for the state that a probe is in", ("probe", "state"), **about)
        self._at = Gauge("clock_seconds", "The campaign's clock at its last line", **about)
        self._spent = Counter("spent_minor", "Minor units of money spent", ("currency",), **about)

    def handle(self, line):
        """Take one line of the journal, a dict."""
        if isinstance(line.get("at"), (int, float)):
            self._at.set(line["at"])
        if line.get("what") == "probe":
            for state in _STATES:
                self._probes.labels(line["probe"], state).set(line["state"] == state)
        for attempt in self._observer.handle(line):
            self._add(attempt)
        self._running.set(self._observer.running)

    def _add(self, attempt):
        self._attempts.labels(attempt.network or "", attempt.case, attempt.verdict).inc()
        if attempt.spent and attempt.spent["minor"] > 0:
            self._spent.labels(attempt.spent["currency"] or "").inc(attempt.spent["minor"])
        for network, kpi, seconds, counted in measure.observations(attempt):
            if kpi.kind == "ratio":
                self._tries.labels(network, kpi.name).inc()
                self._counted.labels(network, kpi.name).inc(counted)
            elif seconds is not None:
                self._seconds.labels(network, kpi.name).observe(seconds)


def address(text):
    """(host, port) of "127.0.0.1:9100" or "[::1]:9100"; a port alone is one of the loopback. Raises ListenError."""
    host, colon, port = text.rpartition(":")
    if not port.isdecimal() or not 0 < int(port) < 65536 or colon and not host:
        raise ListenError("--listen %s: an address and a port, as 127.0.0.1:9100" % text)
    return host.removeprefix("[").removesuffix("]") or "127.0.0.1", int(port)


@contextlib.contextmanager
def serve(text, metrics):
    """Answer GET /metrics at the address `text` while the context lasts; raises ListenError."""
    host, port = address(text)
    try:
        server, thread = start_http_server(port, host, metrics.registry)
    except (OSError, socket.gaierror) as error:
        raise ListenError("--listen %s: %s; take another port, or end what listens there" % (text, error.strerror))
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
