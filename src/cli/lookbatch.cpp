// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/lookbatch.h"

#include "cli/batch.h"
#include "cli/records.h"

#include <map>
#include <mutex>

namespace lk::cli {

namespace {

/// What came of looking at a file.
struct Looked
{
    Record record;
    bool isWhole = false; ///< false: it could not be read, is no database, or is damaged
};

Looked looked(Result<inspect::DatabaseFacts> facts, const Path &path, const Tell &tell, const TellError &tellError)
{
    if (!facts) {
        if (facts.error().path.empty())
            facts.error().path = path;
        return {.record = tellError(facts.error())};
    }
    if (!facts->lookError)
        facts->lookError = stateError(*facts);
    const bool isWhole = !facts->lookError;
    return {.record = tell(std::move(*facts)), .isWhole = isWhole};
}

/// Records, made by the threads that look, until it is their turn to be written.
class Shelf
{
public:
    void put(const Path &path, Looked looked)
    {
        const std::lock_guard lock(m_mutex);
        m_looked.insert_or_assign(path, std::move(looked));
    }

    std::optional<Looked> get(const Path &path)
    {
        const std::lock_guard lock(m_mutex);
        const auto found = m_looked.find(path);
        return found == m_looked.end() ? std::nullopt : std::optional(found->second);
    }

private:
    std::mutex m_mutex;
    std::map<Path, Looked> m_looked; // guarded by m_mutex
};

}

bool lookAtAll(const std::vector<std::string> &words, Session &session, bool inOrder,
               const inspect::LookOptions &options, const Tell &tell, const TellError &tellError, Writer &writer)
{
    std::vector<Item> items;
    for (const std::string &word : words)
        items.push_back(itemFor(word));
    Shelf shelf;
    bool whole = true;
    const auto print = [&](const Item &item) {
        const auto looked = item.target ? shelf.get(item.path) : Looked{.record = tellError(*item.report->error)};
        if (!looked)
            return; // stopped before it was looked at
        writer.write(looked->record);
        whole = whole && looked->isWhole;
    };
    platform::RecentOpenFiles recent;
    inspect::SearchedFolders searched;
    Batch batch(items, session.console, print, inOrder);
    batch.run(
        [&](const operations::Target &target, std::stop_token stop, Progress &progress) {
            const auto openFiles = recent.get();
            inspect::LookOptions known = options;
            known.system = openFiles.get();
            known.searched = &searched;
            Result<inspect::DatabaseFacts> facts = inspect::look(target.path, std::move(stop), known, progress);
            if (!facts && facts.error().code == ErrorCode::Cancelled)
                return operations::failed(facts.error());
            shelf.put(target.path, looked(std::move(facts), target.path, tell, tellError));
            return operations::Report{.status = operations::Status::Done};
        },
        false, session.stop);
    return whole;
}

}
