"""Drivers are found by their names, and a name that is not there is answered by those that are."""

import sys

import drivers
from drivers import listing
from mms.errors import SettingsError
from tests.drivers.more import More
from tests.kit.checks import raises

CAMERAS = "drivers.camera"


def find(name, entry):
    return drivers.find(CAMERAS, name, entry, "camera.family")


def test_a_driver_is_the_module_of_its_name():
    assert find("vc0706", "Vc0706").__name__ == "drivers.camera.vc0706"


def test_a_name_that_is_not_there_is_answered_by_those_that_are():
    error = raises(SettingsError, find, "toaster", "Picture")
    assert error.key == "camera.family"
    assert str(error) == "camera.family: no toaster: there are file, picture, vc0706"


def test_a_module_that_is_no_driver_is_not_there():
    assert str(raises(SettingsError, find, "picture", "File")).endswith("no picture: there are file")


def test_a_driver_that_lacks_a_module_is_not_missing_itself():
    with More(CAMERAS):
        assert "nothing_of_that_name" in str(raises(ImportError, find, "lacking", "File"))
        assert "lacking" not in str(raises(SettingsError, find, "toaster", "File"))


def test_a_firmware_without_folders_knows_the_names_all_the_same():
    package = sys.modules[CAMERAS]
    usual, package.__path__ = package.__path__, ".frozen/" + CAMERAS
    try:
        assert listing.names(CAMERAS, "File") == ["file", "vc0706"]
    finally:
        package.__path__ = usual
