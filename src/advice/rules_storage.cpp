// SPDX-License-Identifier: GPL-3.0-or-later
// Pages, free space, and what the file system under a database means.
#include "advice/rules.h"

#include <algorithm>
#include <cstdlib>
#include <map>

namespace lk::advice {

using platform::FilesystemKind;

namespace {

// Below these a change would not be felt.
constexpr std::uint64_t WorthFreeing = 16 * MiB;
constexpr std::uint64_t WorthPercent = 20;
constexpr std::uint64_t WorthNewPages = 16 * MiB;
constexpr std::uint64_t WorthADominantTable = 64 * MiB;
constexpr std::uint64_t DominantPercent = 80;
constexpr std::size_t ManyObjects = 1000;
constexpr std::uint64_t LargeCache = 1 * GiB;
constexpr std::uint64_t NearFatLimit = 3 * GiB;
/// os_unix.c: MAX_PATHNAME, less what "-journal" needs.
constexpr std::size_t LongestPath = 512 - 8;

enum class AutoVacuum
{
    None,
    Full,
    Incremental,
};

AutoVacuum autoVacuum(const DatabaseFacts &facts)
{
    if (facts.header()->largestRootPage == 0)
        return AutoVacuum::None;
    return facts.header()->incrementalVacuum != 0 ? AutoVacuum::Incremental : AutoVacuum::Full;
}

std::uint64_t percentOf(std::uint64_t part, std::uint64_t whole)
{
    return whole == 0 ? 0 : part * 100 / whole;
}

/// Free pages, their part of all, all of them; nothing if it is little.
std::optional<Finding> manyFreePages(const DatabaseFacts &facts)
{
    const sqlite::Header &header = *facts.header();
    const std::uint64_t bytes = std::uint64_t(header.freelistPages) * header.pageSize;
    const std::uint64_t percent = percentOf(header.freelistPages, facts.seen.pageCount);
    if (bytes <= WorthFreeing || percent <= WorthPercent)
        return {};
    return found({Bytes{bytes}, number(percent), Bytes{std::uint64_t(facts.seen.pageCount) * header.pageSize}});
}

std::optional<Finding> freePages(const DatabaseFacts &facts)
{
    return autoVacuum(facts) == AutoVacuum::Incremental ? std::nullopt : manyFreePages(facts);
}

std::optional<Finding> incrementalUnused(const DatabaseFacts &facts)
{
    return autoVacuum(facts) == AutoVacuum::Incremental ? manyFreePages(facts) : std::nullopt;
}

std::optional<Finding> autoVacuumFull(const DatabaseFacts &facts)
{
    if (autoVacuum(facts) != AutoVacuum::Full || facts.seen.file.size < 1 * MiB)
        return {};
    return found({Bytes{facts.seen.file.size}});
}

std::optional<Finding> smallPages(const DatabaseFacts &facts)
{
    const std::uint32_t pageSize = facts.header()->pageSize;
    if (pageSize > 1024 || facts.seen.file.size < WorthNewPages)
        return {};
    return found({Bytes{pageSize}, number(facts.seen.pageCount)});
}

/// For a web application's many small transactions only: for pictures and map tiles large pages are right.
std::optional<Finding> largePages(const DatabaseFacts &facts)
{
    const std::uint32_t pageSize = facts.header()->pageSize;
    if (pageSize < 32 * KiB || serverOf(facts).empty())
        return {};
    return found({Bytes{pageSize}, serverOf(facts)});
}

std::optional<Finding> storedCacheSize(const DatabaseFacts &facts)
{
    const std::int64_t pages = std::abs(std::int64_t(facts.header()->defaultCacheSize));
    if (pages == 0)
        return {};
    const std::uint64_t bytes = std::uint64_t(pages) * facts.header()->pageSize;
    return found({Value(pages), Bytes{bytes}}, bytes > LargeCache ? std::optional(Severity::Warning) : std::nullopt);
}

template <FilesystemKind kind>
std::optional<Finding> isOn(const DatabaseFacts &facts)
{
    return filesystemOf(facts) == kind ? found({facts.filesystem}) : std::nullopt;
}

std::optional<Finding> inMemory(const DatabaseFacts &facts)
{
    return hasNote(facts, inspect::ApplicationNote::CanBeRebuilt) ? std::nullopt : isOn<FilesystemKind::Memory>(facts);
}

std::optional<Finding> nearFatLimit(const DatabaseFacts &facts)
{
    const bool isFat = facts.filesystem == "vfat" || facts.filesystem == "msdos";
    return isFat && facts.seen.file.size > NearFatLimit ? found({Bytes{facts.seen.file.size}}) : std::nullopt;
}

std::optional<Finding> dominantTable(const DatabaseFacts &facts)
{
    std::map<std::string, std::uint64_t> bytesOf;
    std::uint64_t all = 0;
    for (const inspect::SpaceItem &item : facts.space->items) {
        bytesOf[item.table.empty() ? item.name : item.table] += item.bytes;
        all += item.bytes;
    }
    const auto largest = std::ranges::max_element(bytesOf, {}, [](const auto &entry) { return entry.second; });
    if (all < WorthADominantTable || bytesOf.size() < 2 || percentOf(largest->second, all) < DominantPercent)
        return {};
    return found({largest->first, Bytes{largest->second}, Bytes{all}});
}

std::optional<Finding> manyObjects(const DatabaseFacts &facts)
{
    const std::size_t count = facts.structure->objects.size();
    return count > ManyObjects ? found({number(count)}) : std::nullopt;
}

std::optional<Finding> pathTooLong(const DatabaseFacts &facts)
{
    const std::size_t length = facts.path.native().size();
    return length > LongestPath ? found({number(length), number(LongestPath)}) : std::nullopt;
}

}

std::span<const Rule> storageRules()
{
    static constexpr const char *MoveBack = LK_RULE("Move it back.");
    static constexpr const char *VacuumRisk =
        LK_RULE("It needs up to twice the file's size on its disk, and nobody can write meanwhile. Tables without a "
                "primary key may get other rowids.");
    static constexpr Rule Rules[] = {
        {.id = "free-pages",
         .severity = Severity::Advice,
         .need = Need::Header,
         .scope = Scope::Undecided,
         .title = LK_RULE("Much free space inside"),
         .seen = LK_RULE("%1 of %3 are free pages: %2 %."),
         .why =
             LK_RULE("SQLite keeps the pages of deleted rows for new ones. If none are coming, they only take up disk "
                     "and backups."),
         .gain = LK_RULE("A file that is smaller by %1, and whose tables lie in order."),
         .risk = VacuumRisk,
         .fix = {.kind = Fix::Operation,
                 .text = LK_RULE("Compact it while its program is closed. If it fills again soon, leave it as it is."),
                 .operation = "compact"},
         .undo = LK_RULE("Not needed: the rows are the same."),
         .link = "https://sqlite.org/lang_vacuum.html",
         .judge = freePages},
        {.id = "incremental-vacuum-unused",
         .severity = Severity::Advice,
         .need = Need::Header,
         .scope = Scope::Undecided,
         .title = LK_RULE("Incremental vacuum that nobody runs"),
         .seen = LK_RULE("auto_vacuum is INCREMENTAL, and %1 of %3 are free pages: %2 %."),
         .why =
             LK_RULE("In this mode SQLite gives pages back only when the program asks for it, and it seems that none "
                     "does."),
         .gain = LK_RULE("A file that is smaller by %1."),
         .risk = LK_RULE("Moving pages costs writes, and scatters tables a little."),
         .fix = {.kind = Fix::Operation,
                 .text =
                     LK_RULE("Give its free pages back, and let the program run PRAGMA incremental_vacuum(1000) now "
                             "and then, outside of its busy hours."),
                 .operation = "incremental-vacuum"},
         .undo = LK_RULE("Not needed: the rows are the same."),
         .link = "https://sqlite.org/pragma.html#pragma_incremental_vacuum",
         .judge = incrementalUnused},
        {.id = "auto-vacuum-full",
         .severity = Severity::Advice,
         .need = Need::Header,
         .scope = Scope::Undecided,
         .title = LK_RULE("auto_vacuum FULL"),
         .seen = LK_RULE("auto_vacuum is FULL in a file of %1."),
         .why =
             LK_RULE("Each transaction that frees pages moves others into their place: more writes for every delete, "
                     "and tables that are scattered over the file."),
         .gain = LK_RULE("Fewer writes, and reads in order."),
         .risk = LK_RULE("Free pages stay in the file until somebody asks for incremental_vacuum or VACUUM."),
         .fix = {.kind = Fix::Operation,
                 .text = LK_RULE("Compact it once with auto-vacuum set to incremental, or to none."),
                 .operation = "compact",
                 .parameter = "auto-vacuum",
                 .value = "incremental"},
         .undo = LK_RULE("Compact it with auto-vacuum set to full."),
         .link = "https://sqlite.org/pragma.html#pragma_auto_vacuum",
         .judge = autoVacuumFull},
        {.id = "small-pages",
         .severity = Severity::Advice,
         .need = Need::Header,
         .scope = Scope::Undecided,
         .title = LK_RULE("Small pages"),
         .seen = LK_RULE("Its pages have %1 each, and there are %2 of them."),
         .why = LK_RULE("Disks and systems work with 4 KiB and more. With small pages trees are deeper, and rows spill "
                        "onto further pages."),
         .gain = LK_RULE("Fewer reads for the same rows; a rehearsal shows the size for each page size."),
         .risk = VacuumRisk,
         .fix = {.kind = Fix::Operation,
                 .text = LK_RULE("Compact it with pages of 4 KiB while its program is closed."),
                 .operation = "compact",
                 .parameter = "page-size",
                 .value = "4096"},
         .undo = LK_RULE("The same with the former page size."),
         .link = "https://sqlite.org/pragma.html#pragma_page_size",
         .judge = smallPages},
        {.id = "large-pages",
         .severity = Severity::Info,
         .need = Need::Header,
         .scope = Scope::Undecided,
         .title = LK_RULE("Large pages under a web application"),
         .seen = LK_RULE("Its pages have %1 each, and %2 uses it."),
         .why = LK_RULE("The smallest change writes a whole page, into the journal or -wal and into the file."),
         .gain = LK_RULE("Less to write for small changes; a rehearsal shows the size for each page size."),
         .risk = VacuumRisk,
         .fix = {.kind = Fix::Operation,
                 .text = LK_RULE("If most rows are small, compact it with pages of 4 KiB while its program is closed."),
                 .operation = "compact",
                 .parameter = "page-size",
                 .value = "4096"},
         .undo = LK_RULE("The same with the former page size."),
         .link = "https://sqlite.org/pragma.html#pragma_page_size",
         .judge = largePages},
        {.id = "stored-cache-size",
         .severity = Severity::Info,
         .need = Need::Header,
         .scope = Scope::Undecided,
         .title = LK_RULE("Cache size stored in the file"),
         .seen = LK_RULE("The file asks each connection for a cache of %1 pages, which is %2."),
         .why = LK_RULE(
             "default_cache_size is deprecated, and counts pages: 1000000000 is not a gigabyte. Each connection "
             "that does not set its own may take that much memory."),
         .gain = LK_RULE("Each program decides on its own memory."),
         .risk = LK_RULE("A program that relied on it has a smaller cache."),
         .fix = {.text = LK_RULE("Run PRAGMA default_cache_size=0 once, and set cache_size in the program: "
                                 "-20000 means 20 MB.")},
         .undo = LK_RULE("Run PRAGMA default_cache_size=%1."),
         .link = "https://sqlite.org/pragma.html#pragma_default_cache_size",
         .judge = storedCacheSize},
        {.id = "overlay-filesystem",
         .severity = Severity::Warning,
         .need = Need::Header,
         .scope = Scope::Every,
         .title = LK_RULE("In a container's own layer"),
         .seen = LK_RULE("It is on %1, the layer that a container writes to."),
         .why = LK_RULE("That layer goes with the container: after the next deployment the database is gone."),
         .gain = LK_RULE("The database outlives the container."),
         .risk = LK_RULE("None, if the volume is on a local disk."),
         .fix = {.text = LK_RULE("Put its folder, not the file alone, onto a volume of the container.")},
         .undo = MoveBack,
         .link = "https://docs.docker.com/engine/storage/volumes/",
         .judge = isOn<FilesystemKind::Overlay>},
        {.id = "memory-filesystem",
         .severity = Severity::Warning,
         .need = Need::Header,
         .scope = Scope::Every,
         .title = LK_RULE("In memory only"),
         .seen = LK_RULE("It is on %1, which is memory."),
         .why = LK_RULE("It is gone when the system restarts or loses power."),
         .gain = LK_RULE("The rows are still there tomorrow."),
         .risk = LK_RULE("A disk is slower."),
         .fix = {.text =
                     LK_RULE("If anything in it matters, move it to a disk while its program is closed; or back it up "
                             "to one often.")},
         .undo = MoveBack,
         .link = "https://docs.kernel.org/filesystems/tmpfs.html",
         .judge = inMemory},
        {.id = "removable-filesystem",
         .severity = Severity::Info,
         .need = Need::Header,
         .scope = Scope::Every,
         .title = LK_RULE("On a removable disk's file system"),
         .seen = LK_RULE("It is on %1, which has no journal of its own and no owners."),
         .why =
             LK_RULE("A stick that is pulled out in mid-write can lose more than the last transaction, and anybody who "
                     "has it can read the file."),
         .gain = LK_RULE("It survives being pulled out or a loss of power."),
         .risk = LK_RULE("None."),
         .fix = {.text = LK_RULE(
                     "Work on a local disk and put backups onto the stick. If it has to stay: synchronous FULL, "
                     "and eject before pulling.")},
         .undo = MoveBack,
         .link = "https://sqlite.org/howtocorrupt.html",
         .judge = isOn<FilesystemKind::Removable>},
        {.id = "fuse-filesystem",
         .severity = Severity::Info,
         .need = Need::Header,
         .scope = Scope::Every,
         .title = LK_RULE("On a file system that a program provides"),
         .seen = LK_RULE("It is on %1: a program answers for the system."),
         .why = LK_RULE("Whether locks and flushes do what SQLite relies on, depends on that program."),
         .gain = LK_RULE("Certainty about both."),
         .risk = LK_RULE("None."),
         .fix = {.text = LK_RULE("Keep databases that matter on a local disk.")},
         .undo = MoveBack,
         .link = "https://sqlite.org/howtocorrupt.html",
         .judge = isOn<FilesystemKind::Fuse>},
        {.id = "fat-size-limit",
         .severity = Severity::Warning,
         .need = Need::Header,
         .scope = Scope::Every,
         .title = LK_RULE("Close to FAT's limit"),
         .seen = LK_RULE("It has %1, and no file on this file system can be larger than 4 GiB."),
         .why = LK_RULE("Beyond that every write fails."),
         .gain = LK_RULE("Room to grow."),
         .risk = LK_RULE("None."),
         .fix = {.text = LK_RULE("Move it to another disk while its program is closed.")},
         .undo = MoveBack,
         .link = "https://sqlite.org/limits.html",
         .judge = nearFatLimit},
        {.id = "dominant-table",
         .severity = Severity::Info,
         .need = Need::Space,
         .scope = Scope::Undecided,
         .title = LK_RULE("One table takes up most of it"),
         .seen = LK_RULE("%1, with its indexes, takes up %2 of %3."),
         .why = LK_RULE("Whatever is to make the file smaller or faster has to begin there."),
         .gain = LK_RULE("Most of the space, if old rows can go or move to a file of their own."),
         .risk = LK_RULE("None in looking. Rows that are deleted are gone."),
         .fix = {.text = LK_RULE("Look at its rows under Data, and let old ones go, and indexes that no query needs.")},
         .undo = NothingToUndo,
         .link = "https://sqlite.org/dbstat.html",
         .judge = dominantTable},
        {.id = "many-objects",
         .severity = Severity::Info,
         .need = Need::Structure,
         .scope = Scope::Undecided,
         .title = LK_RULE("Very many tables and indexes"),
         .seen = LK_RULE("Its schema has %1 tables, indexes, views and triggers."),
         .why = LK_RULE("Each new connection reads and parses all of it before its first query."),
         .gain = LK_RULE("Programs that open it often start faster."),
         .risk = LK_RULE("Queries have to be changed."),
         .fix = {.text = LK_RULE("Keep connections open instead of opening one for each query; put tables of one kind "
                                 "together, with a column that tells them apart.")},
         .undo = NothingToUndo,
         .link = "https://sqlite.org/limits.html",
         .judge = manyObjects},
        {.id = "path-too-long",
         .severity = Severity::Warning,
         .need = Need::Nothing,
         .scope = Scope::Every,
         .title = LK_RULE("Path too long for SQLite"),
         .seen = LK_RULE("Its path has %1 bytes, and SQLite takes %2 at most."),
         .why = LK_RULE("Programs can't open it here, and neither can Litekeeper change or back it up."),
         .gain = LK_RULE("It can be used."),
         .risk = LK_RULE("Programs have to be told the new place."),
         .fix = {.text = LK_RULE("Move it to a folder with a shorter path, together with the files beside it.")},
         .undo = MoveBack,
         .link = "https://sqlite.org/c3ref/open.html",
         .judge = pathTooLong},
    };
    return Rules;
}

}
