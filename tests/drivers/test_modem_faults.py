"""What a modem says when something is wrong, and what the driver makes of it."""

import asyncio

from drivers.modem.family import Family
from drivers.modem.messages import Messages, Sms
from drivers.modem.sim800 import Sim800
from mms import clock
from mms.advice import sentence
from mms.errors import BearerError, Coverage, ModemError, SimError
from mms.events import Events
from tests.kit.checks import raises
from tests.kit.drivers.scripted import Pipe, run
from tests.kit.drivers.sim800 import (
    ANSWERS,
    HELD,
    OK,
    Peer,
    Profile,
    connected,
    drive,
    failed,
    message,
    names,
    read_all,
    started,
)

# The SIM


def test_a_sim_says_what_it_wants_in_words_or_in_numbers():
    for answer, state in (
        (b"+CPIN: READY", "ready"),
        (b"+CPIN: SIM PIN", "pin"),
        (b"+CPIN: SIM PUK", "puk"),
        (b"+CME ERROR: 11", "pin"),
        (b"+CME ERROR: 12", "puk"),
        (b"+CME ERROR: 311", "pin"),
        (b"+CME ERROR: 316", "puk"),
    ):
        line = b"\r\n" + answer + b"\r\n" + (b"" if b"ERROR" in answer else OK)

        async def story(modem, pipe, said):
            return await modem.start()

        assert drive(Peer({"AT+CPIN?": line}), story) == state


def test_a_sim_that_is_absent_or_dead_is_told_apart():
    async def story(modem, pipe, said):
        pass

    for answer, code, text in (
        (b"\r\n+CME ERROR: 10\r\n", 10, "no SIM"),
        (b"\r\n+CPIN: NOT INSERTED\r\n" + OK, 10, "no SIM"),
        (b"\r\n+CME ERROR: 13\r\n", 13, "the SIM does not work"),
    ):
        error = raises(SimError, started, story, {"AT+CPIN?": answer})
        assert error.code == code and text in str(error) and "check the SIM" in sentence(error)


def test_a_sim_that_wants_something_else_is_waited_for_and_then_named():
    async def story(modem, pipe, said):
        pass

    for answer, said in ((b"\r\n+CPIN: PH-NET PIN\r\n" + OK, "PH-NET PIN"), (OK, "nothing")):
        error = raises(SimError, started, story, {"AT+CPIN?": answer})
        assert "the SIM says %s" % said in str(error)
    started(story, {"AT+CPIN?": [b"\r\n+CPIN: PH-NET PIN\r\n" + OK, ANSWERS["AT+CPIN?"]]})


def test_a_sim_that_is_busy_for_ever_is_an_error():
    async def story(modem, pipe, said):
        pass

    assert raises(ModemError, started, story, {"AT+CMGF=0": b"\r\n+CMS ERROR: 314\r\n"}).code == 314


async def unlocks(modem):
    await modem.unlock("1234")
    await modem.unlocked()


def test_a_pin_is_given_only_where_one_is_wanted_and_only_a_pin():
    pin, ready, puk = (b"\r\n+CPIN: %s\r\n" % state + OK for state in (b"SIM PIN", b"READY", b"SIM PUK"))
    for states, given, code, text in (
        ([ready] * 3, 0, None, "None"),
        ([pin, pin, ready], 1, None, "None"),
        ([pin, pin] + [pin] * 9 + [ready], 1, None, "None"),
        ([pin, pin] + [pin] * 99, 1, None, "the SIM wants its PIN again"),
        ([puk, puk], 0, 12, "the SIM asks for its PUK"),
    ):

        async def story(modem, pipe, said):
            return await failed(unlocks(modem))

        peer = Peer({"AT+CPIN?": states})
        (error,) = started(story, peer=peer)
        assert peer.lines.count('AT+CPIN="1234"') == given
        assert text in str(error) and getattr(error, "code", None) == code
        assert isinstance(error, SimError) == (code is not None)

    async def wrong(modem, pipe, said):
        return await failed(*[modem.unlock(text) for text in ("12", "123456789", "12a4")])

    peer = Peer({"AT+CPIN?": [pin] * 4})
    assert all("4 to 8 digits" in str(error) for error in started(wrong, peer=peer))
    assert not [line for line in peer.lines if "AT+CPIN=" in line]


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


