"""A simulated SARA-G350, SARA-U201, SARA-R410M or SARA-R412M of u-blox.

It is written from u-blox's manuals and from logs of real modules. Clauses are those of the AT commands manual of the
SARA-R4, UBX-17003787 R16, whose text of the socket commands is that of the SARA-G3's and SARA-U2's, UBX-13002752;
"examples" is the application note UBX-13001820, "integration" the system integration manual of SARA-G3 and SARA-U2,
UBX-13000995. "log" is the dialogue of a real module: a SARA-G350-02S, a SARA-U260 and a SARA-R410M-02B. [M] marks what
was read in neither: a switch, where it could be otherwise.

The traps for a driver, and the rooms that have them:

    power     not a word at the start but the text of AT+CSGT, +UMWI lines in the reply of the first commands (log);
              AT+CFUN=16 and 15 restart, AT+CPWROFF ends; AT+UPSV=1 to 3 sleep           (machine, identity, port)
    network   +CREG with <AcT>, Cat M is 8 (log); AT+CGED and AT+UCGED differ by the model          (network)
    context   G3 and U2: AT+UPSD and AT+UPSDA=0,3, which answers when the context is up, and +UUPSDD: 0 when the network
              ends it; R4: the context of AT+CGDCONT that came with the attach, so that another definition needs another
              attach                                                                (profiles, contexts, bearer)
    opening   AT+USOCR gives the number, AT+USOCO answers when the connection is there; a failure is ERROR, its
              reason in AT+USOER (19.8, 19.9)                                                        (sockets)
    sending   an @ and 50 ms during which octets are lost (19.10.4); fewer octets taken than given; ERROR with 11 when
              the queue is full; ERROR in the middle of the octets when the far end closes (19.10.1) (sockets, terminal)
    receiving octets between quotation marks, by their count (19.12.4); +UUSORD when the buffer was empty and after a
              read that left some; +UUSOCL only when all is read (19.10.1)                    (connection, datagrams)
    closing   AT+USOCL answers when the connection is closed, on the R4 after seconds (19.7)         (sockets)

Differences between models and builds are switches (options.SWITCHES).
"""

from tools.lab.modem.sara.machine import Sara
from tools.lab.modem.sara.options import SWITCHES

__all__ = ["MACHINE", "SWITCHES", "Sara"]

MACHINE = Sara
