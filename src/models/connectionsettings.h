// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/applications.h"

#include <QAbstractTableModel>

#include <span>

/// What no file can tell, because each program's connection decides it for itself (safety.md, fact 30). So it is said
/// what each setting does and what is usual, and there is code to copy; nothing here sets anything.
namespace lk::models {

/// What a program does with its database.
enum class Workload
{
    Web,      ///< many short requests
    Desktop,  ///< one person, one program
    Embedded, ///< little memory, flash
    Analysis, ///< large reads and loads
};
inline constexpr int Workloads = 4;

QString workloadTitle(Workload workload);
/// What databases of that kind are mostly used for.
Workload workloadOf(inspect::UseKind kind);

struct ConnectionSetting
{
    const char *name; ///< of the PRAGMA
    const char *does; ///< untranslated, as what follows
    const char *defaults;
    const char *values[Workloads]; ///< recommended, as SQL has them; null: leave it as it is
    const char *advice;
};

std::span<const ConnectionSetting> connectionSettings();

/// The value to recommend; null: leave it as it is. \a wal: the database is in WAL mode.
const char *recommended(const ConnectionSetting &setting, Workload workload, bool wal);
/// "PRAGMA synchronous = NORMAL;"; empty if nothing is recommended.
QString pragmaLine(const ConnectionSetting &setting, Workload workload, bool wal);
/// All lines for a workload, in the order in which they should be run.
QString pragmaLines(Workload workload, bool wal);

/// The table of settings. Columns: setting, recommended for the workload.
class ConnectionSettingModel final : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum ColumnNumber
    {
        NameColumn,
        ValueColumn,
        ColumnNumbers,
    };

    explicit ConnectionSettingModel(QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

    void setUse(Workload workload, bool wal);
    Workload workload() const { return m_workload; }
    /// What the setting does, the usual defaults, and why this value.
    QString explanation(int row) const;
    /// The line of one setting.
    QString code(int row) const;
    /// All of them.
    QString code() const { return pragmaLines(m_workload, m_wal); }

private:
    Workload m_workload = Workload::Web;
    bool m_wal = false;
};

}
