// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/keeprules.h"

#include <QDateTime>
#include <QTimeZone>

#include <algorithm>
#include <array>
#include <set>

namespace lk::operations {

namespace {

/// One of the numbers: where it stands, what it is asked by, and what counts as one period.
struct Rule
{
    std::uint64_t KeepRules::*number;
    const char *id;
    const char *title;
    const char *help;
    std::string (*period)(const QDateTime &made); ///< null: each backup is one of its own
};

std::string formatted(const QDateTime &made, const char *format)
{
    return made.toString(QLatin1String(format)).toStdString();
}

std::string hour(const QDateTime &made)
{
    return formatted(made, "yyyy-MM-dd hh");
}

std::string day(const QDateTime &made)
{
    return formatted(made, "yyyy-MM-dd");
}

std::string week(const QDateTime &made)
{
    int year = 0;
    const int number = made.date().weekNumber(&year);
    return std::to_string(year) + '-' + std::to_string(number);
}

std::string month(const QDateTime &made)
{
    return formatted(made, "yyyy-MM");
}

constexpr std::array Rules{
    Rule{&KeepRules::last, "keep", QT_TRANSLATE_NOOP("Operation", "Keep the last"),
         QT_TRANSLATE_NOOP("Operation", "how many backups of this database stay in the folder; older ones that "
                                        "Litekeeper made are removed once the new one is there"),
         nullptr},
    Rule{&KeepRules::hourly, "keep-hourly", QT_TRANSLATE_NOOP("Operation", "Keep one an hour"),
         QT_TRANSLATE_NOOP("Operation", "for how many hours with a backup the newest of each stays"), hour},
    Rule{&KeepRules::daily, "keep-daily", QT_TRANSLATE_NOOP("Operation", "Keep one a day"),
         QT_TRANSLATE_NOOP("Operation", "for how many days with a backup the newest of each stays"), day},
    Rule{&KeepRules::weekly, "keep-weekly", QT_TRANSLATE_NOOP("Operation", "Keep one a week"),
         QT_TRANSLATE_NOOP("Operation", "for how many weeks with a backup the newest of each stays"), week},
    Rule{&KeepRules::monthly, "keep-monthly", QT_TRANSLATE_NOOP("Operation", "Keep one a month"),
         QT_TRANSLATE_NOOP("Operation", "for how many months with a backup the newest of each stays"), month},
};

}

KeepRules keepRules(const Arguments &arguments)
{
    KeepRules rules;
    for (const Rule &rule : Rules)
        rules.*rule.number = number(arguments, rule.id).value_or(0);
    return rules;
}

std::vector<Parameter> keepParameters()
{
    std::vector<Parameter> parameters;
    for (const Rule &rule : Rules)
        parameters.push_back({.id = rule.id, .kind = Parameter::Kind::Number, .title = rule.title, .help = rule.help});
    return parameters;
}

std::vector<BackupInfo> superseded(std::span<const BackupInfo> backups, const KeepRules &rules)
{
    if (!rules.any())
        return {};
    std::vector<BackupInfo> newestFirst(backups.begin(), backups.end());
    std::ranges::sort(newestFirst, isNewer);
    std::vector<bool> stays(newestFirst.size(), false);
    for (const Rule &rule : Rules) {
        std::set<std::string> periods;
        for (std::size_t i = 0; i < newestFirst.size() && periods.size() < rules.*rule.number; ++i) {
            const QDateTime made = QDateTime::fromSecsSinceEpoch(madeAt(newestFirst[i]), QTimeZone::utc());
            if (periods.insert(rule.period ? rule.period(made) : std::to_string(i)).second)
                stays[i] = true;
        }
    }
    const auto good = std::ranges::find(newestFirst, true, &BackupInfo::complete);
    std::vector<BackupInfo> go;
    for (std::size_t i = 0; i < newestFirst.size(); ++i) {
        const bool isLastGood = i == 0 || newestFirst.begin() + static_cast<std::ptrdiff_t>(i) == good;
        if (!stays[i] && !isLastGood)
            go.push_back(newestFirst[i]);
    }
    return go;
}

}
