// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/databaserow.h"

#include <algorithm>
#include <limits>

namespace lk::models {

static void takeHeader(DatabaseRow &row, const inspect::DatabaseFacts &facts, const sqlite::Header &header)
{
    row.hasHeader = true;
    row.journal = header.isWal() ? Journal::Wal : Journal::Rollback;
    row.encoding = inspect::encodingName(header);
    row.autoVacuum = inspect::autoVacuumName(header);
    row.pageSize = header.pageSize;
    row.pageCount = facts.seen.pageCount;
    row.freelistPages = header.freelistPages;
    row.userVersion = header.userVersion;
    row.applicationId = header.applicationId;
    row.writerVersion = header.writerVersion;
}

const std::vector<std::string> &applicationNames()
{
    static const std::vector<std::string> names = [] {
        std::vector<std::string> all{std::string()};
        for (const inspect::Application &application : inspect::applications())
            all.push_back(application.name);
        std::ranges::sort(all);
        all.erase(std::ranges::unique(all).begin(), all.end());
        return all;
    }();
    return names;
}

static std::uint32_t nameIndex(const std::optional<inspect::ApplicationMatch> &match)
{
    if (!match)
        return 0;
    const std::vector<std::string> &names = applicationNames();
    const auto found = std::ranges::lower_bound(names, match->application->name);
    const bool known = found != names.end() && *found == match->application->name;
    return known ? static_cast<std::uint32_t>(found - names.begin()) : 0;
}

DatabaseRow makeRow(const inspect::DatabaseFacts &facts)
{
    DatabaseRow row;
    row.path = facts.path.native();
    row.nameStart = static_cast<std::uint32_t>(row.path.rfind('/') + 1);
    row.file = facts.seen.file;
    row.state = facts.seen.state;
    row.walSize = facts.seen.siblings.wal;
    row.journalSize = facts.seen.siblings.journal;
    row.hotJournal = facts.seen.hotJournal;
    row.application = facts.application;
    row.applicationName = nameIndex(facts.application);
    constexpr std::size_t Most = std::numeric_limits<std::uint16_t>::max();
    row.problems = static_cast<std::uint16_t>(std::min(facts.seen.problems.size(), Most));
    if (const sqlite::Header *header = facts.header())
        takeHeader(row, facts, *header);
    return row;
}

}
