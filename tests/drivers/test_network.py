"""The subscriber and the radio network, as a modem tells them."""

import asyncio
import binascii

from drivers.modem.family import Family
from drivers.modem.sim7600 import Sim7600
from mms.advice import sentence
from mms.errors import Coverage, SimError
from tests.kit.checks import raises
from tests.kit.drivers.sim800 import (
    ANSWERS,
    OK,
    Peer,
    drive,
    failed,
    names,
    started,
)


def test_a_family_without_sockets_still_knows_who_and_where_it_is():
    async def story(modem, pipe, said):
        return (await modem.sim()).home, (await modem.network()).mccmnc

    assert started(story, make=Family) == ("310260", "23410")


def test_who_and_where():
    async def story(modem, pipe, said):
        await modem.start()
        sim, network = await modem.sim(), await modem.network()
        await modem.register()
        return sim, network, said

    sim, network, said = drive(Peer(), story)
    assert (sim.imsi, sim.home, sim.number) == ("310260000000007", "310260", "+447700900001")
    assert (network.mccmnc, network.status, network.roaming, network.signal) == ("23410", "roaming", True, -79)
    assert names(said) == ["registered"]


def test_a_file_of_the_sim_is_read_in_pieces():
    content = bytes(range(150))
    answers = {
        "AT+CRSM=192,28624,0,0,15": b'\r\n+CRSM: 144,0,"00000096' + b"6FD0040011F0FF01020000" + b'"\r\n' + OK,
        "AT+CRSM=176,28624,0,0,128": b'\r\n+CRSM: 144,0,"%s"\r\n' % binascii.hexlify(content[:128]).upper() + OK,
        "AT+CRSM=176,28624,0,128,22": b'\r\n+CRSM: 145,16,"%s"\r\n' % binascii.hexlify(content[128:]) + OK,
    }

    async def story(modem, pipe, said):
        await modem.start()
        return await modem.read_sim(28624)

    assert drive(Peer(answers), story) == content
    usim = "621C8202412183026FD08A01058B036F06048002009688008104"
    answers["AT+CRSM=192,28624,0,0,15"] = b'\r\n+CRSM: 144,0,"%s"\r\n' % usim.encode() + OK
    assert drive(Peer(answers), story) == content
    for line, wrong in (
        ("AT+CRSM=192,28624,0,0,15", b"\r\n+CRSM: 148,4\r\n" + OK),
        ("AT+CRSM=192,28624,0,0,15", b"\r\n+CME ERROR: 100\r\n"),
        ("AT+CRSM=192,28624,0,0,15", b'\r\n+CRSM: 144,0,"62FF80"\r\n' + OK),
        ("AT+CRSM=192,28624,0,0,15", OK),
        ("AT+CRSM=176,28624,0,0,128", b"\r\n+CRSM: 103,0\r\n" + OK),
        ("AT+CRSM=176,28624,0,0,128", b'\r\n+CRSM: 144,0,"AB0"\r\n' + OK),
        ("AT+CRSM=176,28624,0,128,22", b'\r\n+CRSM: 144,0,"AB"\r\n' + OK),
    ):
        changed = dict(answers)
        changed[line] = wrong
        assert drive(Peer(changed), story) == b"", (line, wrong)


def test_operators_on_the_air():
    async def story(modem, pipe, said):
        await modem.start()
        return (await modem.operators())[0]

    line = b'\r\n+COPS: (2,"O2 (UK), 2G","O2","23410"),(3,"Orange","ORA","23433"),,(0-4),(0-2)\r\n' + OK
    assert drive(Peer({"AT+COPS=?": line}), story) == [
        ("23410", "O2 (UK), 2G", "current", "GSM"),
        ("23433", "Orange", "forbidden", "GSM"),
    ]
    line = b'\r\n+COPS: (1,"T-Mobile","TMO","310260",7),(3,"Orange","ORA","23433",2),,(0-4),(0-2)\r\n' + OK
    assert drive(Peer({"AT+COPS=?": line}), story) == [
        ("310260", "T-Mobile", "available", "LTE"),
        ("23433", "Orange", "forbidden", "UMTS"),
    ]


def test_a_refused_registration_is_told_at_once():
    async def story(modem, pipe, said):
        await modem.start()
        await modem.register()

    peer = Peer({"AT+CREG?": b"\r\n+CREG: 0,3\r\n" + OK})
    assert raises(Coverage, drive, peer, story).code == 3


