#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Builds Litekeeper, whatever that takes on this machine, and runs it.
#   ./packaging/run.sh             the window; without a display, a scan of the home folder in the terminal
#   ./packaging/run.sh scan /srv   the command line, with these arguments
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=packaging/packages.sh
. "$root/packaging/packages.sh"
programs=$root/build/release/src

if [ $# -gt 0 ]; then
    need_packages "${build_packages[@]}"
    build release litekeeper-cli
    exec "$programs/litekeeper-cli" "$@"
fi

if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
    packages=("${build_packages[@]}" "${window_packages[@]}")
    [ -n "${DISPLAY:-}" ] || packages+=("${wayland_packages[@]}")
    need_packages "${packages[@]}"
    build release litekeeper litekeeper-cli
    exec "$programs/litekeeper"
fi

need_packages "${build_packages[@]}"
build release litekeeper-cli
say "There is no display here, so this scans the home folder in the terminal. For the window, run the same command in
a desktop session, or over ssh -X. For more in the terminal: ./packaging/run.sh --help"
exec "$programs/litekeeper-cli" scan
