package main

import (
	"database/sql"

	_ "modernc.org/sqlite"
)

func open() (*sql.DB, error) {
	return sql.Open("sqlite", "file:shop.db?_journal_mode=WAL&_busy_timeout=5000")
}