def test_a_sim_that_names_nobody_is_an_error_of_the_sim():
    async def story(modem, pipe, events):
        await modem.start()
        await modem.sim()

    assert raises(SimError, drive, Peer({"AT+CIMI": OK}), story).step == "sim"


def test_who_the_subscriber_is_whatever_the_sim_leaves_out():
    for answers, home, number in (
        ({"AT+CIMI": b"\r\n234100000000001\r\n" + OK, "AT+CRSM=176,28589,0,0,4": b"\r\nERROR\r\n"}, "23410", 1),
        ({"AT+CIMI": b"\r\n310260000000007\r\n" + OK, "AT+CRSM=176,28589,0,0,4": b"\r\nERROR\r\n"}, "310260", 1),
        ({"AT+CRSM=176,28589,0,0,4": b'\r\n+CRSM: 144,0,"00000002"\r\n' + OK}, "31026", 1),
        ({"AT+CRSM=176,28589,0,0,4": b"\r\n+CRSM: 106,130\r\n" + OK}, "310260", 1),
        ({"AT+CNUM": OK}, "310260", None),
        ({"AT+CNUM": b'\r\n+CNUM: "","07700900001",129\r\n' + OK}, "310260", None),
        ({"AT+CNUM": b'\r\n+CNUM: "","+447700900001",145\r\n' + OK}, "310260", 1),
        ({"AT+CNUM": b'\r\n+CNUM: "","",145\r\n\r\n+CNUM: "","447700900001",145\r\n' + OK}, "310260", 1),
        ({"AT+CCID": b"\r\nERROR\r\n"}, "310260", 1),
        ({"AT+CNUM": b"\r\nERROR\r\n"}, "310260", None),
    ):

        async def story(modem, pipe, said):
            return await modem.sim()

        sim = started(story, answers)
        assert (sim.home, sim.number) == (home, "+447700900001" if number else None), answers
    error = raises(SimError, started, story, {"AT+CIMI": b"\r\n12\r\n" + OK})
    assert "no IMSI" in str(error)


def test_a_network_that_is_hardly_there_is_told_as_far_as_it_is():
    async def story(modem, pipe, said):
        return await modem.network()

    for registration, signal, status, dbm in (
        (b"+CREG: 0,2", b"+CSQ: 99,99", "searching", None),
        (b"+CREG: 0,0", b"+CSQ: 31,0", "idle", -51),
        (b"+CREG: 0,8", b"+CSQ: 0,0", "unknown", -113),
        (b"+CREG: 0", b"+CSQ: ,", "unknown", None),
    ):
        network = started(story, {"AT+CREG?": b"\r\n" + registration + OK, "AT+CSQ": b"\r\n" + signal + OK})
        assert (network.status, network.signal, network.mccmnc) == (status, dbm, None)
    nameless = {"AT+COPS?": b"\r\n+COPS: 0\r\n" + OK, "AT+CSQ": OK}
    network = started(story, nameless)
    assert (network.status, network.mccmnc, network.signal) == ("roaming", None, None)


def test_a_modem_with_lte_is_where_its_best_registration_is():
    async def story(modem, pipe, said):
        network = await modem.network()
        return network.status, network.sms_only, network.rat

    for eps, packet, circuit, access, told in (
        (b"1", b"0", b"6", b",7", ("home", False, "LTE")),
        (b"5", b"0", b"0", b",7", ("roaming", False, "LTE")),
        (b"0", b"1", b"1", b",2", ("home", False, "UMTS")),
        (b"4", b"4", b"7", b",7", ("roaming", True, "LTE")),
        (b"3", b"2", b"0", b"", ("searching", False, "LTE")),
        (b"3", b"3", b"3", b"", ("denied", False, "LTE")),
        (b"3", b"3", b"1", b",0", ("home", False, "GSM")),
        (b'2,"1F2E","02C4EC07",9', b"0", b"10", b"", ("roaming", False, "LTE")),
        (b"5", b"0", b"0", b",8", ("roaming", False, "LTE")),
        (b"5", b"0", b"0", b",x", ("roaming", False, "LTE")),
    ):
        answers = {"AT+COPS?": b'\r\n+COPS: 0,2,"23410"' + access + OK, "AT+CREG?": b"\r\n+CREG: 0," + circuit + OK}
        answers["AT+CEREG?"] = b"\r\n+CEREG: 0," + eps + OK
        answers["AT+CGREG?"] = b"\r\n+CGREG: 0," + packet + OK
        assert started(story, answers, make=Sim7600) == told, (eps, packet, circuit)


