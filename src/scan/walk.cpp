// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/walk.h"

#include "scan/look.h"
#include "sqlite/names.h"

#include <algorithm>
#include <cerrno>
#include <thread>

namespace lk::scan {

using platform::Entry;
using platform::EntryStatus;
using platform::EntryType;

namespace {

/// While others give descriptors back, this long for each try.
constexpr auto DescriptorPause = std::chrono::milliseconds(2);
constexpr unsigned DescriptorTries = 500;

bool wantsDescriptors(int error)
{
    return error == EMFILE || error == ENFILE;
}

/// Gone, or something else by now: as if it had never been met.
bool isGone(int error)
{
    return error == ENOENT || error == ENOTDIR || error == ELOOP || error == ENXIO;
}

/// However long its path is.
platform::Descriptor openRoot(const Path &path, int &error)
{
    const Result<platform::Folder> folder = platform::Folder::open(path);
    if (folder)
        return platform::openFolder(folder->descriptor(), ".", error);
    error = folder.error().systemError;
    return {};
}

}

Shared::Shared(Options options_, unsigned lanes)
    : options(std::move(options_))
    , excludes(options.excludes)
    , budget(OpenFolderBudget::forThreads(lanes))
    , queue(lanes)
    , counts(lanes)
    , clocks(lanes)
{
}

void Shared::found(Found database)
{
    const std::lock_guard lock(mutex);
    pending.push_back(std::move(database));
    if (pending.size() == 1)
        news.notify_all();
}

void Shared::notEntered(NotEntered entry)
{
    const std::lock_guard lock(mutex);
    leftOut.push_back(std::move(entry));
}

bool Shared::enterOnce(const platform::FileId &id)
{
    const std::lock_guard lock(mutex);
    return entered.insert(id).second;
}

Walker::Walker(Shared &shared, unsigned lane)
    : m_shared(shared)
    , m_counts(shared.counts[lane])
    , m_lane(lane)
    , m_excludes(!shared.excludes.isEmpty())
{
}

void Walker::run()
{
    Task task;
    while (m_shared.queue.take(m_lane, task)) {
        enter(task);
        task = Task(); // lets the folder above go
        m_shared.queue.done();
    }
}

void Walker::enter(Task &task)
{
    platform::Descriptor descriptor = open(task);
    if (!descriptor)
        return;
    if (m_shared.foldersMayRepeat) {
        EntryStatus status;
        if (platform::folderStatus(descriptor.value(), status) == 0 && !m_shared.enterOnce(status.id))
            return;
    }
    auto name = std::make_shared<FolderName>(task.above ? task.above->name() : nullptr, std::move(task.name));
    name->mount = task.mount;
    name->mountsBelow = task.mountsBelow;
    if (m_shared.folderWanted.load(std::memory_order_relaxed)) {
        m_shared.folderWanted.store(false, std::memory_order_relaxed);
        const std::lock_guard lock(m_shared.mutex);
        m_shared.folder = name->path();
    }
    const auto folder =
        std::make_shared<OpenFolder>(std::move(name), std::move(descriptor), task.above, m_shared.budget);
    task.above.reset();
    LiveCounts::add(m_counts.folders);
    list(folder);
    folder->listed();
}

platform::Descriptor Walker::open(Task &task)
{
    int error = 0;
    platform::Descriptor descriptor = task.above ? task.above->open(task.name, error) : openRoot(task.name, error);
    if (descriptor || isGone(error))
        return descriptor;
    if (wantsDescriptors(error) && task.tries < DescriptorTries && !isStopping()) {
        m_shared.budget.exhausted();
        std::this_thread::sleep_for(DescriptorPause);
        ++task.tries;
        m_shared.queue.defer(m_lane, std::move(task));
        return descriptor;
    }
    leaveOut(task.above ? task.above->name()->path() / task.name : Path(task.name), error, false);
    return descriptor;
}

void Walker::list(const std::shared_ptr<OpenFolder> &folder)
{
    m_owners.clear();
    m_lockedUp = false;
    int error = m_lister.begin(folder->descriptor());
    bool atEnd = false;
    for (bool first = true; error == 0 && !atEnd && !isStopping(); first = false) {
        error = m_lister.next(m_entries, atEnd);
        m_whole = first && atEnd;
        sortOut(folder->descriptor());
        pushFolders(folder);
        for (const Entry &entry : m_entries) {
            if (isStopping())
                return;
            meetFile(*folder, entry);
        }
    }
    if (error != 0)
        leaveOut(folder->name()->path(), error, false);
    if (m_lockedUp)
        leaveOut(folder->name()->path(), EACCES, false);
    meetOwnersOfSiblings(*folder);
}

/// Leaves the regular files in m_entries and the folders in m_folders, both in the order of their inodes: that is
/// roughly their order on the disk (a tenth of the time when nothing is cached).
void Walker::sortOut(int folder)
{
    m_folders.clear();
    std::size_t files = 0;
    for (const Entry &entry : m_entries) {
        if (entry.type == EntryType::Folder) {
            m_folders.push_back(entry);
        } else if (entry.type == EntryType::File) {
            if (const std::size_t suffix = sqlite::siblingSuffix(entry.text()))
                m_owners.emplace(entry.text().substr(0, entry.length - suffix));
            m_entries[files++] = entry;
        } else if (EntryStatus status; entry.type == EntryType::Unknown) {
            m_lockedUp = m_lockedUp || platform::entryStatus(folder, entry.name, status) == EACCES;
        }
    }
    m_entries.resize(files);
    std::ranges::sort(m_entries, {}, &Entry::inode);
    // The last one that is pushed is the first to be entered.
    std::ranges::sort(m_folders, std::greater(), &Entry::inode);
}

void Walker::pushFolders(const std::shared_ptr<OpenFolder> &folder)
{
    for (const Entry &entry : m_folders) {
        Task task;
        if (!mayEnter(*folder, entry, task))
            continue;
        task.above = folder;
        task.name = entry.text();
        m_tasks.push_back(std::move(task));
    }
    m_shared.queue.push(m_lane, m_tasks);
}

/// By what is mounted where and by the person's wish. Nothing is asked of the folder itself.
bool Walker::mayEnter(const OpenFolder &folder, const Entry &entry, Task &task)
{
    const FolderName &above = *folder.name();
    task.mount = above.mount;
    task.mountsBelow = above.mountsBelow ? above.mountsBelow->child(entry.text()) : nullptr;
    const bool isFile = entry.type == EntryType::File;
    if (m_excludes && m_shared.excludes.match(above.path() / entry.text())) {
        if (!isFile)
            m_shared.notEntered({.path = above.path() / entry.text(), .why = WhyNot::Excluded, .filesystem = {}});
        return false;
    }
    if (!task.mountsBelow || !task.mountsBelow->mount)
        return true;
    const platform::Mount &next = *task.mountsBelow->mount;
    if (const auto why = whyNotEnter(next, above.mount, m_shared.options.crossFilesystems)) {
        m_shared.notEntered(
            {.path = above.path() / entry.text(), .why = *why, .filesystem = next.type, .isFile = isFile});
        return false;
    }
    task.mount = &next;
    return true;
}

bool Walker::isWanted(const OpenFolder &folder, const Entry &entry)
{
    if (!m_excludes && !folder.name()->mountsBelow)
        return true;
    Task unused;
    return mayEnter(folder, entry, unused);
}

void Walker::meetFile(const OpenFolder &folder, const Entry &entry)
{
    const Options &options = m_shared.options;
    LiveCounts::add(m_counts.files);
    if (options.byName && !sqlite::hasSearchedSuffix(entry.text()))
        return;
    if (!isWanted(folder, entry))
        return;
    if (options.byName || options.thorough) {
        lookAt(folder, entry.name, {}); // will be opened anyway
        return;
    }
    EntryStatus status;
    if (const int error = platform::entryStatus(folder.descriptor(), entry.name, status)) {
        if (error == EACCES)
            m_lockedUp = true;
        else if (!isGone(error))
            leaveOut(folder.name()->path() / entry.text(), error, true);
    } else if (status.type == EntryType::File) {
        if (isDatabaseSize(status.size) || sqlite::isDatabaseName(entry.text()))
            lookAt(folder, entry.name, status.id);
        else
            LiveCounts::add(m_counts.passedOverBySize);
    }
}

/// A file of any size and name that has siblings was a database once. They may have come in a later stretch, so this
/// waits for the folder's end.
void Walker::meetOwnersOfSiblings(const OpenFolder &folder)
{
    if (m_shared.options.byName || m_shared.options.thorough)
        return;
    for (const std::string &name : m_owners) {
        EntryStatus status;
        if (isStopping() || platform::entryStatus(folder.descriptor(), name.c_str(), status) != 0)
            continue;
        if (status.type != EntryType::File || isDatabaseSize(status.size) || sqlite::isDatabaseName(name))
            continue; // was looked at already
        const Entry entry{.inode = status.id.inode,
                          .name = name.c_str(),
                          .length = static_cast<std::uint32_t>(name.size()),
                          .type = EntryType::File};
        if (!isWanted(folder, entry))
            continue;
        LiveCounts::add(m_counts.passedOverBySize, std::uint64_t(-1));
        lookAt(folder, name.c_str(), status.id);
    }
}

void Walker::lookAt(const OpenFolder &folder, const char *name, std::optional<platform::FileId> id)
{
    Candidate candidate{.folder = folder.descriptor(), .name = name, .id = id};
    candidate.onlyBySignature = m_shared.options.byName;
    if (m_owners.contains(std::string_view(name)))
        candidate.siblings = sqlite::SiblingsHint::Some;
    else if (m_whole)
        candidate.siblings = sqlite::SiblingsHint::None;

    auto seen = scan::lookAt(candidate);
    for (unsigned tries = 0; !seen && wantsDescriptors(seen.error().systemError) && !isStopping(); ++tries) {
        if (tries == DescriptorTries)
            break;
        m_shared.budget.exhausted();
        std::this_thread::sleep_for(DescriptorPause);
        seen = scan::lookAt(candidate);
    }
    if (!seen) {
        const bool changedType = seen.error().code == ErrorCode::Refused;
        if (!changedType && !isGone(seen.error().systemError))
            leaveOut(folder.name()->path() / name, seen.error().systemError, true);
        return;
    }
    LiveCounts::add(m_counts.opened);
    if (!*seen)
        return;
    Found found{.path = folder.name()->path() / name, .seen = std::move(**seen)};
    if (!m_shared.rootFiles.empty() && m_shared.rootFiles.contains(found.path))
        return;
    if (found.seen.state == sqlite::State::Database || found.seen.state == sqlite::State::Damaged)
        LiveCounts::add(m_counts.databases);
    m_shared.found(std::move(found));
}

void Walker::leaveOut(Path path, int error, bool isFile)
{
    const bool denied = error == EACCES || error == EPERM;
    m_shared.notEntered({.path = std::move(path),
                         .why = denied ? WhyNot::NoPermission : WhyNot::Failed,
                         .systemError = error,
                         .filesystem = {},
                         .isFile = isFile});
}

}
