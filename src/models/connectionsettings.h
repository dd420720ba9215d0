// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "advice/profiles.h"

#include <QAbstractTableModel>

/// What no file can tell, because each program's connection decides it for itself (safety.md, fact 30). So it is said
/// what each setting does and what is usual, and there is code to copy; nothing here sets anything.
namespace lk::models {

QString profileTitle(advice::Profile profile);

/// The table of the settings of connections. Columns: setting, recommended for the profile.
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

    /// \a wal: the database is in WAL mode.
    void setUse(advice::Profile profile, bool wal);
    /// What the setting does, why this value, and the usual defaults.
    QString explanation(int row) const;
    /// "PRAGMA synchronous = NORMAL;": the line of one setting; empty if nothing is recommended.
    QString code(int row) const;
    /// All of them, in the order in which they should be run.
    QString code() const;

private:
    advice::Choice choice(int row) const;

    std::vector<const advice::ConnectionSetting *> m_settings; ///< those that no file keeps and a PRAGMA sets
    advice::Profile m_profile = advice::Profile::Web;
    bool m_wal = false;
};

}
