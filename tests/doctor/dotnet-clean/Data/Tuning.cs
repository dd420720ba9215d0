public class Tuning : DbConnectionInterceptor
{
    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData data)
    {
        using var command = connection.CreateCommand();
        // PRAGMA synchronous=OFF
        command.CommandText = "PRAGMA synchronous=NORMAL; PRAGMA cache_size=-20000;";
        command.ExecuteNonQuery();
    }
}
