// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/configuration.h"

#include "inspect/configtext.h"

#include <QStringList>

#include <algorithm>
#include <array>

namespace lk::inspect {

namespace {

/// A driver and who reads what projects say to it. More than one line where the defaults changed.
struct DriverReader
{
    Driver driver;
    std::optional<Configuration> (*read)(const ProjectFiles &files, const Path &database);
};

// clang-format off
constexpr DriverReader Readers[] = {
    {{.id = "django", .name = "Django", .busyTimeout = "5000", .foreignKeys = "ON"}, djangoConfiguration},
    {{.id = "rails", .name = "Rails", .busyTimeout = "0", .foreignKeys = "ON"}, railsConfiguration},
    {{.id = "rails", .name = "Rails", .since = "7.1", .busyTimeout = "0", .journalMode = "WAL",
      .synchronous = "NORMAL", .foreignKeys = "ON", .cacheSize = "2000", .mmapSize = "134217728",
      .journalSizeLimit = "67108864"}, railsConfiguration},
    {{.id = "rails", .name = "Rails", .since = "8.0", .busyTimeout = "0", .journalMode = "WAL",
      .synchronous = "NORMAL", .foreignKeys = "ON", .transaction = "IMMEDIATE", .cacheSize = "2000",
      .mmapSize = "134217728", .journalSizeLimit = "67108864"}, railsConfiguration},
    {{.id = "laravel", .name = "Laravel", .busyTimeout = "60000", .foreignKeys = "ON"}, laravelConfiguration},
    {{.id = "sqlalchemy", .name = "SQLAlchemy", .busyTimeout = "5000"}, sqlalchemyConfiguration},
    {{.id = "better-sqlite3", .name = "better-sqlite3", .busyTimeout = "5000",
      .walSynchronous = "NORMAL", .foreignKeys = "ON", .cacheSize = "-16000"}, nodeConfiguration},
    {{.id = "prisma", .name = "Prisma", .busyTimeout = "5000", .foreignKeys = "ON"}, prismaConfiguration},
    {{.id = "go-mattn", .name = "mattn/go-sqlite3", .busyTimeout = "5000", .synchronous = "NORMAL"},
     mattnConfiguration},
    {{.id = "go-modernc", .name = "modernc.org/sqlite"}, moderncConfiguration},
    {{.id = "rusqlite", .name = "rusqlite", .busyTimeout = "5000", .foreignKeys = "ON"}, rusqliteConfiguration},
    {{.id = "sqlx", .name = "sqlx", .busyTimeout = "5000", .foreignKeys = "ON"}, sqlxConfiguration},
    {{.id = "sqlite-jdbc", .name = "sqlite-jdbc", .busyTimeout = "3000"}, jdbcConfiguration},
    {{.id = "dotnet", .name = "Microsoft.Data.Sqlite", .busyTimeout = "30000", .foreignKeys = "ON",
      .transaction = "IMMEDIATE"}, dotnetConfiguration},
    {{.id = "datasette", .name = "Datasette", .busyTimeout = "5000", .writes = false}, datasetteConfiguration},
    {{.id = "cli", .name = "sqlite3", .writes = false}, shellConfiguration},
};
// clang-format on

/// Text files that are read for one database.
constexpr int MostFiles = 120;

constexpr std::array SettingNames{
    "busy_timeout", "journal_mode",  "synchronous", "foreign_keys",       "transaction",
    "cache_size",   "mmap_size",     "temp_store",  "journal_size_limit", "wal_autocheckpoint",
    "locking_mode", "secure_delete", "cache",       "immutable"};

/// Words that mean a value, as a PRAGMA takes them.
struct Word
{
    const char *setting;
    const char *word; ///< in capitals
    const char *value;
};
constexpr Word Words[] = {
    {"journal_mode", "DELETE", "DELETE"},
    {"journal_mode", "TRUNCATE", "TRUNCATE"},
    {"journal_mode", "PERSIST", "PERSIST"},
    {"journal_mode", "MEMORY", "MEMORY"},
    {"journal_mode", "WAL", "WAL"},
    {"journal_mode", "OFF", "OFF"},
    {"synchronous", "0", "OFF"},
    {"synchronous", "OFF", "OFF"},
    {"synchronous", "FALSE", "OFF"},
    {"synchronous", "1", "NORMAL"},
    {"synchronous", "NORMAL", "NORMAL"},
    {"synchronous", "2", "FULL"},
    {"synchronous", "FULL", "FULL"},
    {"synchronous", "3", "EXTRA"},
    {"synchronous", "EXTRA", "EXTRA"},
    {"foreign_keys", "1", "ON"},
    {"foreign_keys", "ON", "ON"},
    {"foreign_keys", "TRUE", "ON"},
    {"foreign_keys", "YES", "ON"},
    {"foreign_keys", "0", "OFF"},
    {"foreign_keys", "OFF", "OFF"},
    {"foreign_keys", "FALSE", "OFF"},
    {"foreign_keys", "NO", "OFF"},
    {"transaction", "DEFERRED", "DEFERRED"},
    {"transaction", "IMMEDIATE", "IMMEDIATE"},
    {"transaction", "EXCLUSIVE", "EXCLUSIVE"},
    {"temp_store", "0", "DEFAULT"},
    {"temp_store", "DEFAULT", "DEFAULT"},
    {"temp_store", "1", "FILE"},
    {"temp_store", "FILE", "FILE"},
    {"temp_store", "2", "MEMORY"},
    {"temp_store", "MEMORY", "MEMORY"},
    {"locking_mode", "NORMAL", "NORMAL"},
    {"locking_mode", "EXCLUSIVE", "EXCLUSIVE"},
    {"secure_delete", "1", "ON"},
    {"secure_delete", "ON", "ON"},
    {"secure_delete", "TRUE", "ON"},
    {"secure_delete", "FAST", "FAST"},
    {"secure_delete", "0", "OFF"},
    {"secure_delete", "OFF", "OFF"},
    {"secure_delete", "FALSE", "OFF"},
    {"cache", "SHARED", "SHARED"},
    {"cache", "PRIVATE", "PRIVATE"},
    {"cache", "DEFAULT", "PRIVATE"},
    {"immutable", "1", "ON"},
    {"immutable", "TRUE", "ON"},
    {"immutable", "0", "OFF"},
    {"immutable", "FALSE", "OFF"},
};

/// "64 * 1024 * 1024", "5_000", "-20000"; nothing if it is no whole number that SQLite could take.
std::optional<std::string> wholeNumber(QString text)
{
    text.remove(u'_');
    qint64 product = 1;
    for (const QString &factor : text.split(u'*')) {
        bool isNumber = false;
        const qint64 number = factor.trimmed().toLongLong(&isNumber);
        if (!isNumber || __builtin_mul_overflow(product, number, &product))
            return std::nullopt;
    }
    return std::to_string(product);
}

QString withoutQuotes(const QString &text)
{
    const QString bare = text.trimmed();
    const bool quoted = bare.size() >= 2 && bare.front() == bare.back() && QStringView(u"'\"`").contains(bare.front());
    return quoted ? bare.sliced(1, bare.size() - 2).trimmed() : bare;
}

/// The entry for \a configuration's version; an unknown version is taken for the newest.
const Driver &driverFor(std::string_view id, const std::string &version)
{
    const Driver *fitting = nullptr;
    for (const Driver &driver : drivers()) {
        if (driver.id == id && (!fitting || version.empty() || !isOlder(version, driver.since)))
            fitting = &driver;
    }
    return *fitting;
}

/// What \a commands say of every program there.
void add(Configuration &configuration, const Configuration &commands)
{
    const std::size_t first = configuration.files.size();
    configuration.files.insert(configuration.files.end(), commands.files.begin(), commands.files.end());
    for (Setting setting : commands.settings) {
        setting.file += first;
        configuration.settings.push_back(std::move(setting));
    }
    for (Writers writers : commands.writers) {
        writers.file += first;
        configuration.writers.push_back(std::move(writers));
    }
}

std::vector<Configuration> configurationsIn(const ProjectFiles &files, const Path &database)
{
    std::vector<Configuration> found;
    const DriverReader *before = nullptr;
    for (const DriverReader &reader : Readers) {
        const bool again = before && before->read == reader.read;
        before = &reader;
        const bool onlyAlone = reader.read == shellConfiguration;
        if (again || (onlyAlone && !found.empty()))
            continue;
        if (std::optional<Configuration> configuration = reader.read(files, database)) {
            configuration->driver = &driverFor(reader.driver.id, configuration->version);
            configuration->root = files.root();
            found.push_back(std::move(*configuration));
        }
    }
    if (!found.empty()) {
        const Configuration commands = readCommands(files);
        for (Configuration &configuration : found)
            add(configuration, commands);
    }
    return found;
}

}

const char *Driver::defaultOf(std::string_view setting, bool wal) const
{
    struct Default
    {
        std::string_view setting;
        const char *value;
    };
    const Default defaults[] = {
        {"busy_timeout", busyTimeout},
        {"journal_mode", journalMode},
        {"synchronous", wal && walSynchronous ? walSynchronous : synchronous},
        {"foreign_keys", foreignKeys},
        {"transaction", transaction},
        {"cache_size", cacheSize},
        {"mmap_size", mmapSize},
        {"temp_store", "DEFAULT"},
        {"journal_size_limit", journalSizeLimit},
        {"wal_autocheckpoint", "1000"},
    };
    const auto found = std::ranges::find(defaults, setting, &Default::setting);
    return found == std::end(defaults) ? nullptr : found->value;
}

const Setting *Configuration::find(std::string_view setting, Effect effect) const
{
    const auto fits = [&](const Setting &one) { return one.name == setting && one.effect == effect; };
    const auto found = std::ranges::find_if(settings.rbegin(), settings.rend(), fits);
    return found == settings.rend() ? nullptr : &*found;
}

std::span<const Driver> drivers()
{
    static const std::vector<Driver> all = [] {
        std::vector<Driver> list;
        for (const DriverReader &reader : Readers)
            list.push_back(reader.driver);
        return list;
    }();
    return all;
}

std::vector<Configuration> configurationsOf(const Path &database)
{
    std::vector<Configuration> found;
    eachFolderUp(database, MostFiles, [&](const ProjectFiles &files) {
        found = configurationsIn(files, database);
        return !found.empty();
    });
    return found;
}

bool isOlder(std::string_view a, std::string_view b)
{
    const auto numbers = [](std::string_view version) {
        std::vector<int> parts;
        for (const QString &part : QString::fromUtf8(version.data(), qsizetype(version.size())).split(u'.'))
            parts.push_back(part.toInt());
        return parts;
    };
    return std::ranges::lexicographical_compare(numbers(a), numbers(b));
}

std::span<const char *const> settingNames()
{
    return SettingNames;
}

std::optional<std::string> settingValue(std::string_view setting, const QString &text)
{
    const QString bare = withoutQuotes(text);
    const std::string word = bare.toUpper().toStdString();
    bool hasWords = false;
    for (const Word &known : Words) {
        if (known.setting != setting)
            continue;
        hasWords = true;
        if (known.word == word)
            return known.value;
    }
    return hasWords ? std::nullopt : wholeNumber(bare);
}

std::optional<std::string> millisecondsOf(const QString &seconds)
{
    bool isNumber = false;
    const double number = withoutQuotes(seconds).toDouble(&isNumber);
    if (!isNumber || !(number >= 0 && number <= 1e6))
        return std::nullopt;
    return std::to_string(static_cast<long long>(number * 1000));
}

static QString spelledValue(Spelling spelling, std::string_view setting, const QString &value)
{
    bool isNumber = false;
    const qint64 number = value.toLongLong(&isNumber);
    if (isNumber)
        return spelling == Spelling::Seconds ? QString::number(static_cast<double>(number) / 1000) : value;
    const bool isSwitch = setting == "foreign_keys";
    if (isSwitch && spelling != Spelling::Plain)
        return value == QLatin1String("ON") ? QStringLiteral("true") : QStringLiteral("false");
    switch (spelling) {
    case Spelling::Plain:
    case Spelling::Seconds:
        break;
    case Spelling::Lower:
        return value.toLower();
    case Spelling::Quoted:
        return u'\'' + value + u'\'';
    case Spelling::Type:
        return value.first(1) + value.sliced(1).toLower();
    }
    return value;
}

QString spelled(const Form &form, std::string_view setting, std::string_view value)
{
    QString text = QString::fromStdString(form.text);
    text.replace(QLatin1String("{name}"), QString::fromUtf8(setting.data(), qsizetype(setting.size())));
    return text.replace(QLatin1String("{value}"),
                        spelledValue(form.spelling, setting, QString::fromUtf8(value.data(), qsizetype(value.size()))));
}

}
