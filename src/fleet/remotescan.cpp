// SPDX-License-Identifier: GPL-3.0-or-later
#include "fleet/remotescan.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>

namespace lk::fleet {

static constexpr std::size_t AtOnce = 8; ///< machines
/// A machine that goes on for longer than this is not scanning its disks.
static constexpr std::uint64_t MostRecords = 2'000'000;
static constexpr std::uint64_t MostNotUnderstood = 10'000;
static constexpr int WrongUsage = 2; ///< litekeeper-cli's status

namespace {

/// Hands on what comes from one machine.
class Reader
{
public:
    Reader(ScanEnd &end, Listener &listener, std::mutex &mutex)
        : m_end(end)
        , m_listener(listener)
        , m_mutex(mutex)
    {
    }

    bool take(std::string_view line)
    {
        const std::optional<Record> parsed = parseRecord(line);
        std::optional<scan::Summary> summary = parsed ? summaryOf(m_end.host, *parsed) : std::nullopt;
        std::optional<Record> found = parsed && !summary ? scanRecord(*parsed) : std::nullopt;
        if (summary) {
            m_end.summary = std::move(*summary);
            m_summed = true;
        } else if (found) {
            ++m_databases;
            const std::lock_guard lock(m_mutex);
            m_listener.found(m_end.host, std::move(*found));
        } else {
            ++m_end.notUnderstood;
        }
        return m_databases < MostRecords && m_end.notUnderstood < MostNotUnderstood;
    }

    /// Why what ended with \a status is no scan; nothing for one that is.
    std::optional<Why> trouble(int status) const
    {
        if (status == WrongUsage)
            return Why::TooOld;
        if (m_summed)
            return {};
        return m_databases == 0 ? Why::NotLitekeeper : Why::CutOff;
    }
    bool isNoise() const { return m_end.notUnderstood >= MostNotUnderstood; }
    std::uint64_t databases() const { return m_databases; }

private:
    ScanEnd &m_end;
    Listener &m_listener;
    std::mutex &m_mutex;
    std::uint64_t m_databases = 0;
    bool m_summed = false;
};

void scanOne(ScanEnd &end, const ScanOrder &order, Listener &listener, std::mutex &mutex, const std::stop_token &stop)
{
    std::vector<std::string> command{"scan", "--format", "jsonl", "--summary"};
    command.insert(command.end(), order.words.begin(), order.words.end());
    end.host = order.remote.host;
    Reader reader(end, listener, mutex);
    const auto answer = ask(
        order.remote, command, [&](std::string_view line) { return reader.take(line); }, stop);
    if (!answer) {
        end.trouble = answer.error();
        if (reader.isNoise())
            end.trouble->why = Why::NotLitekeeper;
    } else if (const auto why = reader.trouble(answer->status)) {
        end.trouble = Trouble{.why = *why, .host = end.host, .said = lastLine(answer->complained)};
    } else {
        end.whole = answer->status == 0;
    }
    end.summary.counts.databases = reader.databases();
}

}

void add(scan::Summary &to, const scan::Summary &more)
{
    to.counts.files += more.counts.files;
    to.counts.folders += more.counts.folders;
    to.counts.opened += more.counts.opened;
    to.counts.passedOverBySize += more.counts.passedOverBySize;
    to.counts.databases += more.counts.databases;
    to.notEntered.insert(to.notEntered.end(), more.notEntered.begin(), more.notEntered.end());
    to.stopped = to.stopped || more.stopped;
}

std::vector<ScanEnd> scan(const std::vector<ScanOrder> &orders, Listener &listener, const std::stop_token &stop)
{
    std::vector<ScanEnd> ends(orders.size());
    std::mutex mutex; // one call of the listener at a time
    std::atomic<std::size_t> next = 0;
    const auto work = [&] {
        for (std::size_t i = next++; i < orders.size(); i = next++)
            scanOne(ends[i], orders[i], listener, mutex, stop);
    };
    std::vector<std::jthread> crew;
    for (std::size_t i = 0; i < std::min(AtOnce, orders.size()); ++i)
        crew.emplace_back(work);
    crew.clear(); // joins
    return ends;
}

}
