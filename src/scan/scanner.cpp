// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/scanner.h"

#include "scan/crew.h"
#include "scan/look.h"

#include <algorithm>
#include <cerrno>

namespace lk::scan {

namespace {

using Clock = std::chrono::steady_clock;

constexpr auto Tick = std::chrono::milliseconds(10);
constexpr auto ProgressEvery = std::chrono::milliseconds(100);
/// A worker that is asked to stop does so at the next file, unless its file system doesn't answer.
constexpr auto StopPatience = std::chrono::milliseconds(150);

NotEntered notEntered(const Error &error)
{
    const bool denied = error.code == ErrorCode::NoPermission;
    return {.path = error.path,
            .why = denied ? WhyNot::NoPermission : WhyNot::Failed,
            .systemError = error.systemError,
            .filesystem = {}};
}

/// One scan, from the thread that asked for it: hands on what the workers find, and ends them.
class Scan
{
public:
    Scan(const Options &options, Listener &listener)
        : m_crew(options.threads)
        , m_shared(std::make_shared<Shared>(options, m_crew.most()))
        , m_listener(listener)
    {
    }

    Result<Summary> run(const std::stop_token &stop);

private:
    std::optional<Error> prepareRoots();
    Result<void> meetRoot(const Path &root);
    Result<void> meetRootFile(const Path &path);
    void attend(const std::stop_token &stop);
    void deliver(std::unique_lock<std::mutex> &lock);
    void tellProgress(std::unique_lock<std::mutex> &lock);
    Counts counts() const;

