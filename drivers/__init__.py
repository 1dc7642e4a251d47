"""Drivers of boards, cameras, modems and serial lines. Boards, cameras and families of modems are found by name."""

from mms.errors import SettingsError


def find(package, name, entry, key):
    """The driver `name`: the module of a package ("drivers.camera") that has the attribute `entry`.

    Raises SettingsError about the setting `key` when there is none: it lists the names that there are.
    """
    full = package + "." + name
    try:
        module = __import__(full, None, None, ("*",))
        if hasattr(module, entry):
            return module
    except ImportError as error:
        if full not in str(error):
            raise  # the driver is there, and a module that it needs is not
    from drivers import listing

    raise SettingsError(key, "no %s: there are %s" % (name, ", ".join(listing.names(package, entry))))
