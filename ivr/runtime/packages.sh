#!/bin/bash
# Make .venv, with the packages of one extra of pyproject.toml in the versions of constraints.txt: packages.sh EXTRA WHAT
# As root, install what Python itself lacks for that. Run in the checkout.
set -euo pipefail
umask 022 # the service user reads what root makes here

# As root, only a Python that every user may run: the hotline runs as a user of its own.
open_to_all() {
    local way
    way=$(readlink -f "$1")
    while [ "$way" != / ]; do
        [ $((0$(stat -c %a "$way") & 1)) = 1 ] || return 1
        way=$(dirname "$way")
    done
}

fit() {
    for python in $(type -ap python3); do
        "$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue
        python=$("$python" -c 'import sys; print(sys.executable)') # behind a shim of pyenv
        [ "$(id -u)" != 0 ] || open_to_all "$python" || continue
        return 0
    done
    return 1
}

fail() {
    echo "$*" >&2
    exit 1
}

install_venv() {
    if ! type -ap python3 | grep -q . || python3 -c 'import sys; sys.exit(sys.version_info >= (3, 11))' 2>/dev/null; then
        fail "Python 3.11 or newer is needed; python3 here is $(python3 -V)"
    elif [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
        fail "python3-venv is missing; run: sudo apt-get install python3-venv"
    fi
    echo "installing python3-venv"
    export DEBIAN_FRONTEND=noninteractive
    apt-get install -y -qq --no-install-recommends python3-venv >/dev/null 2>&1 || {
        apt-get update -qq # a fresh machine has no package lists
        apt-get install -y -qq --no-install-recommends python3-venv >/dev/null
    }
    fit || fail "no python3 can make a virtual environment that the hotline's own user may use, even with python3-venv"
}

fit || install_venv
works() {
    grep -qsF "$PWD/.venv" .venv/pyvenv.cfg .venv/bin/activate && .venv/bin/python -m pip --version >/dev/null 2>&1 &&
        { [ "$(id -u)" != 0 ] || open_to_all .venv/bin/python; }
}
# One that was moved, or whose Python is gone or closed to others, does not work and cannot be mended.
if ! works; then
    echo "making .venv"
    "$python" -m venv --clear .venv
fi
echo "installing $2 into .venv"
.venv/bin/python -m pip install --disable-pip-version-check -c constraints.txt -e ".[$1]" |
    sed -un 's/^Collecting \([^ ]*\).*/  \1/p; s/^Installing collected.*/  unpacking/p'
