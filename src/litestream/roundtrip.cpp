// SPDX-License-Identifier: GPL-3.0-or-later
#include "litestream/roundtrip.h"

#include "inspect/moment.h"
#include "litestream/points.h"
#include "litestream/values.h"
#include "platform/safefile.h"
#include "platform/scratchfile.h"
#include "sqlite/connection.h"

#include <QCryptographicHash>

#include <random>

namespace lk::litestream {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

static constexpr auto LongestReplication = 60s;
static constexpr std::string_view TryFolder = "litekeeper-try";

// Content ------------------------------------------------------------------------------------------------------------

namespace {

struct TableContent
{
    std::string name;
    std::int64_t rows = 0;
    QByteArray hash{}; ///< of all values in the table's own order, which a copy page by page keeps

    bool operator==(const TableContent &) const = default;
};

}

static Result<TableContent> contentOf(sqlite::Connection &connection, const std::string &table)
{
    auto rows = connection.prepare("SELECT * FROM " + sqlite::quoteName(table));
    if (!rows)
        return std::unexpected(rows.error());
    QCryptographicHash hash(QCryptographicHash::Sha256);
    TableContent content{.name = table};
    for (;;) {
        const Result<bool> row = rows->step();
        if (!row)
            return std::unexpected(row.error());
        if (!*row)
            break;
        ++content.rows;
        for (int i = 0; i < rows->columns(); ++i) {
            const sqlite::Bytes bytes = rows->blob(i); // a number's text tells it well enough
            const std::string head =
                std::to_string(static_cast<int>(rows->type(i))) + ':' + std::to_string(bytes.size());
            hash.addData(QByteArrayView(head));
            hash.addData(
                QByteArrayView(reinterpret_cast<const char *>(bytes.data()), static_cast<qsizetype>(bytes.size())));
        }
    }
    content.hash = hash.result();
    return content;
}

/// Of all ordinary tables but Litestream's own. Virtual ones keep their rows in ordinary ones.
static Result<std::vector<TableContent>> contentsOfTables(const Path &database, const std::stop_token &stop)
{
    auto connection = sqlite::Connection::open(database, {.mode = sqlite::Mode::Look, .stop = stop});
    if (!connection)
        return std::unexpected(connection.error());
    std::vector<std::string> names;
    {
        auto tables =
            connection->prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0 AND name "
                                "NOT LIKE '\\_litestream\\_%' ESCAPE '\\' ORDER BY name");
        Result<bool> row = tables ? tables->step() : std::unexpected(tables.error());
        for (; row && *row; row = tables->step())
            names.emplace_back(tables->text(0));
        if (!row)
            return std::unexpected(row.error());
    }
    std::vector<TableContent> contents;
    for (const std::string &name : names) {
        Result<TableContent> content = contentOf(*connection, name);
        if (!content)
            return std::unexpected(content.error());
        contents.push_back(std::move(*content));
    }
    return contents;
}

// Steps --------------------------------------------------------------------------------------------------------------

static Result<void> copyAside(const Path &database, const Path &to, const std::stop_token &stop, Progress &progress)
{
    const auto copy = [&](const sqlite::Glance &) -> Result<bool> {
        platform::removeFile(to);
        auto source = sqlite::Connection::open(database, {.mode = sqlite::Mode::Look, .stop = stop});
        auto target = source ? sqlite::Connection::open(to, {.mode = sqlite::Mode::Scratch, .stop = stop})
                             : std::unexpected(source.error());
        const Result<void> copied = target ? source->copyTo(*target, progress) : std::unexpected(target.error());
        return copied ? Result<bool>(true) : std::unexpected(copied.error());
    };
    const inspect::Moment<bool> moment = inspect::atOneMoment<bool>(database, 5s, copy);
    if (!moment.value)
        return std::unexpected(moment.value.error());
    return moment.changed ? Result<void>(fail(ErrorCode::Changed, Reason::ChangingTooFast, database)) : Result<void>();
}

/// A name that nobody else has below a folder, and one that stays the same where nothing can be removed.
static std::string tryName(bool canBeRemoved)
{
    return std::string(TryFolder) + (canBeRemoved ? '-' + std::to_string(std::random_device()()) : std::string());
}

/// \a replica in a folder of its own below its path.
static Replica apart(Replica replica, const std::string &name)
{
    const char *key = replica.settings.has("url") ? "url" : "path";
    const std::string &path = replica.settings.value(key);
    replica.settings.set(key, path + (path.empty() || path.ends_with('/') ? "" : "/") + name);
    replica.settings.set("validation-interval", {});
    replica.settings.set("sync-interval", "1s");
    return replica;
}