# The network


def test_a_network_that_is_hardly_there_is_told_as_far_as_it_is():
    async def story(modem, pipe, said):
        return await modem.network()

    for registration, signal, status, dbm in (
        (b"+CREG: 0,2", b"+CSQ: 99,99", "searching", None),
        (b"+CREG: 0,0", b"+CSQ: 31,0", "idle", -51),
        (b"+CREG: 0,9", b"+CSQ: 0,0", "unknown", -113),
        (b"+CREG: 0", b"+CSQ: ,", "unknown", None),
    ):
        network = started(story, {"AT+CREG?": b"\r\n" + registration + OK, "AT+CSQ": b"\r\n" + signal + OK})
        assert (network.status, network.signal, network.mccmnc) == (status, dbm, None)
    nameless = {"AT+COPS?": b"\r\n+COPS: 0\r\n" + OK, "AT+CSQ": OK}
    network = started(story, nameless)
    assert (network.status, network.mccmnc, network.signal) == ("roaming", None, None)


def test_no_network_is_an_error_that_says_what_there_was():
    async def story(modem, pipe, said):
        await modem.register(seconds=0)

    error = raises(Coverage, started, story, {"AT+CREG?": b"\r\n+CREG: 0,2\r\n" + OK})
    assert error.code == 2 and "go where there is coverage" in sentence(error)


def test_a_network_chosen_by_hand_is_not_chosen_for_ever():
    async def story(modem, pipe, said):
        await modem.register("23410")
        await modem.register("23410")
        modem._lose("it was reset")
        await modem.register()
        return names(said)

    by_hand = [b'\r\n+COPS: 1,2,"23410"\r\n' + OK] * 3
    searching = [b"\r\n+CREG: 0,2\r\n" + OK] + [ANSWERS["AT+CREG?"]] * 5
    peer = Peer({"AT+COPS?": by_hand, "AT+CREG?": searching})
    assert started(story, peer=peer) == ["registered", "registered"]
    assert peer.lines.count('AT+COPS=1,2,"23410"') == 2 and peer.lines.count("AT+COPS=0") == 1


def test_two_that_ask_for_the_network_at_a_time_are_both_answered():
    async def story(modem, pipe, said):
        registering = asyncio.create_task(modem.register())
        first, second = asyncio.create_task(modem.network()), asyncio.create_task(modem.network())
        return (await first).mccmnc, (await second).mccmnc, await registering

    searching = [b"\r\n+CREG: 0,2\r\n" + OK] * 3 + [ANSWERS["AT+CREG?"]] * 9
    assert started(story, {"AT+CREG?": searching})[2] is None


def test_a_list_of_networks_that_makes_no_sense_is_empty():
    async def story(modem, pipe, said):
        return await modem.operators()

    for line in (b"\r\n+COPS: \r\n", b'\r\n+COPS: (7,"a","b","23410")\r\n', b'\r\n+COPS: (2,"a","b","x")\r\n'):
        assert started(story, {"AT+COPS=?": line + OK}) == []


# Short messages


def test_a_message_that_cannot_be_read_comes_again():
    async def story(modem, pipe, said):
        async def name():
            while True:
                pipe.say(b'\r\n+CMTI: "SM",4\r\n')
                await asyncio.sleep(0.01)

        naming = asyncio.create_task(name())
        sms = await message(modem)
        naming.cancel()
        return sms.tpdu

    short, torn, lost = b"\r\n+CMGR: 0,,9\r\n00040B91AA\r\n" + OK, b"\r\n+CMGR: 0\r\n" + OK, b"\r\nERROR\r\n"
    reads = [b"\r\n+CMS ERROR: 321\r\n", lost, short, torn, OK] + [HELD] * 99
    assert started(story, {"AT+CMGR=4": reads}) == b"\x04\x0b\x91\xaa"


