// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/sidecar.h"

#include "platform/filereader.h"
#include "sqlite/connection.h"

#include <QDateTime>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <cctype>
#include <tuple>

namespace lk::operations {

/// Ours have a few kilobytes.
static constexpr std::size_t LongestSidecar = 256 << 10;
static constexpr qsizetype MostTables = 100;
static constexpr std::size_t LongestName = 200;

Path sidecarOf(const Path &backup)
{
    return backup.native() + ".json";
}

const char *formatName(BackupFormat format)
{
    static constexpr const char *Names[] = {"plain", "zstd", "raw"};
    return Names[static_cast<std::size_t>(format)];
}

static QString text(std::string_view bytes)
{
    return QString::fromStdString(path::toUtf8(bytes));
}

std::string toJson(const BackupInfo &info)
{
    QJsonArray tables;
    for (const std::string &table : info.tables)
        tables.append(text(table));
    QJsonObject object{
        {QStringLiteral("source"), text(info.source.native())},
        {QStringLiteral("made"), text(info.made)},
        {QStringLiteral("made_millisecond"), info.millisecond},
        {QStringLiteral("format"), text(formatName(info.format))},
        {QStringLiteral("bytes"), static_cast<qint64>(info.bytes)},
        {QStringLiteral("sha256"), text(info.sha256)},
        {QStringLiteral("stored_bytes"), static_cast<qint64>(info.storedBytes)},
        {QStringLiteral("stored_sha256"), text(info.storedSha256)},
        {QStringLiteral("pages"), static_cast<qint64>(info.pages)},
        {QStringLiteral("page_size"), static_cast<qint64>(info.pageSize)},
        {QStringLiteral("application_id"), static_cast<qint64>(info.applicationId)},
        {QStringLiteral("user_version"), static_cast<qint64>(info.userVersion)},
        {QStringLiteral("tables"), tables},
        {QStringLiteral("complete"), info.complete},
        {QStringLiteral("sqlite_version"), QString::fromLatin1(sqlite::libraryVersion())},
        {QStringLiteral("litekeeper_version"), QStringLiteral(LITEKEEPER_VERSION)},
    };
    if (!path::isUtf8(info.source.native())) {
        const QByteArray bytes(info.source.native().data(), static_cast<qsizetype>(info.source.native().size()));
        object.insert(QStringLiteral("source_base64"), QString::fromLatin1(bytes.toBase64()));
    }
    return QJsonDocument(object).toJson(QJsonDocument::Indented).toStdString();
}

static Result<std::string> content(const Path &sidecar)
{
    const Result<platform::FileReader> reader = platform::FileReader::open(sidecar);
    if (!reader)
        return std::unexpected(reader.error());
    std::string bytes(LongestSidecar + 1, '\0');
    const Result<std::size_t> count = reader->read(0, std::as_writable_bytes(std::span(bytes)));
    if (!count)
        return std::unexpected(count.error());
    if (*count > LongestSidecar)
        return fail(ErrorCode::Unsupported, sidecar, "longer than a sidecar is");
    bytes.resize(*count);
    return bytes;
}

static bool isHash(const std::string &text)
{
    return text.size() == 64 && std::ranges::all_of(text, [](unsigned char c) { return std::isxdigit(c) != 0; });
}

/// \a otherwise is for the sidecars of the first versions, which did not say it.
static std::uint64_t number(const QJsonObject &object, const char *key, std::uint64_t otherwise = 0)
{
    const QJsonValue value = object.value(QLatin1String(key));
    return value.isDouble() ? static_cast<std::uint64_t>(std::max<qint64>(0, value.toInteger())) : otherwise;
}

static BackupFormat formatNamed(const std::string &name)
{
    for (const BackupFormat format : {BackupFormat::Zstd, BackupFormat::Raw}) {
        if (name == formatName(format))
            return format;
    }
    return BackupFormat::Plain;
}

static BackupInfo fromJson(const QJsonObject &object)
{
    const auto string = [&](const char *key) { return object.value(QLatin1String(key)).toString().toStdString(); };
    BackupInfo info;
    const std::string exactly = string("source_base64");
    info.source =
        exactly.empty() ? string("source") : QByteArray::fromBase64(QByteArray::fromStdString(exactly)).toStdString();
    info.made = string("made");
    info.millisecond = static_cast<int>(number(object, "made_millisecond"));
    info.format = formatNamed(string("format"));
    info.bytes = number(object, "bytes");
    info.sha256 = string("sha256");
    info.storedBytes = number(object, "stored_bytes", info.bytes);
    info.storedSha256 = object.contains(QLatin1String("stored_sha256")) ? string("stored_sha256") : info.sha256;
    info.pages = static_cast<std::uint32_t>(number(object, "pages"));
    info.pageSize =
        static_cast<std::uint32_t>(number(object, "page_size", info.pages > 0 ? info.bytes / info.pages : 0));
    info.applicationId = static_cast<std::uint32_t>(number(object, "application_id"));
    info.userVersion = static_cast<std::uint32_t>(number(object, "user_version"));
    const QJsonArray tables = object.value(QLatin1String("tables")).toArray();
    for (qsizetype i = 0; i < std::min(tables.size(), MostTables); ++i)
        info.tables.push_back(tables[i].toString().toStdString());
    info.complete = object.value(QLatin1String("complete")).toBool(true);
    return info;
}

Result<BackupInfo> readSidecar(const Path &path)
{
    const auto none = [&](std::string why) {
        return fail(ErrorCode::NotADatabase, Reason::NotABackup, path, {}, std::move(why));
    };
    const Result<std::string> json = content(sidecarOf(path));
    if (!json)
        return none(json.error().detail);
    const QJsonDocument document = QJsonDocument::fromJson(QByteArray::fromStdString(*json));
    if (!document.isObject())
        return none("not a JSON object");
    BackupInfo info = fromJson(document.object());
    if (!info.source.is_absolute() || !isHash(info.sha256) || !isHash(info.storedSha256) ||
        !QDateTime::fromString(text(info.made), Qt::ISODate).isValid())
        return none("the sidecar does not say what it must");
    info.backup = path;
    return info;
}

std::vector<std::string> tableNames(const Path &path)
{
    const sqlite::Budget budget{.time = std::chrono::seconds(2), .longestValue = 1 << 20};
    Result<sqlite::Connection> connection = sqlite::Connection::open(path, {.budget = budget});
    if (!connection)
        return {};
    Result<sqlite::Statement> statement = connection->prepare(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' "
        "ORDER BY name LIMIT " +
        std::to_string(MostTables));
    std::vector<std::string> names;
    Result<bool> row = statement ? statement->step() : std::unexpected(statement.error());
    for (; row && *row; row = statement->step())
        names.emplace_back(path::toUtf8(statement->text(0).substr(0, LongestName)));
    return names;
}

std::int64_t madeAt(const BackupInfo &info)
{
    return QDateTime::fromString(text(info.made), Qt::ISODate).toSecsSinceEpoch();
}

bool isNewer(const BackupInfo &a, const BackupInfo &b)
{
    const auto key = [](const BackupInfo &info) {
        const std::string &name = info.backup.native();
        return std::tuple(madeAt(info), info.millisecond, name.size(), std::string_view(name));
    };
    return key(a) > key(b);
}

}
