"""The SIM800 driver against a scripted modem: sockets, messages, SIM, and what goes wrong."""

import asyncio

from drivers.modem.sim800 import Sim800
from mms import clock
from mms.errors import BearerError, Coverage, ModemError, SimError
from tests.kit.checks import raises
from tests.kit.drivers.sim800 import ANSWERS, OK, OPEN, Peer, Profile, connected, drive, names, read_all


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


def test_operators_on_the_air():
    async def story(modem, pipe, said):
        await modem.start()
        return await modem.operators()

    line = b'\r\n+COPS: (2,"O2 (UK), 2G","O2","23410"),(3,"Orange","ORA","23433"),,(0-4),(0-2)\r\n' + OK
    assert drive(Peer({"AT+COPS=?": line}), story) == [
        ("23410", "O2 (UK), 2G", "current"),
        ("23433", "Orange", "forbidden"),
    ]


def test_a_refused_registration_is_told_at_once():
    async def story(modem, pipe, said):
        await modem.start()
        await modem.register()

    peer = Peer({"AT+CREG?": b"\r\n+CREG: 0,3\r\n" + OK})
    assert raises(Coverage, drive, peer, story).code == 3


def test_a_wrong_pin_is_tried_once():
    async def story(modem, pipe, said):
        assert await modem.start() == "pin"
        try:
            await modem.unlock("4711")
        except SimError as error:
            assert error.code == 16 and "4711" not in str(error)
        return peer.lines.count('AT+CPIN="4711"')

    peer = Peer({"AT+CPIN?": b"\r\n+CPIN: SIM PIN\r\n" + OK, 'AT+CPIN="4711"': b"\r\n+CME ERROR: 16\r\n"})
    assert drive(peer, story) == 1


def test_no_sim_and_no_modem():
    async def story(modem, pipe, said):
        await modem.start()

    assert raises(SimError, drive, Peer({"AT+CPIN?": b"\r\n+CME ERROR: 10\r\n"}), story).code == 10
    busy = [b"\r\n+CME ERROR: 14\r\n", b"\r\n+CPIN: READY\r\n" + OK]
    drive(Peer({"AT+CPIN?": busy}), story)


def test_a_body_goes_out_whole_and_is_acknowledged():
    body = bytes(range(256)) * 50

    async def story(modem, pipe, said):
        stream = await connected(modem)
        await stream.write(body[:100])
        await stream.write(body[100:])
        await stream.drain()
        accepted = stream.accepted
        for _ in range(20):
            if stream.acked < accepted:
                await asyncio.sleep(0.1)
        stream.close()
        return accepted, stream.acked, names(said)

    for takes in (1460, 700):
        peer = Peer(takes=takes)
        accepted, acked, said = drive(peer, story)
        assert peer.received == body
        assert accepted == acked == len(body)
        assert said == ["attached", "context_up", "connected"]
        assert 'AT+CSTT="mms.example","web","secret"' in peer.lines
        assert max([len(block) for block in peer.blocks]) < 1460


def test_no_more_than_eight_kilobytes_are_in_flight():
    async def story(modem, pipe, said):
        stream = await connected(modem)
        peer.acknowledges = False
        writing = asyncio.create_task(stream.write(bytes(20000)))
        await asyncio.sleep(0.5)
        assert not writing.done()
        before = len(peer.received)
        peer.acknowledges = True
        await writing
        await stream.drain()
        return before

    peer = Peer()
    assert 4000 < drive(peer, story) <= 8192
    assert len(peer.received) == 20000


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