def test_a_message_that_was_named_and_cannot_be_read_is_told_once():
    async def story(modem, pipe, said):
        receiving = asyncio.create_task(receive(modem, got))
        for _ in range(3):
            pipe.say(b'\r\n+CMTI: "SM",4\r\n')
            await asyncio.sleep(5)
        del peer.answers["AT+CMGR=4"]
        peer.answers["AT+CMGR=4"] = HELD
        for _ in range(2):  # of several parts: named once more, by the place of its first part, which is deleted
            pipe.say(b'\r\n+CMTI: "SM",4,"MMS PUSH",2,1\r\n')
            await asyncio.sleep(5)
            peer.answers["AT+CMGR=4"] = OK
        receiving.cancel()
        return [event for event in said if event["event"] == "failed"]

    for answer in (b"+CMS ERROR: 320", b"+CMS ERROR: 321", b"ERROR", b"OK", b"+CMGR: 0\r\n\r\nOK"):
        got = []
        peer = Peer({"AT+CMGR=4": b"\r\n" + answer + b"\r\n"})
        (event,) = started(story, peer=peer)
        assert event["step"] == "read" and "SM 4" in event["text"] and "SIM" in event["advice"]
        assert got == [b"\x04\x0b\x91\xaa"]


async def receive(modem, got):
    """As a handset does it: `got` has the TPDUs."""
    async for sms in modem.sms:
        if sms is not None:
            got.append(sms.tpdu)
            await modem.done(sms)


def test_a_message_that_cannot_be_deleted_is_deleted_later_and_comes_once():
    listed, got = b"\r\n+CMGL: 4,1,,4\r\n00040B91AA\r\n" + OK, []
    other = b"\r\n+CMGR: 0,,4\r\n00040B91AB\r\n" + OK

    async def story(modem, pipe, said):
        receiving = asyncio.create_task(receive(modem, got))
        await asyncio.sleep(600)
        peer.answers["AT+CMGD=4"] = [b"", b"\r\n+CMS ERROR: 320\r\n", b"\r\n+CMS ERROR: 320\r\n"]  # then OK
        await asyncio.sleep(170)
        await modem.start()
        await asyncio.sleep(170)
        tried = peer.lines.count("AT+CMGD=4")
        peer.answers["AT+CMGR=4"] = other
        await asyncio.sleep(170)
        peer.answers["AT+CMGR=4"] = HELD  # the same once more, after all
        await asyncio.sleep(170)
        receiving.cancel()
        return tried

    peer = Peer({"AT+CMGL=4": listed, "AT+CMGR=4": HELD, "AT+CMGD=4": b"\r\n+CMS ERROR: 320\r\n"})
    assert started(story, peer=peer) == 6  # four sweeps, one of them unanswered, and two after the restart
    assert got == [b"\x04\x0b\x91\xaa", b"\x04\x0b\x91\xab", b"\x04\x0b\x91\xaa"]


def test_a_deletion_that_was_not_answered_does_not_delete_what_came_after_it():
    slots, got = {}, []

    def read():
        return b"\r\n+CMGR: 0,,4\r\n00%s\r\n" % slots[4] + OK if 4 in slots else OK

    def delete():
        slots.pop(4)
        return b"" if got == [b"\x04\x0b\x91\xaa"] else OK

    async def story(modem, pipe, said):
        receiving = asyncio.create_task(receive(modem, got))
        for tpdu in (b"040B91AA", b"040B91AB"):
            slots[4] = tpdu
            pipe.say(b'\r\n+CMTI: "SM",4\r\n')
            await asyncio.sleep(1)
        await asyncio.sleep(20)
        receiving.cancel()

    started(story, {"AT+CMGR=4": read, "AT+CMGD=4": delete})
    assert got == [b"\x04\x0b\x91\xaa", b"\x04\x0b\x91\xab"] and not slots


