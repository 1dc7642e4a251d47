"""Pushes that arrive in an inbox."""

from mms.codec import push, segments
from tests.kit.handset.inbox import receive

NOON = 1043668800  # 27 January 2003
SETTINGS = bytes.fromhex(  # NAPDEF MMSNAP (wap.o2.co.uk), APPLICATION w4
    "030b6a00c54503312e310001c65501871106034d4d534e41500001871006ab01870706034f32204d4d530001870806"
    "037761702e6f322e636f2e756b0001870906890101c600015501873600000603773400018700013400000603687474"
    "703a2f2f6d6d73632e6d6d732e6f322e636f2e756b3a3830303200018700013900000603503100010101"
)


def pushed(box, media, body, application=None, params=(), ports=(2948, 9200), time=NOON, sender="O2"):
    receive(box, segments.deliver(sender, push.build(1, media, body, application, params), ports, time=time))