def test_a_read_that_is_given_up_loses_nothing():
    body = bytes(range(256)) * 20

    async def story(modem, pipe, said):
        stream = await connected(modem)
        peer.body = body
        pipe.say(b"\r\n+CIPRXGET: 1,0\r\n")
        got = b""
        for _ in range(40):
            buffer = bytearray(100)
            reading = asyncio.create_task(stream.readinto(buffer))
            await asyncio.sleep(0)
            if _ % 2:
                reading.cancel()
                try:
                    got += buffer[: await reading]
                except asyncio.CancelledError:
                    pass
            else:
                got += buffer[: await reading]
        pipe.say(b"\r\n0, CLOSED\r\n")
        return got + await read_all(stream)

    peer = Peer()
    assert drive(peer, story, 8) == body


def test_a_failed_piece_stops_the_sending():
    async def story(modem, pipe, said):
        stream = await connected(modem)
        peer._accept = lambda block: b"\r\n0, SEND FAIL\r\n" if len(peer.blocks) == 3 else Peer._accept(peer, block)
        try:
            await stream.write(bytes(10000))
            await stream.drain()
        except BearerError as error:
            return error.step, stream.accepted, len(peer.blocks)

    peer = Peer()
    step, accepted, blocks = drive(peer, story)
    assert (step, blocks) == ("send", 3)
    assert accepted == len(peer.received) < 10000


def test_a_lost_context_fails_the_connection_and_is_shut_before_the_next():
    async def story(modem, pipe, said):
        stream = await connected(modem)
        pipe.say(b"\r\n+PDP: DEACT\r\n")
        try:
            await stream.readinto(bytearray(10))
        except BearerError as error:
            assert error.step in ("receive", "context")
        else:
            raise AssertionError("the read went on")
        shuts = peer.lines.count("AT+CIPSHUT")
        await modem.attach(Profile())
        await modem.open("proxy.example", 8080)
        assert peer.lines.count("AT+CIPSHUT") == shuts + 1
        return names(said)

    peer = Peer()
    assert drive(peer, story) == ["attached", "context_up", "connected", "context_lost"] + [
        "attached",
        "context_up",
        "connected",
    ]


def test_a_block_that_a_killed_program_left_open_is_ended_and_its_context_dropped():
    async def story(modem, pipe, said):
        assert await modem.start() == "ready"
        return peer.lines

    for left in (4, 700, 1459):
        peer = Peer()
        peer.block(left, lambda block: b"\r\nDATA ACCEPT:0,1459\r\n")
        lines = drive(peer, story)
        commands = [line for line in lines if line.startswith("AT")]
        assert len(peer.blocks) == 1
        assert commands[0] == "AT+CIPSHUT"  # before anything else


def test_a_modem_that_falls_silent_is_told_as_a_reset():
    async def story(modem, pipe, said):
        await modem.start()
        peer._answer = lambda line: b""
        for _ in range(2):
            try:
                await modem.network()
            except ModemError:
                pass
        return names(said)

    peer = Peer()
    assert drive(peer, story) == ["modem_reset"]


def test_a_board_switches_a_silent_modem_off_and_on():
    async def power():
        peer.asleep = False

    async def story(modem, pipe, said):
        return await modem.start()

    def make(pipe, events):
        return Sim800(pipe, events, power)

    class Sleeper(Peer):
        asleep = True

        def _answer(self, line):
            return b"" if self.asleep else super()._answer(line)

    peer = Sleeper()
    raises(ModemError, drive, peer, story)
    peer = Sleeper()
    assert drive(peer, story, 64, make) == "ready"


def test_attach_is_done_once_for_a_profile():
    async def story(modem, pipe, said):
        await connected(modem)
        await modem.attach(Profile())

    peer = Peer()
    drive(peer, story)
    assert peer.lines.count("AT+CIICR") == 1


def test_a_refused_context_has_its_reason():
    async def story(modem, pipe, said):
        await connected(modem)

    peer = Peer({"AT+CIICR": b"\r\n+CME ERROR: 149\r\n", "AT+CEER": b"\r\n+CEER: PDP authentication failure\r\n" + OK})
    error = raises(BearerError, drive, peer, story)
    assert (error.step, error.code) == ("context", 149)
    assert "authentication" in str(error) and "secret" not in str(error)


