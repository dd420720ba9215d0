// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/display.h"

#include "advice/pathtext.h"
#include "base/text.h"
#include "words/describe.h"

#include <QDateTime>
#include <QLocale>

#include <cstdio>
#include <cstdlib>

namespace lk::models {

QString display(std::string_view bytes)
{
    return QString::fromStdString(path::display(bytes));
}

std::string_view homeFolder()
{
    static const std::string home = [] {
        const char *value = std::getenv("HOME");
        std::string folder = value ? value : "";
        while (folder.size() > 1 && folder.ends_with('/'))
            folder.pop_back();
        return folder;
    }();
    return home;
}

QString displayFolder(std::string_view bytes)
{
    const std::string_view home = homeFolder();
    if (home.size() > 1 && bytes.starts_with(home) && (bytes.size() == home.size() || bytes[home.size()] == '/'))
        return QLatin1Char('~') + display(bytes.substr(home.size()));
    return display(bytes);
}

QString stateText(sqlite::State state)
{
    return words::state(state);
}

QString localTime(std::int64_t nanoseconds)
{
    const QDateTime when = QDateTime::fromMSecsSinceEpoch(nanoseconds / 1'000'000);
    const QLocale locale;
    if (locale.language() == QLocale::C)
        return when.toString(QStringLiteral("yyyy-MM-dd HH:mm"));
    return locale.toString(when, QLocale::ShortFormat);
}

QString plainToolTip(const QString &text)
{
    return text.isEmpty() ? QString() : QStringLiteral("<p>%1</p>").arg(text.toHtmlEscaped());
}

QString counted(std::uint64_t count, const QString &one, const QString &many)
{
    return count == 1 ? one : many.arg(QString::fromStdString(text::count(count)));
}

QString pasteable(std::string_view bytes)
{
    const bool plain = path::isUtf8(bytes) && path::display(bytes) == bytes;
    return QString::fromStdString(plain ? std::string(bytes) : *advice::written(bytes, advice::Target::Shell));
}

}
