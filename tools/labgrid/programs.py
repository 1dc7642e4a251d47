"""The commands of build/labgrid: coordinator, exporter, labgrid's client, and the process of a place."""

from tools.programs import BUILD, CHECKOUT

VENV = BUILD / "labgrid"
INSTALL = "make labgrid" if CHECKOUT else "make labgrid in a checkout, whose command is ./mms,"


def is_installed():
    """Whether build/labgrid has been made."""
    return (VENV / "ready").exists()


_PYTHON = str(VENV / "bin" / "python")
_RUN = "import sys; from labgrid.remote.%s import main; sys.exit(main())"


def _run(name):
    # The scripts that pip writes name the folder of the venv, and fail when that is renamed.
    return [_PYTHON, "-c", _RUN % name]


def coordinator(address):
    """The words that start a coordinator at HOST:PORT; it keeps its places in the working folder."""
    return [*_run("coordinator"), "-l", address]


def exporter(address, name, file, host="127.0.0.1"):
    """The words that export the resources of a YAML file as exporter `name` at a coordinator."""
    return [*_run("exporter"), "-c", address, "-n", name, "--hostname", host, str(file)]


def administer(*words):
    """The words of labgrid-client, which makes places; LG_COORDINATOR names the coordinator."""
    return [*_run("client"), *words]


def place(filters, *options):
    """The words that start the process of a place with these tags."""
    tags = ["%s=%s" % item for item in sorted(filters.items())]
    return [_PYTHON, "-m", "tools.labgrid.client", *options, *tags]


def arrange():
    """The words that start the process which gives each wish of a campaign a place."""
    return [_PYTHON, "-m", "tools.labgrid.arrange"]
