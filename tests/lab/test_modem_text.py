"""Text mode of the simulated SIM800: AT+CMGF=1 with AT+CMGS, CMGW, CMGR, CMGL, CMGDA, +CMT and +CDS."""

import pytest

from mms.codec import gsm7
from tests.kit.lab.bench import Bench, lines, push

HELLO = bytes.fromhex("040c9144770009002000006211220233440005e8329bfd06")
REPORT = bytes.fromhex("0201038177f611223344556677" + "11223344556677" + "00")
WIDE = bytes.fromhex("04038177f70008112233445566770420ac0041")  # a euro sign and an A


def bench():
    made = Bench()
    assert made.ask("AT+CMEE=1;+CMGF=1;+CMGD=1,4") == ["OK"]
    return made


def typed(modem, command, text):
    """What is said after `text` and Ctrl-Z were typed at the prompt of `command`."""
    assert modem.type(command.encode() + b"\r", 10) == b"\r\n> "
    return lines(modem.type(text + b"\x1a", 9000))


def test_a_message_is_shown_with_its_sender_its_time_and_its_text():
    modem = bench()
    modem.modem.deliver(HELLO)
    modem.wait(10)
    assert modem.ask("AT+CMGR=1") == [
        '+CMGR: "REC UNREAD","+447700900002","","26/11/22,20:33:44+00"',
        "hello",
        "OK",
    ]
    modem.ask("AT+CSDH=1")
    assert modem.ask("AT+CMGR=1")[0] == (
        '+CMGR: "REC READ","+447700900002","","26/11/22,20:33:44+00",145,4,0,0,"+447802000332",145,5'
    )
    assert modem.ask('AT+CMGL="ALL"') == [
        '+CMGL: 1,"REC READ","+447700900002","","26/11/22,20:33:44+00",145,5',
        "hello",
        "OK",
    ]
    assert modem.ask('AT+CMGL="REC UNREAD"') == ["OK"]
    assert modem.ask("AT+CMGL=4") == ["+CMS ERROR: 302"]


def test_what_is_no_gsm_text_is_hex_and_so_is_what_has_a_header():
    modem = bench()
    for message in (WIDE, push()):
        modem.modem.deliver(message)
    modem.wait(10)
    assert modem.ask("AT+CMGR=1")[1] == "20AC0041"
    assert modem.ask("AT+CMGR=2")[1] == "0605040B8423F0" + b"data".hex().upper()
    modem.ask('AT+CSCS="UCS2"')
    assert modem.ask("AT+CMGR=1")[0].startswith('+CMGR: "REC READ","003700370037",""')


def test_messages_are_routed_as_text():
    modem = bench()
    modem.ask("AT+CNMI=2,2,0,1,0")
    modem.modem.deliver(HELLO)
    assert modem.hear(10) == ['+CMT: "+447700900002","","26/11/22,20:33:44+00"', "hello"]
    modem.modem.deliver(REPORT)
    assert modem.hear(10) == ['+CDS: 2,1,"776",129,"11/22/33,44:55:66+77","11/22/33,44:55:66+77",0']


def test_a_text_is_sent_and_another_is_stored():
    modem = bench()
    assert typed(modem, 'AT+CMGS="+447700900002"', b"hello") == ["+CMGS: 7", "OK"]
    assert modem.submitted == [bytes.fromhex("11000c914477000900200000a705e8329bfd06")]
    assert typed(modem, 'AT+CMGW="12345"', b"later") == ["+CMGW: 1", "OK"]
    assert modem.ask("AT+CMGR=1") == ['+CMGR: "STO UNSENT","12345",""', "later", "OK"]
    assert modem.ask('AT+CMGS="nobody"') == ["+CMS ERROR: 28"]


def test_a_long_text_goes_out_in_parts():
    modem, text = bench(), "0123456789" * 31
    assert typed(modem, 'AT+CMGS="+447700900002"', text.encode()) == ["+CMGS: 7", "OK"]
    assert len(modem.submitted) == 3
    said = []
    for octets in modem.submitted:
        at = octets.index(b"\x05\0\3")
        assert octets[0] & 0x40 and tuple(octets[at + 4 : at + 6]) == (3, len(said) + 1)
        said.append(gsm7.decode(gsm7.unpack(octets[at + 6 :], octets[at - 1] - 7, 1)))
    assert "".join(said) == text


@pytest.mark.parametrize("charset, octets", [("UCS2", b"00E400410040"), ("8859-1", b"\xe4A@"), ("HEX", b"7b4100")])
def test_what_is_typed_is_in_the_chosen_character_set(charset, octets):
    modem = bench()
    modem.ask('AT+CSCS="%s"' % charset)
    to = "002B003400340031" if charset == "UCS2" else "+441"
    assert typed(modem, 'AT+CMGS="%s"' % to, octets)[-1] == "OK"
    assert modem.submitted[0][-3:] == gsm7.pack(gsm7.encode("äA@"))


@pytest.mark.parametrize(
    "kind, left",
    [("DEL READ", [0, 2, 3]), ("DEL UNREAD", [1, 2, 3]), ("DEL SENT", [0, 1, 2]), ("DEL UNSENT", [0, 1, 3])]
    + [("DEL INBOX", [2, 3]), ("DEL ALL", [])],
)
def test_messages_are_deleted_by_their_state(kind, left):
    for command in ('AT+CMGDA="%s"' % kind, "AT+CMGF=0;+CMGDA=%d" % (1 + DELETIONS.index(kind))):
        modem = bench()
        slots = modem.modem.sim.card.slots["SM"]
        slots[2:6] = [[state, HELLO] for state in range(4)]
        assert modem.ask(command) == ["OK"]
        assert [slot[0] for slot in slots if slot] == left
    assert modem.ask('AT+CMGDA="DEL NONE"') == ["+CMS ERROR: 302"]


DELETIONS = ("DEL READ", "DEL UNREAD", "DEL SENT", "DEL UNSENT", "DEL INBOX", "DEL ALL")


def test_a_message_that_ends_early_is_listed_and_does_not_end_the_modem():
    modem = bench()
    modem.modem.sim.card.slots["SM"][0] = [0, HELLO[:9]]
    assert modem.ask('AT+CMGL="ALL"')[-1] == "OK"
    assert modem.ask("AT+CMGR=1")[-1] == "OK"
