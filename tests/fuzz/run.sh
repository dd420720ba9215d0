#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Fuzzes everything that reads bytes of a stranger's, each for SECONDS (default: 600), with the corpora as seeds:
#   tests/fuzz/run.sh [SECONDS] [TARGET...]
# Needs clang 16 and its runtime (Debian: clang-16 libclang-rt-16-dev). What it finds lies in build/fuzz/found.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
corpus=$root/../shared/corpus
seconds=${1:-600}
shift $(($# > 0 ? 1 : 0))
targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=(fuzz_header fuzz_wal fuzz_journal fuzz_walindex fuzz_pages fuzz_output fuzz_image)

cd "$root"
[ -f build/fuzz/build.ninja ] || cmake --preset fuzz
ninja -C build/fuzz fuzzers
mkdir -p build/fuzz/found

# seeds TARGET: a folder with what a target begins with.
seeds() {
    local folder=build/fuzz/seeds/$1 number=0 file
    mkdir -p "$folder"
    [ -d "$corpus" ] || return 0
    while IFS= read -r -d '' file; do
        number=$((number + 1))
        case $1 in
        fuzz_wal) case $file in *-wal) (printf '\x07' && cat "$file") ;; *) false ;; esac ;;
        fuzz_journal) case $file in *-journal) cat "$file" ;; *) false ;; esac ;;
        fuzz_walindex) case $file in *-shm) cat "$file" ;; *) false ;; esac ;;
        fuzz_image) printf '\x00' && cat "$file" ;;
        fuzz_output) basename "$file" ;;
        *) head -c 8192 "$file" ;;
        esac >"$folder/$number" || rm -f "$folder/$number"
    done < <(find "$corpus" -type f -size -64k -print0)
    [ "$1" != fuzz_output ] || printf '=cmd|\x27 /c\x27!A1\x1b]0;x\x07\n\xff,"' >"$folder/odd"
}

for target in "${targets[@]}"; do
    seeds "$target"
    echo "== $target, $seconds s"
    mkdir -p "build/fuzz/corpus/$target"
    "build/fuzz/tests/fuzz/$target" -max_total_time="$seconds" -max_len=65536 -timeout=30 -rss_limit_mb=4096 \
        -print_final_stats=1 -artifact_prefix="build/fuzz/found/$target-" \
        "build/fuzz/corpus/$target" "build/fuzz/seeds/$target" 2>&1 | grep -E 'ERROR|SUMMARY|stat::|runtime error|artifact|DONE' || true
done
