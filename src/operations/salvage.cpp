// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/salvage.h"

#include "inspect/schema.h"
#include "platform/confined.h"
#include "platform/diskspace.h"
#include "platform/safefile.h"
#include "platform/scratchfile.h"
#include "sqlite/connection.h"
#include "sqlite/glance.h"
#include "sqlite/ownlocks.h"

#include <QFile>

#include <algorithm>

/// What is built into the program: a function of the global namespace, as Qt wants it.
static void loadResources()
{
    Q_INIT_RESOURCE(dbpage);
}

namespace lk::operations {

using platform::Command;
using platform::Ended;

static constexpr const char *Program = "sqlite3";
static constexpr const char *DamagedName = "damaged.db";
static constexpr const char *SavedName = "saved.db";
/// Rows of sqlite_dbpage are the pages of a file: `.recover` reads it through them.
static constexpr const char *PageTable = "dbpage.so";

static Error programMissing(const Path &path)
{
    return {.code = ErrorCode::Unsupported,
            .reason = Reason::ProgramMissing,
            .path = path,
            .arguments = {Program},
            .detail = {}};
}

static Error programFailed(const Path &path, const Ended &ended)
{
    std::string said = ended.outOfTime ? "it took too long" : ended.complained.substr(0, ended.complained.find('\n'));
    if (said.empty())
        said = "status " + std::to_string(ended.statuses.back());
    return {.code = ErrorCode::Unsupported,
            .reason = Reason::ProgramFailed,
            .path = path,
            .arguments = {Program, said},
            .detail = ended.complained};
}

/// What reading a file of \a bytes may cost: generous for a sound one, and an end for one that wants to go on for ever.
static platform::Confinement confinementFor(const Path &folder, std::uint64_t bytes)
{
    static constexpr std::uint64_t Mebibyte = 1 << 20;
    const std::chrono::seconds processor(30 + static_cast<std::int64_t>(bytes / Mebibyte));
    return {.folder = folder,
            .processor = processor,
            .time = 4 * processor,
            .memory = 1024 * Mebibyte,
            .fileSize = 64 * Mebibyte + 4 * bytes};
}

static Result<Ended> run(const Path &program, const std::vector<std::vector<std::string>> &lines,
                         const platform::Confinement &confinement, std::stop_token stop,
                         const std::function<void()> &tick)
{
    std::vector<Command> commands;
    for (const std::vector<std::string> &arguments : lines)
        commands.push_back({program, arguments});
    return platform::runConfined(commands, confinement, std::move(stop), tick);
}

/// The sqlite3 program, and how it comes to a sqlite_dbpage: it may be built in, or is lent from here.
struct Reader
{
    Path program;
    bool lendPageTable = false;
};

static Result<Reader> findReader(const Path &path, const Path &folder, JobContext &context)
{
    const Result<Path> program = platform::findProgram(Program);
    if (!program)
        return fail(programMissing(path));
    const auto answers = [&](const std::vector<std::string> &load) -> Result<bool> {
        std::vector<std::string> arguments{"-batch"};
        arguments.insert(arguments.end(), load.begin(), load.end());
        arguments.insert(arguments.end(), {":memory:", "SELECT count(*) FROM sqlite_dbpage; SELECT 'yes';"});
        const Result<Ended> ended = run(*program, {arguments}, confinementFor(folder, 0), context.stop, [] {});
        return ended ? Result<bool>(ended->printed.find("yes") != std::string::npos) : std::unexpected(ended.error());
    };
    Result<bool> able = answers({});
    if (able && *able)
        return Reader{*program, false};
    if (able) {
        loadResources();
        QFile extension(QStringLiteral(":/dbpage/") + QLatin1String(PageTable));
        const QByteArray bytes = extension.open(QIODevice::ReadOnly) ? extension.readAll() : QByteArray();
        const std::string_view content(bytes.constData(), static_cast<std::size_t>(bytes.size()));
        if (const Result<void> written = platform::writeWhole(folder / PageTable, content, 0700); !written)
            return std::unexpected(written.error());
        able = answers({"-cmd", ".load ./dbpage.so"});
    }
    if (!able)
        return std::unexpected(able.error());
    return *able ? Result<Reader>(Reader{*program, true}) : fail(programMissing(path));
}

Result<void> canSalvage(const Path &path, JobContext &context)
{
    const Result<platform::ScratchFolder> folder = platform::ScratchFolder::create();
    if (!folder)
        return std::unexpected(folder.error());
    const Result<Reader> reader = findReader(path, folder->path(), context);
    return reader ? Result<void>() : std::unexpected(reader.error());
}

Result<void> copyAsItIs(const Path &path, const Path &folder, JobContext &context)
{
    const Result<sqlite::Glance> glance = sqlite::glance(path);
    if (!glance)
        return std::unexpected(glance.error());
    const auto size = static_cast<double>(std::max<std::uint64_t>(glance->file.size, 1));
    const auto goOn = [&](std::uint64_t done) {
        const double share = std::min(1.0, static_cast<double>(done) / size);
        context.progress.report({.fraction = share, .done = done, .phase = Phase::Copying});
        return !context.stop.stop_requested();
    };
    Result<void> copied = sqlite::OwnLocks::instance().read(
        glance->file.id, [&] { return platform::FileReader::open(path); },
        [&](const platform::FileReader &reader) { return platform::copyBytes(reader, folder / DamagedName, goOn); });
    // A -wal beside a database in rollback mode isn't its own (safety.md, fact 22).
    const bool isWal = glance->stored && glance->stored->isWal();
    for (const char *suffix : {isWal ? "-wal" : "", glance->hotJournal ? "-journal" : ""}) {
        const Path sibling = path.native() + suffix;
        if (!copied || !*suffix || !platform::status(sibling))
            continue;
        const Result<platform::FileReader> reader = platform::FileReader::open(sibling);
        const auto unseen = [&](std::uint64_t) { return !context.stop.stop_requested(); };
        copied = reader ? platform::copyBytes(*reader, (folder / DamagedName).native() + suffix, unseen)
                        : std::unexpected(reader.error());
    }
    return copied;
}

/// Rows of each table of the new database, which is still a stranger's in what it says.
static Result<Salvaged> count(const Path &path, JobContext &context)
{
    static constexpr std::string_view LostAndFound = "lost_and_found";
    Result<sqlite::Connection> connection = sqlite::Connection::open(path, {.stop = context.stop});
    const Result<inspect::Schema> schema =
        connection ? inspect::readSchema(*connection) : std::unexpected(connection.error());
    if (!schema)
        return std::unexpected(schema.error());
    Salvaged salvaged{.path = path, .rows = {}};
    for (const inspect::SchemaObject &table : schema->objects) {
        if (table.type != inspect::ObjectType::Table || !table.module.empty() || table.name.starts_with("sqlite_"))
            continue;
        const Result<std::int64_t> rows = connection->number("SELECT count(*) FROM " + sqlite::quoteName(table.name));
        if (!rows && rows.error().code == ErrorCode::Cancelled)
            return std::unexpected(rows.error());
        if (rows && *rows > 0 && table.name.starts_with(LostAndFound))
            salvaged.lostAndFound += *rows;
        else if (rows && *rows > 0)
            salvaged.rows.emplace_back(table.name, *rows);
    }
    return salvaged;
}

Result<Salvaged> salvage(const Path &path, const Path &folder, JobContext &context)
{
    const Result<Reader> reader = findReader(path, folder, context);
    const auto damaged = platform::status(folder / DamagedName);
    if (!reader || !damaged)
        return std::unexpected(reader ? damaged.error() : reader.error());
    const platform::Confinement confinement = confinementFor(folder, damaged->size);
    const Path saved = folder / SavedName;
    const auto tick = [&] {
        const auto now = platform::status(saved);
        const double share = now ? static_cast<double>(now->size) / static_cast<double>(damaged->size + 1) : 0;
        context.progress.report({.fraction = std::min(share, 0.99), .phase = Phase::Reading});
    };
    // What the siblings hold comes first: `.recover` reads the file alone. That it fails is no news of a damaged file.
    const Result<Ended> merged = run(reader->program, {{"-batch", DamagedName, "PRAGMA wal_checkpoint(TRUNCATE);"}},
                                     confinement, context.stop, [] {});
    if (!merged)
        return std::unexpected(merged.error());
    std::vector<std::string> reading{"-batch"};
    if (reader->lendPageTable)
        reading.insert(reading.end(), {"-cmd", ".load ./dbpage.so"});
    reading.insert(reading.end(), {DamagedName, ".recover"});
    const Result<Ended> ended =
        run(reader->program, {reading, {"-batch", "-safe", SavedName}}, confinement, context.stop, tick);
    if (!ended)
        return std::unexpected(ended.error());
    // The disk's failures would go unnoticed among what is said of the damage, and rows be missing.
    if (ended->complained.find("database or disk is full") != std::string::npos)
        return fail(ErrorCode::NoSpace, path, ended->complained);
    if (ended->complained.find("disk I/O error") != std::string::npos)
        return fail(ErrorCode::Io, path, ended->complained);
    const bool wasKilled = std::ranges::any_of(ended->statuses, [](int status) { return status > 128; });
    const auto size = platform::status(saved);
    if (wasKilled || ended->outOfTime || !size || size->size == 0)
        return fail(programFailed(path, *ended));
    return count(saved, context);
}

}
