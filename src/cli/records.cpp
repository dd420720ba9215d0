// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/records.h"

#include "base/text.h"
#include "fleet/hosts.h"
#include "operations/preflight.h"
#include "words/describe.h"

#include <QByteArray>

#include <cstring>

namespace lk::cli {

static Record textOrNull(const char *text)
{
    return text ? Record(text) : Record(nullptr);
}

static Record textOrNull(const std::string &text)
{
    return text.empty() ? Record(nullptr) : Record(path::toUtf8(text));
}

static std::string base64(std::string_view bytes)
{
    return QByteArray::fromRawData(bytes.data(), static_cast<qsizetype>(bytes.size())).toBase64().toStdString();
}

Record pathRecord(const Path &path)
{
    const std::string_view bytes = path::bytes(path);
    Record record = Record::object();
    record["path"] = path::toUtf8(bytes);
    if (!path::isUtf8(bytes))
        record["path_base64"] = base64(bytes);
    return record;
}

Record errorRecord(const Error &error)
{
    return {{"code", errorCodeName(error.code)},
            {"message", words::describe(error).toStdString()},
            {"detail", textOrNull(error.detail)}};
}

std::optional<Error> stateError(const inspect::DatabaseFacts &facts)
{
    const auto error = [&](ErrorCode code, Reason reason) {
        return Error{.code = code, .reason = reason, .path = facts.path, .arguments = {}, .detail = {}};
    };
    switch (facts.seen.state) {
    case sqlite::State::Database:
    case sqlite::State::Empty:
        return {};
    case sqlite::State::Damaged:
        return error(ErrorCode::Damaged, Reason::None);
    case sqlite::State::MaybeEncrypted:
        return error(ErrorCode::Encrypted, Reason::LooksEncrypted);
    case sqlite::State::Sqlite2:
        return error(ErrorCode::Unsupported, Reason::Sqlite2File);
    case sqlite::State::Other:
        break;
    }
    return error(ErrorCode::NotADatabase, Reason::None);
}

static Record problems(const inspect::DatabaseFacts &facts)
{
    Record list = Record::array();
    for (const sqlite::ProblemNote &problem : facts.seen.problems)
        list.push_back(words::describe(problem).toStdString());
    return list;
}

/// SQLite shows both as signed numbers (PRAGMA user_version, application_id), so that -1 is -1 here too.
static std::int32_t asSigned(std::uint32_t number)
{
    return static_cast<std::int32_t>(number);
}

static void addHeader(Record &record, const inspect::DatabaseFacts &facts)
{
    const sqlite::Header *header = facts.header();
    const auto add = [&](const char *name, auto value) {
        record[name] = header ? Record(value(*header)) : Record(nullptr);
    };
    using H = const sqlite::Header &;
    add("journal_mode", [](H h) { return textOrNull(inspect::journalModeName(h)); });
    add("page_size", [](H h) { return h.pageSize; });
    add("page_count", [&](H) { return facts.seen.pageCount; });
    add("freelist_pages", [](H h) { return h.freelistPages; });
    add("reserved_bytes", [](H h) { return h.reservedBytes; });
    add("auto_vacuum", [](H h) { return textOrNull(inspect::autoVacuumName(h)); });
    add("encoding", [](H h) { return textOrNull(inspect::encodingName(h)); });
    add("user_version", [](H h) { return asSigned(h.userVersion); });
    add("application_id", [](H h) { return asSigned(h.applicationId); });
    add("schema_format", [](H h) { return h.schemaFormat; });
    add("schema_cookie", [](H h) { return h.schemaCookie; });
    add("change_counter", [](H h) { return h.changeCounter; });
    add("writer_version",
        [](H h) { return h.writerVersion == 0 ? Record(nullptr) : Record(text::sqliteVersion(h.writerVersion)); });
}

Record scanRecord(const inspect::DatabaseFacts &facts)
{
    const sqlite::Glance &seen = facts.seen;
    Record record = pathRecord(facts.path);
    record["size"] = seen.file.size;
    record["modified"] = text::isoTime(seen.file.modifiedNs);
    record["state"] = textOrNull(inspect::stateName(seen.state));
    addHeader(record, facts);
    record["wal_size"] = seen.siblings.wal;
    record["journal_size"] = seen.siblings.journal;
    record["hot_journal"] = seen.hotJournal;
    record["filesystem"] = textOrNull(facts.filesystem);
    record["links"] = seen.file.links;
    record["application"] = facts.application ? Record(facts.application->application->title()) : Record(nullptr);
    record["litestream"] = operations::hasLitestreamPosition(facts.path);
    record["problems"] = problems(facts);
    return record;
}

static Record walRecord(const inspect::DatabaseFacts &facts)
{
    if (!facts.seen.wal)
        return nullptr;
    const sqlite::WalSummary &wal = *facts.seen.wal;
    return {{"frames", wal.frames},
            {"committed_frames", wal.committedFrames},
            {"pages", wal.pages},
            {"salt", Record::array({wal.salt1, wal.salt2})}};
}

/// The header of the main file alone, as its bytes are: what a -wal says is not in here.
static Record storedRecord(const inspect::DatabaseFacts &facts)
{
    if (!facts.seen.stored)
        return nullptr;
    const sqlite::Header &header = *facts.seen.stored;
    return {{"page_size", header.pageSize},
            {"header_pages", header.pageCount},
            {"header_pages_valid", header.pageCountIsCurrent()},
            {"write_version", header.writeVersion},
            {"read_version", header.readVersion},
            {"reserved_bytes", header.reservedBytes},
            {"change_counter", header.changeCounter},
            {"freelist_trunk", header.freelistTrunk},
            {"freelist_pages", header.freelistPages},
            {"schema_cookie", header.schemaCookie},
            {"schema_format", header.schemaFormat},
            {"default_cache_size", header.defaultCacheSize},
            {"auto_vacuum", textOrNull(inspect::autoVacuumName(header))},
            {"encoding", header.textEncoding},
            {"user_version", asSigned(header.userVersion)},
            {"application_id", asSigned(header.applicationId)},
            {"version_valid_for", header.versionValidFor},
            {"writer_version_number", header.writerVersion},
            {"size_mod_page", header.pageSize == 0 ? Record(nullptr) : Record(facts.seen.file.size % header.pageSize)}};
}

static Record holdersRecord(const inspect::DatabaseFacts &facts)
{
    Record list = Record::array();
    for (const inspect::Holder &holder : facts.holders)
        list.push_back({{"pid", holder.pid},
                        {"name", path::toUtf8(holder.name)},
                        {"user", path::toUtf8(holder.user)},
                        {"locks", holder.locks}});
    return list;
}

/// What is beside the file, and what it is there for.
static void addSiblings(Record &record, const inspect::DatabaseFacts &facts)
{
    const inspect::SiblingsFacts &siblings = facts.siblings;
    const bool known = facts.looked && facts.seen.stored;
    const auto number = [](const auto &value) { return value ? Record(*value) : Record(nullptr); };
    record["siblings"] = known ? Record{{"wal", inspect::siblingStateName(siblings.wal)},
                                        {"shm", inspect::siblingStateName(siblings.shm)},
                                        {"journal", inspect::siblingStateName(siblings.journal)}}
                               : Record(nullptr);
    record["not_checkpointed"] = number(siblings.notCheckpointed);
    record["oldest_reader"] = number(siblings.oldestReader);
    record["undo"] = siblings.undo ? Record{{"pages_restored", siblings.undo->records},
                                            {"pages_before", siblings.undo->pagesBefore},
                                            {"pages_after", siblings.undo->pagesAfter},
                                            {"complete", siblings.undo->complete}}
                                   : Record(nullptr);
}

static const char *confidenceName(inspect::Confidence confidence)
{
    return confidence == inspect::Confidence::BelongsTo ? "belongs to" : "looks like";
}

static Record projectRecord(const inspect::DatabaseFacts &facts)
{
    if (!facts.project)
        return nullptr;
    const inspect::Project &project = *facts.project;
    return {{"framework", textOrNull(project.framework)},
            {"name", textOrNull(project.name)},
            {"version", textOrNull(project.version)},
            {"root", textOrNull(project.root.native())},
            {"settings", textOrNull(project.settings.native())},
            {"line", project.line > 0 ? Record(project.line) : Record(nullptr)},
            {"names_this_file", project.namesThisFile}};
}

static Record schemaRecord(const inspect::Schema &schema)
{
    Record list = Record::array();
    for (const inspect::SchemaObject &object : schema.objects) {
        if (!object.sql.empty()) // SQLite made the others for itself
            list.push_back(path::toUtf8(object.sql));
    }
    return list;
}

static Record spaceRecord(const inspect::Space &space)
{
    Record list = Record::array();
    for (const inspect::SpaceItem &item : space.items)
        list.push_back({{"name", path::toUtf8(item.name)},
                        {"type", item.index ? "index" : "table"},
                        {"table", path::toUtf8(item.table)},
                        {"pages", item.pages},
                        {"bytes", item.bytes},
                        {"payload", item.payload},
                        {"unused", item.unused},
                        {"rows", item.rows ? Record(*item.rows) : Record(nullptr)}});
    return list;
}

void addWanted(Record &record, const inspect::DatabaseFacts &facts, const InfoWanted &wanted)
{
    if (wanted.schema) {
        record["schema"] = facts.structure ? schemaRecord(*facts.structure) : Record(nullptr);
        record["schema_cut_short"] = facts.structure ? Record(facts.structure->cutShort) : Record(nullptr);
    }
    if (wanted.space) {
        record["space"] = facts.space ? spaceRecord(*facts.space) : Record(nullptr);
        record["space_partial"] = facts.space ? Record(facts.space->partial) : Record(nullptr);
        record["space_error"] = facts.space && facts.space->why ? errorRecord(*facts.space->why) : Record(nullptr);
    }
}

Record infoRecord(const inspect::DatabaseFacts &facts)
{
    Record record = scanRecord(facts);
    const auto count = [&](std::int64_t inspect::SchemaCounts::*member) {
        return facts.schema ? Record((*facts.schema).*member) : Record(nullptr);
    };
    record["litestream"] = operations::managedByLitestream(facts.path);
    record["tables"] = count(&inspect::SchemaCounts::tables);
    record["indexes"] = count(&inspect::SchemaCounts::indexes);
    record["views"] = count(&inspect::SchemaCounts::views);
    record["triggers"] = count(&inspect::SchemaCounts::triggers);
    record["wal"] = walRecord(facts);
    addSiblings(record, facts);
    record["application_match"] =
        facts.application ? Record(confidenceName(facts.application->confidence)) : Record(nullptr);
    record["project"] = projectRecord(facts);
    record["stored"] = storedRecord(facts);
    record["holders"] = holdersRecord(facts);
    record["holders_hidden"] = facts.holdersHidden;
    record["error"] = facts.lookError ? errorRecord(*facts.lookError) : Record(nullptr);
    return record;
}

Record notEnteredRecord(const scan::NotEntered &entry)
{
    const std::optional<fleet::Place> elsewhere = fleet::placeOf(entry.path);
    Record record = pathRecord(elsewhere ? Path(elsewhere->path) : entry.path);
    record["type"] = entry.isFile ? "file" : "folder";
    record["why"] = scan::whyNotName(entry.why);
    if (!entry.filesystem.empty())
        record["filesystem"] = path::toUtf8(entry.filesystem);
    if (entry.systemError != 0)
        record["detail"] = std::strerror(entry.systemError);
    return elsewhere ? withHost(elsewhere->host, record) : record;
}

Record summaryRecord(const scan::Summary &summary)
{
    Record record = {{"files", summary.counts.files},
                     {"folders", summary.counts.folders},
                     {"passed_over_by_size", summary.counts.passedOverBySize},
                     {"seconds", std::chrono::duration<double>(summary.duration).count()},
                     {"stopped", summary.stopped},
                     {"not_entered", Record::array()}};
    for (const scan::NotEntered &entry : summary.notEntered)
        record["not_entered"].push_back(notEnteredRecord(entry));
    return record;
}

Record withHost(const std::string &host, const Record &record)
{
    Record all = {{"host", host}};
    all.update(record);
    return all;
}

const char *statusName(operations::Status status)
{
    switch (status) {
    case operations::Status::Done:
        return "done";
    case operations::Status::Unchanged:
        return "unchanged";
    case operations::Status::Skipped:
        return "skipped";
    case operations::Status::Failed:
        break;
    }
    return "failed";
}

Record fieldRecord(const operations::FieldValue &value)
{
    struct Convert
    {
        Record operator()(std::monostate) const { return nullptr; }
        Record operator()(bool b) const { return b; }
        Record operator()(std::int64_t number) const { return number; }
        Record operator()(double number) const { return number; }
        Record operator()(const std::string &text) const { return path::toUtf8(text); }
        Record operator()(const std::vector<std::string> &list) const
        {
            Record texts = Record::array();
            for (const std::string &text : list)
                texts.push_back(path::toUtf8(text));
            return texts;
        }
        Record operator()(const operations::Counts &counts) const
        {
            Record numbers = Record::object();
            for (const auto &[name, number] : counts)
                numbers[path::toUtf8(name)] = number;
            return numbers;
        }
    };
    return std::visit(Convert(), value);
}

bool isWhole(const operations::Report &report)
{
    const bool good = report.status == operations::Status::Done || report.status == operations::Status::Unchanged;
    return good && !report.damageFound;
}

Record reportRecord(const Path &path, const operations::Report &report, bool dryRun)
{
    Record record = pathRecord(path);
    record["status"] = statusName(report.status);
    record["error"] = report.error ? errorRecord(*report.error) : Record(nullptr);
    if (dryRun)
        record["dry_run"] = true;
    for (const operations::Field &field : report.fields) {
        record[field.id] = fieldRecord(field.value);
        // A text of ours is UTF-8; one that isn't is a path's bytes.
        const auto *text = std::get_if<std::string>(&field.value);
        if (text && !path::isUtf8(*text))
            record[field.id + "_base64"] = base64(*text);
    }
    Record notes = Record::array();
    for (const operations::NoteText &note : report.notes)
        notes.push_back(words::describe(note).toStdString());
    record["notes"] = notes;
    return record;
}

std::vector<std::string> scanFields()
{
    return {"path",         "path_base64",    "size",           "modified",       "state",          "journal_mode",
            "page_size",    "page_count",     "freelist_pages", "reserved_bytes", "auto_vacuum",    "encoding",
            "user_version", "application_id", "schema_format",  "schema_cookie",  "change_counter", "writer_version",
            "wal_size",     "journal_size",   "hot_journal",    "filesystem",     "links",          "application",
            "litestream",   "problems"};
}

std::vector<std::string> infoFields(const InfoWanted &wanted)
{
    std::vector<std::string> fields = scanFields();
    fields.insert(fields.end(), {"tables",
                                 "indexes",
                                 "views",
                                 "triggers",
                                 "wal.frames",
                                 "wal.committed_frames",
                                 "wal.pages",
                                 "siblings.wal",
                                 "siblings.shm",
                                 "siblings.journal",
                                 "not_checkpointed",
                                 "oldest_reader",
                                 "application_match",
                                 "project.name",
                                 "project.version",
                                 "project.settings",
                                 "project.line",
                                 "holders",
                                 "holders_hidden",
                                 "error.code",
                                 "error.message"});
    if (wanted.schema)
        fields.emplace_back("schema");
    if (wanted.space)
        fields.insert(fields.end(), {"space", "space_partial"});
    return fields;
}

}