def test_what_a_modem_says_of_messages_is_believed_only_where_it_makes_sense():
    async def story(modem, pipe, said):
        for line in (b'+CMTI: "SM"', b'+CMTI: "SM",x', b'+CMTI: "XX",1', b"+CMT: ,9\r\n00040B91AA", b"+CMT: ,1\r\nzz"):
            pipe.say(b"\r\n" + line + b"\r\n")
        pipe.say(b'\r\n+CDSI: "SR",2\r\n\r\n+CDS: 4\r\n00040B91AA\r\n')
        stored, direct = await message(modem), await message(modem)
        await modem.done(direct)
        return [(sms.memory, sms.index) for sms in (stored, direct)]

    listed = b"\r\n+CMGL: x,0,,4\r\n00040B91AA\r\n" + OK
    peer = Peer({"AT+CMGL=4": listed, "AT+CMGR=2": HELD})
    assert started(story, peer=peer) == [("SR", 2), (None, None)]
    assert 'AT+CPMS="SR","SM","SM"' in peer.lines


class Memories(Peer):
    """With ME, too: `memories` are those to read, to write and to receive, `slots` what lies where."""

    def __init__(self, **slots):
        super().__init__()
        self.slots = {"SM": {}, "ME": {}}
        self.slots.update(slots)
        self.memories = ["ME", "ME", "ME"]
        self.deaf = []  # commands to be answered with nothing, in turn

    def _answer(self, line):
        name, _, value = line.partition("=")
        slots = self.slots[self.memories[0]]
        said = b""
        if name == "AT+CPMS":
            chosen = [memory.strip('"') for memory in value.split(",")]
            self.memories = chosen + self.memories[len(chosen) :]
            said = b"\r\n+CPMS: 0,9,0,9,0,9\r\n"
        elif name == "AT+CMGL":
            for index in sorted(slots):
                said += b"\r\n+CMGL: %d,0,,4\r\n00%s\r\n" % (index, slots[index])
        elif name == "AT+CMGR" and int(value) in slots:
            said = b"\r\n+CMGR: 0,,4\r\n00%s\r\n" % slots[int(value)]
        elif name == "AT+CMGD":
            slots.pop(int(value), None)
        else:
            return super()._answer(line)
        self.lines.append(line)
        if line in self.deaf:
            self.deaf.remove(line)
            return b""
        return said + OK


def test_what_lies_in_the_memory_of_the_modem_is_found_and_new_messages_go_to_the_sim():
    async def story(modem, pipe, said):
        got = []
        async for sms in modem.sms:
            if sms is None:
                return got, said
            got.append((sms.memory, sms.index))
            await modem.done(sms)
            assert peer.memories[2] == "SM"

    peer = Memories(ME={3: b"040B91AA"}, SM={3: b"040B91AB"})
    assert started(story, peer=peer) == ([("ME", 3), ("SM", 3)], [])
    assert peer.slots == {"SM": {}, "ME": {}}


def test_a_message_is_deleted_only_where_the_modem_is_known_to_look():
    async def story(modem, pipe, said):
        peer.slots["SM"][3] = b"040B91AA"
        pipe.say(b'\r\n+CMTI: "SM",3\r\n')
        sms = await message(modem)
        peer.slots["ME"][3] = b"040B91AB"
        peer.deaf = ['AT+CPMS="ME","SM","SM"'] * 2  # taken and not answered
        await asyncio.sleep(200)
        await modem.done(sms)
        pipe.say(b'\r\n+CMTI: "ME",3\r\n')
        sms = await message(modem)
        peer.memories = ["SM", "SM", "SM"]  # it lost its power and said nothing
        peer.slots["SM"][3] = b"040B91AC"
        await modem.done(sms)
        return sms.tpdu[3]

    peer = Memories()
    assert started(story, peer=peer) == 0xAB
    assert peer.slots == {"SM": {3: b"040B91AC"}, "ME": {}}


