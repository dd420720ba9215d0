// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/connectionsettings.h"

#include "models/display.h"

#include <QCoreApplication>
#include <QStringList>

namespace lk::models {

#define NOOP(text) QT_TRANSLATE_NOOP("ConnectionSetting", text)

static QString tr(const char *text)
{
    return QCoreApplication::translate("ConnectionSetting", text);
}

/// By Workload.
static constexpr const char *Titles[] = {
    NOOP("a web server or service"),
    NOOP("a desktop program"),
    NOOP("a small device"),
    NOOP("analysis and bulk loads"),
};

// In the order in which they should be run: busy_timeout first, for the others can meet a lock themselves. Defaults
// are those of sqlite.org/pragma.html and of the drivers' own documents and sources.
// clang-format off
static constexpr ConnectionSetting Settings[] = {
    {"busy_timeout",
     NOOP("How long it waits for another program's lock, in milliseconds."),
     NOOP("SQLite itself: 0, so it fails at once. Python, Django, Rails, better-sqlite3, mattn/go-sqlite3, rusqlite, Qt: 5000. JDBC: 3000. PHP PDO: 60000. modernc.org/sqlite: 0."),
     {"10000", "5000", "5000", "30000"},
     NOOP("It does not help a transaction that read before it writes: begin those with BEGIN IMMEDIATE.")},
    {"synchronous",
     NOOP("How safely each commit reaches the disk."),
     NOOP("SQLite itself: FULL. Rails from 7.1 on and better-sqlite3 in WAL mode: NORMAL. mattn/go-sqlite3: NORMAL always, also where it is not safe."),
     {"NORMAL", "NORMAL", "NORMAL", "NORMAL"},
     NOOP("With WAL, NORMAL never damages the database; a power cut may take back the last commits. Where that must not be, FULL. Without WAL only FULL is safe. OFF only for what can be made again.")},
    {"foreign_keys",
     NOOP("Whether references between tables are enforced."),
     NOOP("SQLite itself, Python, PHP, Go, JDBC, Qt: OFF. Django, Rails, Laravel, better-sqlite3, sqlx, Microsoft.Data.Sqlite: ON."),
     {"ON", "ON", "ON", "ON"},
     NOOP("It does nothing within a transaction. Rows that are wrong already are found with PRAGMA foreign_key_check.")},
    {"cache_size",
     NOOP("How much memory each connection uses for pages: a negative number is KiB, a positive one pages."),
     NOOP("SQLite itself: -2000, about 2 MB. better-sqlite3: -16000. Rails: 2000 pages."),
     {"-20000", "-8000", nullptr, "-262144"},
     NOOP("Memory times connections. A huge positive number is the usual mistake: it counts pages, not bytes.")},
    {"mmap_size",
     NOOP("How much of the file is read through memory mapping, in bytes."),
     NOOP("SQLite itself: 0, none. Rails from 7.1 on: 134217728."),
     {"134217728", nullptr, nullptr, "268435456"},
     NOOP("A read error of the disk then ends the program. Keep it 0 on network and removable disks and on 32-bit systems.")},
    {"temp_store",
     NOOP("Where temporary tables and large sorts go."),
     NOOP("SQLite itself: DEFAULT, a file."),
     {"MEMORY", nullptr, nullptr, "MEMORY"},
     NOOP("MEMORY is faster where they fit. Changing it drops the temporary tables there are.")},
    {"wal_autocheckpoint",
     NOOP("After how many pages in the WAL a commit also brings them into the main file."),
     NOOP("SQLite itself and nearly all drivers: 1000."),
     {"1000", nullptr, nullptr, "4000"},
     NOOP("0 switches it off: then the WAL grows until something else checkpoints, as Litestream does.")},
    {"journal_size_limit",
     NOOP("To which size a WAL or journal that has grown is cut back, in bytes."),
     NOOP("SQLite itself: -1, never. Rails from 7.1 on: 67108864."),
     {"67108864", "67108864", "4194304", "67108864"},
     NOOP("It costs a truncation now and then, nothing else.")},
    {"locking_mode",
     NOOP("Whether the lock is given back after each transaction."),
     NOOP("SQLite itself: NORMAL. Browsers: EXCLUSIVE."),
     {nullptr, nullptr, nullptr, nullptr},
     NOOP("EXCLUSIVE is faster for a program that is alone with its file, and keeps all others out while it runs: backups, too.")},
    {"secure_delete",
     NOOP("Whether deleted content is overwritten with zeros."),
     NOOP("SQLite itself: OFF. Debian's and Apple's SQLite: ON."),
     {nullptr, "FAST", nullptr, nullptr},
     NOOP("For private data ON, or FAST, which costs no more writing. Full-text indexes keep what they hold.")},
    {"trusted_schema",
     NOOP("Whether views and triggers in the file may use functions with side effects."),
     NOOP("SQLite itself and nearly all drivers: ON."),
     {"OFF", "OFF", "OFF", "OFF"},
     NOOP("OFF for every file that somebody else may have made.")},
    {"analysis_limit",
     NOOP("How many rows of each index ANALYZE and PRAGMA optimize look at."),
     NOOP("SQLite itself: 0, all of them."),
     {"400", "400", "400", "1000"},
     NOOP("With it, PRAGMA optimize takes a moment whatever the size; run it when a connection closes.")},
};
// clang-format on
#undef NOOP

QString workloadTitle(Workload workload)
{
    return tr(Titles[static_cast<int>(workload)]);
}

Workload workloadOf(inspect::UseKind kind)
{
    using inspect::UseKind;
    switch (kind) {
    case UseKind::Server:
    case UseKind::Framework:
        return Workload::Web;
    case UseKind::Phone:
        return Workload::Embedded;
    case UseKind::Document:
        return Workload::Analysis;
    case UseKind::Unknown:
    case UseKind::Browser:
    case UseKind::Desktop:
    case UseKind::System:
        break;
    }
    return Workload::Desktop;
}

std::span<const ConnectionSetting> connectionSettings()
{
    return Settings;
}

const char *recommended(const ConnectionSetting &setting, Workload workload, bool wal)
{
    using namespace std::literals;
    if (!wal && setting.name == "synchronous"sv)
        return "FULL"; // NORMAL may leave a rollback-mode database damaged
    if (!wal && setting.name == "wal_autocheckpoint"sv)
        return nullptr;
    return setting.values[static_cast<int>(workload)];
}

QString pragmaLine(const ConnectionSetting &setting, Workload workload, bool wal)
{
    const char *value = recommended(setting, workload, wal);
    return value ? QStringLiteral("PRAGMA %1 = %2;").arg(QLatin1String(setting.name), QLatin1String(value)) : QString();
}

QString pragmaLines(Workload workload, bool wal)
{
    QStringList lines;
    for (const ConnectionSetting &setting : Settings) {
        if (const QString line = pragmaLine(setting, workload, wal); !line.isEmpty())
            lines += line;
    }
    return lines.join(QLatin1Char('\n'));
}

ConnectionSettingModel::ConnectionSettingModel(QObject *parent)
    : QAbstractTableModel(parent)
{
}

int ConnectionSettingModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(std::size(Settings));
}

int ConnectionSettingModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnNumbers;
}

QVariant ConnectionSettingModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const ConnectionSetting &setting = Settings[index.row()];
    if (role == Qt::ToolTipRole)
        return plainToolTip(tr(setting.does));
    if (role != Qt::DisplayRole)
        return {};
    if (index.column() == NameColumn)
        return QString::fromLatin1(setting.name);
    const char *value = recommended(setting, m_workload, m_wal);
    return value ? QString::fromLatin1(value) : tr(QT_TRANSLATE_NOOP("ConnectionSetting", "leave it as it is"));
}

QVariant ConnectionSettingModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    return section == NameColumn ? tr(QT_TRANSLATE_NOOP("ConnectionSetting", "Setting"))
                                 : tr(QT_TRANSLATE_NOOP("ConnectionSetting", "Recommended"));
}

void ConnectionSettingModel::setUse(Workload workload, bool wal)
{
    m_workload = workload;
    m_wal = wal;
    Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ValueColumn));
}

QString ConnectionSettingModel::explanation(int row) const
{
    const ConnectionSetting &setting = Settings[row];
    return tr(QT_TRANSLATE_NOOP("ConnectionSetting", "%1\nUsual defaults: %2\n%3"))
        .arg(tr(setting.does), tr(setting.defaults), tr(setting.advice));
}

QString ConnectionSettingModel::code(int row) const
{
    return pragmaLine(Settings[row], m_workload, m_wal);
}

}
