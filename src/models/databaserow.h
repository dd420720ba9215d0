// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/facts.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lk::models {

enum class Journal : std::uint8_t
{
    Wal,
    Rollback,
    Unknown,
};

/// What the last check said, unless the file was written to since.
enum class Verdict : std::uint8_t
{
    None, ///< not checked
    Ok,
    Damaged,
    Unchecked,
};

/// What the table knows of a database: the part of its facts that columns, facets and operations need. There may be a
/// million of these, so the rest is read again for the one that is selected.
struct DatabaseRow
{
    std::string path; ///< bytes; an address, if it is on another machine
    platform::FileStatus file;
    std::uint64_t walSize = 0;               ///< in bytes
    std::uint64_t journalSize = 0;           ///< in bytes
    const std::string *filesystem = nullptr; ///< "ext4"; the model owns it; null if not known
    std::uint32_t nameStart = 0;             ///< where the name begins in path
    std::uint32_t place = 0;                 ///< index into DatabaseModel::places()
    std::uint32_t hostIndex = 0;             ///< into DatabaseModel::hosts()
    std::uint32_t pageSize = 0;              ///< in bytes; this and what follows: 0 without a header
    std::uint32_t pageCount = 0;
    std::uint32_t freelistPages = 0;
    std::uint32_t userVersion = 0;
    std::uint32_t applicationId = 0;
    std::uint32_t writerVersion = 0;
    sqlite::State state = sqlite::State::Other;
    Journal journal = Journal::Unknown;
    Verdict verdict = Verdict::None;
    std::optional<inspect::ApplicationMatch> application;
    std::uint32_t applicationName = 0; ///< into applicationNames(); 0: not known
    const char *encoding = nullptr;    ///< "UTF-8"; null without a valid one
    const char *autoVacuum = nullptr;  ///< "none" …; null without a header
    std::uint16_t problems = 0;        ///< how many
    bool hasHeader = false;
    bool hotJournal = false;

    std::string_view name() const { return std::string_view(path).substr(nameStart); }
    /// Without the slash at its end, but for the root.
    std::string_view folder() const
    {
        return std::string_view(path).substr(0, nameStart > 1 ? nameStart - 1 : nameStart);
    }
    bool isElsewhere() const { return !path.starts_with('/'); }
    /// The machine that it is on; empty for this one.
    std::string_view host() const
    {
        return isElsewhere() ? std::string_view(path).substr(0, path.find(':')) : std::string_view();
    }
    std::uint64_t freeBytes() const { return std::uint64_t(freelistPages) * pageSize; }
    /// Something about it should be looked at by a person.
    bool needsCare() const { return problems > 0 || hotJournal || verdict == Verdict::Damaged; }
};

/// The names of all applications that databases are recognised by, once each; the first is empty. Bytes.
const std::vector<std::string> &applicationNames();

/// \a filesystem, place and host are left to the model.
DatabaseRow makeRow(const inspect::DatabaseFacts &facts);

}
