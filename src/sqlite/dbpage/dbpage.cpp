// SPDX-License-Identifier: GPL-3.0-or-later
// The virtual table sqlite_dbpage(pgno, data) for a sqlite3 program whose library is built without it, as Debian's is:
// without it `.recover` reads no page (sqlite.org/dbpage.html). Read-only, one page at a time, as recovering asks for
// them. It is loaded into a confined child and knows nothing of Litekeeper.
#include <sqlite3ext.h>

#include <cstring>
#include <new>
#include <string>
#include <vector>

SQLITE_EXTENSION_INIT1

namespace {

enum ColumnNumber
{
    PageNumberColumn,
    DataColumn,
    SchemaColumn, // hidden: sqlite_dbpage('main')
};

enum AskedFor
{
    OnePage = 1,
    OneSchema = 2,
};

struct Table
{
    sqlite3_vtab base{}; // SQLite's part: first
    sqlite3 *db = nullptr;
};

struct Cursor
{
    sqlite3_vtab_cursor base{}; // SQLite's part: first
    sqlite3_int64 page = 0;
    sqlite3_int64 last = 0;
    sqlite3_int64 size = 0; // of a page, in bytes
    sqlite3_file *file = nullptr;
};

Cursor &of(sqlite3_vtab_cursor *cursor)
{
    return *reinterpret_cast<Cursor *>(cursor);
}

int connect(sqlite3 *db, void *, int, const char *const *, sqlite3_vtab **out, char **)
{
    const int code = sqlite3_declare_vtab(db, "CREATE TABLE x(pgno INTEGER PRIMARY KEY, data BLOB, schema HIDDEN)");
    if (code != SQLITE_OK)
        return code;
    auto *table = new (std::nothrow) Table;
    if (!table)
        return SQLITE_NOMEM;
    table->db = db;
    *out = &table->base;
    return SQLITE_OK;
}

int disconnect(sqlite3_vtab *table)
{
    delete reinterpret_cast<Table *>(table);
    return SQLITE_OK;
}

int bestIndex(sqlite3_vtab *, sqlite3_index_info *info)
{
    int arguments = 0;
    for (const auto &[column, what] : {std::pair(SchemaColumn, OneSchema), std::pair(PageNumberColumn, OnePage)}) {
        for (int i = 0; i < info->nConstraint; ++i) {
            const auto &constraint = info->aConstraint[i];
            if (constraint.iColumn != column || constraint.op != SQLITE_INDEX_CONSTRAINT_EQ || (info->idxNum & what))
                continue;
            if (!constraint.usable)
                return SQLITE_CONSTRAINT;
            info->aConstraintUsage[i].argvIndex = ++arguments;
            info->aConstraintUsage[i].omit = 1;
            info->idxNum |= what;
        }
    }
    info->estimatedCost = info->idxNum & OnePage ? 1 : 1e6;
    return SQLITE_OK;
}

int open(sqlite3_vtab *, sqlite3_vtab_cursor **out)
{
    auto *cursor = new (std::nothrow) Cursor;
    if (!cursor)
        return SQLITE_NOMEM;
    *out = &cursor->base;
    return SQLITE_OK;
}

int close(sqlite3_vtab_cursor *cursor)
{
    delete &of(cursor);
    return SQLITE_OK;
}

/// The number that PRAGMA \a name of \a schema answers; 0 if it doesn't.
sqlite3_int64 pragma(sqlite3 *db, const char *schema, const char *name)
{
    char *sql = sqlite3_mprintf("PRAGMA \"%w\".%s", schema, name);
    sqlite3_stmt *statement = nullptr;
    sqlite3_int64 number = 0;
    if (sql && sqlite3_prepare_v2(db, sql, -1, &statement, nullptr) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        number = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_free(sql);
    return number;
}

int filter(sqlite3_vtab_cursor *base, int asked, const char *, int count, sqlite3_value **values)
{
    Cursor &cursor = of(base);
    sqlite3 *db = reinterpret_cast<Table *>(base->pVtab)->db;
    int next = 0;
    std::string schema = "main";
    if ((asked & OneSchema) && next < count) {
        const auto *text = reinterpret_cast<const char *>(sqlite3_value_text(values[next++]));
        schema = text ? text : "";
    }
    cursor.file = nullptr;
    cursor.size = pragma(db, schema.c_str(), "page_size");
    cursor.last = pragma(db, schema.c_str(), "page_count");
    cursor.page = 1;
    sqlite3_file_control(db, schema.c_str(), SQLITE_FCNTL_FILE_POINTER, &cursor.file);
    if (!cursor.file || !cursor.file->pMethods || cursor.size <= 0) { // a database in memory has no pages to be read
        cursor.last = 0;
        return SQLITE_OK;
    }
    sqlite3_int64 bytes = 0;
    if (cursor.file->pMethods->xFileSize(cursor.file, &bytes) == SQLITE_OK && cursor.last < bytes / cursor.size)
        cursor.last = bytes / cursor.size;
    if ((asked & OnePage) && next < count) {
        cursor.page = sqlite3_value_int64(values[next]);
        cursor.last = cursor.page >= 1 && cursor.page <= cursor.last ? cursor.page : 0;
    }
    return SQLITE_OK;
}

int next(sqlite3_vtab_cursor *cursor)
{
    ++of(cursor).page;
    return SQLITE_OK;
}

int isAtEnd(sqlite3_vtab_cursor *cursor)
{
    return of(cursor).page > of(cursor).last;
}

int column(sqlite3_vtab_cursor *base, sqlite3_context *context, int number)
{
    const Cursor &cursor = of(base);
    if (number == PageNumberColumn)
        sqlite3_result_int64(context, cursor.page);
    if (number != DataColumn)
        return SQLITE_OK;
    std::vector<char> page(static_cast<std::size_t>(cursor.size));
    const int code = cursor.file->pMethods->xRead(cursor.file, page.data(), static_cast<int>(page.size()),
                                                  (cursor.page - 1) * cursor.size);
    if (code != SQLITE_OK && code != SQLITE_IOERR_SHORT_READ) // what is cut off reads as zeros
        return code;
    sqlite3_result_blob(context, page.data(), static_cast<int>(page.size()), SQLITE_TRANSIENT);
    return SQLITE_OK;
}

int rowid(sqlite3_vtab_cursor *cursor, sqlite3_int64 *out)
{
    *out = of(cursor).page;
    return SQLITE_OK;
}

}

extern "C" int sqlite3_extension_init(sqlite3 *db, char **, const sqlite3_api_routines *pApi)
{
    SQLITE_EXTENSION_INIT2(pApi)
    static sqlite3_module module{};
    module.xConnect = connect; // without xCreate: it is there by its name alone
    module.xBestIndex = bestIndex;
    module.xDisconnect = disconnect;
    module.xOpen = open;
    module.xClose = close;
    module.xFilter = filter;
    module.xNext = next;
    module.xEof = isAtEnd;
    module.xColumn = column;
    module.xRowid = rowid;
    return sqlite3_create_module(db, "sqlite_dbpage", &module, nullptr);
}
