// SPDX-License-Identifier: GPL-3.0-or-later
#include "catalog/schedule.h"

#include "base/systemd.h"
#include "catalog/json.h"

#include <QCryptographicHash>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <array>
#include <cstdio>

namespace lk::catalog {

using namespace std::chrono_literals;

struct Rhythm
{
    Every every;
    const char *name;
    const char *calendar;        ///< of systemd.time(7)
    const char *cron;            ///< of crontab(5); the same
    std::chrono::seconds length; ///< the longest there is
};

static constexpr Rhythm Rhythms[] = {
    {Every::Hourly, "hourly", "*-*-* *:MM:00", "MM * * * *", 1h},
    {Every::Daily, "daily", "*-*-* HH:MM:00", "MM HH * * *", 24h},
    {Every::Weekly, "weekly", "Sun *-*-* HH:MM:00", "MM HH * * 0", 7 * 24h},
    {Every::Monthly, "monthly", "*-*-01 HH:MM:00", "MM HH 1 * *", 31 * 24h},
};

static const Rhythm &rhythmOf(Every every)
{
    return *std::ranges::find(Rhythms, every, &Rhythm::every);
}

const char *nameOf(Every every)
{
    return rhythmOf(every).name;
}

std::optional<Every> everyOf(std::string_view name)
{
    const auto *found =
        std::ranges::find(Rhythms, name, [](const Rhythm &rhythm) { return std::string_view(rhythm.name); });
    return found == std::end(Rhythms) ? std::nullopt : std::optional(found->every);
}

const std::vector<std::string> &everyNames()
{
    static const std::vector<std::string> names = [] {
        std::vector<std::string> all;
        for (const Rhythm &rhythm : Rhythms)
            all.emplace_back(rhythm.name);
        return all;
    }();
    return names;
}

static std::string timed(const char *pattern, const Schedule &schedule)
{
    const auto two = [](int number) { return QString::number(number).rightJustified(2, QLatin1Char('0')); };
    return QString::fromLatin1(pattern)
        .replace(QLatin1String("HH"), two(schedule.hour))
        .replace(QLatin1String("MM"), two(schedule.minute))
        .toStdString();
}

std::vector<std::string> Schedule::arguments() const
{
    std::vector<std::string> words{"schedule", "run", id, "--"}; // what follows -- is that command's
    std::ranges::copy(operations::verbOf(operation), std::back_inserter(words));
    words.insert(words.end(), options.begin(), options.end());
    words.emplace_back("--");
    for (const Path &file : files)
        words.push_back(file.native());
    return words;
}

QDateTime Schedule::nextAfter(const QDateTime &now) const
{
    QDate day = now.date();
    if (every == Every::Hourly) {
        QDateTime next(day, QTime(now.time().hour(), minute));
        return next > now ? next : next.addSecs(3600);
    }
    const auto fits = [this](QDate date) {
        return every == Every::Daily || (every == Every::Weekly && date.dayOfWeek() == Qt::Sunday) ||
               (every == Every::Monthly && date.day() == 1);
    };
    while (!fits(day) || QDateTime(day, QTime(hour, minute)) <= now)
        day = day.addDays(1);
    return {day, QTime(hour, minute)};
}

std::chrono::seconds Schedule::staleAfter() const
{
    return 2 * rhythmOf(every).length;
}

std::vector<std::string> schedulable()
{
    std::vector<std::string> ids;
    for (const char *id : {"backup", "check", "optimize", "litestream-test"}) {
        if (operations::find(id))
            ids.emplace_back(id);
    }
    return ids;
}

std::string idFor(const Schedule &schedule)
{
    Schedule same = schedule;
    same.id.clear();
    const QByteArray hash =
        QCryptographicHash::hash(QByteArray::fromStdString(toJson(same)), QCryptographicHash::Sha256).toHex().left(6);
    std::string name = schedule.files.empty() ? std::string() : schedule.files.front().stem().native();
    std::erase_if(name,
                  [](char c) { return !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')); });
    name.resize(std::min<std::size_t>(name.size(), 24));
    return schedule.operation + (name.empty() ? "" : '-' + name) + '-' + hash.toStdString();
}

// In a line ----------------------------------------------------------------------------------------------------------

std::string toJson(const Schedule &schedule)
{
    QJsonArray options;
    QJsonArray files;
    for (const std::string &option : schedule.options)
        options.append(json::fromText(option));
    for (const Path &file : schedule.files)
        files.append(json::fromText(file.native()));
    const QJsonObject object{{QStringLiteral("id"), QString::fromStdString(schedule.id)},
                             {QStringLiteral("operation"), QString::fromStdString(schedule.operation)},
                             {QStringLiteral("options"), options},
                             {QStringLiteral("files"), files},
                             {QStringLiteral("every"), QLatin1String(nameOf(schedule.every))},
                             {QStringLiteral("hour"), schedule.hour},
                             {QStringLiteral("minute"), schedule.minute}};
    return QJsonDocument(object).toJson(QJsonDocument::Compact).toStdString();
}

static bool isId(std::string_view id)
{
    return !id.empty() && std::ranges::all_of(id, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
    });
}

std::optional<Schedule> scheduleFrom(std::string_view line)
{
    const QByteArray bytes(line.data(), static_cast<qsizetype>(line.size()));
    const QJsonObject object = QJsonDocument::fromJson(bytes).object();
    Schedule schedule;
    schedule.id = object[QStringLiteral("id")].toString().toStdString();
    schedule.operation = object[QStringLiteral("operation")].toString().toStdString();
    for (const QJsonValue option : object[QStringLiteral("options")].toArray())
        schedule.options.push_back(json::toText(option));
    for (const QJsonValue file : object[QStringLiteral("files")].toArray())
        schedule.files.emplace_back(json::toText(file));
    const auto every = everyOf(object[QStringLiteral("every")].toString().toStdString());
    schedule.hour = object[QStringLiteral("hour")].toInt(-1);
    schedule.minute = object[QStringLiteral("minute")].toInt(-1);
    if (!isId(schedule.id) || !isId(schedule.operation) || schedule.files.empty() || !every ||
        !QTime(schedule.hour, schedule.minute).isValid())
        return std::nullopt;
    schedule.every = *every;
    return schedule;
}

// systemd ------------------------------------------------------------------------------------------------------------

static constexpr std::string_view UnitMark = "\n[X-Litekeeper]\nSchedule=";

static Error cantTell(const Path &file, const char *program, const char *why)
{
    return {.code = ErrorCode::Unsupported,
            .reason = Reason::ProgramFailed,
            .path = file,
            .arguments = {program, why},
            .detail = {}};
}

Result<Units> unitsFor(const Schedule &schedule, const Path &program)
{
    if (!systemd::takesProgram(program.native()))
        return fail(cantTell(program, "systemd", "it takes no program with quotes or backslashes in its path"));
    std::string command = systemd::word(program.native());
    for (const std::string &word : schedule.arguments()) {
        if (!path::isUtf8(word))
            return fail(cantTell(word, "systemd", "it takes only names that are UTF-8"));
        command += ' ' + systemd::word(word);
    }
    const std::string what = "Litekeeper: " + schedule.operation + ' ' +
                             systemd::line(schedule.files.front().filename().native()) +
                             (schedule.files.size() > 1 ? " and others" : "") + ", " + nameOf(schedule.every);
    const std::string head = "# Made by Litekeeper; litekeeper-cli schedule remove " + schedule.id +
                             " removes it.\n[Unit]\nDescription=" + what + '\n';
    return Units{.service = head + "\n[Service]\nType=oneshot\nNice=10\nIOSchedulingClass=idle\nExecStart=" + command +
                            '\n' + std::string(UnitMark) + toJson(schedule) + '\n',
                 .timer = head + "\n[Timer]\nOnCalendar=" + timed(rhythmOf(schedule.every).calendar, schedule) +
                          "\nPersistent=true\n\n[Install]\nWantedBy=timers.target\n"};
}

std::optional<Schedule> scheduleOfUnit(std::string_view service)
{
    const std::size_t mark = service.find(UnitMark);
    if (mark == std::string_view::npos)
        return std::nullopt;
    const std::string_view line = service.substr(mark + UnitMark.size());
    return scheduleFrom(line.substr(0, line.find('\n')));
}

// cron ---------------------------------------------------------------------------------------------------------------

static constexpr std::string_view CronMark = "# litekeeper ";

/// A word for sh, in a crontab: there a % ends the command unless a backslash stands before it, which cron takes away
/// whatever quotes are around it.
static std::string cronWord(std::string_view word)
{
    std::string out = "'";
    for (const char c : word) {
        if (c == '\'')
            out += "'\\''";
        else if (c == '%')
            out += "\\%";
        else
            out += c;
    }
    return out + '\'';
}

Result<std::string> cronLinesFor(const Schedule &schedule, const Path &program)
{
    std::string command = cronWord(program.native());
    for (const std::string &word : schedule.arguments()) {
        if (word.find('\n') != std::string::npos)
            return fail(cantTell(word, "cron", "a line of its table can't hold a name with a line break"));
        command += ' ' + cronWord(word);
    }
    return std::string(CronMark) + toJson(schedule) + '\n' + timed(rhythmOf(schedule.every).cron, schedule) + ' ' +
           command + '\n';
}

/// \a take gets each line with its end, and the schedule that it and the next one are of, if any.
template <class Take>
static void forEachLine(std::string_view crontab, Take take)
{
    for (std::size_t at = 0; at < crontab.size();) {
        const std::size_t end = std::min(crontab.find('\n', at), crontab.size() - 1) + 1;
        const std::string_view line = crontab.substr(at, end - at);
        const bool marked = line.starts_with(CronMark);
        take(line, marked ? scheduleFrom(line.substr(CronMark.size())) : std::nullopt);
        at = end;
    }
}

std::string withoutSchedule(std::string_view crontab, std::string_view id)
{
    std::string rest;
    bool isItsCommand = false;
    forEachLine(crontab, [&](std::string_view line, const std::optional<Schedule> &schedule) {
        const bool isMark = schedule && schedule->id == id;
        if (!isMark && !isItsCommand)
            rest += line;
        isItsCommand = isMark;
    });
    return rest;
}

std::vector<Schedule> schedulesOf(std::string_view crontab)
{
    std::vector<Schedule> schedules;
    forEachLine(crontab, [&](std::string_view, const std::optional<Schedule> &schedule) {
        if (schedule)
            schedules.push_back(*schedule);
    });
    return schedules;
}

}
