"""What Prometheus reads of a campaign that tells its metrics."""

import socket
import urllib.request

from prometheus_client.parser import text_string_to_metric_families


def free_port():
    """A port of the loopback at which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def scraped(port):
    """{(name, sorted labels): value} of all samples at a port of the loopback."""
    with urllib.request.urlopen("http://127.0.0.1:%d/metrics" % port, timeout=10) as answer:
        families = list(text_string_to_metric_families(answer.read().decode()))
    samples = [sample for family in families for sample in family.samples]
    return {(sample.name, *sorted(sample.labels.items())): sample.value for sample in samples}
