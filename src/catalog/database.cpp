// SPDX-License-Identifier: GPL-3.0-or-later
#include "catalog/database.h"

#include "base/text.h"
#include "catalog/migrations.h"
#include "platform/datafolder.h"
#include "platform/lockfile.h"
#include "platform/mounts.h"

#include <QFile>
#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <thread>

namespace lk::catalog {

using namespace std::chrono_literals;

/// How long to wait for other processes of ours, each time: they write a few rows at once, or a scan's results.
static constexpr auto Patience = 10s;
static constexpr const char *PatienceOption = "QSQLITE_BUSY_TIMEOUT=10000";

/// The primary codes of what SQLite says (sqlite.org/rescode.html).
enum SqliteCode
{
    SqlitePermission = 3,
    SqliteBusy = 5,
    SqliteLocked = 6,
    SqliteReadOnly = 8,
    SqliteIo = 10,
    SqliteCorrupt = 11,
    SqliteFull = 13,
    SqliteCantOpen = 14,
    SqliteNotADatabase = 26,
};

static ErrorCode codeFor(int sqliteCode)
{
    switch (sqliteCode & 0xff) {
    case SqlitePermission:
    case SqliteCantOpen:
        return ErrorCode::NoPermission;
    case SqliteBusy:
    case SqliteLocked:
        return ErrorCode::Busy;
    case SqliteReadOnly:
        return ErrorCode::ReadOnly;
    case SqliteIo:
        return ErrorCode::Io;
    case SqliteCorrupt:
    case SqliteNotADatabase:
        return ErrorCode::Damaged;
    case SqliteFull:
        return ErrorCode::NoSpace;
    default:
        return ErrorCode::Internal;
    }
}

static Error errorOf(const QSqlError &said, const Path &file)
{
    const int code = said.nativeErrorCode().toInt();
    const std::string text = (code != 0 ? said.databaseText() : said.text()).toStdString();
    return {.code = codeFor(code),
            .reason = Reason::CatalogueNotOpened,
            .path = file,
            .arguments = {text},
            .detail = text,
            .sqliteCode = code};
}

QVariant blob(std::string_view bytes)
{
    return QByteArray(bytes.data(), static_cast<qsizetype>(bytes.size()));
}

std::int64_t Row::number(int column) const
{
    return m_query.value(column).toLongLong();
}

double Row::real(int column) const
{
    return m_query.value(column).toDouble();
}

bool Row::isNull(int column) const
{
    return m_query.isNull(column);
}

std::string Row::text(int column) const
{
    return m_query.value(column).toString().toStdString();
}

std::string Row::bytes(int column) const
{
    return m_query.value(column).toByteArray().toStdString();
}

struct Database::Private
{
    Path file;
    sqlite::OwnLocks::Hold hold; ///< scans read the catalogue too; their closing it must not drop our locks
    QString name;                ///< of the connection
    QSqlDatabase connection;

    ~Private()
    {
        connection.close();
        connection = QSqlDatabase();
        if (!name.isEmpty())
            QSqlDatabase::removeDatabase(name);
    }
};

Database::Database(std::unique_ptr<Private> d)
    : m_d(std::move(d))
{
}

Database::Database(Database &&) noexcept = default;
Database::~Database() = default;

// Opening ------------------------------------------------------------------------------------------------------------

Result<Database> Database::connect(const Path &file)
{
    static std::atomic<unsigned> last = 0;
    if (const Result<void> made = platform::makePrivateFile(file); !made)
        return std::unexpected(made.error());
    auto hold = sqlite::OwnLocks::instance().hold(file);
    if (!hold)
        return std::unexpected(hold.error());
    auto d = std::make_unique<Private>();
    d->file = file;
    d->hold = std::move(*hold);
    d->name = QStringLiteral("litekeeper-%1").arg(++last);
    d->connection = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), d->name);
    d->connection.setDatabaseName(QFile::decodeName(QByteArray::fromStdString(file.native())));
    d->connection.setConnectOptions(QLatin1String(PatienceOption));
    if (!d->connection.open())
        return fail(errorOf(d->connection.lastError(), file));
    Database database(std::move(d));
    if (const Result<void> ready = database.prepare(); !ready)
        return std::unexpected(ready.error());
    return database;
}

