// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/compact.h"
#include "operations/transaction.h"

#include <QtGlobal>

#include <algorithm>

namespace lk::operations {

using sqlite::Connection;

/// Pages of the database, in use or free.
struct Pages
{
    std::int64_t count = 0;
    std::int64_t free = 0;
    std::int64_t size = 0; ///< in bytes
};

static std::vector<Field> fieldsOf(const Pages &before, const Pages &after)
{
    return {{"bytes_before", before.count * before.size},
            {"bytes_after", after.count * after.size},
            {"freed", (before.count - after.count) * before.size},
            {"pages", before.count - after.count}};
}

static Result<Pages> pagesOf(Connection &connection)
{
    const Result<std::int64_t> count = connection.number("PRAGMA page_count");
    const Result<std::int64_t> free = count ? connection.number("PRAGMA freelist_count") : count;
    const Result<std::int64_t> size = free ? connection.number("PRAGMA page_size") : free;
    return size ? Result<Pages>(Pages{*count, *free, *size}) : std::unexpected(size.error());
}

static Report preflightIncremental(const Target &target, const Arguments &arguments, JobContext &context)
{
    Report report;
    const Result<Preflight> before = preflight(target);
    if (!before)
        return skipped(before.error());
    const sqlite::Header *header = before->glance.current ? &*before->glance.current : nullptr;
    if (header && (header->largestRootPage == 0 || header->incrementalVacuum == 0))
        return skipped({.code = ErrorCode::Unsupported,
                        .reason = Reason::NotIncremental,
                        .path = target.path,
                        .arguments = {},
                        .detail = {}});
    // Each page that goes may move another one, and both are journaled.
    const Pages now{before->glance.pageCount, header ? header->freelistPages : 0, header ? header->pageSize : 0};
    const std::int64_t limit =
        static_cast<std::int64_t>(std::min<std::uint64_t>(number(arguments, "pages").value_or(UINT32_MAX), UINT32_MAX));
    const std::int64_t going = std::min(now.free, limit > 0 ? limit : UINT32_MAX);
    const Result<Preflight> may =
        mayWrite(target, static_cast<std::uint64_t>(2 * going * now.size), report.notes, context);
    if (!may)
        return skipped(may.error());
    report.fields = fieldsOf(now, {now.count - going, now.free - going, now.size});
    if (now.free == 0)
        report.status = Status::Unchanged;
    return report;
}

static Report giveBack(const Target &target, const Arguments &arguments, sqlite::Mode mode, JobContext &context)
{
    Report report = askPatiently(preflightIncremental, target, arguments, context);
    if (report.status != Status::Done)
        return report;
    const Result<sqlite::Glance> glance = sqlite::glance(target.path);
    const Result<void> sound = glance ? soundToRewrite(target.path, *glance, context) : std::unexpected(glance.error());
    if (!sound)
        return refusedOrFailed(sound.error());
    Pages before;
    Pages after;
    const std::string limit = std::to_string(number(arguments, "pages").value_or(0)); // 0: all of them
    const Result<void> done = inTransaction(target, mode, context, [&](Connection &connection) -> Result<void> {
        const Result<Pages> old = pagesOf(connection);
        Result<void> run =
            old ? connection.execute("PRAGMA incremental_vacuum(" + limit + ')') : std::unexpected(old.error());
        const Result<Pages> now = run ? pagesOf(connection) : std::unexpected(run.error());
        if (!now)
            return std::unexpected(now.error());
        before = *old;
        after = *now;
        return {};
    });
    if (!done)
        return failed(done.error());
    report.fields = fieldsOf(before, after);
    return report;
}

static Report rehearseIncremental(const Target &target, const Arguments &arguments, JobContext &context)
{
    return giveBack(target, arguments, sqlite::Mode::Look, context);
}

static Report runIncremental(const Target &target, const Arguments &arguments, JobContext &context)
{
    Report report = giveBack(target, arguments, sqlite::Mode::Act, context);
    if (report.status != Status::Done)
        return report;
    const Result<sqlite::Glance> after = sqlite::glance(target.path);
    if (!after)
        return failed(after.error());
    for (Field &field : report.fields) {
        if (field.id == "bytes_after") // not what was written, but what the file says now
            field.value = static_cast<std::int64_t>(bytesOf(*after));
    }
    return report;
}

extern const Operation incrementalVacuumOperation;
const Operation incrementalVacuumOperation{
    .id = "incremental-vacuum",
    .title = QT_TRANSLATE_NOOP("Operation", "Give back free pages"),
    .summary =
        QT_TRANSLATE_NOOP("Operation", "Shortens a file whose auto-vacuum is incremental by its free pages, without "
                                       "rewriting the rest."),
    .risk = Risk::ChangesFile,
    .parameters = {{.id = "pages",
                    .kind = Parameter::Kind::Number,
                    .title = QT_TRANSLATE_NOOP("Operation", "At most so many pages"),
                    .help = QT_TRANSLATE_NOOP("Operation", "how many pages to give back; default: all that are free")}},
    .preflight = preflightIncremental,
    .rehearse = rehearseIncremental,
    .run = runIncremental,
};

}
