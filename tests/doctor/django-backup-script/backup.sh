#!/bin/sh
sqlite3 db.sqlite3 "PRAGMA busy_timeout=10000; VACUUM INTO 'copy.db'"
