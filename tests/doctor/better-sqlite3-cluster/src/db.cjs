const Database = require('better-sqlite3');
const db = new Database(path.join(__dirname, '../data/shop.db'));
module.exports = db;
