#!/bin/sh
set -e
sqlite3 shop.db <<SQL
PRAGMA busy_timeout = 5000;
PRAGMA journal_mode = WAL;
SQL
