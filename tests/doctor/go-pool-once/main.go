package main

import (
	"database/sql"

	_ "modernc.org/sqlite"
)

func open() (*sql.DB, error) {
	db, err := sql.Open("sqlite", "shop.db")
	if err != nil {
		return nil, err
	}
	_, err = db.Exec("PRAGMA busy_timeout = 5000")
	return db, err
}
