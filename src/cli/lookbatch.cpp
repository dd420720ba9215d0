// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/lookbatch.h"

#include "cli/batch.h"

#include <map>
#include <mutex>

namespace lk::cli {

namespace {

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

bool lookAtAll(const std::vector<std::string> &words, Session &session, bool inOrder, const LookAt &look,
               const std::function<Record(const Error &)> &unknown, Writer &writer)
{
    std::vector<Item> items;
    for (const std::string &word : words)
        items.push_back(itemFor(word));
    Shelf shelf;
    bool whole = true;
    const auto print = [&](const Item &item) {
        const auto looked = item.target ? shelf.get(item.path) : Looked{.record = unknown(*item.report->error)};
        if (!looked)
            return; // stopped before it was looked at
        writer.write(looked->record);
        whole = whole && looked->isWhole;
    };
    Batch batch(items, session.console, print, inOrder);
    batch.run(
        [&](const operations::Target &target, std::stop_token stop, Progress &progress) {
            std::optional<Looked> looked = look(target.path, std::move(stop), progress);
            if (!looked)
                return operations::failed(
                    Error{.code = ErrorCode::Cancelled, .path = target.path, .arguments = {}, .detail = {}});
            shelf.put(target.path, std::move(*looked));
            return operations::Report{.status = operations::Status::Done};
        },
        false, session.stop);
    return whole;
}

}
