"""Rows that many vectors have: header fields and a body, in the notation of make.py."""

V10 = "8D 90 # X-Mms-MMS-Version: 1.0"
V12 = "8D 92 # X-Mms-MMS-Version: 1.2"
V13 = "8D 93 # X-Mms-MMS-Version: 1.3"
TID = "98 'T1' 00 # X-Mms-Transaction-Id: T1"
INSERT = "89 01 81 # From: insert-address-token"
FROM = "89 < 80 '+447700900001/TYPE=PLMN' 00 > # From: +447700900001/TYPE=PLMN"
TO = "97 '+447700900002/TYPE=PLMN' 00 # To: +447700900002/TYPE=PLMN"
DATE = "85 04 65 53 F1 00 # Date: 2023-11-14 22:13:20 UTC"
ID = "8B 'M1' 00 # Message-ID: M1"
URL = "83 'http://mmsc.example/m?id=T1' 00 # X-Mms-Content-Location"
SMIL = '\'<smil><body><par dur="5s"><img src="p.jpg"/><text src="t.txt"/></par></body></smil>\''
RELATED = "84 < B3 89 'application/smil' 00 8A '<layout>' 00 > # Content-Type: related, type, start"
MIXED = "84 A3 # Content-Type: application/vnd.wap.multipart.mixed"
BODY = f"""
03 # three parts
[ 'application/smil' 00 C0 22 '<layout>' 00 8E 'layout.smil' 00 | {SMIL} ] # the layout
[ < 9E 85 'p.jpg' 00 > C0 22 '<p>' 00 8E 'p.jpg' 00 | FF D8 FF E0 00 00 FF D9 ] # a picture
[ < 83 81 EA 85 't.txt' 00 > C0 22 '<t>' 00 8E 't.txt' 00 | 'Grüße' ] # a text in UTF-8
"""
