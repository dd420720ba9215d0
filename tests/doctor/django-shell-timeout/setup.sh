#!/bin/sh
# once, after the first deployment
sqlite3 db.sqlite3 'PRAGMA journal_mode=wal; PRAGMA busy_timeout = 20000; PRAGMA synchronous = normal;'