/// SQLite's own waiting does not cover the change to WAL, which two new processes may make at once.
static Result<void> waitFor(const std::function<Result<void>()> &work)
{
    const auto giveUpAt = std::chrono::steady_clock::now() + Patience;
    for (;;) {
        Result<void> done = work();
        if (done || done.error().code != ErrorCode::Busy || std::chrono::steady_clock::now() > giveUpAt)
            return done;
        std::this_thread::sleep_for(10ms);
    }
}

static const char *journalModeFor(const Path &file)
{
    const platform::Mounts mounts = platform::Mounts::current();
    const platform::Mount *mount = mounts.of(file);
    const bool isNetwork = mount && mount->kind() == platform::FilesystemKind::Network;
    return isNetwork ? "PRAGMA journal_mode=delete" : "PRAGMA journal_mode=wal";
}

static Error setAsideError(const Path &file, Notice::Kind kind)
{
    const ErrorCode code = kind == Notice::Newer ? ErrorCode::Unsupported : ErrorCode::NotADatabase;
    return {.code = code, .reason = Reason::CatalogueNotOpened, .path = file, .arguments = {}, .detail = {}};
}

/// Nothing is written before it is known to be ours.
Result<void> Database::prepare()
{
    std::int64_t application = 0;
    std::int64_t version = 0;
    std::int64_t objects = 0;
    const auto one = [](std::int64_t &number) { return [&number](const Row &row) { number = row.number(0); }; };
    const auto look = [&]() -> Result<void> {
        if (const auto asked = run("PRAGMA application_id", {}, one(application)); !asked)
            return asked;
        if (const auto asked = run("PRAGMA user_version", {}, one(version)); !asked)
            return asked;
        return run("SELECT count(*) FROM sqlite_schema", {}, one(objects));
    };
    if (const Result<void> looked = waitFor(look); !looked)
        return looked;
    const auto newest = static_cast<std::int64_t>(migrations().size());
    if (application != ApplicationId && (application != 0 || version != 0 || objects != 0))
        return fail(setAsideError(m_d->file, Notice::NotOurs));
    if (version > newest)
        return fail(setAsideError(m_d->file, Notice::Newer));

    const Result<void> moded = waitFor([&] { return run(journalModeFor(m_d->file)); });
    if (!moded)
        return moded;
    // What can be taken back has to be known after a power cut, too: hence full.
    for (const char *setting : {"PRAGMA synchronous=full", "PRAGMA foreign_keys=on"}) {
        if (const Result<void> set = run(setting); !set)
            return set;
    }
    if (version == newest)
        return {};
    return transaction([&]() -> Result<void> {
        // Another process may have been faster.
        if (const auto asked = run("PRAGMA user_version", {}, one(version)); !asked)
            return asked;
        for (; version < newest; ++version) {
            for (const char *sql : migrations()[static_cast<std::size_t>(version)]) {
                if (const Result<void> made = run(sql); !made)
                    return made;
            }
        }
        const std::string marks[] = {"PRAGMA application_id=" + std::to_string(ApplicationId),
                                     "PRAGMA user_version=" + std::to_string(newest)};
        for (const std::string &mark : marks) {
            if (const Result<void> set = run(mark.c_str()); !set)
                return set;
        }
        return {};
    });
}

/// Gives the catalogue, with what lies beside it, another name. It is kept: somebody may want to look into it.
static Result<Path> setAside(const Path &file)
{
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    std::string time = text::isoTime(std::chrono::duration_cast<std::chrono::nanoseconds>(now).count());
    std::erase_if(time, [](char c) { return c == '-' || c == ':'; });
    const std::string stem = file.parent_path() / (file.stem().native() + "-set-aside-" + time);
    std::error_code error;
    Path aside = stem + ".sqlite";
    for (int number = 2; std::filesystem::exists(aside, error); ++number)
        aside = stem + '-' + std::to_string(number) + ".sqlite";
    // The -wal first: without it, the old database is whole; alone under the old name, it would go to the new one.
    for (const char *suffix : {"-wal", "-shm", "-journal", ""}) {
        std::filesystem::rename(file.native() + suffix, aside.native() + suffix, error);
        if (error && error != std::errc::no_such_file_or_directory)
            return fail(systemError(error.value(), file, "rename"));
    }
    return aside;
}

