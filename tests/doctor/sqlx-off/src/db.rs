use sqlx::sqlite::{SqliteConnectOptions, SqlitePool, SqliteSynchronous};

pub async fn open() -> sqlx::Result<SqlitePool> {
    let options = SqliteConnectOptions::new()
        .filename("shop.db")
        .synchronous(SqliteSynchronous::Off);
    SqlitePool::connect_with(options).await
}
