package main

import (
	"database/sql"

	_ "modernc.org/sqlite"
)

func open() (*sql.DB, error) {
	return sql.Open("sqlite", "file:shop.db?_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=synchronous(1)&_txlock=immediate")
}
