"""A simulated SIM7600, A7670 or A7608, written from SIMCom's manuals and what is known of real ones.

Clauses are those of the A76XX AT command manual V2.03; "note" is the A7600 TCPIP application note V1.00, "log" the
dialogue of a real modem. [M] marks what was read in neither: a switch, where it could be otherwise.

The traps for a driver, and the rooms that have them:

    power     *ATREADY: 1 or RDY, +CPIN: READY, SMS DONE, PB DONE (log); nothing is answered before; AT+CMEE is 2, so
              errors are words (log); +CGEV lines unasked for (5.2.15); a rate of AT+IPR is forgotten by a restart
              (10.2.3), POWERD DOWN (3.2.5)                                                (machine, identity)
    port      AT+IFC is forgotten by a restart (10.2.6); AT+CSCLK=1 sleeps by DTR, 2 by itself (10.2.7), and octets that
              wake it are lost [M]                                                          (options, ../sleep)
    network   +CREG 6 and 7 where E-UTRAN has messages alone (4.2.1); +CEREG 4 outside of E-UTRAN (5.2.2); +COPS with
              <AcT> (4.2.2), its mode forgotten by a restart; the attach comes by itself (5.2.3)
                                                                             (registration, service)
    messages  AT+CNMA after each +CMT and +CDS when AT+CSMS=1 (27.005, 3.4.4; 39.4)                      (sms)
    context   AT+NETOPEN says OK first, +NETOPEN: 0 later; +IP ERROR: Network is already opened; AT+CGAUTH has the
              password before the user, in some firmware after it (log)                (sockets, service)
    closing   +IPCLOSE: n,reason; after +CIPEVENT: NETWORK CLOSED UNEXPECTEDLY sockets and network stay open until the
              handset closes them (note, 4.2)                                     (sockets, connection)
    sending   at most 1500 octets, +CIPERROR: 3 for more (log); OK says nothing, +CIPSEND: n,asked,taken does, and it
              may have taken less; AT+CIPSEND before that line is +CIPERROR: 8 (log)       (connection)
    receiving AT+CIPRXGET=1, otherwise octets come in band with RECV FROM and +IPD (note, 3.2.1); +IP ERROR: No data
                                                                                        (connection)
"""

from tools.lab.modem.environment import Card, Cell, Delays, Environment, Profile
from tools.lab.modem.sim7600.machine import Sim7600
from tools.lab.modem.sim7600.options import SWITCHES

__all__ = ["MACHINE", "SWITCHES", "Card", "Cell", "Delays", "Environment", "Profile", "Sim7600"]

MACHINE = Sim7600
