// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/batch.h"

#include "cli/arguments.h"
#include "words/describe.h"

#include <QCoreApplication>

namespace lk::cli {

using operations::Report;

/// Of a file that need not be there.
static Result<Path> resolvedName(const std::string &word)
{
    const Result<Path> there = resolved(word);
    if (there || there.error().code != ErrorCode::NotFound || !Path(word).has_filename())
        return there;
    const Result<Path> folder = resolved(Path(word).has_parent_path() ? Path(word).parent_path().native() : ".");
    return folder ? Result<Path>(*folder / Path(word).filename()) : folder;
}

Item itemFor(const std::string &word, bool mayBeGone)
{
    Item item;
    const Result<Path> path = mayBeGone ? resolvedName(word) : resolved(word);
    const Result<platform::FileStatus> status = path ? platform::status(*path) : std::unexpected(path.error());
    item.path = path ? *path : path.error().path;
    if (status)
        item.target = operations::Target{.path = *path, .seen = *status};
    else if (path && mayBeGone)
        item.target = operations::Target{.path = *path, .seen = {}};
    else
        item.report = operations::failed(status.error());
    return item;
}

Batch::Batch(std::vector<Item> &items, Console &console, Print print, bool inOrder)
    : m_items(items)
    , m_console(console)
    , m_print(std::move(print))
    , m_inOrder(inOrder)
{
}

void Batch::run(const Work &work, bool writes, const std::stop_token &stop)
{
    jobs::JobRunner runner; // delivers through the program's event loop
    QObject::connect(&runner, &jobs::JobRunner::progressed, &runner,
                     [&](jobs::JobId id, const ProgressReport &report) { showProgress(m_indexes.at(id), report); });
    QObject::connect(&runner, &jobs::JobRunner::finished, &runner,
                     [&](jobs::JobId id, const Report &report) { finish(m_indexes.at(id), report); });
    QObject::connect(&runner, &jobs::JobRunner::idle, qApp, &QCoreApplication::quit, Qt::QueuedConnection);
    start(runner, work, writes);
    // The request comes on the signals' thread; jobs are stopped on the one that the runner lives in.
    const std::stop_callback onStop(
        stop, [&runner] { QMetaObject::invokeMethod(&runner, &jobs::JobRunner::stopAll, Qt::QueuedConnection); });
    if (runner.unfinished() > 0)
        QCoreApplication::exec();
    m_console.clearProgress();
}

void Batch::start(jobs::JobRunner &runner, const Work &work, bool writes)
{
    for (std::size_t i = 0; i < m_items.size(); ++i) {
        if (!m_items[i].target) {
            finish(i, *m_items[i].report);
            continue;
        }
        const operations::Target target = *m_items[i].target;
        const auto bound = [&work, target](std::stop_token token, Progress &progress) {
            return work(target, std::move(token), progress);
        };
        m_indexes.emplace(runner.start({.file = target.path, .writes = writes, .work = bound}), i);
    }
}

void Batch::finish(std::size_t index, const Report &report)
{
    m_items[index].report = report;
    ++m_finished;
    if (m_inOrder)
        printReady();
    else
        m_print(m_items[index]);
}

void Batch::printReady()
{
    while (m_printed < m_items.size() && m_items[m_printed].report)
        m_print(m_items[m_printed++]);
}

void Batch::showProgress(std::size_t index, const ProgressReport &report)
{
    std::string line = std::to_string(m_finished) + " of " + std::to_string(m_items.size()) + " done  " +
                       words::describe(report.phase).toStdString();
    if (report.fraction >= 0)
        line += ' ' + std::to_string(static_cast<int>(report.fraction * 100)) + " %";
    m_console.progress(line + "  " + path::display(m_items[index].path));
}

}
