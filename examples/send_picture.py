"""Take a picture and send it: python examples/send_picture.py --settings FILE --modem LINE --camera LINE NUMBER"""

import sys

sys.path.append((__file__.rpartition("/")[0] or ".") + "/..")
import main  # noqa: E402, I001
from mms import Message  # noqa: E402

NUMBER = sys.argv.pop() if len(sys.argv) > 1 else sys.exit(__doc__)


async def send(handset):
    handset.events.listen(print)
    await handset.ready()
    message = Message(NUMBER, "A picture")
    message.picture()
    outcome = await handset.outcome(await handset.send(message), seconds=600)
    return None if outcome["state"] == "sent" else "%(state)s: %(why)s" % outcome


sys.exit(main.main(send))