def test_more_messages_than_can_be_known_wait_on_the_sim():
    async def read(place):
        return Sms(b"x", *place)

    async def story():
        messages = Messages(read)
        for index in range(33):
            messages.put(("SM", index))
            messages.put(("SM", index))
        messages.put(Sms(b"direct"))
        assert messages.dropped == 1  # what lies on the SIM comes again
        sms = await messages.__anext__()
        messages.put(("SM", sms.index))  # it is not yet deleted
        messages.put(("SM", 32))
        rest = []
        while len(rest) < 32:
            rest.append((await messages.__anext__()).index)
        messages.end(ModemError("modem", None, "the line is closed"))
        try:
            await messages.__anext__()
        except ModemError:
            return rest

    assert run(story()) == list(range(1, 33))


def test_a_message_that_comes_as_soon_as_its_place_is_free_is_read_at_once():
    async def story(modem, pipe, said):
        pipe.say(b'\r\n+CMTI: "SM",4\r\n')
        await modem.done(await message(modem))
        return (await asyncio.wait_for(message(modem), 1)).tpdu

    reads = [HELD, HELD.replace(b"AA", b"AB")]
    peer = Peer({"AT+CMGR=4": reads, "AT+CMGD=4": OK + b'\r\n+CMTI: "SM",4\r\n'})
    assert started(story, peer=peer) == b"\x04\x0b\x91\xab"


def test_messages_that_came_past_the_sim_and_had_no_place_are_told_with_the_next_sweep():
    async def story(modem, pipe, said):
        for number in range(40):
            pipe.say(b"\r\n+CDS: 4\r\n00040B91%02X\r\n" % number)
        await asyncio.sleep(400)
        return [event["dropped"] for event in said if event["event"] == "flooded"]

    assert started(story) == [8]


def test_a_message_that_is_named_anew_while_it_is_read_is_not_lost():
    async def story():
        async def read(place):
            messages.clear()  # the modem starts anew in the middle
            messages.put(("SM", 7))
            return Sms(b"x", *place)

        messages = Messages(read)
        messages.put(("SM", 1))
        first = await messages.__anext__()
        return first.index, messages._waiting

    assert run(story()) == (1, [("SM", 7)])


# Context and connections


def test_what_needs_a_started_modem_or_a_context_says_so():
    async def story(modem, pipe, said):
        early = await failed(modem.attach(Profile()), modem.open("proxy.example", 8080))
        await modem.start()
        return early + await failed(modem.open("proxy.example", 8080))

    errors = drive(Peer(), story)
    assert [error.step for error in errors] == ["attach", "connect", "connect"]
    assert "started first" in str(errors[0]) and "no context" in str(errors[2])


def test_six_connections_are_all_there_are_and_a_closed_one_is_free_again():
    class Many(Peer):
        def _answer(self, line):
            if line.startswith("AT+CIPSTART="):
                return OK + b"\r\n%s, CONNECT OK\r\n" % line[12:13].encode()
            if line.startswith("AT+CIPCLOSE="):
                return b"\r\nERROR\r\n"  # the peer was faster
            return super()._answer(line)

    async def story(modem, pipe, said):
        await modem.attach(Profile())
        streams = []
        for _ in range(6):
            streams.append(await modem.open("h", 1, udp=True))
        (error,) = await failed(modem.open("h", 1))
        streams[2].close()
        await asyncio.sleep(0.1)
        again = await modem.open("h", 1)
        return str(error), again.number

    error, number = started(story, peer=Many())
    assert "all 6 connections are open" in error and number == 2


