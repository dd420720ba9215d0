// SPDX-License-Identifier: GPL-3.0-or-later
#include "catalog/scheduler.h"

#include "platform/datafolder.h"
#include "platform/helpers.h"
#include "platform/safefile.h"

#include <QFile>
#include <QProcess>
#include <QStandardPaths>

#include <algorithm>
#include <filesystem>

namespace lk::catalog {

static constexpr int PatienceMs = 20'000;
static constexpr std::uint32_t UnitMode = 0644;
static constexpr const char *Prefix = "litekeeper-";
static constexpr const char *Service = ".service";
static constexpr const char *Timer = ".timer";

/// What \a program wrote; ProgramFailed with what it said.
static Result<QByteArray> run(const QString &program, const QStringList &arguments, const QByteArray &input = {})
{
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("LC_ALL"), QStringLiteral("C.UTF-8"));
    process.setProcessEnvironment(environment);
    process.start(program, arguments);
    process.write(input);
    process.closeWriteChannel();
    if (!process.waitForFinished(PatienceMs) || process.exitStatus() != QProcess::NormalExit ||
        process.exitCode() != 0) {
        const QByteArray said = process.readAllStandardError().trimmed();
        return fail(ErrorCode::Unsupported, Reason::ProgramFailed, {},
                    {program.toStdString(), said.isEmpty() ? process.errorString().toStdString() : said.toStdString()});
    }
    return process.readAllStandardOutput();
}

static Result<QByteArray> systemctl(QStringList arguments)
{
    arguments.prepend(QStringLiteral("--user"));
    return run(QStringLiteral("systemctl"), arguments);
}

static bool isThere(const char *program)
{
    return !QStandardPaths::findExecutable(QLatin1String(program)).isEmpty();
}

Result<Scheduler> Scheduler::here()
{
    const Result<Path> program = platform::ownProgram("litekeeper-cli");
    if (!program)
        return std::unexpected(program.error());
    if (isThere("systemctl") && systemctl({QStringLiteral("show-environment")}))
        return Scheduler(Systemd, *program);
    if (isThere("crontab"))
        return Scheduler(Cron, *program);
    return fail(ErrorCode::Unsupported, Reason::ProgramMissing, {}, {"systemd or cron"});
}

// systemd ------------------------------------------------------------------------------------------------------------

static Result<Path> unitFolder()
{
    const Result<Path> config = platform::configFolder();
    return config ? Result<Path>(*config / "systemd/user") : config;
}

static QString timerOf(const std::string &id)
{
    return QString::fromStdString(Prefix + id + Timer);
}

static Result<void> addUnits(const Schedule &schedule, const Units &units)
{
    const Result<Path> folder = unitFolder();
    if (!folder)
        return std::unexpected(folder.error());
    std::error_code error;
    std::filesystem::create_directories(*folder, error);
    const Path base = *folder / (Prefix + schedule.id);
    Result<void> done = platform::writeWhole(base.native() + Service, units.service, UnitMode);
    if (done)
        done = platform::writeWhole(base.native() + Timer, units.timer, UnitMode);
    for (const QStringList &step :
         {QStringList{QStringLiteral("daemon-reload")},
          QStringList{QStringLiteral("enable"), QStringLiteral("--now"), timerOf(schedule.id)}}) {
        if (!done)
            break;
        const Result<QByteArray> ran = systemctl(step);
        done = ran ? Result<void>() : std::unexpected(ran.error());
    }
    if (!done) { // one that does not run is none
        platform::removeFile(base.native() + Timer);
        platform::removeFile(base.native() + Service);
    }
    return done;
}

static std::string contentOf(const Path &file)
{
    QFile content(QFile::decodeName(QByteArray::fromStdString(file.native())));
    return content.open(QIODevice::ReadOnly) ? content.readAll().toStdString() : std::string();
}

static std::vector<Scheduler::Installed> installedUnits(const Path &folder)
{
    std::vector<Scheduler::Installed> list;
    std::error_code error;
    for (const auto &entry : std::filesystem::directory_iterator(folder, error)) {
        const std::string name = entry.path().filename().native();
        if (!name.starts_with(Prefix) || !name.ends_with(Service))
            continue;
        const auto schedule = scheduleOfUnit(contentOf(entry.path()));
        if (!schedule || name != Prefix + schedule->id + Service)
            continue;
        const Path wanted = folder / "timers.target.wants" / (Prefix + schedule->id + Timer);
        list.push_back({.schedule = *schedule, .enabled = std::filesystem::is_symlink(wanted, error)});
    }
    return list;
}

