// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/compact.h"
#include "operations/transaction.h"
#include "operations/verdict.h"

#include <QtGlobal>

namespace lk::operations {

using sqlite::Connection;

static Report preflightReindex(const Target &target, const Arguments &, JobContext &context)
{
    Report report;
    const Result<sqlite::Glance> glance = sqlite::glance(target.path);
    // The old index pages are journaled, the new ones may be more.
    const Result<Preflight> before = mayWrite(target, glance ? bytesOf(*glance) : 0, report.notes, context);
    return before ? report : skipped(before.error());
}

static Result<std::int64_t> makeAnew(const Target &target, sqlite::Mode mode, JobContext &context)
{
    std::int64_t indexes = 0;
    const Result<void> done = inTransaction(target, mode, context, [&](Connection &connection) -> Result<void> {
        const Result<std::int64_t> count =
            connection.number("SELECT count(*) FROM sqlite_schema WHERE type = 'index' AND rootpage > 0");
        indexes = count.value_or(0);
        return count ? connection.execute("REINDEX") : std::unexpected(count.error());
    });
    return done ? Result<std::int64_t>(indexes) : std::unexpected(done.error());
}

/// On the file itself or on an overlay. The check before looks at the structure alone: that an index doesn't fit to its
/// table is what this is for.
static Report reindex(const Target &target, const Arguments &arguments, sqlite::Mode mode, JobContext &context)
{
    Report report = askPatiently(preflightReindex, target, arguments, context);
    if (report.status != Status::Done)
        return report;
    PartOfProgress checking(context.progress, 0, 0.1);
    JobContext step{context.stop, checking, context.wait};
    const Result<sqlite::Glance> glance = sqlite::glance(target.path);
    const Result<void> sound = glance ? soundToRewrite(target.path, *glance, step) : std::unexpected(glance.error());
    if (!sound)
        return refusedOrFailed(sound.error());
    const Result<std::int64_t> indexes = makeAnew(target, mode, context);
    if (!indexes)
        return failed(indexes.error());
    report.fields = {{"indexes", *indexes}};
    return report;
}

static Report rehearseReindex(const Target &target, const Arguments &arguments, JobContext &context)
{
    return reindex(target, arguments, sqlite::Mode::Look, context);
}

static Report runReindex(const Target &target, const Arguments &arguments, JobContext &context)
{
    Report report = reindex(target, arguments, sqlite::Mode::Act, context);
    if (report.status != Status::Done)
        return report;
    // It is done: only whether all indexes fit now is asked, and nothing stops that.
    PartOfProgress verifying(context.progress, 0.5, 1);
    JobContext step{{}, verifying, context.wait};
    const Result<sqlite::Glance> after = sqlite::glance(target.path);
    const Result<Verdict> verdict =
        after ? checkDatabase(target.path, *after, {}, step) : std::unexpected(after.error());
    if (!verdict)
        return failed(verdict.error());
    report.fields.push_back({"verdict", verdictName(verdict->kind)});
    report.fields.push_back({"messages", verdict->messages});
    report.damageFound = verdict->kind == Verdict::Damaged;
    return report;
}

extern const Operation reindexOperation;
const Operation reindexOperation{
    .id = "reindex",
    .title = QT_TRANSLATE_NOOP("Operation", "Rebuild indexes"),
    .summary = QT_TRANSLATE_NOOP("Operation",
                                 "Makes every index anew from its table, then checks the file: for indexes that a "
                                 "check found wrong."),
    .risk = Risk::ChangesFile,
    .parameters = {},
    .preflight = preflightReindex,
    .rehearse = rehearseReindex,
    .run = runReindex,
};

}