def test_a_connection_that_is_never_made_is_an_error_after_its_time():
    async def story(modem, pipe, said):
        await connected(modem)

    peer = Peer({'AT+CIPSTART=0,"TCP","proxy.example",8080': OK})
    assert raises(BearerError, drive, peer, story).step == "connect"


def test_a_refusal_may_come_as_late_as_a_real_modem_said_it():
    async def story(modem, pipe, said):
        opening = asyncio.create_task(connected(modem))
        while line not in peer.lines:
            await clock.sleep(100)
        await clock.sleep(75500)
        pipe.say(b"\r\n0, CONNECT FAIL\r\n")
        await opening

    line = 'AT+CIPSTART=0,"TCP","proxy.example",8080'
    peer = Peer({line: OK})
    assert "the connection was refused" in str(raises(BearerError, drive, peer, story))


def test_why_a_context_was_refused_is_told_where_the_modem_knows():
    async def story(modem, pipe, said):
        return str((await failed(modem.attach(Profile())))[0])

    for answer, text in (
        (b"\r\n+CEER: Service option not subscribed\r\n" + OK, "not subscribed"),
        (b"\r\n+CEER: No cause information available\r\n" + OK, "the modem refused"),
        (b"\r\nERROR\r\n", "the modem refused"),
        (OK, "the modem refused"),
    ):
        assert text in started(story, {"AT+CIICR": b"\r\n+CME ERROR: 148\r\n", "AT+CEER": answer})


def test_a_modem_that_is_attached_already_is_not_attached_again():
    async def story(modem, pipe, said):
        await modem.attach(Profile())
        await modem.release()
        return names(said)

    peer = Peer({"AT+CGATT?": b"\r\n+CGATT: 1\r\n" + OK})
    assert started(story, peer=peer) == ["attached", "context_up"]
    assert "AT+CGATT=1" not in peer.lines and peer.lines[-1] == "AT+CIPSHUT"


def test_blocks_are_as_large_as_the_modem_takes_them_however_they_are_written():
    async def story(modem, pipe, said):
        stream = await connected(modem)
        for _ in range(3):
            await stream.write(bytes(1460))
        await stream.drain()

    peer = Peer({"AT+CIPSEND?": b"\r\n+CIPSEND: 0,1460\r\n" + OK})
    drive(peer, story)
    assert sorted(len(block) for block in peer.blocks) == [3, 1459, 1459, 1459]


def test_how_much_goes_at_a_time_is_asked_of_ones_own_connection():
    async def story(modem, pipe, said):
        await connected(modem)
        return modem._sockets.block

    for lines, block in (
        (b"\r\n+CIPSEND: 0,1460\r\n+CIPSEND: 1,0\r\n\r\n+CIPSEND: 10,7\r\n", 1459),
        (b"\r\n+CIPSEND: 1,1460\r\n\r\n+CIPSEND: 0,300\r\n", 299),
        (b"\r\n+CIPSEND: 300\r\n", 299),
    ):
        assert drive(Peer({"AT+CIPSEND?": lines + OK}), story) == block


def test_a_block_is_made_smaller_when_the_modem_takes_less():
    async def story(modem, pipe, said):
        stream = await connected(modem)
        peer.answers["AT+CIPSEND?"] = b"\r\n+CIPSEND: 0,500\r\n" + OK
        await stream.write(bytes(3000))
        await stream.drain()
        return stream.accepted

    class Choosy(Peer):
        def _answer(self, line):
            if line.startswith("AT+CIPSEND=0,") and int(line[13:]) > 500 and "500" in str(self.answers["AT+CIPSEND?"]):
                return b"\r\nERROR\r\n"
            return super()._answer(line)

    peer = Choosy()
    assert drive(peer, story) == 3000 and max(len(block) for block in peer.blocks) < 500


def test_a_block_that_the_modem_refuses_whatever_its_size_is_an_error():
    async def story(modem, pipe, said):
        stream = await connected(modem)
        await stream.write(bytes(1000))
        await stream.drain()

    class Deaf(Peer):
        def _answer(self, line):
            return b"\r\nERROR\r\n" if line.startswith("AT+CIPSEND=0,") else super()._answer(line)

    assert raises(BearerError, drive, Deaf(), story).step == "send"


