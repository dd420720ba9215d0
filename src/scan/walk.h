// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/threadclock.h"
#include "scan/filters.h"
#include "scan/scanner.h"
#include "scan/taskqueue.h"

#include <set>

namespace lk::scan {

/// One worker's counts. Written by it alone, read by anyone.
struct alignas(64) LiveCounts
{
    std::atomic<std::uint64_t> files = 0;
    std::atomic<std::uint64_t> folders = 0;
    std::atomic<std::uint64_t> opened = 0;
    std::atomic<std::uint64_t> passedOverBySize = 0;
    std::atomic<std::uint64_t> databases = 0;

    /// No locked instruction: there is one writer.
    static void add(std::atomic<std::uint64_t> &count, std::uint64_t more = 1)
    {
        count.store(count.load(std::memory_order_relaxed) + more, std::memory_order_relaxed);
    }
};

/// Set by a worker when it begins, then read by the crew.
struct LaneClock
{
    platform::ThreadClock clock;
    std::atomic<bool> isSet = false;
};

/// What the workers of one scan share. They keep it alive: one that hangs in a dead file system outlives the scan.
struct Shared
{
    Shared(Options options_, unsigned lanes);

    Options options;
    Excludes excludes;
    platform::Mounts mounts = platform::Mounts::current();
    MountTree mountTree = MountTree::of(mounts);
    OpenFolderBudget budget;
    TaskQueue queue;
    std::vector<LiveCounts> counts; ///< of each lane
    std::vector<LaneClock> clocks;  ///< of each lane
    std::atomic<bool> stopping = false;
    std::atomic<bool> folderWanted = false; ///< by who shows progress

    void found(Found database);
    void notEntered(NotEntered entry);
    /// Whether this is the first time; only asked where folders may repeat.
    bool enterOnce(const platform::FileId &folder);

    bool foldersMayRepeat = false;
    std::set<Path> rootFiles; ///< were looked at before the walk

    std::mutex mutex; // guards all below
    std::condition_variable news;
    std::vector<Found> pending;
    std::vector<NotEntered> leftOut;
    std::set<platform::FileId> entered;
    Path folder;
    unsigned working = 0; ///< workers that have not ended
};

/// One worker of a scan: enters folders until there are none left.
class Walker
{
public:
    Walker(Shared &shared, unsigned lane);
    void run();

private:
    void enter(Task &task);
    platform::Descriptor open(Task &task);
    void list(const std::shared_ptr<OpenFolder> &folder);
    void sortOut(int folder);
    void pushFolders(const std::shared_ptr<OpenFolder> &folder);
    bool mayEnter(const OpenFolder &folder, const platform::Entry &entry, Task &task);
    void meetFiles(const OpenFolder &folder, bool whole);
    void meetFile(const OpenFolder &folder, const platform::Entry &entry);
    void meetOwnersOfSiblings(const OpenFolder &folder);
    bool isWanted(const OpenFolder &folder, const platform::Entry &entry);
    void lookAt(const OpenFolder &folder, const char *name, std::optional<platform::FileId> id);
    void leaveOut(Path path, int error, bool isFile);
    bool isStopping() const { return m_shared.stopping.load(std::memory_order_relaxed); }

    Shared &m_shared;
    LiveCounts &m_counts;
    const unsigned m_lane;
    const bool m_excludes;
    platform::FolderLister m_lister;
    std::vector<platform::Entry> m_entries; ///< of the stretch at hand; these three keep their memory
    std::vector<platform::Entry> m_folders;
    std::vector<Task> m_tasks;
    std::set<std::string, std::less<>> m_owners; ///< names in this folder that a -wal, -journal or -shm stands beside
    bool m_whole = false;                        ///< the stretch at hand is the whole folder
    bool m_lockedUp = false;                     ///< the folder can be listed, but nothing in it be reached
};

}
