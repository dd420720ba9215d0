// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/scansession.h"

#include "inspect/gather.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace lk::window {

using Looked = Result<inspect::DatabaseFacts>;

/// So many rows at a time, a few milliseconds: a flood of finds must not keep the window from answering.
static constexpr std::size_t RowsAtOnce = 1000;

ScanSession::ScanSession(Questions &questions, catalog::Memory &memory, QObject *parent)
    : QObject(parent)
    , m_questions(questions)
    , m_memory(memory)
    , m_keeper(memory)
    , m_filter(m_databases)
{
    connect(&m_runner, &jobs::ScanRunner::found, this, &ScanSession::take);
    connect(&m_nextTurn, &QTimer::timeout, this, &ScanSession::addSome);
    connect(&m_runner, &jobs::ScanRunner::progressed, this, &ScanSession::progressed);
    connect(&m_runner, &jobs::ScanRunner::elsewhereEnded, this, &ScanSession::elsewhereEnded);
    connect(&m_runner, &jobs::ScanRunner::finished, this, &ScanSession::finish);
    connect(&m_runner, &jobs::ScanRunner::failed, this, [this](const Error &error) {
        m_filter.sortAgain();
        Q_EMIT failed(error);
        Q_EMIT finished();
    });
}

void ScanSession::start(std::vector<Path> roots)
{
    scan::Options options;
    options.roots = std::move(roots);
    options.excludes = m_excludes;
    m_nextTurn.stop();
    m_waiting.clear();
    m_finishing.reset();
    m_remembered.reset();
    m_runner.start(options);
    Q_EMIT started();
}

void ScanSession::scan(std::vector<Path> roots)
{
    m_summary.reset();
    m_added.clear();
    m_roots = roots;
    m_databases.clear();
    m_databases.setRoots(roots);
    m_keeper.begin(roots);
    start(std::move(roots));
}

void ScanSession::scanAgain()
{
    if (!m_roots.empty())
        scan(m_roots);
}

void ScanSession::scanToo(std::vector<Path> roots)
{
    if (roots.empty() || isScanning())
        return;
    m_added = roots;
    std::vector<Path> all = m_roots;
    all.insert(all.end(), roots.begin(), roots.end());
    m_databases.setRoots(all);
    start(std::move(roots));
}

void ScanSession::scanElsewhere(const Path &address)
{
    if (m_roots.empty()) {
        scan({address});
        return;
    }
    if (isScanning())
        return;
    scanToo({address});
    if (std::ranges::find(m_roots, address) == m_roots.end())
        m_roots.push_back(address);
}

void ScanSession::stop()
{
    m_runner.stop();
}

void ScanSession::take(const std::vector<inspect::DatabaseFacts> &batch)
{
    m_keeper.add(batch);
    if (m_waiting.empty() && batch.size() <= RowsAtOnce) {
        m_databases.add(batch);
        return;
    }
    m_waiting.insert(m_waiting.end(), batch.begin(), batch.end());
    m_nextTurn.start(0);
}

void ScanSession::addSome()
{
    const auto end = m_waiting.begin() + static_cast<std::ptrdiff_t>(std::min(m_waiting.size(), RowsAtOnce));
    const std::vector<inspect::DatabaseFacts> some(std::make_move_iterator(m_waiting.begin()),
                                                   std::make_move_iterator(end));
    m_waiting.erase(m_waiting.begin(), end);
    m_databases.add(some);
    if (!m_waiting.empty())
        return;
    m_nextTurn.stop();
    if (m_finishing)
        finish(*std::exchange(m_finishing, std::nullopt));
}

void ScanSession::finish(const scan::Summary &summary)
{
    if (!m_waiting.empty()) {
        m_finishing = summary;
        return;
    }
    if (m_added.empty() || !m_summary) {
        m_summary = summary;
    } else {
        std::erase_if(m_summary->notEntered,
                      [&](const auto &entry) { return std::ranges::find(m_added, entry.path) != m_added.end(); });
        fleet::add(*m_summary, summary);
        m_summary->duration += summary.duration;
        m_summary->stopped = summary.stopped;
    }
    m_added.clear();
    m_finishedAt = QDateTime::currentDateTime();
    m_keeper.end(*m_summary);
    m_filter.sortAgain();
    showVerdicts();
    Q_EMIT finished();
}