def test_a_modem_that_is_denied_for_calls_is_waited_for_until_it_is_attached_or_is_not_either():
    async def story(modem, pipe, said):
        (error,) = await failed(modem.register())
        return modem.registered, error and error.code

    def answers(packet):
        found = {"AT+CREG?": b"\r\n+CREG: 0,3\r\n" + OK, "AT+CEREG?": b"\r\n+CEREG: 0,4\r\n" + OK}
        found["AT+CGREG?"] = [b"\r\n+CGREG: 0,0\r\n" + OK] * 9 + [b"\r\n+CGREG: 0,%d\r\n" % packet + OK] * 99
        return found

    assert started(story, answers(5), make=Sim7600) == ("roaming", None)
    assert started(story, answers(3), make=Sim7600) == (None, 3)
    assert started(story, answers(5)) == (None, 3)  # a SIM800 has nothing but its circuit-switched registration


def test_no_network_is_an_error_that_says_what_there_was():
    async def story(modem, pipe, said):
        await modem.register(seconds=0)

    error = raises(Coverage, started, story, {"AT+CREG?": b"\r\n+CREG: 0,2\r\n" + OK})
    assert error.code == 2 and "go where there is coverage" in sentence(error)


def test_a_network_chosen_by_hand_is_not_chosen_for_ever():
    async def story(modem, pipe, said):
        assert not modem.chosen
        await modem.register("23410")
        await modem.register("23410")
        assert modem.chosen
        modem._lose("it was reset")
        await modem.register()
        assert not modem.chosen
        return names(said)

    by_hand = [b'\r\n+COPS: 1,2,"23410"\r\n' + OK] * 6
    searching = [b"\r\n+CREG: 0,2\r\n" + OK] + [ANSWERS["AT+CREG?"]] * 5
    peer = Peer({"AT+COPS?": by_hand, "AT+CREG?": searching})
    assert started(story, peer=peer) == ["registered", "registered", "registered"]
    assert peer.lines.count('AT+COPS=1,2,"23410"') == 2 and peer.lines.count("AT+COPS=0") == 1


def test_a_choice_ends_where_the_modem_is_at_home_all_of_a_sudden():
    async def story(modem, pipe, said):
        await modem.register("23410")
        modem.registered = "home" if modem.registered == "roaming" else "roaming"
        await modem.register()
        return modem.chosen

    peer = Peer({"AT+COPS?": [b'\r\n+COPS: 1,2,"23410"\r\n' + OK] * 6})
    assert started(story, peer=peer) is False and peer.lines.count("AT+COPS=0") == 1


def test_a_network_that_refuses_is_not_left_chosen_and_its_cause_is_told_in_words():
    for code, words in ((111, "no agreement"), (113, "roaming in this area"), (103, "invalid"), (117, "steers")):

        async def story(modem, pipe, said):
            (error,) = await failed(modem.register("23433"))
            return error, modem.registered or modem.chosen

        peer = Peer({'AT+COPS=1,2,"23433"': b"\r\n+CME ERROR: %d\r\n" % code})
        error, registered = started(story, peer=peer)
        assert error.code == code and words in sentence(error) and not registered, sentence(error)
        assert peer.lines[-1] == "AT+COPS=0"


def test_a_modem_that_reports_a_reason_has_it_in_the_error():
    async def story(modem, pipe, said):
        (error,) = await failed(modem.register())
        return str(error)

    denied = {"AT+CREG?": b"\r\n+CREG: 0,3\r\n" + OK}
    assert started(story, denied) == "register: the network refuses this SIM (3)"
    denied["AT+CEER"] = b"\r\n+CEER: PLMN not allowed\r\n" + OK
    assert started(story, denied) == "register: PLMN not allowed (3)"
    denied["AT+CEER"] = b'\r\n+CEER: "MM cause",11,"PLMN not allowed"\r\n' + OK  # of u-blox
    assert started(story, denied) == "register: MM cause, 11, PLMN not allowed (3)"
    denied["AT+CEER"] = b'\r\n+CEER: "No report available"\r\n' + OK
    assert started(story, denied) == "register: the network refuses this SIM (3)"
    denied["AT+CEER"] = b"\r\n+CEER: No cause information available\r\n" + OK
    assert started(story, denied) == "register: the network refuses this SIM (3)"


