#!/bin/sh
# Runs a tool of the project by its own Python, from any folder: ./mms pdu decode FILE. Without words it lists the tools.
set -eu
self=$0
while [ -h "$self" ]; do
    link=$(readlink "$self")
    case $link in
    /*) self=$link ;;
    *) self=$(dirname -- "$self")/$link ;;
    esac
done
here=$(CDPATH='' cd -- "$(dirname -- "$self")" && pwd -P)
[ -e "$here/build/venv/ready" ] || make --no-print-directory -C "$here" venv >&2
python=$here/build/venv/bin/python
[ -e "$python" ] || python=$here/build/venv/Scripts/python
# The project is on the path of modules, and the folder that the user happens to be in is not.
PYTHONPATH=$here PYTHONSAFEPATH=1 exec "$python" -m tools "$@"
