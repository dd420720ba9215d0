// SPDX-License-Identifier: GPL-3.0-or-later
#include "words/settings.h"

#include "sqlite/names.h"
#include "words/describe.h"
#include "words/fill.h"

#include <QCoreApplication>

namespace lk::words {

QString title(const advice::Framework &framework)
{
    return QCoreApplication::translate("Framework", framework.title);
}

static const char *sentence(advice::Inexpressible why)
{
    switch (why) {
    case advice::Inexpressible::NotUtf8:
        return QT_TRANSLATE_NOOP("Snippet",
                                 "The path of {file} has bytes that are not UTF-8, and there is no way to "
                                 "write them for %1. Rename the file, or the folder that has them, in UTF-8.");
    case advice::Inexpressible::BlankAtEnd:
        return QT_TRANSLATE_NOOP("Snippet",
                                 "The name of {file} ends with a blank, which is taken away where %1 opens it. "
                                 "Rename the file without it.");
    case advice::Inexpressible::TooLong:
        return QT_TRANSLATE_NOOP("Snippet", "The path of {file} has %2 bytes, and SQLite opens none with more than %3. "
                                            "Bring it into a folder nearer to the root.");
    }
    return "";
}

QString describe(advice::Inexpressible why, const advice::Framework &framework, const Path &path)
{
    return fill("Snippet", sentence(why),
                {title(framework), QString::number(path.native().size()), QString::number(sqlite::LongestPath)},
                displayName(path));
}

}
