#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compares `litekeeper-cli info` with what else there is, and prints ratios.

  bench_inspect.py --cli BUILD/src/litekeeper-cli --work DIR [-n 5] [--databases 1000] [--size-mb 1024]

Many small databases: one `info` of all against one `scan` of them, and against a `sqlite3` process for each. One large
database: `info --space` against dbstat's aggregated query in `sqlite3`, and against `sqlite3_analyzer`.
Everything is measured as whole processes, in turn, and a ratio is the median of the rounds' ratios: seconds on a shared
machine mean little. DIR gets the databases and keeps them for the next time.
"""
import argparse
import os
import shutil
import sqlite3
import statistics
import subprocess
import tempfile
import time

PRAGMAS = ("PRAGMA page_size; PRAGMA page_count; PRAGMA journal_mode; PRAGMA auto_vacuum; PRAGMA user_version; "
           "SELECT count(*) FROM sqlite_schema;")
DBSTAT = "SELECT name, pageno, ncell, payload, unused, pgsize FROM dbstat WHERE aggregate = TRUE;"


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cli", required=True)
    parser.add_argument("--work", required=True)
    parser.add_argument("-n", type=int, default=5)
    parser.add_argument("--databases", type=int, default=1000)
    parser.add_argument("--size-mb", type=int, default=1024)
    return parser.parse_args()


def small_databases(folder, count):
    os.makedirs(folder, exist_ok=True)
    paths = [os.path.join(folder, f"{i:05}.db") for i in range(count)]
    for i, path in enumerate(paths):
        if os.path.exists(path):
            continue
        database = sqlite3.connect(path)
        if i % 3 == 0:
            database.execute("PRAGMA journal_mode=wal")
        database.executescript("CREATE TABLE person(id INTEGER PRIMARY KEY, name TEXT, born INT);"
                               "CREATE TABLE note(id INTEGER PRIMARY KEY, person INT REFERENCES person, body TEXT);"
                               "CREATE INDEX note_person ON note(person); CREATE VIEW recent AS SELECT * FROM note;")
        database.executemany("INSERT INTO person(name, born) VALUES (?, ?)", [(f"name {n}", n) for n in range(50)])
        database.commit()
        database.close()
    return paths


def large_database(path, megabytes):
    if os.path.exists(path):
        return path
    database = sqlite3.connect(path + ".partial")
    database.executescript("PRAGMA synchronous=off; PRAGMA journal_mode=off;"
                           "CREATE TABLE a(id INTEGER PRIMARY KEY, k TEXT, v BLOB); CREATE TABLE b(k TEXT, v BLOB);")
    rows = megabytes * 1024 * 1024 // 400
    database.execute("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) INSERT INTO a SELECT "
                     "i, hex(randomblob(8)), randomblob(100 + i % 200) FROM n", (rows,))
    database.execute("INSERT INTO b SELECT k, v FROM a WHERE id % 3 = 0")
    database.executescript("CREATE INDEX a_k ON a(k); CREATE INDEX b_k ON b(k);")
    database.commit()
    database.close()
    os.rename(path + ".partial", path)
    return path


class Bench:
    def __init__(self, rounds, folder):
        self.rounds = rounds
        self.sink = tempfile.TemporaryFile(dir=folder)

    def run(self, commands):
        """Wall and processor seconds of all \a commands, one after the other."""
        self.sink.seek(0)
        self.sink.truncate()  # a file, not /dev/null: some programs write less there
        processor = 0
        began = time.monotonic()
        for command in commands:
            process = subprocess.Popen(command, stdout=self.sink, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
            _, _, usage = os.wait4(process.pid, 0)
            process.returncode = 0
            processor += usage.ru_utime + usage.ru_stime
        return time.monotonic() - began, processor

    def compare(self, title, ours, theirs, target):
        """\a ours and \\a theirs are lists of commands."""
        self.run(ours)
        self.run(theirs)
        pairs = [(self.run(ours), self.run(theirs)) for _ in range(self.rounds)]
        wall = statistics.median(a[0] / b[0] for a, b in pairs)
        processor = statistics.median(a[1] / b[1] for a, b in pairs)
        seconds = statistics.median(a[0] for a, _ in pairs)
        print(f"{title:52} wall {wall:7.3f} x  cpu {processor:7.3f} x  ({target})   {seconds:.3f} s", flush=True)


def main():
    options = arguments()
    cli = os.path.abspath(options.cli)
    bench = Bench(options.n, options.work)
    folder = os.path.join(options.work, f"small-{options.databases}")
    small = small_databases(folder, options.databases)
    info = [[cli, "info", "--format", "json", *small]]
    bench.compare("info of small databases / scan of them", info, [[cli, "scan", "--format", "json", folder]], "<= 3")
    bench.compare("info of them / a sqlite3 process for each", info,
                  [["sqlite3", path, PRAGMAS] for path in small], "<= 0.02")

    large = large_database(os.path.join(options.work, f"large-{options.size_mb}.db"), options.size_mb)
    space = [[cli, "info", "--space", "--format", "json", large]]
    bench.compare("info --space of a large one / dbstat in sqlite3", space, [["sqlite3", large, DBSTAT]], "<= 1.2")
    if shutil.which("sqlite3_analyzer"):
        bench.compare("info --space of it / sqlite3_analyzer", space, [["sqlite3_analyzer", large]], "<= 0.33")
    else:
        print("NOT MEASURED: there is no sqlite3_analyzer here")


if __name__ == "__main__":
    main()
