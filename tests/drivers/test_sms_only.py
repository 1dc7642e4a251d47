"""A network that has registered the handset for short messages only (TS 27.007, 7.2): told, and not asked for more."""

from drivers.modem.sim7600 import Sim7600
from tests.kit.drivers.sim800 import OK, Peer, failed, names, started


def answers(circuit, packet):
    """Of a modem for LTE, whose +CREG and +CGREG say so."""
    said = {"AT+CREG?": b"\r\n+CREG: 0,%d\r\n" % circuit + OK, "AT+CEREG?": b"\r\n+CEREG: 0,2\r\n" + OK}
    said["AT+CGREG?"] = b"\r\n+CGREG: 0,%d\r\n" % packet + OK
    return said


def test_it_is_an_event_and_no_attach_is_tried_in_vain():
    async def story(modem, pipe, said):
        status = await modem.register()
        (error,) = await failed(modem.attach())
        return status, str(error), names(said)

    for code, status in ((6, "home"), (7, "roaming")):
        peer = Peer(answers(code, 2))
        told = started(story, peer=peer, make=Sim7600)
        assert told == (status, "attach: only short messages go on this network", ["registered", "sms_only"])
        assert "AT+CGATT=1" not in peer.lines


def test_a_registration_for_packets_that_comes_a_moment_later_counts():
    async def story(modem, pipe, said):
        return await modem.register(), names(said)

    later = answers(7, 2)
    later["AT+CGREG?"] = [later["AT+CGREG?"]] * 3 + [b"\r\n+CGREG: 0,5\r\n" + OK] * 9
    assert started(story, later, make=Sim7600) == ("roaming", ["registered"])


def test_an_end_of_it_is_told_and_data_service_is_asked_for():
    async def story(modem, pipe, said):
        await modem.register()
        peer.answers["AT+CGREG?"] = b"\r\n+CGREG: 0,5\r\n" + OK
        await modem.register()
        error = await failed(modem.attach())
        return error, names(said)

    peer = Peer(answers(7, 2))
    assert started(story, peer=peer, make=Sim7600) == ([None], ["registered", "sms_only", "registered", "attached"])
    assert "AT+CGATT=1" in peer.lines
