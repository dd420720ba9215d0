use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqliteSynchronous};
use std::time::Duration;

pub async fn open() -> sqlx::Result<SqlitePool> {
    let options = SqliteConnectOptions::new()
        .filename("shop.db")
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal)
        .busy_timeout(Duration::from_millis(5_000))
        .pragma("cache_size", "-20000");
    SqlitePool::connect_with(options).await
}
