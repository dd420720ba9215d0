#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Builds Litekeeper with warnings as errors, whatever that takes on this machine, and runs all of its tests: without a
# display, and those of the window once more with a real X server (Xvfb).
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=packaging/packages.sh
. "$root/packaging/packages.sh"

need_packages "${build_packages[@]}" "${window_packages[@]}" "${test_packages[@]}"
build dev all
if command -v npm >/dev/null && command -v node >/dev/null; then
    (build dev better-sqlite3) || say "NOT TESTED: the code to copy for better-sqlite3, which could not be installed"
    (build dev litestream-binary) || say "NOT TESTED: Litestream, which could not be installed"
fi
cd "$root"
exec ctest --preset dev -j2
