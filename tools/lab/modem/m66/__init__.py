"""A simulated M66 or M95 of Quectel's, whose sockets are those of GSM_TCPIP_AN ("AN" below).

It is written from pages of Quectel's manuals (M66 and M95 hardware design, GSM UART port application note V1.0, M10 AT
commands V1.01), from the states of AN as others quote them, and from what public logs and programs show of real M95,
M66, M26 and MC60 ("log"). [M] marks what is only remembered. The traps for a driver, and the rooms that have them:

    power     RDY, +CFUN: 1, +CPIN: READY, Call Ready, SMS Ready (an M95 without); none of it at AT+IPR=0 before AT or
              at was heard; NORMAL POWER DOWN is the answer to AT+QPOWD=1, and there is no OK                (machine)
    sleep     by DTR, whose low wakes it 600 ms later; AT+QSCLK=2 by itself                       (../sleep, machine)
    messages  +CMS ERROR: 302 before they are ready; AT+QMGDA; no AT+CNMA; a label only by a switch        (machine)
    context   AT+QIREGAPP, QIACT, QILOCIP in this order, the last one without OK; AT+QIMUX only in IP INITIAL; AT+QISTAT
              says OK first; DEACT OK; after +PDP DEACT only AT+QIDEACT helps [M]                              (task)
    opening   OK, then CONNECT OK or CONNECT FAIL, by number in multiple mode; ALREADY CONNECT comes with ERROR; a
              name needs AT+QIDNSIP=1; one that failed holds its number until AT+QICLOSE                   (sockets)
    sending   at most 1460 octets; SEND OK means that they are in the module's buffer, SEND FAIL says nothing of how
              many were taken; only AT+QISACK proves anything; octets after the prompt are echoed
                                                                                               (sockets, connection)
    receiving +QIRDI with AT+QINDI=1 or 2, else in band; AT+QIRD answers OK alone when nothing is there, and ERROR once
              the connection is closed and read empty                                                    (connection)

Differences between models and builds are switches (options.SWITCHES).
"""

from tools.lab.modem.m66.machine import M66
from tools.lab.modem.m66.options import SWITCHES

__all__ = ["M66", "MACHINE", "SWITCHES"]

MACHINE = M66
