"""The command support: one file for a helper, which has no secrets in it."""

import json
import os
import sys

from mms import clock, limits
from mms.advice import advice
from mms.errors import BearerError
from mms.handset.console.console import Console
from mms.handset.store.files import new_id
from mms.handset.store.store import Store
from tests.kit.handset.console import Typist
from tests.kit.handset.phone import MINUTE, OPERATOR, OWN, Phone, hello

PRIVATE = {
    "number": OWN,
    "pin": "90125",
    "press": {"to": ["+447700900123", "jane@example.com"], "text": "I am home", "subject": "Jane"},
    "wifi": {"name": "Doeville 7", "password": "trustno1!"},
    "operators": {
        "23410": dict(OPERATOR, user="jane-doe", password="swordfish", headers={"X-Token": "447700900321"}),
        "26201": dict(OPERATOR, user="john-doe"),
    },
}
PAGE = {"password": "open, sesame", "names": ["janes-phone.lan"]}
SECRETS = ["90125", "jane", "Jane", "I am home", "sesame", "doe", "swordfish", "ville", "trustno", "7009"]


def album(owner=""):
    return "build/tests/support-%s/%salbum" % (new_id(), owner)


def told(phone, *lines):
    """The lines that a person reads who types these, once the handset has started."""
    typist = Typist("help", *lines, "quit")

    async def story():
        await clock.sleep(2 * MINUTE)

    phone.live(story, Console(typist, phone.handset, phone.events))
    return typist.said


def read(phone):
    """{name: section} of the file."""
    with open(phone.settings["album"] + "/support.json") as file:
        lines = file.read().split("\n")
    assert all(len(line) <= limits.RECORD for line in lines)
    return {section["name"]: section for section in json.loads("".join(lines))}


def test_a_bundle_says_what_a_helper_asks_for():
    phone = Phone(album=album(), number=OWN)

    async def story():
        await clock.sleep(1000)
        await phone.handset.send(hello())
        await clock.sleep(MINUTE)

    phone.live(story)
    phone = Phone(album=phone.settings["album"], number=OWN, store=phone.folder)
    phone.store = Store(phone.settings["store"])
    phone.begin()
    phone.events.reset = ["WDT_RESET"]
    assert "all of this is in" in told(phone, "support")
    bundle = read(phone)
    assert bundle["messages"]["outbox"] == {"sent": 1} and bundle["messages"]["set_aside"] == 0
    steps = [step.split(":")[0] for step in bundle["check"]["rows"]]
    assert steps == "modem sim signal register attach context mmsc".split()
    assert bundle["operator"]["mmsc"] == OPERATOR["mmsc"] and bundle["modem"]["home"] == "23410"
    assert bundle["settings.camera"]["size"] == "VGA" and bundle["settings"]["version"] == "1.2"
    events = [row.split(" ")[1:] for row in bundle["events"]["rows"]]
    assert events == [["ready"]]  # those of `check` come later
    assert bundle["program"]["reset"] == ["WDT_RESET"]
    assert bundle["program"]["free"] > 0 and sys.implementation.name in bundle["program"]["interpreter"]


def test_nothing_private_is_in_a_bundle_nor_in_its_answers():
    phone = Phone(**dict(PRIVATE, album=album("jane-doe/")))
    phone.events.listen(lambda event: phone.settings.update(page=PAGE))  # too late to be served
    said = told(phone, "support", '{"do": "mode", "mode": "json"}', '{"do": "support"}')
    (answer,) = [json.loads(line) for line in said.split("\n") if '"sections": ' in line]
    file, bundle = answer["sections"].pop(), read(phone)
    assert file["octets"] == os.stat(file["path"])[6]
    assert sorted([section["name"] for section in answer["sections"]]) == sorted(bundle)
    assert bundle["operator"]["password"] == bundle["settings.press"]["to"][1] == "**"
    assert bundle["settings.page"] == {"name": "settings.page", "password": "**", "names": ["**"]}
    assert (
        bundle["settings"]["wifi"] is True
        and bundle["settings.press"]["to"][0] == "+**********23"
        and bundle["operator"]["headers"] == ["X-Token"]
    )
    shown = said.partition("settings:")[2].partition("all of this")[0]
    assert "X-Token" in shown
    text = shown + json.dumps([bundle, answer["sections"]])
    assert [secret for secret in SECRETS if secret in text] == []


def test_a_bundle_tells_the_step_that_fails_and_the_last_failure():
    phone = Phone(album=album())
    phone.modem.faults["attach"] = [BearerError("context", 133, "no: +447700900123") for _ in range(9)]
    told(phone, "support")
    bundle = read(phone)
    text = "failed: context: no: +**********23 (133); " + advice(BearerError("context", 133, ""))
    assert bundle["check"]["rows"][-1] == text and bundle["check"]["rows"][-2].startswith("attach")
    failed = [row.split(" ", 1)[1] for row in bundle["events"]["rows"] if " failed " in row]
    assert failed == ["failed context 133"]


def test_a_bundle_is_made_while_no_modem_answers():
    phone = Phone(album=album())
    phone.modem.slow_ms = MINUTE
    phone.live(lambda: clock.sleep(5000), Console(Typist("support", "quit"), phone.handset, phone.events))
    bundle = read(phone)
    assert bundle["check"]["rows"] == ["failed: the modem is still starting"] and "operator" not in bundle


def test_progress_leaves_the_events_before_it():
    events = Phone().events
    events.say("failed", step="context", code=133)
    for octets in range(100):
        events.say("sent", octets=octets, of=100)
    assert [name for name in events.last[1::4] if name] == ["failed", "sent"]
    for number in range(20):
        events.say("checked", step=str(number))
    assert len(events.last) == 48 and events.last[-3:] == ["checked", "19", None]


def test_a_section_that_is_too_large_is_left_out_and_says_so():
    hosts = ["h" * 60 + "%d.example" % number for number in range(20)]
    operators = {"23410": dict(OPERATOR, hosts=hosts, headers={"x" * 40 + str(at): "y" for at in range(20)})}
    phone = Phone(album=album(), operators=operators)
    told(phone, "support")
    bundle = read(phone)
    assert sorted(bundle["operator"]) == ["dropped", "name"] and len(bundle) > 8
