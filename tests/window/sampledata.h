// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/facts.h"

namespace lk::test {

/// Facts as a scan makes them, without a file.
struct Sample
{
    std::string path = "/home/anna/a.db";
    std::uint64_t size = 4096;
    bool wal = false;
    sqlite::State state = sqlite::State::Database;
    std::uint64_t walSize = 0;
    std::int64_t modifiedNs = 0;
};

inline inspect::DatabaseFacts facts(const Sample &sample)
{
    inspect::DatabaseFacts facts;
    facts.path = sample.path;
    facts.filesystem = "ext4";
    facts.seen.state = sample.state;
    facts.seen.file.size = sample.size;
    facts.seen.file.modifiedNs = sample.modifiedNs;
    facts.seen.siblings.wal = sample.walSize;
    facts.seen.siblings.walExists = sample.walSize > 0;
    if (sample.state == sqlite::State::Database) {
        sqlite::Header header;
        header.pageSize = 4096;
        header.writeVersion = header.readVersion = sample.wal ? 2 : 1;
        header.textEncoding = 1;
        header.writerVersion = 3040001;
        facts.seen.stored = facts.seen.current = header;
        facts.seen.pageCount = static_cast<std::uint32_t>(sample.size / 4096);
    }
    return facts;
}

inline std::vector<inspect::DatabaseFacts> facts(const std::vector<Sample> &samples)
{
    std::vector<inspect::DatabaseFacts> batch;
    for (const Sample &sample : samples)
        batch.push_back(facts(sample));
    return batch;
}

}
