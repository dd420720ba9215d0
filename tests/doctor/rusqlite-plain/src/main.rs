use rusqlite::Connection;
use std::time::Duration;

fn open() -> rusqlite::Result<Connection> {
    let conn = Connection::open("shop.db")?;
    conn.busy_timeout(Duration::from_secs(2))?;
    Ok(conn)
}