def test_news_of_a_connection_that_is_not_ours_does_no_harm():
    async def story(modem, pipe, said):
        stream = await connected(modem)
        pipe.say(b"\r\n7, CLOSED\r\n\r\n3, CLOSED\r\n\r\n+CIPRXGET: 1,5\r\n\r\nUNDER-VOLTAGE WARNNING\r\n")
        await stream.write(b"GET")
        await stream.drain()
        return stream.accepted, names(said)[-1]

    assert drive(Peer(), story) == (3, "undervoltage")


def test_a_connection_that_the_peer_closed_ends_well_only_when_the_modem_says_twice_that_it_is_gone():
    error, question = b"\r\nERROR\r\n", "AT+CIPRXGET=4,0"

    async def story(modem, pipe, said):
        stream = await connected(modem)
        peer.body = b"x" * 50
        peer.answers[question] = list(answers)
        pipe.say(b"\r\n0, CLOSED\r\n")
        try:
            return len(await read_all(stream))
        except BearerError as error:
            return error.step

    class Forgetful(Peer):
        def _answer(self, line):
            if line == question and not self.answers.get(question, True):
                del self.answers[question]
            return super()._answer(line)

    for answers, result in (
        ([error], 50),
        ([error, b"\r\n+CME ERROR: 3\r\n"], 0),
        ([b"", b""], "receive"),
        ([error, b"", b""], "receive"),
        ([OK], "receive"),
    ):
        peer = Forgetful()
        assert drive(peer, story) == result, answers


def test_a_restart_is_by_the_board_or_else_by_command():
    pressed = []

    async def power():
        pressed.append(True)

    async def story(modem, pipe, said):
        await modem.power_cycle()

    peer = Peer()
    started(story, peer=peer)
    assert "AT+CFUN=1,1" in peer.lines and not pressed
    started(story, make=lambda pipe, events: Sim800(pipe, events, power), peer=Peer())
    assert pressed


def test_a_family_without_sockets_still_knows_who_and_where_it_is():
    async def story(modem, pipe, said):
        return (await modem.sim()).home, (await modem.network()).mccmnc

    assert started(story, make=Family) == ("310260", "23410")


def test_a_connection_without_memory_ends_with_that_and_gives_its_room_back():
    def none(*_):
        raise MemoryError

    async def story(modem, pipe, said):
        errors = []
        for verb in ("push", "ask_waiting"):
            stream = await connected(modem)
            usual = getattr(modem._sockets, verb)
            setattr(modem._sockets, verb, none)
            pipe.say(b"\r\n+CIPRXGET: 1,0\r\n")
            await stream.write(b"x")
            errors += await failed(stream.drain(), stream.readinto(bytearray(1)))
            setattr(modem._sockets, verb, usual)
            await asyncio.sleep(1)
            stream.close()
            assert modem._buffers is not None
        return errors

    errors = started(story)
    assert [error.step for error in errors] == ["send", "send", "send", "receive"]
    assert all("no memory" in str(error) for error in errors)


def test_a_sweep_that_had_no_memory_comes_again_soon_and_one_that_ended_with_the_start():
    listed = b"\r\n+CMGL: 4,1,,4\r\n00040B91AA\r\n" + OK

    async def story(modem, pipe, said):
        usual = modem._memories.look_through

        def none(memory):
            modem._memories.look_through = usual
            raise MemoryError

        modem._memories.look_through = none
        first = (await asyncio.wait_for(message(modem), 60)).index
        modem._memories._sweeper.cancel()
        await asyncio.sleep(1)
        await modem.start()
        return first, (await asyncio.wait_for(message(modem), 60)).index

    assert started(story, {"AT+CMGL=4": listed, "AT+CMGR=4": HELD}) == (4, 4)


