package main

import (
	"database/sql"

	_ "github.com/mattn/go-sqlite3"
)

func open() (*sql.DB, error) {
	return sql.Open("sqlite3", "file:shop.db?_timeout=10000&_journal=WAL&_sync=1&_fk=true&_cache_size=-20000&_txlock=immediate")
}
