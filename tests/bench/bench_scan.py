#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compares `litekeeper-cli scan` with the least work such a scan can do, and prints ratios.

  bench_scan.py --cli BUILD/src/litekeeper-cli --work DIR [--tools SHARED/tools] [-n 7] [--files 300000] [--cold] [--million]

Everything is measured as whole processes, in turn (ours, limit, ours, limit ...), and a ratio is the median of the
rounds' ratios: seconds on a shared machine mean little. --cold drops the system's caches before each run (root only).
DIR gets the trees (300 000 files need 2 GB, a million 5 GB) and keeps them for the next time.
"""
import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    here = os.path.dirname(os.path.abspath(__file__))
    parser.add_argument("--cli", required=True)
    parser.add_argument("--work", required=True)
    parser.add_argument("--tools", default=os.path.join(here, "../../../shared/tools"))
    parser.add_argument("-n", type=int, default=7)
    parser.add_argument("--files", type=int, default=300000)
    parser.add_argument("--cold", action="store_true")
    parser.add_argument("--million", action="store_true")
    return parser.parse_args()


class Bench:
    def __init__(self, options):
        self.o = options
        self.cli = os.path.abspath(options.cli)
        os.makedirs(options.work, exist_ok=True)
        self.limit = os.path.join(options.work, "limit_scan")
        self.sink = tempfile.TemporaryFile(dir=options.work)
        subprocess.run(["g++", "-O2", "-std=c++17", "-pthread", os.path.join(options.tools, "limit_scan.cpp"), "-o",
                        self.limit], check=True)

    def tree(self, files, databases):
        root = os.path.join(self.o.work, f"tree-{files}")
        if not os.path.exists(root + ".manifest.json"):
            subprocess.run([sys.executable, os.path.join(self.o.tools, "make_tree.py"), root, "--files", str(files),
                            "--dbs", str(databases), "--seed", "1"], check=True)
            os.sync()
            time.sleep(5)  # what is still being written back would be measured
        return root

    def run(self, command, cold=False):
        """Wall and processor seconds of one run, and the bytes it wrote."""
        if cold:
            os.sync()
            with open("/proc/sys/vm/drop_caches", "w") as caches:
                caches.write("3")
        self.sink.seek(0)
        self.sink.truncate()  # a file, not /dev/null: some programs write less there
        began = time.monotonic()
        process = subprocess.Popen(command, stdout=self.sink, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
        _, _, usage = os.wait4(process.pid, 0)
        process.returncode = 0
        wall = time.monotonic() - began
        self.read_from_disk = usage.ru_inblock * 512
        return wall, usage.ru_utime + usage.ru_stime

    def warm_round(self, ours, theirs):
        """A pair of runs that both found everything in memory: others on the machine may empty its caches."""
        for _ in range(10):
            pair = []
            for command in (ours, theirs):
                pair.append(self.run(command))
                if self.read_from_disk > 4 << 20:
                    break
            else:
                return pair
        sys.exit("the machine's caches don't hold: nothing can be measured warm")

    def compare(self, title, ours, theirs, wall_target, cpu_target=None, cold=False):
        self.run(ours, cold)
        self.run(theirs, cold)
        if cold:
            rounds = [(self.run(ours, True), self.run(theirs, True)) for _ in range(self.o.n)]
        else:
            rounds = [self.warm_round(ours, theirs) for _ in range(self.o.n)]
        wall = statistics.median(a[0] / b[0] for a, b in rounds)
        cpu = statistics.median(a[1] / b[1] for a, b in rounds)
        seconds = statistics.median(a[0] for a, _ in rounds)
        print(f"{title:48} wall {wall:5.2f} x (<= {wall_target})   cpu {cpu:5.2f} x"
              + (f" (<= {cpu_target})" if cpu_target else "") + f"   {seconds:.3f} s", flush=True)

    def scan(self, root, *options):
        return [self.cli, "scan", "-0", *options, root]

    def recall(self, title, command, root):
        found = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
        said = subprocess.run([sys.executable, os.path.join(self.o.tools, "recall.py"), root + ".manifest.json"],
                              input=found, stdout=subprocess.PIPE).stdout.decode().strip()
        print(f"{title:48} {said}", flush=True)
        return sorted(found.split(b"\0"))

    def calls(self, root, files):
        with tempfile.NamedTemporaryFile() as log:
            subprocess.run(["strace", "-f", "-c", "-o", log.name, *self.scan(root, "--threads", "2")],
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            rows = [line.split() for line in log.read().decode().splitlines()]
        counts = {row[-1]: int(row[3]) for row in rows if len(row) >= 5 and row[3].isdigit() and row[-1] != "total"}
        # Waiting for each other is what strace itself makes of threads that never meet otherwise.
        waiting = counts.pop("futex", 0)
        total = sum(counts.values())
        top = ", ".join(f"{name} {count / files:.2f}" for name, count in
                        sorted(counts.items(), key=lambda item: -item[1])[:5])
        print(f"{'system calls a file (whole process)':48} {total / files:5.2f} (<= 1.6): {top}; "
              f"futex under strace {waiting / files:.3f}", flush=True)

    def memory(self, root, *options):
        """Peak resident KiB of our scan. By /usr/bin/time: a child of ours would show no less than we have."""
        said = subprocess.run(["/usr/bin/time", "-f", "%M", *self.scan(root, *options)], stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE).stderr
        return int(said.split()[-1])


def seed_line(bench, root):
    """The shell line that this project began as, on the same tree."""
    line = (r'find "$0" \( -name "*.db" -o -name "*.sqlite" -o -name "*.sqlite3" \) -type f -exec file {} \;'
            r" | grep SQLite")
    ours = bench.scan(root, "--by", "name")
    seed = ["bash", "-c", line, root]
    rounds = [(bench.run(ours), bench.run(seed)) for _ in range(max(1, bench.o.n // 3))]
    ratio = statistics.median(b[0] / a[0] for a, b in rounds)
    print(f"{'the seed line: find -exec file | grep':48} takes {ratio:.1f} x as long as scan --by name "
          f"({statistics.median(b[0] for _, b in rounds):.2f} s against "
          f"{statistics.median(a[0] for a, _ in rounds):.2f} s)", flush=True)


def main():
    o = arguments()
    bench = Bench(o)
    root = bench.tree(o.files, 1000)
    limit = [bench.limit, "-0", "-j", "2"]
    bench.compare("warm, 2 threads", bench.scan(root, "--threads", "2"), [*limit, root], 1.25, 1.4)
    bench.compare("warm, threads left to us (limit: 2)", bench.scan(root), [*limit, root], 1.25, 1.4)
    bench.compare("thorough, warm, 2 threads", bench.scan(root, "--thorough", "--threads", "2"),
                  [*limit, "--mode", "open", root], 1.3)
    if o.cold:
        for threads in ("2", "4", "8"):
            bench.compare(f"cold, threads left to us (limit: {threads})", bench.scan(root),
                          [bench.limit, "-0", "-j", threads, root], 1.3, cold=True)
    bench.calls(root, o.files)
    usual = bench.recall("recall", bench.scan(root), root)
    bench.recall("recall, thorough", bench.scan(root, "--thorough"), root)
    few = bench.recall("recall at ulimit -n 256",
                       ["bash", "-c", 'ulimit -n 256; exec "$@"', "bash", *bench.scan(root)], root)
    print(f"{'the same found at ulimit -n 256':48} {'yes' if few == usual else 'NO'}")
    seed_line(bench, root)
    if o.million:
        million(bench)


def million(bench):
    """What a scan of a million files takes in memory, and whether a file costs more there than among 100 000."""
    empty = os.path.join(bench.o.work, "empty")
    os.makedirs(empty, exist_ok=True)
    small = bench.scan(bench.tree(100000, 1000), "--threads", "2")
    large = bench.scan(bench.tree(1000000, 3000), "--threads", "2")
    nothing, most = bench.memory(empty), bench.memory(large[-1], "--threads", "2")
    print(f"{'memory at 1 000 000 files':48} {(most - nothing) / 1024:.1f} MiB more than a scan of nothing "
          f"({nothing / 1024:.1f} MiB), results included (<= 32 beyond them)")
    bench.run(small)
    rounds = [bench.warm_round(large, small) for _ in range(max(3, bench.o.n // 2))]
    wall = statistics.median(a[0] / 10 / b[0] for a, b in rounds)
    cpu = statistics.median(a[1] / 10 / b[1] for a, b in rounds)
    print(f"{'a file at 1 000 000 against 100 000':48} wall {wall:5.2f} x   cpu {cpu:5.2f} x (<= 1.1)", flush=True)


if __name__ == "__main__":
    main()