/// Litestream on \a access until it says that the replica has a snapshot. It writes that down after the upload.
static Result<void> replicate(const Access &access, const std::string &replica, const std::stop_token &stop)
{
    auto child = platform::Child::start(access.launch("replicate", {}));
    if (!child)
        return std::unexpected(child.error());
    const auto until = Clock::now() + LongestReplication;
    platform::Ran said;
    const auto failed = [&] {
        return fail(ErrorCode::Io, Reason::ReplicaFailed, access.config, {replica, complaintOf(said)});
    };
    while (said.printed.find("snapshot written") == std::string::npos) {
        if (stop.stop_requested())
            return fail(ErrorCode::Cancelled);
        child->listen(100ms);
        said.printed += child->takePrinted() + child->takeComplained();
        if (said.printed.find("level=ERROR") != std::string::npos || child->status() || Clock::now() > until)
            return failed();
    }
    child->stop();
    return {};
}

static Result<void> compare(const std::vector<TableContent> &before, const std::vector<TableContent> &after,
                            const Path &database)
{
    if (before == after)
        return {};
    std::string what = "schema";
    for (std::size_t i = 0; before.size() == after.size() && i < before.size(); ++i) {
        if (before[i] != after[i]) {
            what = before[i].name;
            break;
        }
    }
    return fail(ErrorCode::Damaged, Reason::RestoredDiffers, database, {what});
}

static std::chrono::milliseconds since(Clock::time_point start)
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - start);
}

namespace {

/// A folder that a try made below a replica that is one; it goes with what is in it.
class TriedFolder
{
public:
    explicit TriedFolder(Path path)
        : m_path(std::move(path))
    {
    }
    ~TriedFolder() { remove(); }
    TriedFolder(const TriedFolder &) = delete;
    TriedFolder &operator=(const TriedFolder &) = delete;

    /// Whether nothing is left.
    bool remove()
    {
        std::error_code error;
        if (!m_path.empty())
            std::filesystem::remove_all(m_path, error);
        return !m_path.empty() && !error;
    }

private:
    Path m_path;
};

}

Result<RoundTrip> tryRoundTrip(const Program &program, const Path &database, const Replica &replica,
                               const Secrets &secrets, std::stop_token stop, Progress &progress)
{
    static constexpr std::string_view Scheme = "file://";
    if (program.syntax() != Syntax::V03)
        return fail(ErrorCode::Unsupported, Reason::ProgramFailed, {},
                    {"litestream " + program.version(), "its replicas can't be tried by Litekeeper"});
    const auto scratch = platform::ScratchFolder::create();
    if (!scratch)
        return std::unexpected(scratch.error());
    const Path copy = scratch->path() / "copy.db";
    PartOfProgress copying(progress, 0, 0.2);
    if (const Result<void> copied = copyAside(database, copy, stop, copying); !copied)
        return std::unexpected(copied.error());
    const auto before = contentsOfTables(copy, stop);
    if (!before)
        return std::unexpected(before.error());

    const bool isFolder = targetOf(replica).starts_with(Scheme);
    const Replica tried = apart(replica, tryName(isFolder));
    RoundTrip trip{.target = targetOf(tried)};
    TriedFolder folder(isFolder ? Path(trip.target.substr(Scheme.size())) : Path());
    const Database config{.path = copy, .replicas = {tried}};
    const Path file = scratch->path() / "litestream.yml";
    if (const Result<void> written = platform::writeWhole(file, composed({config}, Syntax::V03), 0600); !written)
        return std::unexpected(written.error());
    const Access access{.program = program, .config = file, .environment = secrets};

    progress.report({.fraction = 0.2, .phase = Phase::Copying});
    const Clock::time_point begin = Clock::now();
    if (const Result<void> replicated = replicate(access, tried.name(), stop); !replicated)
        return std::unexpected(replicated.error());
    trip.copied = since(begin);

    progress.report({.fraction = 0.6, .phase = Phase::Verifying});
    const Clock::time_point back = Clock::now();
    const Path restored = scratch->path() / "restored.db";
    const auto contents = contentsOf(access, config, stop);
    const auto point = contents ? pointAt(*contents, {}, {}, copy) : std::unexpected(contents.error());
    const Result<void> fetched = point ? fetch(access, config, *point, restored, stop) : std::unexpected(point.error());
    if (!fetched)
        return std::unexpected(fetched.error());
    trip.restored = since(back);
    const auto after = contentsOfTables(restored, stop);
    const Result<void> compared = after ? compare(*before, *after, database) : std::unexpected(after.error());
    if (!compared)
        return std::unexpected(compared.error());
    for (const TableContent &table : *before)
        trip.rows += table.rows;
    trip.tables = before->size();
    trip.bytes = std::filesystem::file_size(restored);
    trip.removed = folder.remove();
    progress.report({.fraction = 1, .phase = Phase::Finishing});
    return trip;
}

}
