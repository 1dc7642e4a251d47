"""Features that a board can do without: their rooms, and what is lost. `make size` says what each of them costs.

A feature is on a board where the board, its settings or WITH=name ask for it. Without its rooms the handset answers
with one line that says so (lib/mms/handset/rooms.py).
"""

from collections import namedtuple

Feature = namedtuple("Feature", "name rooms lost always")  # always: on boards with PSRAM, unless WITHOUT=name

_PAGE = ("lib/mms/handset/page/", "drivers/board/wifi.py")
_PANEL = (*("lib/mms/handset/panel/%s.py" % name for name in ("panel", "lamp", "screen", "pictures")), "drivers/panel/")
_SUPPORT = ("lib/mms/handset/console/support.py",)
_GATEWAY = ("lib/mms/link/wsp.py", "lib/mms/link/wtp.py")
_SETTINGS = ("lib/mms/handset/receiving/proposals.py", "lib/mms/codec/provisioning.py")
_LINKS = ("lib/mms/handset/receiving/indications.py",)
_SHRINK = ("lib/mms/handset/sending/shrinking.py",)
_SOUND = ("lib/mms/handset/sending/recording.py", "drivers/modem/crec.py", "drivers/modem/crecord.py")
_CHECKUP = ("lib/mms/handset/carrying/checkup.py", "drivers/modem/selection.py")
_NAMES = ("lib/mms/codec/names.py",)
_PRICES = ("lib/mms/handset/spending/",)
_MODELS = ("lib/mms/handset/models.py",)
_PROBE = ("lib/mms/handset/carrying/probing.py", "drivers/modem/probing.py")
_COMMAND_LINE = ("lib/mms/handset/console/alone.py",)

FEATURES = (
    Feature("page", _PAGE, "the page for browsers", False),
    Feature("panel", _PANEL, "button, LED, display and battery", False),
    Feature("gateway", _GATEWAY, "operators with a WAP gateway only (wsp://)", False),
    Feature("names", _NAMES, "names of rare PDUs and fields, which no command uses", False),
    Feature("alone", _COMMAND_LINE, "a PC's command line", False),
    Feature("probe", _PROBE, "the command probe: one step of the modem at a time, and its AT lines", False),
    Feature("prices", _PRICES, "prices, their bounds, and what was spent", False),
    Feature("models", _MODELS, "the setting profile", False),
    Feature("families", (), "modems of other families", False),
    Feature("cameras", (), "cameras of other families", False),
    Feature("provisioning", _SETTINGS, "settings that an operator sends by push", True),
    Feature("links", _LINKS, "links that come by push", True),
    Feature("shrink", _SHRINK, "pictures of files and of forwarded messages made smaller", True),
    Feature("support", _SUPPORT, "the command support", True),
    Feature("sound", _SOUND, "sounds by a microphone", True),
    Feature("checkup", _CHECKUP, "the commands check, scan and register", True),
)
NAMES = tuple(feature.name for feature in FEATURES)


def wanted(board, settings):
    """The names of the features that a board (its module) with these settings has, unless it is told otherwise."""
    names = {feature.name for feature in FEATURES if feature.always and getattr(board, "_PSRAM", False)}
    operators = settings.get("operators", {}).values()
    if any(operator.get("proxy", "").startswith("wsp://") for operator in operators):
        names.add("gateway")
    if getattr(board, "MICROPHONE", None):
        names.add("sound")
    sections = {"page": "page", "panel": "panel", "spending": "prices", "profile": "models"}
    return names | {sections[key] for key in sections if key in settings}
