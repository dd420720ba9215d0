use rusqlite::{Connection, TransactionBehavior};

fn open() -> rusqlite::Result<Connection> {
    let mut conn = Connection::open("shop.db")?;
    conn.busy_timeout(std::time::Duration::from_secs(5))?;
    conn.pragma_update(None, "synchronous", "NORMAL")?;
    conn.execute_batch("PRAGMA cache_size = -20000;")?;
    conn.transaction_with_behavior(TransactionBehavior::Immediate)?.commit()?;
    Ok(conn)
}
