// SPDX-License-Identifier: GPL-3.0-or-later
#include "words/doctor.h"

#include "words/fill.h"

#include <QCoreApplication>

namespace lk::words {

using advice::Source;

static QString tr(const char *text)
{
    return QCoreApplication::translate("Doctor", text);
}

QString programOf(const advice::Diagnosis &diagnosis)
{
    QString name = QString::fromUtf8(diagnosis.driver->name);
    if (!diagnosis.version.empty())
        name += u' ' + shown(diagnosis.version);
    return name;
}

QString settingOf(const advice::DoctorRow &row)
{
    return row.setting.empty() ? tr(QT_TRANSLATE_NOOP("Doctor", "(a line)")) : shown(row.setting);
}

QString placeOf(const advice::DoctorRow &row, const advice::Diagnosis &diagnosis)
{
    const QString place = row.line > 0 ? shown(row.file) + u':' + QString::number(row.line) : QString();
    switch (row.source) {
    case Source::Set:
    case Source::NotUnderstood:
        return place;
    case Source::Stored:
        return tr(QT_TRANSLATE_NOOP("Doctor", "stored in the file"));
    case Source::DriverDefault:
        break;
    }
    if (row.inForce.empty())
        return {};
    const QString driver = QString::fromUtf8(diagnosis.driver->name);
    return place.isEmpty()
               ? fill("Doctor", QT_TRANSLATE_NOOP("Doctor", "default of %1"), {driver})
               : fill("Doctor", QT_TRANSLATE_NOOP("Doctor", "default of %1, in spite of %2"), {driver, place});
}

QString inForce(const advice::DoctorRow &row)
{
    if (!row.inForce.empty())
        return shown(row.inForce);
    return row.source == Source::NotUnderstood ? tr(QT_TRANSLATE_NOOP("Doctor", "not understood"))
                                               : tr(QT_TRANSLATE_NOOP("Doctor", "not known"));
}

QString reasonOf(const advice::DoctorRow &row)
{
    return row.reason ? QCoreApplication::translate("ConnectionSetting", row.reason) : QString();
}

QStringList remarks(const advice::Diagnosis &diagnosis)
{
    QStringList lines;
    if (!diagnosis.namesThisFile)
        lines +=
            tr(QT_TRANSLATE_NOOP("Doctor", "Its files, as far as they can be read without running them, don't name "
                                           "this database: it only lies there."));
    return lines;
}

QString noProgram()
{
    return tr(QT_TRANSLATE_NOOP("Doctor", "No program's files that say how it opens a database were found beside it."));
}

}
