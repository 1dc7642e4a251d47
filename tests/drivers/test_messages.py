"""Short messages: from the memories of a modem to the handset, and out."""

import asyncio

from drivers.modem.messages import Messages, Sms
from mms.errors import ModemError
from tests.kit.drivers.scripted import run
from tests.kit.drivers.sim800 import (
    HELD,
    OK,
    Peer,
    connected,
    drive,
    message,
    read_all,
    started,
)


async def receive(modem, got):
    """As a handset does it: `got` has the TPDUs."""
    async for sms in modem.sms:
        if sms is not None:
            got.append(sms.tpdu)
            await modem.done(sms)


def test_what_was_received_before_the_end_is_read_first():
    body = b"\r\nCLOSED\r\n+PDP: DEACT\r\nOK\r\n" * 200

    async def story(modem, pipe, said):
        stream = await connected(modem)
        peer.body = body
        pipe.say(b"\r\n+CIPRXGET: 1,0\r\n\r\n0, CLOSED\r\n")
        return await read_all(stream)

    for size in (1, 7, 64):
        peer = Peer()
        assert drive(peer, story, size) == body


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


def test_messages_come_from_the_sim_and_stay_until_done():
    deliver = "040C914477009000020000320221016180004" + "1" * 3
    stored = "+CMGR: 0,,%d" % (len(deliver) // 2)

    async def story(modem, pipe, said):
        await modem.start()
        got = []
        async for sms in modem.sms:
            if sms is None:  # the SIM has been looked through
                continue
            got.append((sms.tpdu, sms.index))
            if len(got) == 1:
                pipe.say(b'\r\n+CMTI: "SM",4,"MMS PUSH",2,1\r\n')
            elif len(got) == 2:
                pipe.say(b'\r\n+CMT: ,4\r\n00040B91AA\r\n\r\n+CMTI: "SM",4\r\n')
            else:
                break
            if len(got) == 1:
                await modem.done(sms)
        return got, [line for line in peer.lines if line.startswith("AT+CMGD")]

    message = ("\r\n%s\r\n00%s\r\n\r\nOK\r\n" % (stored, deliver)).encode()
    listed = ("\r\n+CMGL: 2,0,,%d\r\n00%s\r\n\r\nOK\r\n" % (len(deliver) // 2, deliver)).encode()
    peer = Peer({"AT+CMGL=4": listed, "AT+CMGR=2": message, "AT+CMGR=4": message})
    got, deleted = drive(peer, story)
    tpdu = bytes.fromhex(deliver) if hasattr(bytes, "fromhex") else got[0][0]
    assert got == [(tpdu, 2), (tpdu, 4), (b"\x04\x0b\x91\xaa", None)]
    assert deleted == ["AT+CMGD=2"]


def test_a_message_is_submitted_in_hexadecimal():
    async def story(modem, pipe, said):
        await modem.start()
        peer.answers["AT+CMGS=3"] = lambda: peer.block(0, lambda block: b"\r\n+CMGS: 12\r\n" + OK, until=26)
        return await modem.send_sms(b"\x01\x02\xff")

    peer = Peer()
    assert drive(peer, story) == 12
    assert peer.blocks[0].upper() == b"000102FF\x1a"


def test_messages_are_read_while_a_body_goes_out():
    async def story(modem, pipe, said):
        stream = await connected(modem)
        writing = asyncio.create_task(stream.write(bytes(60000)))
        await asyncio.sleep(0)
        pipe.say(b'\r\n+CMTI: "SM",4\r\n')
        async for sms in modem.sms:
            if sms is None:
                continue
            assert not writing.done()
            return sms.index

    deliver = "00040B91AA"
    peer = Peer({"AT+CMGR=4": ("\r\n+CMGR: 0,,4\r\n%s\r\n\r\nOK\r\n" % deliver).encode()})
    assert drive(peer, story) == 4


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


def test_what_a_modem_without_a_second_memory_refuses_is_not_waited_for():
    async def story(modem, pipe, said):
        asked = peer.lines.count(command)
        await asyncio.sleep(20)
        return asked, peer.lines.count(command)

    command = 'AT+CPMS="ME","SM","SM"'
    peer = Peer({command: b"\r\n+CMS ERROR: 302\r\n"})
    assert started(story, peer=peer)[1] == 1
