"""A provisioning document in XML with everything that the codec reads."""

FULL = b"""<?xml version="1.0"?><wap-provisioningdoc version="1.1"><characteristic type="NAPDEF">
<parm name="NAPID" value="N"/><parm name="NAP-ADDRESS" value="wap.example"/><parm name="NAME" value="Example"/>
<characteristic type="NAPAUTHINFO"><parm name="AUTHTYPE" value="PAP"/><parm name="AUTHNAME" value="u"/>
<parm name="AUTHSECRET" value="p"/></characteristic></characteristic>
<characteristic type="PXLOGICAL"><parm name="PROXY-ID" value="P"/><characteristic type="PXPHYSICAL">
<parm name="PXADDR" value="10.0.0.1"/><parm name="TO-NAPID" value="N"/>
<characteristic type="PORT"><parm name="PORTNBR" value="8080"/></characteristic></characteristic></characteristic>
<characteristic type="APPLICATION"><parm name="APPID" value="w2"/></characteristic>
<characteristic type="APPLICATION"><parm name="APPID" value="w4"/><parm name="TO-PROXY" value="P"/>
<characteristic type="RESOURCE"><parm name="URI" value="http://mmsc.example/"/></characteristic></characteristic>
</wap-provisioningdoc>"""
