// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/path.h"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Makes databases at run time and damages them. Whatever goes wrong here is an exception: the test can't be run.
namespace lk::test {

/// What a database is made with. The table `t(id INTEGER PRIMARY KEY, k TEXT, v BLOB)` has an index on k.
struct DatabaseSpec
{
    int pageSize = 4096; ///< in bytes
    std::string journalMode = "delete";
    std::string encoding = "UTF-8";
    std::string autoVacuum = "none";
    int rows = 100;
    int valueSize = 100; ///< bytes of v
    int userVersion = 0;
    int applicationId = 0;
    std::string moreSql{}; ///< run at the end
};

/// A cleanly closed database.
void makeDatabase(const Path &path, const DatabaseSpec &spec = {});

/// What a crash leaves of a database in WAL mode: a -wal with \a extraRows committed rows, and, if \a tornTail, the
/// frames of a transaction that was never committed behind them. With its -shm if \a keepShm.
void makeCrashedWal(const Path &path, DatabaseSpec spec = {}, int extraRows = 10, bool tornTail = false,
                    bool keepShm = false);

/// What a crash leaves in the middle of a transaction in rollback mode: a hot -journal, and pages in the database that
/// have to be undone. Before it there were spec.rows rows.
void makeHotJournal(const Path &path, DatabaseSpec spec = {});

/// Runs SQL on the file with an ordinary read-write connection.
void runSql(const Path &path, std::string_view sql);
/// The first column of the first row, read on a private copy of the file and its siblings; so it touches nothing.
std::string queryCopy(const Path &path, std::string_view sql);
/// A hash over the rows of every table (in rowid order) and the schema's sorted SQL, read on a private copy.
std::string contentHash(const Path &path);

std::string readFile(const Path &path);
void writeFile(const Path &path, std::string_view content);
/// Overwrites bytes in place.
void patch(const Path &path, std::uint64_t offset, std::initializer_list<unsigned> bytes);
void cutTo(const Path &path, std::uint64_t size);
/// The file and what of -wal, -shm and -journal there is. \a to is the new name of the database.
void copyWithSiblings(const Path &from, const Path &to);

/// The \a suffix behind a path's last byte: withSuffix(db, "-wal").
inline Path withSuffix(const Path &path, std::string_view suffix)
{
    return Path(path.native() + std::string(suffix));
}

}
