"""Settings from the air: nobody's but the operator's are applied, only when the user says so, and as a whole."""

import json
import os

from mms.codec import provisioning
from mms.errors import UsageError
from mms.handset import rooms
from mms.handset.store.files import make_folder, new_id
from tests.kit.checks import raises
from tests.kit.handset.phone import Card, Phone
from tests.kit.handset.pushes import SETTINGS, pushed

FILE = {"number": "+447700900002", "operators": {"99999": {"apn": "other", "mmsc": "http://other/"}}}


def apply(params, *pins, body=SETTINGS, file=None, before=lambda phone: None):
    """What became of a proposal that came with a MAC: (phone, settings file, the error or None of each try)."""
    path = "build/tests/it's settings-%s.json" % new_id()
    make_folder("build/tests")
    with open(path, "w") as there:
        there.write(json.dumps(FILE) if file is None else file)
    phone, errors = Phone(), []
    phone.settings["file"] = path

    async def story():
        pushed(phone.handset.inbox, provisioning.BINARY, body, None, params, ports=(2948, 2948))
        (item,) = phone.handset.inbox.items()
        before(phone)
        for pin in pins:
            try:
                await rooms.verbs.do_apply(phone.handset, {"id": item.id, "pin": pin})
                errors.append(None)
            except UsageError as error:
                errors.append(str(error))

    phone.live(story)
    with open(path) as there:
        text = there.read()
    phone.rights = os.stat(path)[0] & 0o777
    os.remove(path)
    return phone, text, errors


def test_what_the_network_vouches_for_is_applied_at_once_and_the_rest_of_the_file_stays():
    phone, text, errors = apply(provisioning.mac("NETWPIN", SETTINGS, imsi=Card.imsi), None)
    told = json.loads(text)
    operator = told["operators"].pop("23410")
    assert errors == [None] and told["number"] == FILE["number"] and told["operators"] == FILE["operators"]
    assert operator["apn"] == "wap.o2.co.uk" and operator["mmsc"].startswith("http://mmsc.mms.o2.co.uk")
    assert phone.handset.bearer.profile.apn == "wap.o2.co.uk" and phone.settings["operators"]["23410"] == operator
    assert phone.told("applied")[0]["operator"] == "23410" and phone.modem.log[-1] == "release"
    assert [item.state for item in phone.handset.inbox.items()] == ["applied"]
    assert phone.rights in (0o600, 0), oct(phone.rights)  # some file systems have none


def test_what_the_operator_told_nobody_but_the_user_needs_his_pin():
    phone, text, errors = apply(provisioning.mac("USERPIN", SETTINGS, pin="1234"), None, "4321", "1234")
    assert "want the PIN" in errors[0] and "2 attempts are left" in errors[1] and errors[2] is None
    assert "4321" not in str(phone.said) and "23410" in json.loads(text)["operators"]


def test_who_guesses_three_times_or_forges_the_networks_word_has_his_settings_deleted():
    for params, tries in (
        (provisioning.mac("USERPIN", SETTINGS, pin="1234"), ("1", "2", "3")),
        (provisioning.mac("NETWPIN", SETTINGS, imsi="234100000000002"), (None,)),
    ):
        phone, text, errors = apply(params, *tries)
        assert errors[-1].endswith("they are deleted") and phone.handset.inbox.items() == []
        assert json.loads(text) == FILE and "23410" in phone.settings["operators"]
        assert phone.handset.bearer.profile.apn == "mms.example"


def test_what_nobody_vouches_for_is_not_applied():
    phone, text, (error,) = apply((), None)
    assert error.startswith("nobody vouches") and json.loads(text) == FILE
    assert [item.state for item in phone.handset.inbox.items()] == ["proposal"]


def test_what_is_no_pin_and_what_is_no_proposal_is_refused():
    phone, text, errors = apply((), "12x4", 1234)
    assert errors == ["a PIN has digits only"] * 2

    def applied(phone):
        phone.handset.inbox.items()[0].save(state="applied")

    def starting(phone):
        phone.handset.bearer.sim = None

    for before in (applied, starting):
        _, _, (error,) = apply(provisioning.mac("NETWPIN", SETTINGS, imsi=Card.imsi), None, before=before)
        assert "no proposal" in error


def test_settings_that_cannot_be_right_change_nothing():
    wrong = SETTINGS.replace(b"wap.o2.co.uk", b"wap/o2/co/uk")
    params = provisioning.mac("NETWPIN", wrong, imsi=Card.imsi)
    phone, text, (error,) = apply(params, None, body=wrong)
    assert "these settings cannot be right" in error and "apn" in error
    assert json.loads(text) == FILE and phone.handset.bearer.profile.apn == "mms.example"


def test_a_settings_file_that_cannot_be_read_is_said_so_and_nothing_changes():
    phone, text, (error,) = apply(provisioning.mac("NETWPIN", SETTINGS, imsi=Card.imsi), None, file="no json")
    assert "cannot be read" in error and text == "no json" and phone.handset.bearer.profile.apn == "mms.example"


def test_a_document_without_an_mmsc_is_no_proposal():
    phone = Phone()
    pushed(phone.handset.inbox, provisioning.BINARY, SETTINGS.replace(b"w4", b"w2"), None, (), ports=(2948, 2948))
    assert phone.names() == ["quarantined"] and phone.handset.inbox.items() == []
    raises(UsageError, phone.handset.inbox.item, "00000000")
