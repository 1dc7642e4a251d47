"""The WAP 1.x side of the gateway: WSP sessions over WTP transactions, in UDP datagrams (port 9201)."""