def test_a_refused_choice_has_the_modems_reason_and_a_silent_modem_none():
    async def story(modem, pipe, said):
        (error,) = await failed(modem.register("23433"))
        return str(error)

    answers = {'AT+COPS=1,2,"23433"': b"\r\nERROR\r\n", "AT+CEER": b"\r\n+CEER: Roaming not allowed\r\n" + OK}
    assert started(story, answers) == "register: Roaming not allowed"
    answers['AT+COPS=1,2,"23433"'] = b""
    assert started(story, answers) == "register: no answer"


def test_a_network_that_is_not_the_one_asked_for_is_told_as_steering():
    async def story(modem, pipe, said):
        status = await modem.register("23433")
        return status, [(event["asked"], event["got"]) for event in said if event["event"] == "steered"]

    assert started(story) == ("roaming", [("23433", "23410")])
    asked = {"AT+COPS?": b'\r\n+COPS: 1,2,"23433"\r\n' + OK}
    assert started(story, asked) == ("roaming", [])


def test_automatic_undoes_a_choice_while_the_modem_is_registered():
    async def story(modem, pipe, said):
        await modem.register("23410")
        return await modem.register("auto")

    peer = Peer()
    assert started(story, peer=peer) == "roaming" and peer.lines.count("AT+COPS=0") == 1


def test_a_modem_for_lte_tells_its_serving_cell():
    async def story(modem, pipe, said):
        return (await modem.operators())[1]

    class Lte(Family):
        CELLS = "cpsi"

    for line, cells in (
        (
            b"LTE,Online,460-11,0x774B,126375687,303,EUTRAN-BAND1,100,5,0,12,36,42,5",
            [("46011", "774B", "126375687", None)],
        ),
        (b"GSM,Online,234-10,0x00c3,32465,21 EGSM 900,-64,2110,42-42", [("23410", "00C3", "32465", None)]),
        (b"NO SERVICE,Online", []),
        (b"", []),
    ):
        assert started(story, {"AT+CPSI?": b"\r\n+CPSI: " + line + b"\r\n" + OK}, make=Lte) == cells
    assert started(story, {"AT+CPSI?": b"\r\nERROR\r\n"}, make=Lte) == []


CENG = (
    b'\r\n+CENG: 1,1\r\n\r\n+CENG: 0,"0081,55,00,234,10,31,7ed1,08,05,00c3,255"\r\n'
    b'\r\n+CENG: 1,"0520,12,07,7ed2,234,33,00c4"\r\n\r\n+CENG: 2,"0521,11,07,234,30,00c5"\r\n'
    b'\r\n+CENG: 3,"0000,00,00,0000,000,00,0000"\r\n\r\n+CENG: 4,"0522,255,00,ffff,460,00,ffff"\r\n'
    b'\r\n+CENG: 5,"x"\r\n' + OK
)


def test_the_cells_around_are_told_and_those_that_are_not_there_left_out():
    async def story(modem, pipe, said):
        return (await modem.operators())[1]

    peer = Peer({"AT+CENG?": CENG})
    assert started(story, peer=peer) == [
        ("23410", "00C3", "7ED1", -58),
        ("23433", "00C4", "7ED2", -101),
        ("23430", "00C5", None, -102),
    ]
    assert peer.lines[-1] == "AT+CENG=0"
    assert started(story, {"AT+CENG=1,1": b"\r\n+CME ERROR: 100\r\n"}) == []
    assert started(story, make=Family) == []


def test_two_that_ask_for_the_network_at_a_time_are_both_answered():
    async def story(modem, pipe, said):
        registering = asyncio.create_task(modem.register())
        first, second = asyncio.create_task(modem.network()), asyncio.create_task(modem.network())
        return (await first).mccmnc, (await second).mccmnc, await registering

    searching = [b"\r\n+CREG: 0,2\r\n" + OK] * 3 + [ANSWERS["AT+CREG?"]] * 9
    assert started(story, {"AT+CREG?": searching})[2] == "roaming"


def test_a_list_of_networks_that_makes_no_sense_is_empty():
    async def story(modem, pipe, said):
        return (await modem.operators())[0]

    for line in (b"\r\n+COPS: \r\n", b'\r\n+COPS: (7,"a","b","23410")\r\n', b'\r\n+COPS: (2,"a","b","x")\r\n'):
        assert started(story, {"AT+COPS=?": line + OK}) == []