def test_a_line_that_breaks_ends_every_wait_with_its_reason():
    class Broken(Pipe):
        async def write(self, buf):
            if buf[:7] == b"AT+CSQ\r":
                raise OSError(5)
            await super().write(buf)

    async def story():
        pipe = Broken(Peer())
        modem = Sim800(pipe, Events())
        await modem.start()
        waiting = asyncio.create_task(message(modem))
        errors = await failed(modem.network(), modem.network())
        pipe.close()
        errors += await failed(waiting)
        modem.close()
        return errors

    errors = run(story())
    assert all(error.step == "line" and "the line is closed" in str(error) for error in errors)


# A cold start


def test_short_messages_are_waited_for_as_long_as_a_busy_sim():
    async def story(modem, pipe, said):
        return peer.lines

    for answer in (b"ERROR", b"+CMS ERROR: 302", b"+CME ERROR: 100", b"+CMS ERROR: 521"):
        refusal = b"\r\n" + answer + b"\r\n"
        for command in ("AT+CMGF=0", 'AT+CPMS="SM","SM","SM"', "AT+CNMI=2,1,0,1,0"):
            peer = Peer({command: [refusal] * 20})
            assert started(story, peer=peer).count(command) == 21
            peer = Peer({command: refusal})
            assert raises(ModemError, started, story, peer=peer).step == "sms"
            assert peer.lines.count(command) > 20


def test_a_modem_that_refuses_everything_at_first_is_waited_for_as_long_as_a_busy_sim():
    async def story(modem, pipe, said):
        begun = clock.ticks()
        peer.answers["AT"] = lambda: OK if clock.since(begun) > refusing_ms[0] else b"\r\nERROR\r\n"
        return await modem.start()

    refusing_ms, peer = [0], Peer()
    for refusing_ms[0] in (6500, 19000):
        assert drive(peer, story) == "ready"
    refusing_ms[0] = 30000
    assert str(raises(ModemError, drive, peer, story)) == "modem: the modem refused AT"


def test_a_modem_that_refuses_to_attach_at_first_is_asked_again_for_some_seconds():
    async def story(modem, pipe, said):
        errors = await failed(modem.attach(Profile()))
        return errors[0], peer.lines.count("AT+CGATT=1")

    refusal = b"\r\n+CME ERROR: 100\r\n"
    peer = Peer({"AT+CGATT?": b"\r\n+CGATT: 0\r\n" + OK, "AT+CGATT=1": [refusal] * 2})
    assert started(story, peer=peer) == (None, 3)
    for answer in (refusal, b"\r\nERROR\r\n"):
        peer.answers["AT+CGATT=1"] = answer
        error, asked = started(story, peer=peer)
        assert error.step == "attach" and 3 + 5 < asked < 3 + 2 * 20
        peer.lines.clear()
        peer.lines += ["AT+CGATT=1"] * 3
    peer.answers["AT+CGATT=1"] = b"\r\n+CME ERROR: 107\r\n"
    assert started(story, peer=peer)[1] == 4  # a refusal with a reason is told at once


def test_what_a_modem_without_a_second_memory_refuses_is_not_waited_for():
    async def story(modem, pipe, said):
        asked = peer.lines.count(command)
        await asyncio.sleep(20)
        return asked, peer.lines.count(command)

    command = 'AT+CPMS="ME","SM","SM"'
    peer = Peer({command: b"\r\n+CMS ERROR: 302\r\n"})
    assert started(story, peer=peer)[1] == 1


def test_the_lines_of_network_time_are_switched_off_where_the_modem_knows_them():
    async def story(modem, pipe, said):
        return peer.lines.count("AT+CLTS=0")

    for answer in (OK, b"\r\nERROR\r\n", b"\r\n+CME ERROR: 100\r\n"):
        peer = Peer({"AT+CLTS=0": answer})
        assert started(story, peer=peer) == 1
