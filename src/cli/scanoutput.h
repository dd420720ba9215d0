// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/console.h"
#include "cli/output.h"
#include "platform/mounts.h"
#include "scan/scanner.h"

#include <map>
#include <memory>
#include <optional>
#include <set>

namespace lk::cli {

/// How records of scans look; \a withHost: of several machines.
Layout scanLayout(bool withHost = false);

/// A line on stderr for each folder that was not entered.
void tellNotEntered(const scan::Summary &summary, Console &console);

/// Takes a scan's results as they come: prints them at once, or keeps them for the end, sorted by path.
class ScanOutput final : public scan::Listener
{
public:
    /// Only \a states, by the names that inspect::stateName() gives. \a format nothing: paths ended by NUL. These and
    /// JSON lines are printed in the order they are met.
    ScanOutput(Console &console, std::set<std::string> states, std::optional<Format> format);

    void found(std::vector<scan::Found> batch) override;
    void progress(const scan::Counts &counts, const Path &folder) override;
    /// \a more: the fields beside the list of databases.
    void finish(const Record &more);

private:
    void write(scan::Found &found);
    Record sameFileAs(const Path &path, const platform::FileStatus &file) const;
    void print(std::string_view text);
    void flush();

    Console &m_console;
    std::set<std::string> m_states;
    bool m_atOnce;
    std::unique_ptr<Writer> m_writer;
    std::string m_pending;
    std::map<platform::FileId, std::vector<Path>> m_names; ///< of the files that have several
    platform::Mounts m_mounts = platform::Mounts::current();
    std::vector<scan::Found> m_kept;
};

}
