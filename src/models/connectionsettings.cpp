// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/connectionsettings.h"

#include "models/display.h"

#include <QCoreApplication>
#include <QStringList>

namespace lk::models {

static QString tr(const char *text)
{
    return QCoreApplication::translate("ConnectionSetting", text);
}

QString profileTitle(advice::Profile profile)
{
    return tr(advice::profileTitle(profile));
}

ConnectionSettingModel::ConnectionSettingModel(QObject *parent)
    : QAbstractTableModel(parent)
{
    for (const advice::ConnectionSetting &setting : advice::connectionSettings()) {
        if (setting.reach == advice::Reach::Connection)
            m_settings.push_back(&setting);
    }
}

advice::Choice ConnectionSettingModel::choice(int row) const
{
    return advice::recommended(*m_settings[static_cast<std::size_t>(row)], m_profile, m_wal);
}

int ConnectionSettingModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_settings.size());
}

int ConnectionSettingModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnNumbers;
}

QVariant ConnectionSettingModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const advice::ConnectionSetting &setting = *m_settings[static_cast<std::size_t>(index.row())];
    if (role == Qt::ToolTipRole)
        return plainToolTip(tr(setting.does));
    if (role != Qt::DisplayRole)
        return {};
    if (index.column() == NameColumn)
        return QString::fromLatin1(setting.name);
    const char *value = choice(index.row()).value;
    return value ? QString::fromLatin1(value) : tr(QT_TRANSLATE_NOOP("ConnectionSetting", "leave it as it is"));
}

QVariant ConnectionSettingModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    return section == NameColumn ? tr(QT_TRANSLATE_NOOP("ConnectionSetting", "Setting"))
                                 : tr(QT_TRANSLATE_NOOP("ConnectionSetting", "Recommended"));
}

void ConnectionSettingModel::setUse(advice::Profile profile, bool wal)
{
    m_profile = profile;
    m_wal = wal;
    Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ValueColumn));
}

QString ConnectionSettingModel::explanation(int row) const
{
    const advice::ConnectionSetting &setting = *m_settings[static_cast<std::size_t>(row)];
    QStringList lines{tr(setting.does)};
    if (const advice::Choice chosen = choice(row); chosen.value)
        lines += tr(QT_TRANSLATE_NOOP("ConnectionSetting", "%1: %2."))
                     .arg(QString::fromLatin1(chosen.value), tr(chosen.reason));
    lines += tr(QT_TRANSLATE_NOOP("ConnectionSetting", "Usual defaults: %1")).arg(tr(setting.defaults));
    lines += tr(setting.advice);
    return lines.join(QLatin1Char('\n'));
}

QString ConnectionSettingModel::code(int row) const
{
    const char *value = choice(row).value;
    const char *name = m_settings[static_cast<std::size_t>(row)]->name;
    return value ? QStringLiteral("PRAGMA %1 = %2;").arg(QLatin1String(name), QLatin1String(value)) : QString();
}

QString ConnectionSettingModel::code() const
{
    QStringList lines;
    for (int row = 0; row < rowCount(); ++row) {
        if (const QString line = code(row); !line.isEmpty())
            lines += line;
    }
    return lines.join(QLatin1Char('\n'));
}

}
