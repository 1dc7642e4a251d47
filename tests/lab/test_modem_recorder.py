"""The recorder of a simulated SIM800 as the manual has it (V1.09, chapter 17 and 20.17)."""

from tests.kit.lab.bench import Bench
from tools.lab.modem.environment import Environment
from tools.lab.modem.sim800 import recorder

FRAME, OTHER = bytes([0x04]) + bytes(range(12)), bytes([0x0C]) + bytes(range(13))  # 4.75 and 5.15 kbit/s
SOUND = b"#!AMR\n" + FRAME + OTHER


def bench():
    environment = Environment()
    environment.sound = SOUND
    bench = Bench(environment=environment)
    bench.ask("AT+CMEE=1")
    return bench


def test_a_recording_ends_at_its_time_and_is_read_in_hexadecimal_pieces():
    phone = bench()
    assert phone.ask("AT+CREC=?") == ["+CREC: (1-8),(1-10)", "OK"]
    assert phone.ask("AT+CREC=1,1,0,2", 200) == ["OK"]
    assert phone.ask("AT+CREC?") == ["+CREC: 1", "OK"]
    for refused in ("AT+CREC=1,2,0", "AT+CREC=3,1", "AT+CREC=6,1,10,0", "AT+CREC=4,1,0,80"):
        assert phone.ask(refused) == ["+CME ERROR: 5000"]
    octets = b"#!AMR\n" + 50 * (FRAME + OTHER)
    assert phone.hear(3000) == ["+CREC: 2,1,0,2,%d" % len(octets)]
    assert phone.ask("AT+CREC?") == ["+CREC: 0", "OK"]
    assert phone.ask("AT+CREC=7,1") == phone.ask("AT+CREC=7") == ["+CREC: 7,1,%d,0" % len(octets), "OK"]
    assert phone.ask("AT+CREC=6,1,9,3", 50) == ["+CREC: 6,1,9", octets[3:12].hex().upper(), "OK"]
    assert phone.ask("AT+CREC=6,1,200,%d" % (len(octets) - 1), 50)[:1] == ["+CREC: 6,1,1"]
    assert phone.ask("AT+CREC=6,1,1,%d" % len(octets)) == ["+CME ERROR: 5007"]
    assert phone.ask("AT+CREC=6,1,32769,0") == ["+CME ERROR: 50"]
    assert phone.ask("AT+CREC=8") == ["+CREC: 8,%d" % (938600 - len(octets)), "OK"]
    assert phone.ask("AT+CREC=3,1") == ["OK"]
    for absent in ("AT+CREC=3,1", "AT+CREC=7,1", "AT+CREC=6,1,10,0"):
        assert phone.ask(absent) == ["+CME ERROR: 5008"]


def test_a_recording_is_ended_by_command_by_a_call_and_by_a_full_flash():
    phone = bench()
    assert phone.ask("AT+CREC=2") == ["ERROR"]
    path = '"C:\\User\\1.amr"'
    assert phone.ask("AT+CREC=1,%s,0" % path, 150 + 1000) == ["OK"]
    assert phone.ask("AT+CREC=2", 5) == ["OK", "+CREC: 2,%s,0,1,681" % path]
    phone.ask("AT+CREC=1,1,0", 150 + 400)
    phone.modem.recorder.call()
    assert phone.hear(0) == ["+CREC: 2,1,0,0,%d" % (6 + 10 * 27)]
    phone.modem.recorder.flash = 40000 + 6 + 681 + 276 + 500
    phone.ask("AT+CREC=1,2,0", 200)
    said = phone.hear(60000)
    assert said[0].startswith("+CREC: 2,2,0,0,") and phone.ask("AT+CREC?") == ["+CREC: 0", "OK"]
    phone.modem.recorder.flash = 40000
    assert phone.ask("AT+CREC=1,3,0") == ["+CME ERROR: 5003"]


def test_a_recording_may_be_refused_and_a_sim800l_has_none():
    phone = bench()
    phone.modem.refuse_record()
    assert phone.ask("AT+CREC=1,1,0,1") == ["+CME ERROR: 5002"]
    assert phone.ask("AT+CREC=1,1,1,1") == ["+CME ERROR: 5004"]
    assert phone.ask("AT+CREC=1,11,0,1") == ["+CME ERROR: 50"]
    phone.modem.recorder.exists = False
    assert phone.ask("AT+CREC=?") == phone.ask("AT+CREC=1,1,0,1") == ["+CME ERROR: 100"]


def test_a_recording_under_way_is_lost_with_the_power_and_files_are_not():
    phone = bench()
    phone.ask("AT+CREC=1,1,0,1", 2000)
    phone.ask("AT+CREC=1,2,0,9", 1000)
    phone.modem.brown_out()
    phone.wait(20000)
    assert list(phone.modem.recorder.files) == [1]
    assert recorder.frames(phone.modem.recorder.files[1])[:2] == [FRAME, OTHER]


def test_frames_come_on_the_serial_line_until_anything_is_said():
    phone = bench()
    assert phone.ask("AT+CRECORD=?") == ["+CRECORD: (0,1)", "OK"] and phone.ask("AT+CRECORD=0") == ["OK"]
    assert phone.type(b"AT+CRECORD=1,5,0\r", 250) == b"\r\n+CRECORD:" + FRAME * 10
    phone.modem.unsolicited("RING")
    assert phone.wait(60) == FRAME * 5
    assert phone.type(b"0", 1000) == b"\r\nOK\r\n\r\nRING\r\n"
    phone.modem.environment.sound = b"#!AMR\n" + b"\x04" + b"\x7e\x7d" + bytes(10)
    assert phone.type(b"AT+CRECORD=1,1,1\r", 30) == b"\r\n+CRECORD:\x7e\x04\x7d\x5e\x7d\x5d" + bytes(10)
    assert phone.type(b"AT\r", 10) == b"\r\nOK\r\n" and phone.ask("AT") == ["OK"]
    assert phone.ask("AT+CRECORD=1,5,2") == ["+CME ERROR: 50"]
    phone.ask("AT+CREC=1,1,0", 200)
    assert phone.ask("AT+CRECORD=1") == ["ERROR"]
