"""An MMSC with page and adapter: recipients without MMS get texts, all others what fits their handsets."""

from tools.lab.network.adaptation.adapter import Adapter
from tools.lab.network.adaptation.profiles import Profiles
from tools.lab.network.viewer.machine import PAGE


def join(mmsc, page, given=()):
    """Give a shell of an MMSC the Page and an Adapter, which is returned, before the MMSC starts.

    `given` {number: name of a profile} are handsets that are known without a request. The route of the relay, which has
    to be there already, is asked first: its own subscribers whose handset has no MMS go to the page.
    """
    adapter = Adapter(Profiles(), mmsc.machine.store, page.link, given)
    route = mmsc.machine.route

    def way(sender, recipient, now, octets=0):
        port = route(sender, recipient, now, octets)
        return PAGE if port is None and not adapter.takes_mms(recipient) else port

    mmsc.add(PAGE, page.machine, page)
    mmsc.machine.route, mmsc.machine.fit, mmsc.heard = way, adapter, adapter.hear
    return adapter
