import Database from 'better-sqlite3';

const db = new Database('data/shop.db', { timeout: 10_000 });
// db.pragma('synchronous = OFF');
db.pragma('journal_mode = WAL');
db.pragma('synchronous = NORMAL');
const insert = db.transaction((rows) => { for (const row of rows) db.prepare('INSERT INTO t(k) VALUES (?)').run(row); });
insert.immediate(['a']);
export default db;
