# ruff: noqa: F821 (MicroPython's manifest language)
"""For freezing into a firmware: `make FROZEN_MANIFEST=.../manifest.py` in a port of MicroPython."""

metadata(version="0.1.0", description="An MMS handset for GPRS modem boards", license="MIT")
require("hmac")  # of micropython-lib
package("construct", base_path="lib")
package("mms", base_path="lib")
package("drivers", files=("__init__.py", "listing.py"))
package("drivers/board")
package("drivers/camera")
package("drivers/modem")
package("drivers/panel")
_SERIAL = ("__init__.py", "polled.py", "standard.py", "stdio.py", "uart.py", "wires.py")  # the others need a PC
package("drivers/serial", files=_SERIAL)
module("main.py")
