"""The result of a journey: the parts on both sides, the time of each step, the bound."""

import hashlib
import json
import pathlib

from tools import bound


def sha256(octets):
    """The SHA-256 of octets, in hex."""
    return hashlib.sha256(octets).hexdigest()


class Part:
    """One part as it was sent: the received one is compared with it."""

    def __init__(self, type, octets, digest):
        self.type, self.octets, self.sha256 = type, octets, digest

    @classmethod
    def of(cls, type, octets):
        """The part that consists of `octets`."""
        return cls(type, len(octets), sha256(octets))


def compare(sent, files):
    """Rows for report.json: each of the `files` of an export beside the one of `sent` (Parts) that it was.

    A part that was lost has no `sha256_received`; one that came without having been sent no
    `sha256_sent`. Parts of one type are taken in their order.
    """
    rows = []
    left = list(sent)
    for file in files:
        octets = pathlib.Path(file["path"]).read_bytes()
        twin = next((part for part in left if part.type == file["type"]), None)
        if twin:
            left.remove(twin)
        rows.append(
            {
                "name": file["name"],
                "type": file["type"],
                "octets": len(octets),
                "sha256_sent": twin.sha256 if twin else None,
                "sha256_received": sha256(octets),
                "path": str(file["path"]),
            }
        )
    for part in left:
        lost = {"name": None, "type": part.type, "octets": part.octets, "path": None}
        rows.append(dict(lost, sha256_sent=part.sha256, sha256_received=None))
    return rows


def whole(rows):
    """True when everything that was sent arrived, and nothing else."""
    return bool(rows) and all(row["sha256_sent"] == row["sha256_received"] for row in rows)


# step: (handset and events that begin it, handset and event that end it); "press" is the shutter, "asked" is when the
# handset asked its modem for a connection; the last event before the end of the step counts
_STEPS = (
    ("context", "alice", "registered", "alice", "context_up"),
    ("camera", "alice", "press", "alice", "captured"),
    ("accept", "alice", "captured", "alice", "accepted"),
    ("upload", "alice", "asked accepted", "alice", "confirmed"),
    ("notification", "alice", "confirmed", "bob", "notified"),
    ("download", "bob", "asked", "bob", "retrieved"),
    ("acknowledgement", "bob", "retrieved", "bob", "acknowledged"),
    ("delivery_report", "bob", "acknowledged", "alice", "delivered"),
    ("shutter_to_confirmed", "alice", "press", "alice", "confirmed"),
    ("shutter_to_received", "alice", "press", "bob", "retrieved"),
)


class Times:
    """The moments of all events, in seconds of one clock."""

    def __init__(self):
        self._moments = {}  # (handset, event): all moments

    def note(self, handset, event, at):
        """Note that an event happened at a handset at the moment `at`."""
        self._moments.setdefault((handset, event), []).append(at)

    def milliseconds(self):
        """{step: how long it took}, as far as each step went.

        Each handset tells its events by itself: a step whose end is told before its beginning took no time.
        """
        taken = {}
        for step, began, start, ended, end in _STEPS:
            ends = self._moments.get((ended, end))
            moments = [at for event in start.split() for at in self._moments.get((began, event), ())]
            if ends and moments:
                starts = [at for at in moments if at <= ends[0]]
                taken[step] = round((ends[0] - max(starts, default=ends[0])) * 1000)
        return taken

    def asked(self, handset):
        """Whether a handset has asked for a connection since the shutter."""
        press = self._moments[handset, "press"][-1]
        return any(at > press for at in self._moments.get((handset, "asked"), ()))


def bounds(radio, speed, world, picture, octets, modems, connected, proxy):
    """{step: milliseconds that physics needs} for those steps that it bounds.

    modems: the families of alice and bob; connected: whether alice asked for a connection before the picture was read;
    proxy: "http", or "wsp" for a WAP gateway.
    """
    uart, (alice, bob) = world.modem.baud / 10, modems
    sms = world.delays.sms + world.delays.sms_next  # a notification comes in two segments
    # pictures cross the camera's line at the rate that the settings ask for, not at power-on's
    confirmed = bound.shutter_to_confirmation(picture, octets, radio, bound.UART, uart, alice, proxy=proxy)
    upload, download = bound.upload(octets, radio, uart, alice, connected=connected), bound.download
    if proxy == "wsp":
        upload, download = bound.wap_upload(octets, radio, uart, alice), bound.wap_download
    download = download(octets, radio, uart, bob)
    seconds = {
        "camera": bound.camera(picture, bound.UART),
        "upload": upload,
        "download": download,
        "shutter_to_confirmed": confirmed,
        "shutter_to_received": confirmed + sms + download,
    }
    return {step: round(value * 1000 / speed) for step, value in seconds.items()}


def write(path, report):
    """Write report.json."""
    path.write_text(json.dumps(report, indent=2) + "\n")
