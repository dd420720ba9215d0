// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "fleet/records.h"
#include "fleet/remote.h"

namespace lk::fleet {

/// Who listens to scans. Called from their threads, one call at a time.
class Listener
{
public:
    virtual ~Listener() = default;
    /// \a record: a scanRecord(), as soon as it came.
    virtual void found(const std::string &host, Record record) = 0;
};

/// `scan \a words` on a machine.
struct ScanOrder
{
    Remote remote;
    std::vector<std::string> words;
};

/// What came of the scan of one machine.
struct ScanEnd
{
    std::string host;
    std::optional<Trouble> trouble;  ///< it did not come to its end; what was found until then counts
    scan::Summary summary;           ///< as far as it was told; the number of databases is ours
    std::uint64_t notUnderstood = 0; ///< lines that were no records
    bool whole = false;              ///< everything that was asked for could be read
};

/// Adds what \a more counted and left out.
void add(scan::Summary &to, const scan::Summary &more);

/// Runs all scans at once, some at a time, and blocks until all have ended; as ask() when stopped. In the order of
/// \a orders. One that fails stops no other.
std::vector<ScanEnd> scan(const std::vector<ScanOrder> &orders, Listener &listener, const std::stop_token &stop);

}
