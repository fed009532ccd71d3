#!/bin/sh
# Prepare this checkout for work; `make` calls it before every target.
#
#   tools/setup.sh run     installs what the program needs
#   tools/setup.sh lint    and the Python packages for development
#   tools/setup.sh test    and a virtual screen
#   tools/setup.sh bench   and the packages that gdviz is compared with
#
# Python packages go into .venv; the libraries that Qt and OpenGL need are installed with apt-get, if available.
# What is installed already is left alone: a second call takes a fraction of a second.
# PYTHON=python3.12 chooses the interpreter.
set -eu
cd "$(dirname "$0")/.."

purpose=${1:?run, lint, test or bench}
venv=.venv
qt_packages="libglib2.0-0 libgl1 libgl1-mesa-dri libegl1 libxkbcommon0 libfontconfig1 libdbus-1-3 libxkbcommon-x11-0
  libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0"
screen_packages="xvfb xauth"

say() { printf 'gdviz set-up: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

# ---------------------------------------------------------------------------------------------- Debian packages

# Set as_root to the prefix of commands that need root; fail if there is no way to become root.
find_root() {
  as_root=""
  command -v apt-get >/dev/null || return 1
  [ "$(id -u)" != 0 ] || return 0
  command -v sudo >/dev/null || return 1
  as_root=sudo
  [ -t 0 ] || { as_root="sudo -n"; sudo -n true 2>/dev/null; }
}

known() { apt-cache show "$1" 2>/dev/null | grep -q '^Package: '; }

# Print the names of the packages in this release: Debian 13 and Ubuntu 24.04 call some of them ...t64.
names_here() {
  for name; do
    if ! known "$name" && known "${name}t64"; then name=${name}t64; fi
    printf '%s ' "$name"
  done
}

# Requires find_root.
apt_install() {
  say "installing Debian packages: $*"
  log=$(mktemp)
  apt="$as_root env DEBIAN_FRONTEND=noninteractive apt-get -y -q -o DPkg::Lock::Timeout=300"
  $apt update </dev/null >"$log" 2>&1 9>&- || say "apt-get update failed; continuing with the existing package lists"
  # shellcheck disable=SC2046  # word splitting intended
  if ! $apt install --no-install-recommends $(names_here "$@") </dev/null >>"$log" 2>&1 9>&-; then
    tail -n 15 "$log" >&2
    rm -f "$log"
    die "the installation failed; run: sudo apt-get install $(names_here "$@")"
  fi
  rm -f "$log"
}

# Print those of the packages that are not installed.
# shellcheck disable=SC2016  # dpkg-query's variables, not the shell's
missing_packages() {
  have=$(for name; do echo "$name" "${name}t64"; done |
    xargs dpkg-query -W -f '${Package}=${db:Status-Status}\n' 2>/dev/null || true)
  for name; do
    printf '%s\n' "$have" | grep -qxE "$name(t64)?=installed" || printf '%s ' "$name"
  done
}

# Let Qt itself check its libraries: print what is missing and fail, or print nothing.
qt_loads() {
  "$venv/bin/python" - <<'PY' 2>&1
import ctypes, pathlib, sys
try:
    import PySide6
    from PySide6 import QtGui, QtOpenGLWidgets, QtWidgets
    for library in ("libGL.so.1", "libEGL.so.1", pathlib.Path(PySide6.__file__).parent / "Qt/plugins/platforms/libqxcb.so"):
        ctypes.CDLL(str(library))
except (ImportError, OSError) as error:
    sys.exit(str(error))
PY
}

# shellcheck disable=SC2086  # word splitting intended
set_up_system() {
  [ "$(uname -s)" = Linux ] || return 0
  wanted=$qt_packages
  case $purpose:${DISPLAY:-}${WAYLAND_DISPLAY:-} in test:* | bench:* | *:) wanted="$wanted $screen_packages" ;; esac
  missing=$wanted
  if command -v dpkg-query >/dev/null; then missing=$(missing_packages $wanted); fi
  [ -n "$missing" ] || return 0
  if [ "$(id -u)" != 0 ] || ! find_root; then # no need to ask for a password if Qt works
    lacking=$(qt_loads) && lacking=""
    case $wanted in *xvfb*) command -v Xvfb >/dev/null || lacking="${lacking:+$lacking; }no Xvfb" ;; esac
    [ -n "$lacking" ] || return 0
    command -v apt-get >/dev/null ||
      die "Qt cannot start here ($lacking); install the packages that Debian calls:" $missing
    find_root || die "Qt cannot start here ($lacking); run: sudo apt-get install $(names_here $missing)"
  fi
  apt_install $missing
}

# ---------------------------------------------------------------------------------------------- Python and .venv

version_of() { "$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null; }
new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

# Whether .venv works, was created at this path, and has the requested Python, if any.
venv_fits() {
  new_enough "$venv/bin/python" || return 1
  grep -qF "$(pwd -P)/$venv/" "$venv/bin/pip" 2>/dev/null || return 1
  [ -z "${PYTHON:-}" ] || [ "$(version_of "$PYTHON")" = "$(version_of "$venv/bin/python")" ]
}

# Debian and Ubuntu package venv and ensurepip separately.
have_ensurepip() { "$1" -c 'import ensurepip, venv' 2>/dev/null; }

make_venv() {
  python=${PYTHON:-python3}
  version=$(version_of "$python") ||
    die "'$python' does not run; install Python 3.11 or newer, or name one: PYTHON=python3.12 make $purpose"
  new_enough "$python" ||
    die "gdviz needs Python 3.11 or newer and '$python' is $version; name a newer one: PYTHON=python3.12 make $purpose"
  if ! have_ensurepip "$python"; then
    package=python$version-venv
    find_root || die "'$python' cannot create virtual environments; run: sudo apt-get install $package"
    apt_install "$package"
    have_ensurepip "$python" || die "'$python' still cannot create virtual environments; its modules venv and ensurepip are missing"
  fi
  say "creating $venv with Python $version"
  "$python" -m venv --clear "$venv"
}

# Install a requirements file and gdviz itself (editable), unless the stamp shows that this was done already.
set_up_python() {
  stamp=$venv/gdviz-$1.stamp
  state=$({ cat pyproject.toml requirements*.txt; version_of "$venv/bin/python"; } | cksum)
  [ "$(cat "$stamp" 2>/dev/null)" != "$state" ] || return 0
  say "installing Python packages into $venv (about 150 MB if all are new)"
  pip="$venv/bin/python -m pip --quiet --disable-pip-version-check --no-input"
  $pip install -r "$1.txt"
  $pip install --no-deps --editable .
  for included in requirements requirements-dev requirements-bench; do # each file includes those before it
    printf '%s\n' "$state" >"$venv/gdviz-$included.stamp"
    [ "$included" != "$1" ] || break
  done
}

if command -v flock >/dev/null; then exec 9>.venv.lock; flock 9; fi # concurrent calls wait for each other
venv_fits || make_venv
case $purpose in
  run) set_up_python requirements ;;
  bench) set_up_python requirements-bench ;;
  *) set_up_python requirements-dev ;;
esac
if [ "$purpose" != lint ]; then set_up_system; fi