static std::optional<Notice::Kind> reasonToSetAside(const Error &error)
{
    switch (error.code) {
    case ErrorCode::Damaged:
        return Notice::Damaged;
    case ErrorCode::NotADatabase:
        return Notice::NotOurs;
    case ErrorCode::Unsupported:
        return Notice::Newer;
    default:
        return std::nullopt;
    }
}

/// What is there may be somebody's who was faster.
bool Database::isSound()
{
    std::string said;
    const Result<void> asked = run("PRAGMA quick_check(1)", {}, [&](const Row &row) { said = row.text(0); });
    return asked && said == "ok";
}

Result<Database> Database::beginAnew(const Path &file, const Error &why, std::optional<Notice> &notice)
{
    // One process sets it aside; the others find what that one has begun.
    std::optional<platform::LockFile> turn;
    if (const Result<Path> folder = platform::lockFolder()) {
        const Result<void> taken = waitFor([&]() -> Result<void> {
            Result<platform::LockFile> lock = platform::LockFile::take(*folder / "catalogue.lock");
            if (!lock)
                return std::unexpected(lock.error());
            turn.emplace(std::move(*lock));
            return {};
        });
        if (!taken)
            return std::unexpected(taken.error());
    }
    {
        Result<Database> again = connect(file);
        if (again ? again->isSound() : !reasonToSetAside(again.error()))
            return again;
    }
    const Result<Path> aside = setAside(file);
    if (!aside)
        return std::unexpected(aside.error());
    notice = Notice{.kind = reasonToSetAside(why).value_or(Notice::Damaged), .path = *aside, .error = why};
    return connect(file);
}

Result<Database> Database::open(const Path &file, std::optional<Notice> &notice)
{
    Result<Database> opened = connect(file);
    return opened || !reasonToSetAside(opened.error()) ? std::move(opened) : beginAnew(file, opened.error(), notice);
}

// Asking -------------------------------------------------------------------------------------------------------------

Result<void> Database::run(const char *sql, Values values, const Take &take)
{
    QSqlQuery query(m_d->connection);
    query.setForwardOnly(true);
    const auto failed = [&] { return fail(errorOf(query.lastError(), m_d->file)); };
    if (!query.prepare(QLatin1String(sql)))
        return failed();
    for (const QVariant &value : values)
        query.addBindValue(value);
    if (!query.exec())
        return failed();
    const Row row(query);
    while (query.next()) {
        if (take)
            take(row);
    }
    // What can't be read to the end is no answer.
    return query.lastError().isValid() ? Result<void>(failed()) : Result<void>();
}

Result<void> Database::runMany(const char *sql, const std::function<bool(std::vector<QVariant> &values)> &next)
{
    QSqlQuery query(m_d->connection);
    if (!query.prepare(QLatin1String(sql)))
        return fail(errorOf(query.lastError(), m_d->file));
    for (std::vector<QVariant> values; next(values); values.clear()) {
        for (std::size_t i = 0; i < values.size(); ++i)
            query.bindValue(static_cast<int>(i), values[i]);
        if (!query.exec())
            return fail(errorOf(query.lastError(), m_d->file));
    }
    return {};
}

Result<void> Database::transaction(const std::function<Result<void>()> &work)
{
    if (const Result<void> begun = run("BEGIN IMMEDIATE"); !begun)
        return begun;
    Result<void> done = work();
    if (done)
        done = run("COMMIT");
    if (!done)
        static_cast<void>(run("ROLLBACK")); // may be undone already; what counts is why
    return done;
}

Result<std::int64_t> Database::lastId()
{
    std::int64_t id = 0;
    const Result<void> asked = run("SELECT last_insert_rowid()", {}, [&](const Row &row) { id = row.number(0); });
    return asked ? Result<std::int64_t>(id) : std::unexpected(asked.error());
}

}
