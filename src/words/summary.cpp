// SPDX-License-Identifier: GPL-3.0-or-later
#include "words/describe.h"
#include "words/fill.h"

#include <QCoreApplication>

#include <array>
#include <cstdio>

namespace lk::words {

using scan::WhyNot;

static const char *sentence(WhyNot why)
{
    switch (why) {
    case WhyNot::OtherFilesystem:
        return QT_TRANSLATE_NOOP("WhyNot", "another file system");
    case WhyNot::NetworkFilesystem:
        return QT_TRANSLATE_NOOP("WhyNot", "a network file system");
    case WhyNot::PseudoFilesystem:
        return QT_TRANSLATE_NOOP("WhyNot", "the system's own, without files of anybody's");
    case WhyNot::NoPermission:
        return QT_TRANSLATE_NOOP("WhyNot", "no permission");
    case WhyNot::Excluded:
        return QT_TRANSLATE_NOOP("WhyNot", "excluded");
    case WhyNot::Failed:
        return QT_TRANSLATE_NOOP("WhyNot", "could not be read");
    }
    return "";
}

QString describe(WhyNot why)
{
    return QCoreApplication::translate("WhyNot", sentence(why));
}

/// "2 other file systems": how many of \a notEntered were left out for \a why; empty if none.
static QString countOf(const std::vector<scan::NotEntered> &notEntered, WhyNot why, bool isFile, const char *one,
                       const char *many)
{
    std::uint64_t number = 0;
    for (const scan::NotEntered &entry : notEntered)
        number += entry.why == why && entry.isFile == isFile ? 1 : 0;
    return number == 0 ? QString() : counted(number, "Summary", one, many);
}

QString notEntered(const std::vector<scan::NotEntered> &list)
{
    struct Kind
    {
        WhyNot why;
        bool isFile;
        const char *one;
        const char *many;
    };
    static constexpr std::array Kinds = {
        Kind{WhyNot::OtherFilesystem, false, QT_TRANSLATE_NOOP("Summary", "%1 other file system"),
             QT_TRANSLATE_NOOP("Summary", "%1 other file systems")},
        Kind{WhyNot::NetworkFilesystem, false, QT_TRANSLATE_NOOP("Summary", "%1 network file system"),
             QT_TRANSLATE_NOOP("Summary", "%1 network file systems")},
        Kind{WhyNot::PseudoFilesystem, false, QT_TRANSLATE_NOOP("Summary", "%1 system folder"),
             QT_TRANSLATE_NOOP("Summary", "%1 system folders")},
        Kind{WhyNot::NoPermission, false, QT_TRANSLATE_NOOP("Summary", "%1 folder without permission"),
             QT_TRANSLATE_NOOP("Summary", "%1 folders without permission")},
        Kind{WhyNot::NoPermission, true, QT_TRANSLATE_NOOP("Summary", "%1 file without permission"),
             QT_TRANSLATE_NOOP("Summary", "%1 files without permission")},
        Kind{WhyNot::Excluded, false, QT_TRANSLATE_NOOP("Summary", "%1 excluded folder"),
             QT_TRANSLATE_NOOP("Summary", "%1 excluded folders")},
        Kind{WhyNot::Excluded, true, QT_TRANSLATE_NOOP("Summary", "%1 excluded file"),
             QT_TRANSLATE_NOOP("Summary", "%1 excluded files")},
        Kind{WhyNot::Failed, false, QT_TRANSLATE_NOOP("Summary", "%1 folder that could not be read"),
             QT_TRANSLATE_NOOP("Summary", "%1 folders that could not be read")},
        Kind{WhyNot::Failed, true, QT_TRANSLATE_NOOP("Summary", "%1 file that could not be read"),
             QT_TRANSLATE_NOOP("Summary", "%1 files that could not be read")},
    };
    QStringList parts;
    for (const Kind &kind : Kinds) {
        const QString part = countOf(list, kind.why, kind.isFile, kind.one, kind.many);
        if (!part.isEmpty())
            parts += part;
    }
    return parts.join(QStringLiteral(", "));
}

static QString seconds(std::chrono::nanoseconds duration)
{
    char buffer[32];
    const double value = std::chrono::duration<double>(duration).count();
    std::snprintf(buffer, sizeof buffer, value < 100 ? "%.1f s" : "%.0f s", value);
    return QString::fromLatin1(buffer);
}

QString summary(const scan::Summary &summary)
{
    const QString databases = counted(summary.counts.databases, "Summary", QT_TRANSLATE_NOOP("Summary", "%1 database"),
                                      QT_TRANSLATE_NOOP("Summary", "%1 databases"));
    QStringList parts;
    parts += fill("Summary",
                  summary.stopped ? QT_TRANSLATE_NOOP("Summary", "%1 until stopped after %2")
                                  : QT_TRANSLATE_NOOP("Summary", "%1 in %2"),
                  {databases, seconds(summary.duration)});
    parts += counted(summary.counts.files, "Summary", QT_TRANSLATE_NOOP("Summary", "%1 file looked at"),
                     QT_TRANSLATE_NOOP("Summary", "%1 files looked at"));
    if (summary.counts.passedOverBySize > 0)
        parts += counted(summary.counts.passedOverBySize, "Summary",
                         QT_TRANSLATE_NOOP("Summary", "%1 file passed over by size"),
                         QT_TRANSLATE_NOOP("Summary", "%1 files passed over by size"));
    const QString left = notEntered(summary.notEntered);
    if (!left.isEmpty())
        parts += fill("Summary", QT_TRANSLATE_NOOP("Summary", "not entered: %1"), {left});
    return parts.join(QStringLiteral("; "));
}

}
