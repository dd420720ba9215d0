// SPDX-License-Identifier: GPL-3.0-or-later
#include "words/history.h"

#include "words/describe.h"
#include "words/fill.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>
#include <QtGlobal>

#include <algorithm>

namespace lk::words {

static const char *sentence(catalog::Notice::Kind kind)
{
    switch (kind) {
    case catalog::Notice::NotOpened:
        break; // its error says it
    case catalog::Notice::Damaged:
        return QT_TRANSLATE_NOOP("Memory", "Litekeeper's own memory was damaged. It was set aside as %1, and a new one "
                                           "begun; your databases and backups are not concerned.");
    case catalog::Notice::Newer:
        return QT_TRANSLATE_NOOP("Memory", "Litekeeper's own memory is of a newer version. It was set aside as %1, and "
                                           "a new one begun; your databases and backups are not concerned.");
    case catalog::Notice::NotOurs:
        return QT_TRANSLATE_NOOP("Memory", "Where Litekeeper keeps its own memory, there was something else. It was "
                                           "set aside as %1, and a new memory begun.");
    }
    return nullptr;
}

QString describe(const catalog::Notice &notice)
{
    const char *text = sentence(notice.kind);
    return text ? fill("Memory", text, {displayName(notice.path)}) : describe(notice.error);
}

QString describe(inspect::Guard guard)
{
    switch (guard) {
    case inspect::Guard::Browser:
        return QCoreApplication::translate("Guard", "a browser's");
    case inspect::Guard::System:
        return QCoreApplication::translate("Guard", "the system's");
    case inspect::Guard::OtherUser:
        return QCoreApplication::translate("Guard", "another user's");
    }
    return {};
}

QString title(const catalog::Entry &entry)
{
    const operations::Operation *operation = operations::find(entry.operation);
    const QString name = operation ? QCoreApplication::translate("Operation", operation->title)
                                   : QString::fromStdString(path::display(entry.operation));
    return entry.undoes == 0 ? name
                             : QCoreApplication::translate("Memory", "%1 (takes back %2)").arg(name).arg(entry.undoes);
}

QString scheduleFailed(const std::string &operation)
{
    catalog::Entry entry;
    entry.operation = operation;
    return QCoreApplication::translate("Memory", "Litekeeper: %1 failed").arg(title(entry));
}

static QString shortTime(std::int64_t ns)
{
    return QLocale().toString(QDateTime::fromMSecsSinceEpoch(ns / 1'000'000), QLocale::ShortFormat);
}

QString schedulesOverdue(const std::vector<catalog::Overdue> &overdue)
{
    QStringList sentences;
    for (const catalog::Overdue &one : overdue) {
        catalog::Entry entry;
        entry.operation = one.schedule.operation;
        const QString files = one.schedule.files.size() == 1
                                  ? displayName(one.schedule.files.front())
                                  : QCoreApplication::translate("Memory", "%1 files").arg(one.schedule.files.size());
        sentences += fill("Memory", QT_TRANSLATE_NOOP("Memory", "%1 (%2) last went well on %3, and should have since."),
                          {title(entry), files, shortTime(one.lastGoodNs)});
    }
    sentences += QCoreApplication::translate("Memory", "Tools ▸ Schedules… shows when it runs next.");
    return sentences.join(QLatin1Char(' '));
}

QString scheduleFailure(const std::vector<catalog::Entry> &failures, std::int64_t lastGoodNs)
{
    static constexpr std::size_t Most = 3;
    QStringList sentences;
    for (std::size_t i = 0; i < std::min(failures.size(), Most); ++i)
        sentences += QString::fromStdString(failures[i].said);
    if (failures.empty())
        sentences += QCoreApplication::translate("Memory", "A file could not be worked on.");
    if (failures.size() > Most)
        sentences += QCoreApplication::translate("Memory", "And %1 more.").arg(failures.size() - Most);
    sentences += lastGoodNs == 0
                     ? QCoreApplication::translate("Memory", "It has not gone well yet.")
                     : QCoreApplication::translate("Memory", "It last went well on %1.").arg(shortTime(lastGoodNs));
    return sentences.join(QLatin1Char(' '));
}

}
