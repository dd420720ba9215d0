// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "catalog/memory.h"
#include "inspect/facts.h"
#include "scan/scanner.h"

/// What the last scans found, so that the window can show it at once.
namespace lk::catalog {

/// Keeps what a scan finds, as it comes. What it found is the last result from end() on; the one before stays until
/// then.
class ScanKeeper final
{
public:
    /// \a memory must outlive this.
    explicit ScanKeeper(Memory &memory);

    /// A new scan of \a roots.
    void begin(const std::vector<Path> &roots);
    /// Goes on with one that is kept already.
    void resume(std::int64_t scan);
    /// Also for files that were looked at again.
    void add(std::vector<inspect::DatabaseFacts> found);
    void end(const scan::Summary &summary);

private:
    Memory &m_memory;
    std::shared_ptr<std::int64_t> m_scan; ///< its id; of the memory's thread alone
};

/// A scan that ended.
struct Scan
{
    std::int64_t id = 0;
    std::vector<Path> roots;
    scan::Summary summary;
    std::int64_t finishedNs = 0; ///< since 1970, UTC
};

/// The newest one; nothing if there was none.
Result<std::optional<Scan>> lastScan(Database &database);
/// What it found: by path, those behind \a after (empty: from the first on), at most \a most. What a scan does not tell
/// (holders, schema) is empty. No file is touched.
Result<std::vector<inspect::DatabaseFacts>> foundBy(Database &database, std::int64_t scan, const Path &after,
                                                    std::size_t most);

}