    Crew m_crew; // before m_shared: it says how many lanes there are
    std::shared_ptr<Shared> m_shared;
    Listener &m_listener;
    Counts m_rootCounts; ///< of files that were given as roots
    std::vector<Path> m_folders;
};

Result<Summary> Scan::run(const std::stop_token &stop)
{
    const auto began = Clock::now();
    if (std::optional<Error> error = prepareRoots())
        return fail(std::move(*error));

    std::vector<Task> tasks;
    for (const Path &root : m_folders) {
        tasks.push_back({.above = nullptr,
                         .name = root.native(),
                         .mount = m_shared->mounts.of(root),
                         .mountsBelow = m_shared->mountTree.below(root)});
    }
    std::ranges::reverse(tasks);
    m_shared->foldersMayRepeat = foldersMayRepeat(m_folders, m_shared->mounts, m_shared->options.crossFilesystems);
    m_shared->queue.push(0, tasks);
    if (!m_crew.start(m_shared))
        return fail(systemError(EAGAIN, {}, "thread"));
    attend(stop);

    Summary summary;
    summary.counts = counts();
    summary.stopped = stop.stop_requested();
    summary.duration = Clock::now() - began;
    const std::lock_guard lock(m_shared->mutex);
    summary.notEntered = std::move(m_shared->leftOut);
    return summary;
}

/// An error only if there is a single root and it can't be had.
std::optional<Error> Scan::prepareRoots()
{
    const std::vector<Path> &roots = m_shared->options.roots;
    for (const Path &given : roots) {
        Result<Path> root = platform::resolve(given);
        Result<void> met = root ? meetRoot(*root) : std::unexpected(std::move(root.error()));
        if (met)
            continue;
        if (roots.size() == 1)
            return std::move(met.error());
        m_shared->notEntered(notEntered(met.error()));
    }
    return std::nullopt;
}

Result<void> Scan::meetRoot(const Path &root)
{
    const Result<platform::FileStatus> status = platform::status(root);
    if (!status)
        return std::unexpected(status.error());
    if (!status->isFolder())
        return status->isRegular() ? meetRootFile(root) : fail(ErrorCode::Refused, Reason::NotARegularFile, root);
    // So that a single root that can't be listed is an error, not an empty result.
    if (const auto folder = platform::Folder::open(root); !folder)
        return std::unexpected(folder.error());
    if (std::ranges::find(m_folders, root) == m_folders.end())
        m_folders.push_back(root);
    return {};
}

Result<void> Scan::meetRootFile(const Path &path)
{
    if (!m_shared->rootFiles.insert(path).second)
        return {};
    const auto parent = platform::Folder::openParent(path);
    if (!parent)
        return std::unexpected(parent.error());
    const Result<platform::FileStatus> status = parent->first.status(parent->second);
    if (!status)
        return std::unexpected(status.error());
    auto seen = lookAt({.folder = parent->first.descriptor(), .name = parent->second.c_str(), .id = status->id});
    if (!seen) {
        seen.error().path = path;
        return std::unexpected(std::move(seen.error()));
    }
    ++m_rootCounts.files;
    ++m_rootCounts.opened;
    if (*seen) {
        if ((*seen)->state == sqlite::State::Database || (*seen)->state == sqlite::State::Damaged)
            ++m_rootCounts.databases;
        m_shared->found({.path = path, .seen = std::move(**seen)});
    }
    return {};
}

void Scan::attend(const std::stop_token &stop)
{
    const std::stop_callback onStop(stop, [this] {
        m_shared->stopping.store(true);
        m_shared->queue.close();
        const std::lock_guard lock(m_shared->mutex);
        m_shared->news.notify_all();
    });
    auto nextProgress = Clock::now() + ProgressEvery;
    Clock::time_point nextBatch; // the first one comes at once
    std::optional<Clock::time_point> patience;
    std::unique_lock lock(m_shared->mutex);
    while (m_shared->working > 0) {
        if (m_shared->stopping.load() && !patience)
            patience = Clock::now() + StopPatience;
        if (patience && Clock::now() >= *patience)
            break;
        const auto isTime = [&] { return !m_shared->pending.empty() && Clock::now() >= nextBatch; };
        m_shared->news.wait_for(lock, Tick, [&] { return m_shared->working == 0 || isTime(); });
        if (isTime()) {
            deliver(lock);
            nextBatch = Clock::now() + Tick;
        }
        if (Clock::now() >= nextProgress) {
            tellProgress(lock);
            nextProgress = Clock::now() + ProgressEvery;
        }
        if (m_crew.isAdjustable()) {
            lock.unlock();
            m_crew.adjust();
            lock.lock();
        }
    }
    const bool allBack = m_shared->working == 0;
    deliver(lock);
    tellProgress(lock);
    lock.unlock();
    if (!allBack)
        m_crew.leave();
}

void Scan::deliver(std::unique_lock<std::mutex> &lock)
{
    if (m_shared->pending.empty())
        return;
    std::vector<Found> batch = std::exchange(m_shared->pending, {});
    lock.unlock();
    m_listener.found(std::move(batch));
    lock.lock();
}

void Scan::tellProgress(std::unique_lock<std::mutex> &lock)
{
    const Path folder = m_shared->folder;
    m_shared->folderWanted.store(true, std::memory_order_relaxed);
    lock.unlock();
    m_listener.progress(counts(), folder);
    lock.lock();
}

Counts Scan::counts() const
{
    Counts sum = m_rootCounts;
    for (const LiveCounts &live : m_shared->counts) {
        sum.files += live.files.load(std::memory_order_relaxed);
        sum.folders += live.folders.load(std::memory_order_relaxed);
        sum.opened += live.opened.load(std::memory_order_relaxed);
        sum.passedOverBySize += live.passedOverBySize.load(std::memory_order_relaxed);
        sum.databases += live.databases.load(std::memory_order_relaxed);
    }
    return sum;
}

}

Result<Summary> scan(const Options &options, Listener &listener, std::stop_token stop)
{
    return Scan(options, listener).run(stop);
}

const char *whyNotName(WhyNot why)
{
    switch (why) {
    case WhyNot::OtherFilesystem:
        return "other-filesystem";
    case WhyNot::NetworkFilesystem:
        return "network-filesystem";
    case WhyNot::PseudoFilesystem:
        return "pseudo-filesystem";
    case WhyNot::NoPermission:
        return "no-permission";
    case WhyNot::Excluded:
        return "excluded";
    case WhyNot::Failed:
        break;
    }
    return "failed";
}

}
