// SPDX-License-Identifier: GPL-3.0-or-later
#include "measure/workload.h"

#include <QtGlobal>

#include <algorithm>
#include <array>
#include <string>

namespace lk::measure {

using std::chrono::milliseconds;

bool writes(Work work)
{
    return work == Work::Append || work == Work::Update || work == Work::ReadThenWrite;
}

std::uint64_t queriesOf(Work work)
{
    return work == Work::Page ? 50 : 1;
}

// What each comes from: facts.md, section 4. No preset sets what takes no part in the measuring (foreign_keys,
// temp_store, journal_size_limit).
static const std::array Presets{
    Preset{.id = "default",
           .title = "Default",
           .about = QT_TRANSLATE_NOOP("Preset", "What most drivers do unasked: DELETE, FULL, DEFERRED, 5 s."),
           .configuration = {}},
    Preset{.id = "wal",
           .title = "WAL",
           .about = QT_TRANSLATE_NOOP("Preset", "WAL alone, all else as it is by default."),
           .configuration = {.journal = Journal::Wal}},
    Preset{.id = "server",
           .title = "Server",
           .about = QT_TRANSLATE_NOOP("Preset", "What several processes need: WAL, NORMAL, IMMEDIATE, 5 s."),
           .configuration = {.journal = Journal::Wal, .synchronous = Synchronous::Normal, .begin = Begin::Immediate}},
    Preset{.id = "kerkour",
           .title = "kerkour, corrected",
           .about = QT_TRANSLATE_NOOP("Preset", "“Optimizing SQLite for servers” (kerkour.com), with a cache of 64 MiB "
                                                "instead of a billion pages."),
           .configuration = {.journal = Journal::Wal,
                             .synchronous = Synchronous::Normal,
                             .begin = Begin::Immediate,
                             .cacheSize = -65536}},
    Preset{.id = "rails",
           .title = "Rails 8",
           .about = QT_TRANSLATE_NOOP("Preset", "What Rails 8 sets by itself: WAL, NORMAL, IMMEDIATE, mmap of 128 MiB, "
                                                "a cache of 2000 pages."),
           .configuration = {.journal = Journal::Wal,
                             .synchronous = Synchronous::Normal,
                             .begin = Begin::Immediate,
                             .cacheSize = 2000,
                             .mmapSize = 134217728}},
    Preset{.id = "django",
           .title = "Django 5.1 recommended",
           .about = QT_TRANSLATE_NOOP("Preset", "The OPTIONS that Django takes since 5.1: WAL, NORMAL, IMMEDIATE, mmap "
                                                "of 128 MiB, a cache of 20 MB."),
           .configuration = {.journal = Journal::Wal,
                             .synchronous = Synchronous::Normal,
                             .begin = Begin::Immediate,
                             .cacheSize = -20000,
                             .mmapSize = 134217728}},
    Preset{.id = "django-sqlite-load-tests",
           .title = "django-sqlite-load-tests",
           .about = QT_TRANSLATE_NOOP("Preset", "Django without OPTIONS under five clients that read and then write in "
                                                "one transaction."),
           .configuration = {},
           .load = Load{.writers = 5, .write = Work::ReadThenWrite}},
};

std::span<const Preset> presets()
{
    return Presets;
}

const Preset *findPreset(std::string_view id)
{
    const auto found = std::ranges::find(Presets, id, &Preset::id);
    return found == Presets.end() ? nullptr : &*found;
}

Load usualLoad()
{
    return {.writers = 4, .write = Work::Update, .readers = 1, .read = Work::PointReads};
}

std::vector<Cell> cellsOf(const std::vector<const Preset *> &chosen, const std::optional<Load> &load)
{
    const auto special = std::ranges::find_if(chosen, [](const Preset *preset) { return preset->load.has_value(); });
    const Load common = load ? *load : special != chosen.end() ? *(*special)->load : usualLoad();
    std::vector<Cell> cells;
    for (const Preset *preset : chosen)
        cells.push_back({.name = preset->title, .configuration = preset->configuration, .load = common});
    return cells;
}

std::vector<Cell> journalModes(const Configuration &common, const Load &load)
{
    std::vector<Cell> cells;
    for (const Journal journal : {Journal::Delete, Journal::Wal}) {
        for (const Synchronous synchronous : {Synchronous::Full, Synchronous::Normal}) {
            Cell cell{.name = {}, .configuration = common, .load = load};
            cell.configuration.journal = journal;
            cell.configuration.synchronous = synchronous;
            cell.name = std::string(journal == Journal::Wal ? "WAL" : "DELETE") + " + " +
                        (synchronous == Synchronous::Full ? "FULL" : "NORMAL");
            cells.push_back(std::move(cell));
        }
    }
    return cells;
}

std::vector<Cell> readScaling(int mostReaders)
{
    struct Variant
    {
        const char *name;
        std::int64_t cacheSize;
        std::int64_t mmapSize;
    };
    static constexpr std::array Variants{Variant{"default cache", -2000, 0}, Variant{"cache 64 MiB", -65536, 0},
                                         Variant{"mmap 128 MiB", -2000, 134217728}};
    std::vector<int> counts;
    for (int readers = 1; readers < mostReaders; readers *= 2)
        counts.push_back(readers);
    counts.push_back(std::max(1, mostReaders));
    std::vector<Cell> cells;
    for (const Variant &variant : Variants) {
        for (const int readers : counts) {
            const std::string who = std::to_string(readers) + (readers == 1 ? " reader" : " readers");
            cells.push_back({.name = who + ", " + variant.name,
                             .configuration = {.journal = Journal::Wal,
                                               .synchronous = Synchronous::Normal,
                                               .cacheSize = variant.cacheSize,
                                               .mmapSize = variant.mmapSize},
                             .load = {.readers = readers}});
        }
    }
    return cells;
}

static constexpr std::array JournalNames{"delete", "truncate", "persist", "memory", "wal"};
static constexpr std::array SynchronousNames{"off", "normal", "full", "extra"};
static constexpr std::array BeginNames{"deferred", "immediate"};
static constexpr std::array WorkNames{"append", "update", "read-then-write", "point-reads", "page"};

template <class Value, std::size_t Size>
static std::optional<Value> valueOf(const std::array<const char *, Size> &names, std::string_view name)
{
    const auto found = std::ranges::find(names, name);
    return found == names.end() ? std::nullopt : std::optional(static_cast<Value>(found - names.begin()));
}

const char *nameOf(Journal journal)
{
    return JournalNames[static_cast<std::size_t>(journal)];
}
const char *nameOf(Synchronous synchronous)
{
    return SynchronousNames[static_cast<std::size_t>(synchronous)];
}
const char *nameOf(Begin begin)
{
    return BeginNames[static_cast<std::size_t>(begin)];
}
const char *nameOf(Work work)
{
    return WorkNames[static_cast<std::size_t>(work)];
}

std::optional<Journal> journalOf(std::string_view name)
{
    return valueOf<Journal>(JournalNames, name);
}
std::optional<Synchronous> synchronousOf(std::string_view name)
{
    return valueOf<Synchronous>(SynchronousNames, name);
}
std::optional<Begin> beginOf(std::string_view name)
{
    return valueOf<Begin>(BeginNames, name);
}
std::optional<Work> workOf(std::string_view name)
{
    return valueOf<Work>(WorkNames, name);
}

std::vector<std::string> journalNames()
{
    return {JournalNames.begin(), JournalNames.end()};
}
std::vector<std::string> synchronousNames()
{
    return {SynchronousNames.begin(), SynchronousNames.end()};
}
std::vector<std::string> beginNames()
{
    return {BeginNames.begin(), BeginNames.end()};
}
std::vector<std::string> workNames()
{
    return {WorkNames.begin(), WorkNames.end()};
}

}
