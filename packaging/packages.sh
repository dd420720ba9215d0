# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash disable=SC2034,SC2154
# What Litekeeper needs from the system, by the names of Debian 12, and how the scripts beside this file get it.
# To be sourced, with $root set to the project's folder. Everything it says goes to stderr: stdout belongs to the program that is run.

build_packages=(g++ cmake ninja-build qt6-base-dev qt6-svg-dev libqt6sql6-sqlite
    qt6-charts-dev libqt6opengl6-dev # the second is what the first forgets to ask for
    libsqlite3-dev libzstd-dev libarchive-dev libssl-dev libcli11-dev nlohmann-json3-dev libyaml-cpp-dev
    sqlite3) # the program: recovering is done by it
window_packages=(fonts-dejavu-core) # without any font a window has no text
wayland_packages=(qt6-wayland)      # only where there is Wayland and no X
test_packages=(xvfb xauth strace python3 sqlite3 patch systemd xfsprogs openssh-server
    # The code to copy is run with them; for Java's also a JDK, and for better-sqlite3 Node.js with npm, if they are there.
    python3-django python3-sqlalchemy php8.2-cli php8.2-sqlite3 libxerial-sqlite-jdbc-java)
check_packages=(clang-format-14)

say() { printf '%s\n' "$*" >&2; }

die() {
    say "$*"
    exit 1
}

# Installs those of the named packages that are missing, and says so; silent if there are none.
need_packages() {
    local package missing=()
    if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
        need_elsewhere "$@"
        return
    fi
    for package in "$@"; do
        [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
    done
    [ ${#missing[@]} -gt 0 ] || return 0

    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || die "These packages are missing, and there is no sudo to install them.
As root, run: apt-get install ${missing[*]}"
        as_root=(sudo)
    fi
    say "Installing: ${missing[*]}"
    "${as_root[@]}" apt-get update -qq >&2 ||
        say "The list of packages could not be refreshed; trying with the one there is."
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "${missing[@]}" \
        </dev/null >&2 || die "apt-get could not install: ${missing[*]}"
}

# No apt: whether the tools are there is asked of the tools, the rest is CMake's to say.
need_elsewhere() {
    local tool missing=()
    for tool in c++ cmake ninja; do
        command -v "$tool" >/dev/null || missing+=("$tool")
    done
    packages_needed="This system has no apt, so nothing was installed. Litekeeper needs, by their names in Debian 12:
  $*
In other words: a C++23 compiler (GCC 12 or later), CMake 3.25, Ninja, and the development files of
Qt 6.4 or later (Charts, Core, Gui, Sql with its SQLite driver, Svg, Test, Widgets), SQLite 3.37 or later, zstd, libarchive, CLI11, nlohmann-json and yaml-cpp."
    [ ${#missing[@]} -eq 0 ] || die "$packages_needed
Missing: ${missing[*]}"
}

# configure PRESET: only if that was not done yet; later CMake sees by itself what changed.
configure() {
    [ -f "$root/build/$1/build.ninja" ] && return
    say "Configuring ($1)"
    # With -S alone CMake 3.25 looks for the presets in the current folder.
    (cd "$root" && cmake --preset "$1" >&2) || die "CMake could not configure.
${packages_needed:-See what it said above.}"
}

# build PRESET TARGET...: silent if there is nothing to do.
build() {
    local preset=$1
    shift
    configure "$preset"
    # One job a core, and no more than the memory has room for: a file that includes much takes about 1 GB.
    local jobs memory
    jobs=$(nproc 2>/dev/null || echo 2)
    memory=$(awk '/^MemAvailable:/ { print int($2 / 1048576) + 1 }' /proc/meminfo 2>/dev/null || echo "$jobs")
    [ "$jobs" -le "$memory" ] || jobs=$memory
    if ninja -C "$root/build/$preset" -n "$@" 2>/dev/null | grep -q 'no work to do'; then
        return
    fi
    say "Building ($preset)"
    ninja -C "$root/build/$preset" -j "$jobs" "$@" >&2 || die "The build failed: see above."
}
