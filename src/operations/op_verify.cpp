// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/backups.h"
#include "operations/proof.h"

#include <QtGlobal>

namespace lk::operations {

static Result<BackupInfo> backupAt(const Target &target)
{
    const Result<platform::FileStatus> status = platform::status(target.path);
    if (!status)
        return std::unexpected(status.error());
    if (target.seen && target.seen->id != status->id)
        return fail(ErrorCode::Changed, target.path, "another file has this name now");
    return readSidecar(target.path);
}

static Report preflightVerify(const Target &target, const Arguments &, JobContext &)
{
    const Result<BackupInfo> backup = backupAt(target);
    return backup ? Report{} : skipped(backup.error());
}

static Report runVerify(const Target &target, const Arguments &, JobContext &context)
{
    const Result<BackupInfo> backup = backupAt(target);
    if (!backup)
        return skipped(backup.error());
    const Result<Verdict> verdict = prove(*backup, context);
    Report report;
    if (!verdict) {
        const bool damage =
            verdict.error().reason == Reason::BackupChanged || verdict.error().reason == Reason::BackupDamaged;
        if (!damage)
            return failed(verdict.error());
        report.error = verdict.error();
        report.damageFound = true;
    }
    report.fields = {
        {"verdict", verdict ? verdictName(verdict->kind) : verdictName(Verdict::Damaged)},
        {"source", backup->source.native()},
        {"made", backup->made},
        {"bytes", static_cast<std::int64_t>(backup->bytes)},
        {"format", formatName(backup->format)},
    };
    for (const std::string &missing : verdict ? verdict->missing : std::vector<std::string>())
        report.notes.push_back({Note::MissingExtension, {missing}});
    return report;
}

extern const Operation verifyOperation;
const Operation verifyOperation{
    .id = "verify",
    .title = QT_TRANSLATE_NOOP("Operation", "Verify"),
    .summary =
        QT_TRANSLATE_NOOP("Operation", "Reads a backup again, all of it: its hash, its packing and the integrity "
                                       "of the database in it."),
    .risk = Risk::Reads,
    .parameters = {},
    .preflight = preflightVerify,
    .run = runVerify,
    .subject = Subject::Backup,
};

}