// What is remembered -------------------------------------------------------------------------------------------------

void ScanSession::restore()
{
    m_memory.ask<std::optional<catalog::Scan>>(this, catalog::lastScan,
                                               [this](const Result<std::optional<catalog::Scan>> &last) {
                                                   if (!last || !*last || (*last)->roots.empty() || !m_roots.empty())
                                                       return;
                                                   m_remembered = *last;
                                                   askRemembered({});
                                               });
}

/// In small parts, each one when the one before it is shown.
void ScanSession::askRemembered(const Path &after)
{
    using Found = std::vector<inspect::DatabaseFacts>;
    const std::int64_t scan = m_remembered->id;
    m_memory.ask<Found>(
        this, [scan, after](catalog::Database &database) { return foundBy(database, scan, after, RowsAtOnce); },
        [this, scan](const Result<Found> &found) {
            if (found && m_remembered && m_remembered->id == scan)
                takeRemembered(*found);
        });
}

void ScanSession::takeRemembered(const std::vector<inspect::DatabaseFacts> &found)
{
    const bool isFirst = m_roots.empty();
    if (isFirst) {
        m_roots = m_remembered->roots;
        m_databases.setRoots(m_roots);
        m_summary = m_remembered->summary;
        m_finishedAt = QDateTime::fromMSecsSinceEpoch(m_remembered->finishedNs / 1'000'000);
        m_keeper.resume(m_remembered->id);
    }
    m_databases.add(found);
    if (isFirst)
        Q_EMIT restored(m_finishedAt);
    if (found.size() == RowsAtOnce) {
        askRemembered(found.back().path);
        return;
    }
    m_remembered.reset();
    m_filter.sortAgain();
    showVerdicts();
    Q_EMIT finished();
}

static models::Verdict verdictOf(const catalog::Checked &check, const models::DatabaseRow &row)
{
    if (check.verdict == "damaged")
        return models::Verdict::Damaged;
    if (row.file.modifiedNs > check.endedNs)
        return models::Verdict::None; // it has been written to since
    return check.verdict == "ok" ? models::Verdict::Ok : models::Verdict::Unchecked;
}

void ScanSession::showVerdicts()
{
    using Checks = std::vector<catalog::Checked>;
    m_memory.ask<Checks>(this, catalog::lastChecks, [this](const Result<Checks> &checks) {
        for (const catalog::Checked &check : checks.value_or(Checks())) {
            if (const auto row = m_databases.find(check.path.native()))
                m_databases.setVerdict(check.path, verdictOf(check, m_databases.row(*row)));
        }
    });
}

void ScanSession::open(const std::vector<Path> &files)
{
    for (const Path &file : files) {
        m_questions.ask<Looked>(
            file, this,
            [file](const std::stop_token &stop, Progress &) -> Looked {
                const Result<Path> resolved = platform::resolve(file);
                return resolved ? inspect::look(*resolved, stop) : Looked(std::unexpected(resolved.error()));
            },
            [this](Looked facts) { takeOpened(std::move(facts)); });
    }
}

void ScanSession::takeOpened(Looked facts)
{
    if (!facts) {
        Q_EMIT notOpened(facts.error());
        return;
    }
    if (facts->seen.state == sqlite::State::Other) {
        Q_EMIT notOpened(Error{.code = ErrorCode::NotADatabase, .path = facts->path, .arguments = {}, .detail = {}});
        return;
    }
    if (m_databases.find(facts->path.native()))
        m_databases.renew(*facts);
    else
        m_databases.add({*facts});
    if (!isScanning())
        m_filter.sortAgain();
    Q_EMIT opened(facts->path);
}

void ScanSession::renew(const Path &file)
{
    m_questions.ask<Looked>(
        file, this, [file](const std::stop_token &stop, Progress &) { return inspect::look(file, stop); },
        [this](const Looked &facts) {
            if (!facts)
                return;
            m_databases.renew(*facts);
            m_keeper.add({*facts});
            Q_EMIT renewed(*facts);
        });
}

}
