// SPDX-License-Identifier: GPL-3.0-or-later
#include "words/describe.h"

#include "base/text.h"
#include "words/fill.h"

#include <QCoreApplication>

#include <string_view>

namespace lk::words {

static const char *sentence(Phase phase)
{
    switch (phase) {
    case Phase::Preparing:
        return QT_TRANSLATE_NOOP("Phase", "Preparing");
    case Phase::Waiting:
        return QT_TRANSLATE_NOOP("Phase", "Waiting for another program");
    case Phase::Reading:
        return QT_TRANSLATE_NOOP("Phase", "Reading");
    case Phase::Checking:
        return QT_TRANSLATE_NOOP("Phase", "Checking");
    case Phase::Copying:
        return QT_TRANSLATE_NOOP("Phase", "Copying");
    case Phase::Verifying:
        return QT_TRANSLATE_NOOP("Phase", "Verifying");
    case Phase::Finishing:
        return QT_TRANSLATE_NOOP("Phase", "Finishing");
    }
    return "";
}

QString describe(Phase phase)
{
    return QCoreApplication::translate("Phase", sentence(phase));
}

QString journalMode(const inspect::DatabaseFacts &facts)
{
    const sqlite::Header *header = facts.header();
    if (!header)
        return QStringLiteral("–");
    return header->isWal() ? QStringLiteral("WAL") : QCoreApplication::translate("Journal", "rollback");
}

static const char *sentence(sqlite::State state)
{
    switch (state) {
    case sqlite::State::Database:
        return QT_TRANSLATE_NOOP("State", "database");
    case sqlite::State::Damaged:
        return QT_TRANSLATE_NOOP("State", "damaged");
    case sqlite::State::Empty:
        return QT_TRANSLATE_NOOP("State", "empty");
    case sqlite::State::MaybeEncrypted:
        return QT_TRANSLATE_NOOP("State", "encrypted?");
    case sqlite::State::Sqlite2:
        return QT_TRANSLATE_NOOP("State", "SQLite 2");
    case sqlite::State::Other:
        return QT_TRANSLATE_NOOP("State", "not a database");
    }
    return "";
}

QString state(sqlite::State state)
{
    return QCoreApplication::translate("State", sentence(state));
}

QString application(const inspect::ApplicationMatch &match)
{
    const QString title = shown(match.application->title());
    if (match.confidence == inspect::Confidence::BelongsTo)
        return title;
    return fill("Application", QT_TRANSLATE_NOOP("Application", "looks like %1"), {title});
}

QString list(const std::vector<inspect::Holder> &holders)
{
    QStringList names;
    for (const inspect::Holder &holder : holders)
        names += fill("Holder", "%1 (%2)", {shown(holder.name), QString::number(holder.pid)});
    return names.join(QStringLiteral(", "));
}

/// The field \a id of \a report as a text; empty if it is none.
static QString field(const operations::Report &report, std::string_view id, As as = As::Text)
{
    const operations::FieldValue *value = report.field(id);
    if (!value)
        return {};
    if (const auto *text = std::get_if<std::string>(value))
        return shown(*text, as);
    if (const auto *number = std::get_if<std::int64_t>(value))
        return shown(std::to_string(*number), as);
    return {};
}

/// What was done, for the operations that have more to say than their title; null for the others.
static const char *doneSentence(std::string_view operation, const operations::Report &report)
{
    if (operation == "journal" && field(report, "after") == QStringLiteral("wal"))
        return QT_TRANSLATE_NOOP("Outcome", "Switched {file} to WAL.");
    if (operation == "journal")
        return QT_TRANSLATE_NOOP("Outcome", "Switched {file} to a rollback journal.");
    if (operation == "check" && report.damageFound)
        return QT_TRANSLATE_NOOP("Outcome", "Damage found in {file}. Stop writing to it, and back it up as it is.");
    if (operation == "check" && field(report, "verdict") == QStringLiteral("unchecked"))
        return QT_TRANSLATE_NOOP("Outcome", "{file} could be checked only in part; no damage was found.");
    if (operation == "check")
        return QT_TRANSLATE_NOOP("Outcome", "{file} is sound.");
    if (operation == "backup" && field(report, "format") == QStringLiteral("raw"))
        return QT_TRANSLATE_NOOP("Outcome", "Kept the files of {file} (%1) as they are, unchecked.");
    if (operation == "backup")
        return QT_TRANSLATE_NOOP("Outcome", "Backed up {file} (%1) and checked the copy.");
    if (operation == "verify" && report.damageFound)
        return QT_TRANSLATE_NOOP("Outcome", "{file} is no good any more. Use another backup.");
    if (operation == "verify" && field(report, "format") == QStringLiteral("raw"))
        return QT_TRANSLATE_NOOP("Outcome", "{file} is as it was made. What is in it was never checked.");
    if (operation == "verify")
        return QT_TRANSLATE_NOOP("Outcome", "{file} is as it was made, and sound.");
    if (operation == "restore" && report.field("kept_as"))
        return QT_TRANSLATE_NOOP("Outcome", "Restored from {file}. What was there was put aside.");
    if (operation == "restore")
        return QT_TRANSLATE_NOOP("Outcome", "Restored from {file}.");
    if (operation == "unrestore")
        return QT_TRANSLATE_NOOP("Outcome", "{file} is again what it was before it was restored.");
    if (operation == "compact")
        return QT_TRANSLATE_NOOP("Outcome", "Compacted {file}: %2 became %3.");
    if (operation == "checkpoint")
        return QT_TRANSLATE_NOOP("Outcome", "Moved %4 of %5 frames of the -wal into {file}; the -wal is %6 now.");
    if (operation == "incremental-vacuum")
        return QT_TRANSLATE_NOOP("Outcome", "Gave back %7 of {file}: it is %3 now.");
    if (operation == "optimize")
        return QT_TRANSLATE_NOOP("Outcome", "Refreshed the statistics of {file}.");
    if (operation == "recover")
        return QT_TRANSLATE_NOOP("Outcome", "Saved what could be read of {file} into %9.");
    if (operation == "reindex" && report.damageFound)
        return QT_TRANSLATE_NOOP("Outcome", "Rebuilt the indexes of {file}, and its check still finds damage.");
    if (operation == "reindex")
        return QT_TRANSLATE_NOOP("Outcome", "Rebuilt %8 indexes of {file}, and it is sound.");
    return nullptr;
}

/// Of what was brought back from a replica; null for other operations.
static const char *replicaSentence(std::string_view operation, const operations::Report &report)
{
    if (operation == "litestream-restore" && report.field("kept_as"))
        return QT_TRANSLATE_NOOP("Outcome", "Restored {file} as the replica %1 had it at %2. What was there was put "
                                            "aside.");
    if (operation == "litestream-restore")
        return QT_TRANSLATE_NOOP("Outcome", "Restored {file} as the replica %1 had it at %2.");
    if (operation == "litestream-test" && field(report, "verdict") == QStringLiteral("unchecked"))
        return QT_TRANSLATE_NOOP("Outcome", "{file} came back from the replica %1 as it was at %2 (%3); it could be "
                                            "checked only in part.");
    if (operation == "litestream-test")
        return QT_TRANSLATE_NOOP("Outcome", "{file} can be restored from the replica %1: it came back as it was at %2 "
                                            "(%3), and is sound.");
    return nullptr;
}

QString outcome(const operations::Operation &operation, const Path &path, const operations::Report &report)
{
    if (report.error)
        return describe(*report.error);
    const QString file = displayName(path);
    const QString title = QCoreApplication::translate("Operation", operation.title);
    switch (report.status) {
    case operations::Status::Unchanged:
        return fill("Outcome", QT_TRANSLATE_NOOP("Outcome", "{file} was so already: nothing to do."), {}, file);
    case operations::Status::Skipped:
        return fill("Outcome", QT_TRANSLATE_NOOP("Outcome", "%1: {file} was left alone."), {title}, file);
    case operations::Status::Failed:
        return fill("Outcome", QT_TRANSLATE_NOOP("Outcome", "%1: {file} failed."), {title}, file);
    case operations::Status::Done:
        break;
    }
    if (const char *text = replicaSentence(operation.id, report))
        return fill("Outcome", text,
                    {field(report, "replica"), field(report, "moment"), field(report, "bytes", As::Bytes)}, file);
    if (const char *text = doneSentence(operation.id, report))
        return fill("Outcome", text,
                    {field(report, "bytes", As::Bytes), field(report, "bytes_before", As::Bytes),
                     field(report, "bytes_after", As::Bytes), field(report, "moved"), field(report, "frames"),
                     field(report, "wal_size", As::Bytes), field(report, "freed", As::Bytes), field(report, "indexes"),
                     field(report, "recovered")},
                    file);
    return fill("Outcome", QT_TRANSLATE_NOOP("Outcome", "%1: {file} is done."), {title}, file);
}

QString display(const Path &path)
{
    return QString::fromStdString(path::display(path));
}

QString displayName(const Path &path)
{
    return QString::fromStdString(path::display(path::name(path::bytes(path))));
}

}
