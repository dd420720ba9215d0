// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/doctormodel.h"

#include "models/display.h"
#include "models/findingmodel.h"
#include "words/doctor.h"

#include <algorithm>

namespace lk::models {

DoctorModel::DoctorModel(QObject *parent)
    : QAbstractTableModel(parent)
{
}

int DoctorModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_lines.size());
}

int DoctorModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnNumbers;
}

const advice::Diagnosis &DoctorModel::diagnosis(int row) const
{
    return m_diagnoses[m_lines[static_cast<std::size_t>(row)].diagnosis];
}

const advice::DoctorRow &DoctorModel::row(int row) const
{
    return diagnosis(row).rows[m_lines[static_cast<std::size_t>(row)].row];
}

const advice::Finding *DoctorModel::finding(int row) const
{
    const advice::DoctorRow &wanted = this->row(row);
    const auto &findings = diagnosis(row).findings;
    const auto found = std::ranges::find_if(findings, [&](const advice::DoctorFinding &one) {
        return wanted.finding && one.finding.rule == wanted.finding && one.setting == wanted.setting;
    });
    return found == findings.end() ? nullptr : &found->finding;
}

QVariant DoctorModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const advice::DoctorRow &shown = row(index.row());
    if (role == IconNameRole && index.column() == SettingColumn && shown.finding)
        return QString::fromLatin1(severityIcon(shown.finding->severity));
    if (role == Qt::ToolTipRole)
        return plainToolTip(explanation(index.row()));
    if (role != Qt::DisplayRole)
        return {};
    switch (index.column()) {
    case SettingColumn:
        return words::settingOf(shown);
    case InForceColumn:
        return words::inForce(shown);
    case WhereColumn:
        return words::placeOf(shown, diagnosis(index.row()));
    case RecommendedColumn:
        return shown.recommended.empty() ? QStringLiteral("–") : display(shown.recommended);
    default:
        return words::programOf(diagnosis(index.row()));
    }
}

QVariant DoctorModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case SettingColumn:
        return tr("Setting");
    case InForceColumn:
        return tr("In force");
    case WhereColumn:
        return tr("Where");
    case RecommendedColumn:
        return tr("Recommended");
    default:
        return tr("Program");
    }
}

void DoctorModel::setDiagnoses(std::vector<advice::Diagnosis> diagnoses)
{
    beginResetModel();
    m_diagnoses = std::move(diagnoses);
    m_lines.clear();
    for (std::size_t i = 0; i < m_diagnoses.size(); ++i) {
        for (std::size_t row = 0; row < m_diagnoses[i].rows.size(); ++row)
            m_lines.push_back({i, row});
    }
    endResetModel();
}

QString DoctorModel::explanation(int row) const
{
    QStringList lines;
    if (const advice::Finding *wrong = finding(row)) {
        const words::FindingText text = words::describe(*wrong);
        lines << text.title << text.seen << text.why << text.fix;
    }
    lines.removeAll(QString());
    if (const QString reason = words::reasonOf(this->row(row)); !reason.isEmpty())
        lines << tr("%1: %2.", "a value, and why it").arg(display(this->row(row).recommended), reason);
    return lines.join(QLatin1Char('\n'));
}

QString DoctorModel::programs() const
{
    QStringList lines;
    for (const advice::Diagnosis &one : m_diagnoses) {
        lines += tr("%1, in %2").arg(words::programOf(one), displayFolder(one.root.native()));
        lines += words::remarks(one);
    }
    return lines.isEmpty() ? words::noProgram() : lines.join(QLatin1Char('\n'));
}

QString DoctorModel::patch() const
{
    QString patch;
    for (const advice::Diagnosis &one : m_diagnoses)
        patch += one.patch;
    return patch;
}

int DoctorModel::worthwhileRow() const
{
    for (int row = 0; row < rowCount(); ++row) {
        if (this->row(row).finding)
            return row;
    }
    return 0;
}

}