def test_a_refused_connection_is_a_bearer_error():
    async def story(modem, pipe, said):
        await connected(modem)

    peer = Peer({'AT+CIPSTART=0,"TCP","proxy.example",8080': OK + b"\r\n0, CONNECT FAIL\r\n"})
    assert raises(BearerError, drive, peer, story).step == "connect"


def test_a_reset_in_the_middle_is_told_and_start_begins_anew():
    async def story(modem, pipe, said):
        stream = await connected(modem)
        peer.answers["AT+CIMI"] = lambda: b"\r\nRDY\r\n"
        try:
            await modem.sim()
        except ModemError as error:
            assert "reset" in str(error)
        try:
            await stream.write(bytes(3000))
            raise AssertionError("the stream went on")
        except BearerError:
            pass
        peer.answers["AT+CIMI"] = ANSWERS["AT+CIMI"]
        assert await modem.start() == "ready"
        return (await modem.sim()).home, names(said)[-1]

    peer = Peer()
    assert drive(peer, story) == ("310260", "modem_reset")


def test_between_reset_and_start_every_command_fails_at_once():
    async def story(modem, pipe, said):
        await connected(modem)
        pipe.say(b"\r\nUNDER-VOLTAGE POWER DOWN\r\n")
        peer._answer = lambda line: b""
        await asyncio.sleep(0.01)
        since = clock.ticks()
        for verb in (modem.sim, modem.network, modem.register):
            try:
                await verb()
                raise AssertionError("it went on")
            except ModemError as error:
                assert "reset" in str(error) and not isinstance(error, SimError)
        return clock.since(since)

    peer = Peer()
    assert drive(peer, story) < 200


def test_an_echo_after_start_betrays_a_silent_reset():
    async def story(modem, pipe, said):
        await modem.start()
        peer.echo = True
        try:
            await modem.network()
        except ModemError:
            pass
        return names(said)

    peer = Peer()
    assert drive(peer, story) == ["modem_reset"]


def test_a_modem_that_keeps_its_echo_off_betrays_a_reset_by_any_line_of_its_beginning():
    """ATE0 was saved by AT&W; while autobauding no RDY is said. Calls and messages are ready late after any start."""
    resets = []
    boot = b"\r\n+CFUN: 1\r\n", b"\r\n+CPIN: READY\r\n", b"\r\nCall Ready\r\n", b"\r\nSMS Ready\r\n"

    async def story(modem, pipe, said):
        for lines in (boot, boot[:1], boot[1:2], boot[2:], boot[3:]):
            stream = await connected(modem)
            for seconds in (0, 70):
                await asyncio.sleep(seconds)
                before = names(said).count("modem_reset")
                for line in lines:
                    pipe.say(line)
                    await asyncio.sleep(0.5)
                resets.append(names(said).count("modem_reset") - before)
                assert stream.up == (not resets[-1])
                if resets[-1]:
                    break

    drive(Peer(), story)
    assert resets == [1, 1, 1] + [0, 1] * 2


def test_a_modem_that_takes_no_connection_any_more_gets_its_context_anew():
    async def story(modem, pipe, said):
        (await connected(modem)).close()
        await asyncio.sleep(1)
        peer.answers[OPEN] = b"\r\nERROR\r\n"  # it was reset, and said nothing
        try:
            await modem.open("proxy.example", 8080)
        except BearerError:
            peer.answers[OPEN] = ANSWERS[OPEN]
        await modem.attach(Profile())
        await modem.open("proxy.example", 8080)
        return names(said)

    peer = Peer()
    assert drive(peer, story) == ["attached", "context_up", "connected"] * 2


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


def test_a_sim_that_names_nobody_is_an_error_of_the_sim():
    async def story(modem, pipe, events):
        await modem.start()
        await modem.sim()

    assert raises(SimError, drive, Peer({"AT+CIMI": OK}), story).step == "sim"
