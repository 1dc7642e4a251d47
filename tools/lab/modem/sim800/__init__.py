"""A simulated SIM800, written from SIMCom's AT command manual V1.09 and what is known of real ones.

The traps for a driver, and the rooms that have them:

    power     nine octets with the power (1.4), then a serial port that is deaf for seconds; no RDY and a
              lost first line while AT+IPR=0; after a brown-out silence, then RDY, and every setting that
              AT&W did not save is gone                                                       (machine)
    sleep     AT+CSCLK=1: deaf while DTR is off, and for 50 ms more; AT+CSCLK=2: five seconds after the last octet
              the next one only wakes it, and all of 100 ms are discarded (6.2.20); AT&F and ATZ leave the settings
              of the serial port as they are (2.2.27)                                  (../sleep, options)
    lines     NULs are ignored; octets that come while a command runs are lost; the prompt is "> " without
              a line end; no unsolicited line inside octets after a prompt, or inside a block  (terminal)
    SIM       +CME ERROR: 14 for seconds; three PINs, ten PUKs                                    (sim)
    network   CREG 3 denied, 5 roaming; CGREG follows the attach; COPS=? takes its time; the COPS mode
              survives a reset; CGACT attaches by itself; lines of network time after AT+CLTS=1 (network)
    messages  +CMTI with "MMS PUSH" and counts; +CMT with or without an empty name; class 2 is always
              stored; no AT+CNMA, so CSMS=1 ends direct routing; a full SIM makes the network wait;
              PDU mode and text mode                                                      (sms, text)
    context   CIFSR answers the bare address and no OK; CIPSTATUS says OK first; after +PDP: DEACT only
              CIPSHUT helps; AT+CIPMUX only in IP INITIAL; SAPBR is another stack    (sockets, bearer)
    sending   at most 1460 octets and what AT+CIPSEND? says; a fixed count takes Ctrl-Z as data; quick
              send says DATA ACCEPT:n; only AT+CIPACK proves anything               (connection)
    receiving AT+CIPRXGET=1 before connecting; at most 1460 octets a read, 730 in hex; otherwise octets
              come in band                                                  (sockets, connection)
    HTTP      a service of its own over a bearer: 319,488 octets at most, deaf while it takes a body, results
              600 to 605                                                              (http, exchange)

Differences between real modems are switches (SWITCHES).
"""

from tools.lab.modem.environment import Card, Cell, Delays, Environment, Profile
from tools.lab.modem.sim800.machine import Sim800
from tools.lab.modem.sim800.options import SWITCHES

__all__ = ["MACHINE", "SWITCHES", "Card", "Cell", "Delays", "Environment", "Profile", "Sim800"]

MACHINE = Sim800
