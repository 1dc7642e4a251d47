"""A simulated module of Quectel's: BG95, BG96, EC21, EC25 or EG91, which share the commands that a handset needs.

It is written from Quectel's manuals and from logs of real modules: the TCP/IP application notes of BG95, BG77 and
BG600L V1.1 and of BG96 V1.2 ("2.3.4" is a clause of the first), the AT commands manuals of BG96 V2.1 and of EC25 and
EC21 V1.3; of siblings, where only theirs has it: the TCP/IP application note of EC200U and EG915U V1.1 ("EC200U"). The
logs are in TinyGSM 157 and 475 (BG96), mbed-os 11249 (BG96), embedded-wireless-framework 20 (BG96), WioLTEforArduino
5 and 31 (EC21), zephyr 57110 and 93052 (BG95), iot-middleware-freertos-samples 381 (BG96), all of them issues on
GitHub. [M] marks what is only remembered. The traps for a driver, and the rooms that have them:

    power     RDY, +CFUN: 1, APP RDY (or not), +CPIN: READY, +QIND: SMS DONE (or not), +QIND: PB DONE; no unsolicited
              line at all while AT+QURCCFG="urcport" names another port; POWERED DOWN after OK, also
              of AT+CFUN=1,1                                                                      (machine, identity)
    network   CREG, CGREG and CEREG each have a network of their own; 6 and 7 are "SMS only"; AT+COPS has the access
              technology, where 8 is Cat M; the module attaches by itself                                   (network)
    messages  AT+CSMS=1 wants AT+CNMA for each +CMT and +CDS, once; places count from 0                     (machine)
    context   credentials count only with an authentication; three contexts at most; after +QIURC: "pdpdeact" only
              AT+QIDEACT helps; a refusal is ERROR, its reason is in AT+QIGETERROR and AT+CEER (contexts, errors)
    opening   OK, then +QIOPEN: n,result; a number that is in use, also by an opening that failed, gets 563 until
              AT+QICLOSE                                                                                    (sockets)
    sending   at most 1460 octets; SEND OK means that they are in the module's buffer, SEND FAIL that they do not fit
              and none was taken, ERROR that the connection is gone; only AT+QISEND=n,0 proves anything     (sockets)
    receiving one +QIURC: "recv" until all octets were read; at most 1500 a read; what is left when "closed" comes can
              still be read                                                                              (connection)

Differences between models and builds are switches (options.SWITCHES).
"""

from tools.lab.modem.bg95.machine import Bg95
from tools.lab.modem.bg95.options import SWITCHES

__all__ = ["MACHINE", "SWITCHES", "Bg95"]

MACHINE = Bg95
