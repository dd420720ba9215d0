// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sqlite/connection.h"

#include <string>
#include <vector>

namespace lk::sqlite {

/// Stand-ins for collations and functions that only the file's application has (Anki's `unicase`, Calibre's
/// `title_sort`), so that SQLite can look at the rest of the file. What depends on them is not judged with them.
class StandIns
{
public:
    /// Collations are provided as SQLite misses them. \a connection outlives this and is not moved meanwhile.
    explicit StandIns(Connection &connection);
    StandIns(const StandIns &) = delete;
    StandIns &operator=(const StandIns &) = delete;
    ~StandIns();

    /// If \a error is about a missing function, provides it: true, try again.
    bool provideFor(const Error &error);
    /// "collation unicase", "function title_sort": what was missing so far.
    const std::vector<std::string> &names() const { return m_names; }

private:
    Connection &m_connection;
    std::vector<std::string> m_names;
};

}
