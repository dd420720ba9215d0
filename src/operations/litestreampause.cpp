// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/litestreampause.h"

#include "litestream/config.h"
#include "litestream/keepaway.h"
#include "operations/preflight.h"
#include "operations/turn.h"
#include "platform/processes.h"
#include "platform/program.h"

#include <QtGlobal>

#include <algorithm>
#include <filesystem>

namespace lk::operations {

using std::chrono_literals::operator""s;
using std::chrono_literals::operator""ms;

static constexpr std::string_view Name = "litestream";

static constexpr const char *Option = "pause-litestream";

Parameter pauseLitestream()
{
    return {
        .id = Option,
        .kind = Parameter::Kind::Flag,
        .title = QT_TRANSLATE_NOOP("Operation", "Stop Litestream meanwhile"),
        .help = QT_TRANSLATE_NOOP("Operation", "where Litestream replicates it: stop it, do this, reset its position, "
                                               "and start it again; it begins with a new copy"),
        .answers = Reason::ManagedByLitestream,
    };
}

static bool isWanted(const Arguments &arguments)
{
    return flag(arguments, Option);
}

Result<void> mayBreakTracking(const Path &database, const Arguments &arguments)
{
    if (!isWanted(arguments) && managedByLitestream(database))
        return fail(ErrorCode::Refused, Reason::ManagedByLitestream, database);
    return {};
}

static std::vector<inspect::Holder> litestreamsOf(const inspect::Holders &holders)
{
    std::vector<inspect::Holder> list;
    std::ranges::copy_if(holders.list, std::back_inserter(list),
                         [](const inspect::Holder &holder) { return holder.name == Name; });
    return list;
}

bool isInTheWay(const inspect::Holders &holders, bool locked, const Arguments &arguments)
{
    const std::size_t litestreams = isWanted(arguments) ? litestreamsOf(holders).size() : 0;
    if (holders.list.empty())
        return locked;
    return litestreams < holders.list.size();
}

static Result<void> systemctl(const char *verb, const std::string &unit, bool ofPerson)
{
    const Result<Path> program = platform::findProgram("systemctl");
    if (!program)
        return std::unexpected(program.error());
    std::vector<std::string> arguments{verb, "--", unit};
    if (ofPerson)
        arguments.insert(arguments.begin(), "--user");
    const Result<platform::Ran> ran =
        platform::run({.command = {.program = *program, .arguments = std::move(arguments)}}, 60s);
    if (!ran)
        return std::unexpected(ran.error());
    if (ran->status != 0)
        return fail(ErrorCode::NoPermission, Reason::ProgramFailed, {}, {"systemctl", ran->complained});
    return {};
}

Result<void> LitestreamPause::stopUnits(const inspect::Holders &holders)
{
    for (const inspect::Holder &holder : litestreamsOf(holders)) {
        const std::optional<platform::ServiceUnit> unit = platform::serviceOf(holder.pid);
        if (!unit || unit->name.find(Name) == std::string::npos)
            continue; // a unit of another name does more than this
        if (const Result<void> stopped = systemctl("stop", unit->name, unit->ofPerson); !stopped)
            return stopped;
        m_stopped.push_back({.name = unit->name, .ofPerson = unit->ofPerson});
    }
    return {};
}

/// Where Litestream keeps its position, if the usual configuration says another place than the usual one.
static Path metaFolderOf(const Path &database)
{
    if (const auto config = litestream::readConfig(litestream::usualConfigFile())) {
        if (const litestream::Database *configured = config->find(database))
            return configured->metaFolder();
    }
    return litestream::Database{.path = database}.metaFolder();
}

void LitestreamPause::setPositionAside(const Path &meta)
{
    std::error_code error;
    const Path aside = meta.native() + ".paused";
    if (std::filesystem::exists(meta, error))
        std::filesystem::remove_all(aside, error); // of a killed run: the position there is older
    std::filesystem::rename(meta, aside, error);
    if (error)
        return;
    m_meta = meta;
    m_aside = aside;
}

Result<LitestreamPause> LitestreamPause::begin(const Path &database, const Arguments &arguments, JobContext &context)
{
    LitestreamPause pause;
    if (!isWanted(arguments) || !managedByLitestream(database))
        return pause;
    pause.m_isOn = true;
    if (Result<platform::LockFile> sign = litestream::keepAway(database))
        pause.m_sign.emplace(std::move(*sign));
    inspect::Holders holders = inspect::holders(database);
    if (const Result<void> stopped = pause.stopUnits(holders); !stopped)
        return std::unexpected(stopped.error());
    pause.m_database = database;
    pause.m_wasRunning = pause.m_stopped.empty() && !litestreamsOf(holders).empty();
    const auto giveUpAt = std::chrono::steady_clock::now() + context.wait;
    while (!litestreamsOf(holders).empty()) {
        if (std::chrono::steady_clock::now() >= giveUpAt)
            return fail(ErrorCode::Busy, Reason::StillReplicating, database, {who(holders)});
        context.progress.report({.phase = Phase::Waiting});
        if (!operations::pause(context.stop, 100ms))
            return fail(ErrorCode::Cancelled, database);
        holders = inspect::holders(database);
    }
    pause.setPositionAside(metaFolderOf(database));
    return pause;
}

/// One below Litekeeper, and one that somebody's service manager starts again.
static bool comesBack(const Path &database)
{
    const auto giveUpAt = std::chrono::steady_clock::now() + 3s;
    while (litestreamsOf(inspect::holders(database)).empty()) {
        if (std::chrono::steady_clock::now() >= giveUpAt)
            return false;
        operations::pause({}, 50ms);
    }
    return true;
}

std::vector<NoteText> LitestreamPause::end(bool changed)
{
    if (!std::exchange(m_isOn, false))
        return {};
    std::error_code error;
    if (!m_aside.empty() && changed)
        std::filesystem::remove_all(m_aside, error);
    else if (!m_aside.empty())
        std::filesystem::rename(m_aside, m_meta, error);
    const bool ours = m_sign.has_value();
    m_sign.reset();
    std::vector<NoteText> notes;
    for (const Unit &unit : m_stopped) {
        const bool started = systemctl("start", unit.name, unit.ofPerson).has_value();
        notes.push_back({started ? Note::LitestreamStarted : Note::StartLitestream, {unit.name}});
    }
    if (m_stopped.empty()) {
        const bool isBack = m_wasRunning && ours && comesBack(m_database);
        notes.push_back({isBack ? Note::LitestreamStarted : Note::StartLitestream, {std::string(Name)}});
    }
    return notes;
}

LitestreamPause::~LitestreamPause()
{
    end(false);
}

}
