#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Holds `litekeeper-cli measure` against the same workload in Python, and prints both orders and ratios.

  bench_measure.py --cli BUILD/src/litekeeper-cli --work DIR [--writers 1] [--seconds 30] [--rounds 3]

DIR lies on the disk in question. The two share nothing but SQLite: own processes, own start, own clock, own database. What
Python itself takes in each transaction, some microseconds, weighs where SQLite takes hardly more: on a disk that flushes at
once, and with WAL + NORMAL.
"""
import argparse
import json
import multiprocessing
import os
import random
import shutil
import sqlite3
import statistics
import subprocess
import tempfile
import time

CELLS = [("DELETE + FULL", "delete", "full"), ("DELETE + NORMAL", "delete", "normal"),
         ("WAL + FULL", "wal", "full"), ("WAL + NORMAL", "wal", "normal")]
ROWS = (16 << 20) // 250
SCHEMA = """
PRAGMA page_size=4096;
CREATE TABLE item(id INTEGER PRIMARY KEY, owner INTEGER NOT NULL, amount INTEGER NOT NULL, note TEXT NOT NULL);
INSERT INTO item(owner, amount, note) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows})
  SELECT i % 1000, 0, hex(randomblob(110)) FROM n;
CREATE INDEX item_owner ON item(owner);
"""


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cli", required=True)
    parser.add_argument("--work", required=True)
    parser.add_argument("--writers", type=int, default=1)
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--rounds", type=int, default=3)
    return parser.parse_args()


def connect(path, journal, synchronous):
    database = sqlite3.connect(path, timeout=5, isolation_level=None)
    database.execute(f"PRAGMA journal_mode={journal}")
    database.execute(f"PRAGMA synchronous={synchronous}")
    return database


def commits(database, seed, begin, length):
    """Commits per second of one connection."""
    keys = random.Random(seed).choices(range(1, ROWS + 1), k=1 << 16)
    execute = database.execute
    clock = time.monotonic
    done = 0
    while clock() < begin:
        time.sleep(max(0, begin - clock()))
    end = begin + length
    now = begin
    while now < end:
        execute("BEGIN IMMEDIATE")
        execute("UPDATE item SET amount = ? + 1 WHERE id = ?", (0, keys[done & 0xFFFF]))
        execute("COMMIT")
        now = clock()
        done += 1
    return done / (now - begin)


def writer(path, journal, synchronous, seed, pipe, length):
    database = connect(path, journal, synchronous)
    pipe.send("ready")
    pipe.send(commits(database, seed, pipe.recv(), length))


def round_of(folder, original, journal, synchronous, writers, length):
    """Commits per second of all writers together, each a process."""
    path = os.path.join(folder, "round.db")
    for suffix in ("", "-wal", "-shm", "-journal"):
        if os.path.exists(path + suffix):
            os.remove(path + suffix)
    shutil.copyfile(original, path)
    with open(path, "rb+") as file:
        os.fsync(file.fileno())
    connect(path, journal, synchronous).close()
    pipes, processes = [], []
    for seed in range(writers):
        ours, theirs = multiprocessing.Pipe()
        process = multiprocessing.Process(target=writer, args=(path, journal, synchronous, seed, theirs, length))
        process.start()
        pipes.append(ours)
        processes.append(process)
    for pipe in pipes:
        pipe.recv()
    begin = time.monotonic() + 0.02
    for pipe in pipes:
        pipe.send(begin)
    rates = [pipe.recv() for pipe in pipes]
    for process in processes:
        process.join()
    return sum(rates)


def of_script(options):
    """Rates by cell, one for each round."""
    rates = {name: [] for name, _, _ in CELLS}
    length = options.seconds / (len(CELLS) * options.rounds)
    with tempfile.TemporaryDirectory(dir=options.work) as folder:
        original = os.path.join(folder, "original.db")
        sqlite3.connect(original).executescript(SCHEMA.format(rows=ROWS))
        for _ in range(options.rounds):
            for name, journal, synchronous in CELLS:
                rates[name].append(round_of(folder, original, journal, synchronous, options.writers, length))
    return rates


def of_program(options):
    ran = subprocess.run([options.cli, "measure", "--on-battery", "--seconds", str(options.seconds), "--rounds",
                          str(options.rounds), "--writers", str(options.writers), "--readers", "0", "--format", "json",
                          options.work], capture_output=True, text=True, check=True)
    print(ran.stderr, end="")
    return {cell["name"]: cell["writes"]["rounds"] for cell in json.loads(ran.stdout)["measurements"]}


def against_first(rates):
    first = rates[CELLS[0][0]]
    return {name: statistics.median(rate / one for rate, one in zip(rates[name], first)) for name in rates}


def main():
    options = arguments()
    os.makedirs(options.work, exist_ok=True)
    ours, theirs = of_program(options), of_script(options)
    ratios = [against_first(rates) for rates in (ours, theirs)]
    print(f"\n{options.writers} writers\n{'':16} {'ours/s':>9} {'script/s':>9} {'ours':>9} {'script':>9} {'differs':>8}")
    for name, _, _ in CELLS:
        own, script = (ratio[name] for ratio in ratios)
        print(f"{name:16} {statistics.median(ours[name]):9.0f} {statistics.median(theirs[name]):9.0f} {own:8.2f}x "
              f"{script:8.2f}x {own / script - 1:8.0%}")
    # Cells that both find within a tenth of each other are in no order.
    orders = [sorted(ratio, key=lambda name: round(ratio[name], 1)) for ratio in ratios[:2]]
    print("\nslowest to fastest, ours:  ", ", ".join(orders[0]))
    print("slowest to fastest, script:", ", ".join(orders[1]))


if __name__ == "__main__":
    main()
