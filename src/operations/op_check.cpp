// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/copy.h"
#include "operations/preflight.h"
#include "operations/verdict.h"

#include "platform/scratchfile.h"

#include <QtGlobal>

namespace lk::operations {

static Report expectation(const Target &target, const Preflight &before, const Arguments &arguments)
{
    Report report;
    if (before.glance.hotJournal || (before.glance.wal && before.glance.wal->committedFrames > 0))
        report.notes.push_back({Note::RecoveredState, {}});
    if (flag(arguments, "live") && before.locked)
        report.notes.push_back({Note::OthersHaveItOpen, {who(inspect::holders(target.path))}});
    return report;
}

static Report preflightCheck(const Target &target, const Arguments &arguments, JobContext &)
{
    const Result<Preflight> before = preflight(target);
    return before ? expectation(target, *before, arguments) : skipped(before.error());
}

/// On a private copy, made as a backup is.
static Result<Verdict> checkSnapshot(const Target &target, const CheckOptions &options, JobContext &context)
{
    const Result<platform::ScratchFolder> folder = platform::ScratchFolder::create();
    if (!folder)
        return std::unexpected(folder.error());
    const Path copy = folder->path() / "snapshot.sqlite";
    PartOfProgress copying(context.progress, 0, 0.3);
    PartOfProgress checking(context.progress, 0.3, 1);
    JobContext copyContext{context.stop, copying, context.wait};
    if (const Result<CopyReport> copied = copyDatabase(target, copy, copyContext); !copied)
        return std::unexpected(copied.error());
    const Result<sqlite::Glance> glance = sqlite::glance(copy);
    if (!glance)
        return std::unexpected(glance.error());
    JobContext checkContext{context.stop, checking, context.wait};
    return checkDatabase(copy, *glance, options, checkContext);
}

/// Through the looking glass; if others write meanwhile, what was read may be of two moments: then on a snapshot.
static Result<Verdict> check(const Target &target, const Preflight &before, const Arguments &arguments, Report &report,
                             JobContext &context)
{
    CheckOptions options{
        .quick = flag(arguments, "quick"), .foreignKeys = flag(arguments, "foreign-keys"), .join = false};
    if (!flag(arguments, "snapshot")) {
        options.join = flag(arguments, "live") && before.locked;
        const Result<Verdict> verdict = checkDatabase(target.path, before.glance, options, context);
        const Result<sqlite::Glance> after = sqlite::glance(target.path);
        if (options.join || (after && sqlite::sameMoment(before.glance, *after)) ||
            (!verdict && verdict.error().code == ErrorCode::Cancelled))
            return verdict;
        if (!after)
            return std::unexpected(after.error());
        options.join = false;
    }
    report.notes.push_back({Note::CheckedSnapshot, {}});
    return checkSnapshot(target, options, context);
}

static Report runCheck(const Target &target, const Arguments &arguments, JobContext &context)
{
    const auto start = std::chrono::steady_clock::now();
    const Result<Preflight> before = preflight(target);
    if (!before)
        return skipped(before.error());
    Report report = expectation(target, *before, arguments);
    const Result<Verdict> verdict = check(target, *before, arguments, report, context);
    if (!verdict)
        return failed(verdict.error());

    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    report.fields = {
        {"verdict", verdictName(verdict->kind)},
        {"messages", verdict->messages},
        {"groups", grouped(verdict->messages)},
        {"depth", flag(arguments, "quick") ? "quick" : "full"},
        {"seconds", seconds.count()},
    };
    report.damageFound = verdict->kind == Verdict::Damaged;
    if (verdict->limited)
        report.notes.push_back({Note::MessagesLimited, {std::to_string(verdict->messages.size())}});
    for (const std::string &missing : verdict->missing)
        report.notes.push_back({Note::MissingExtension, {missing}});
    if (verdict->why)
        report.error = verdict->why;
    return report;
}

extern const Operation checkOperation;
const Operation checkOperation{
    .id = "check",
    .title = QT_TRANSLATE_NOOP("Operation", "Check"),
    .summary =
        QT_TRANSLATE_NOOP("Operation", "Checks the integrity of the file. Leaves no trace and locks nobody out."),
    .risk = Risk::Reads,
    .parameters =
        {
            {.id = "quick",
             .kind = Parameter::Kind::Flag,
             .title = QT_TRANSLATE_NOOP("Operation", "Quick check"),
             .help = QT_TRANSLATE_NOOP("Operation",
                                       "the structure and the rows, but not whether indexes match their tables")},
            {.id = "foreign-keys",
             .kind = Parameter::Kind::Flag,
             .title = QT_TRANSLATE_NOOP("Operation", "Check foreign keys too"),
             .help = QT_TRANSLATE_NOOP("Operation", "also report rows that refer to missing rows")},
            {.id = "live",
             .kind = Parameter::Kind::Flag,
             .title = QT_TRANSLATE_NOOP("Operation", "Check beside the program that has it open"),
             .help = QT_TRANSLATE_NOOP("Operation",
                                       "with SQLite's own locks: in rollback mode writers wait until it is done"),
             .excludesOthers = true},
            {.id = "snapshot",
             .kind = Parameter::Kind::Flag,
             .title = QT_TRANSLATE_NOOP("Operation", "Check a private copy"),
             .help = QT_TRANSLATE_NOOP("Operation", "copy the database first, and check the copy"),
             .excludesOthers = true},
        },
    .preflight = preflightCheck,
    .run = runCheck,
};

}