static Result<void> removeUnits(const std::string &id)
{
    const Result<Path> folder = unitFolder();
    if (!folder)
        return std::unexpected(folder.error());
    const Result<QByteArray> stopped = systemctl({QStringLiteral("disable"), QStringLiteral("--now"), timerOf(id)});
    if (!stopped)
        return std::unexpected(stopped.error());
    platform::removeFile(*folder / (Prefix + id + Timer));
    platform::removeFile(*folder / (Prefix + id + Service));
    const Result<QByteArray> reloaded = systemctl({QStringLiteral("daemon-reload")});
    return reloaded ? Result<void>() : std::unexpected(reloaded.error());
}

// cron ---------------------------------------------------------------------------------------------------------------

/// The person's table. There being none is called an error by crontab, and by nothing but its words told from one that
/// can't be read, which must not be overwritten.
static Result<std::string> crontab()
{
    const Result<QByteArray> table = run(QStringLiteral("crontab"), {QStringLiteral("-l")});
    if (table)
        return table->toStdString();
    const bool isNone = table.error().arguments.back().find("no crontab for") != std::string::npos;
    return isNone ? Result<std::string>(std::string()) : std::unexpected(table.error());
}

static Result<void> setCrontab(const std::string &table)
{
    const Result<QByteArray> ran =
        run(QStringLiteral("crontab"), {QStringLiteral("-")}, QByteArray::fromStdString(table));
    return ran ? Result<void>() : std::unexpected(ran.error());
}

static Result<void> addToCrontab(const Schedule &schedule, const std::string &lines)
{
    const Result<std::string> before = crontab();
    if (!before)
        return std::unexpected(before.error());
    std::string table = withoutSchedule(*before, schedule.id);
    if (!table.empty() && !table.ends_with('\n'))
        table += '\n';
    return setCrontab(table + lines);
}

// Either -------------------------------------------------------------------------------------------------------------

Result<std::string> Scheduler::shown(const Schedule &schedule) const
{
    if (m_kind == Cron)
        return cronLinesFor(schedule, m_program);
    const Result<Units> units = unitsFor(schedule, m_program);
    if (!units)
        return std::unexpected(units.error());
    return Prefix + schedule.id + Service + ":\n" + units->service + '\n' + Prefix + schedule.id + Timer + ":\n" +
           units->timer;
}

Result<void> Scheduler::add(const Schedule &schedule) const
{
    if (m_kind == Cron) {
        const Result<std::string> lines = cronLinesFor(schedule, m_program);
        return lines ? addToCrontab(schedule, *lines) : std::unexpected(lines.error());
    }
    const Result<Units> units = unitsFor(schedule, m_program);
    return units ? addUnits(schedule, *units) : std::unexpected(units.error());
}

Result<std::vector<Scheduler::Installed>> Scheduler::all() const
{
    std::vector<Installed> list;
    if (m_kind == Cron) {
        const Result<std::string> table = crontab();
        if (!table)
            return std::unexpected(table.error());
        for (const Schedule &schedule : schedulesOf(*table))
            list.push_back({.schedule = schedule, .enabled = true});
    } else {
        const Result<Path> folder = unitFolder();
        if (!folder)
            return std::unexpected(folder.error());
        list = installedUnits(*folder);
    }
    std::ranges::sort(list, {}, [](const Installed &one) -> const std::string & { return one.schedule.id; });
    return list;
}

Result<void> Scheduler::remove(const std::string &id) const
{
    const auto list = all();
    if (!list)
        return std::unexpected(list.error());
    const bool known = std::ranges::any_of(*list, [&](const Installed &one) { return one.schedule.id == id; });
    if (!known)
        return fail(ErrorCode::NotFound, Path(id));
    if (m_kind == Systemd)
        return removeUnits(id);
    const Result<std::string> table = crontab();
    return table ? setCrontab(withoutSchedule(*table, id)) : std::unexpected(table.error());
}

bool Scheduler::notify(const QString &title, const QString &text)
{
    // Some desktops take the text for markup.
    return isThere("notify-send") && run(QStringLiteral("notify-send"),
                                         {QStringLiteral("--app-name=Litekeeper"), QStringLiteral("--icon=litekeeper"),
                                          QStringLiteral("--"), title, text.toHtmlEscaped()})
                                         .has_value();
}

}
