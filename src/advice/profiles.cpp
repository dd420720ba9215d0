// SPDX-License-Identifier: GPL-3.0-or-later
#include "advice/profiles.h"

#include <QtGlobal>

#include <algorithm>
#include <array>

namespace lk::advice {

#define NOOP(text) QT_TRANSLATE_NOOP("ConnectionSetting", text)

namespace {

struct ProfileName
{
    const char *id;
    const char *title;
};

/// By Profile.
constexpr std::array<ProfileName, Profiles> Names{{
    {"web", NOOP("a web server or service")},
    {"desktop", NOOP("a desktop program")},
    {"embedded", NOOP("a small device")},
    {"analytics", NOOP("analysis and bulk loads")},
}};

// What several profiles say.
constexpr Choice WaitFiveSeconds{"5000", NOOP("waits up to 5 s for another writer instead of failing at once")};
constexpr Choice Wal{"WAL", NOOP("readers and the writer don't wait for each other; stays in the file")};
constexpr Choice SyncNormal{"NORMAL",
                            NOOP("in WAL mode never damages the file; a power cut may take the last commits")};
constexpr Choice ForeignKeys{"ON", NOOP("references between tables are enforced")};
constexpr Choice TempInMemory{"MEMORY", NOOP("sorts and temporary tables stay in memory")};
constexpr Choice CutTo64MiB{"67108864", NOOP("a -wal or journal that has grown is cut back to 64 MiB")};
constexpr Choice Immediate{"IMMEDIATE",
                           NOOP("takes the write lock first, so that it can wait for it and not fail later")};
constexpr Choice Leave{};

// Where there can be no WAL.
constexpr Choice Rollback{"DELETE", NOOP("a rollback journal: WAL needs a local file system")};
constexpr Choice SyncFull{"FULL", NOOP("with a rollback journal, less could damage the file in a power cut")};

// Defaults are those of sqlite.org/pragma.html and of the drivers' own documents and sources; values are those of
// facts.md, section 2.
// clang-format off
constexpr ConnectionSetting Settings[] = {
    {"busy_timeout", Reach::Connection,
     NOOP("How long it waits for another program's lock, in milliseconds."),
     NOOP("SQLite itself: 0, so it fails at once. Python, Django, Rails, better-sqlite3, mattn/go-sqlite3, rusqlite, Qt: 5000. JDBC: 3000. PHP PDO: 60000. modernc.org/sqlite: 0."),
     {WaitFiveSeconds, WaitFiveSeconds, WaitFiveSeconds, {"30000", NOOP("waits up to 30 s: loads hold the lock for long")}},
     NOOP("It does not help a transaction that read before it writes: begin those with BEGIN IMMEDIATE.")},
    {"journal_mode", Reach::File,
     NOOP("How a change is made so that it can be taken back."),
     NOOP("SQLite itself: DELETE, a rollback journal. Rails from 7.1 on, Android's Room: WAL."),
     {Wal, Wal, Wal, Wal},
     NOOP("WAL is not for network file systems.")},
    {"synchronous", Reach::Connection,
     NOOP("How safely each commit reaches the disk."),
     NOOP("SQLite itself: FULL. Rails from 7.1 on and better-sqlite3 in WAL mode: NORMAL. mattn/go-sqlite3: NORMAL always, also where it is not safe."),
     {SyncNormal, SyncNormal, SyncNormal, SyncNormal},
     NOOP("With WAL, NORMAL never damages the database; a power cut may take back the last commits. Where that must not be, FULL. Without WAL only FULL is safe. OFF only for what can be made again.")},
    {"foreign_keys", Reach::Connection,
     NOOP("Whether references between tables are enforced."),
     NOOP("SQLite itself, Python, PHP, Go, JDBC, Qt: OFF. Django, Rails, Laravel, better-sqlite3, sqlx, Microsoft.Data.Sqlite: ON."),
     {ForeignKeys, ForeignKeys, ForeignKeys, ForeignKeys},
     NOOP("It does nothing within a transaction. Rows that are wrong already are found with PRAGMA foreign_key_check.")},
    {"cache_size", Reach::Connection,
     NOOP("How much memory each connection uses for pages: a negative number is KiB, a positive one pages."),
     NOOP("SQLite itself: -2000, about 2 MB. better-sqlite3: -16000. Rails: 2000 pages."),
     {{"-20000", NOOP("20 MB of pages in memory for each connection")},
      {"-8000", NOOP("8 MB of pages in memory for each connection")},
      Leave,
      {"-262144", NOOP("256 MiB of pages in memory, so that large reads meet them again")}},
     NOOP("Memory times connections. A huge positive number is the usual mistake: it counts pages, not bytes.")},
    {"mmap_size", Reach::Connection,
     NOOP("How much of the file is read through memory mapping, in bytes."),
     NOOP("SQLite itself: 0, none. Rails from 7.1 on: 134217728."),
     {{"134217728", NOOP("reads up to 128 MiB of the file without copying it")},
      Leave,
      Leave,
      {"268435456", NOOP("reads up to 256 MiB of the file without copying it")}},
     NOOP("A read error of the disk then ends the program. Keep it 0 on network and removable disks and on 32-bit systems.")},
    {"temp_store", Reach::Connection,
     NOOP("Where temporary tables and large sorts go."),
     NOOP("SQLite itself: DEFAULT, a file."),
     {TempInMemory, Leave, Leave, TempInMemory},
     NOOP("MEMORY is faster where they fit. Changing it drops the temporary tables there are.")},
    {"wal_autocheckpoint", Reach::Connection,
     NOOP("After how many pages in the WAL a commit also brings them into the main file."),
     NOOP("SQLite itself and nearly all drivers: 1000."),
     {Leave, Leave, Leave, {"4000", NOOP("fewer and larger checkpoints while much is written")}},
     NOOP("0 switches it off: then the WAL grows until something else checkpoints, as Litestream does.")},
    {"journal_size_limit", Reach::Connection,
     NOOP("To which size a WAL or journal that has grown is cut back, in bytes."),
     NOOP("SQLite itself: -1, never. Rails from 7.1 on: 67108864."),
     {CutTo64MiB, CutTo64MiB, {"4194304", NOOP("a -wal or journal that has grown is cut back to 4 MiB")}, CutTo64MiB},
     NOOP("It costs a truncation now and then, nothing else.")},
    {"locking_mode", Reach::Connection,
     NOOP("Whether the lock is given back after each transaction."),
     NOOP("SQLite itself: NORMAL. Browsers: EXCLUSIVE."),
     {Leave, Leave, Leave, Leave},
     NOOP("EXCLUSIVE is faster for a program that is alone with its file, and keeps all others out while it runs: backups, too.")},
    {"secure_delete", Reach::Connection,
     NOOP("Whether deleted content is overwritten with zeros."),
     NOOP("SQLite itself: OFF. Debian's and Apple's SQLite: ON."),
     {Leave, Leave, Leave, Leave},
     NOOP("For private data ON, or FAST, which costs no more writing. Full-text indexes keep what they hold.")},
    {"trusted_schema", Reach::Connection,
     NOOP("Whether views and triggers in the file may use functions with side effects."),
     NOOP("SQLite itself and nearly all drivers: ON."),
     {Leave, Leave, Leave, Leave},
     NOOP("OFF for every file that somebody else may have made.")},
    {"analysis_limit", Reach::Connection,
     NOOP("How many rows of each index ANALYZE and PRAGMA optimize look at."),
     NOOP("SQLite itself: 0, all of them."),
     {Leave, Leave, Leave, Leave},
     NOOP("Set it to 400 before PRAGMA optimize, which then takes a moment whatever the size; run that when a connection closes.")},
    {"transaction", Reach::Transaction,
     NOOP("How a transaction begins that writes."),
     NOOP("SQLite itself and nearly all drivers: DEFERRED. Rails from 8.0 on, Microsoft.Data.Sqlite: IMMEDIATE."),
     {Immediate, Immediate, Immediate, Immediate},
     NOOP("A DEFERRED transaction that has read and then writes fails at once if another has written meanwhile, however long busy_timeout is. Keep transactions short, and those that only read DEFERRED.")},
};
// clang-format on
#undef NOOP

/// What differs without WAL.
constexpr struct
{
    const char *name;
    Choice choice;
} WithoutWal[] = {
    {"journal_mode", Rollback},
    {"synchronous", SyncFull},
    {"mmap_size", Leave},
    {"wal_autocheckpoint", Leave},
};

const ProfileName &nameOf(Profile profile)
{
    return Names[static_cast<std::size_t>(profile)];
}

}

const char *profileId(Profile profile)
{
    return nameOf(profile).id;
}

const char *profileTitle(Profile profile)
{
    return nameOf(profile).title;
}

std::optional<Profile> findProfile(std::string_view id)
{
    const auto found = std::ranges::find(Names, id, &ProfileName::id);
    return found == Names.end() ? std::nullopt : std::optional(static_cast<Profile>(found - Names.begin()));
}

Profile profileFor(inspect::UseKind kind)
{
    using inspect::UseKind;
    switch (kind) {
    case UseKind::Server:
    case UseKind::Framework:
        return Profile::Web;
    case UseKind::Phone:
        return Profile::Embedded;
    case UseKind::Document:
        return Profile::Analytics;
    case UseKind::Unknown:
    case UseKind::Browser:
    case UseKind::Desktop:
    case UseKind::System:
        break;
    }
    return Profile::Desktop;
}

std::span<const ConnectionSetting> connectionSettings()
{
    return Settings;
}

Choice recommended(const ConnectionSetting &setting, Profile profile, bool wal)
{
    for (const auto &[name, choice] : WithoutWal) {
        if (!wal && name == std::string_view(setting.name))
            return choice;
    }
    return setting.choices[static_cast<std::size_t>(profile)];
}

std::vector<Recommendation> recommended(Profile profile, bool wal)
{
    std::vector<Recommendation> all;
    for (const ConnectionSetting &setting : Settings) {
        if (const Choice choice = recommended(setting, profile, wal); choice.value)
            all.push_back({setting.name, choice.value, choice.reason, setting.reach});
    }
    return all;
}

}
