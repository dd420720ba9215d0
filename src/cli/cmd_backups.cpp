// SPDX-License-Identifier: GPL-3.0-or-later
// The backups that lie in a folder, by what is written beside each.
#include "base/text.h"
#include "cli/arguments.h"
#include "cli/records.h"
#include "operations/backups.h"
#include "operations/difference.h"
#include "words/describe.h"
#include "words/differences.h"

#include <algorithm>
#include <set>

namespace lk::cli {

namespace {

using operations::BackupInfo;

class BackupsCommand final : public Command
{
public:
    std::string name() const override { return "backups"; }
    std::string summary() const override { return "List backups, the newest first."; }
    std::string arguments() const override { return "[FILE…]"; }
    std::string argumentsHelp() const override
    {
        return twoColumns("FILE", "only backups of this database; it need not be there any more");
    }
    void declare(CLI::App &options) override;
    Outcome run(const std::vector<std::string> &words, Session &session) override;

private:
    FormatOption m_format;
    std::string m_folder;
    bool m_compare = false;
};

void BackupsCommand::declare(CLI::App &options)
{
    options
        .add_option("--in", m_folder,
                    "The folder to look in (default: where each FILE is, and where backups of it are remembered)")
        ->type_name("FOLDER");
    options.add_flag("--compare", m_compare, "Also say what has changed since each of them");
    m_format.declare(options);
}

/// The name under which a backup was made of it, also if only its folder is still there.
Result<Path> sourceNamed(const std::string &word)
{
    Result<Path> path = resolved(word);
    if (path || path.error().code != ErrorCode::NotFound)
        return path;
    const Path given(word);
    const Result<Path> folder = resolved(given.has_parent_path() ? given.parent_path().native() : ".");
    return folder ? Result<Path>(*folder / given.filename()) : path;
}

void addPath(Record &record, const char *name, const Path &path)
{
    const Record named = pathRecord(path);
    record[name] = named.at("path");
    if (named.contains("path_base64"))
        record[std::string(name) + "_base64"] = named.at("path_base64");
}

Record backupRecord(const BackupInfo &info)
{
    Record record = Record::object();
    addPath(record, "backup", info.backup);
    addPath(record, "source", info.source);
    record["made"] = info.made;
    // It was when it was made, and has the size that it had.
    record["verified"] = operations::isThere(info) && info.format != operations::BackupFormat::Raw;
    record["bytes"] = info.bytes;
    record["format"] = operations::formatName(info.format);
    record["stored_bytes"] = info.storedBytes;
    record["sha256"] = info.sha256;
    record["pages"] = info.pages;
    record["page_size"] = info.pageSize;
    return record;
}

std::vector<std::string> sentences(const QStringList &lines)
{
    std::vector<std::string> list;
    for (const QString &line : lines)
        list.push_back(line.toStdString());
    return list;
}

Record countRecord(const std::optional<std::int64_t> &count)
{
    return count ? Record(*count) : Record();
}

Record tableRecord(const operations::TableDifference &table)
{
    const auto rows = [&](std::int64_t operations::RowChanges::*member) {
        return table.rows ? Record((*table.rows).*member) : Record();
    };
    return {{"table", path::toUtf8(table.table)},
            {"then", countRecord(table.then)},
            {"now", countRecord(table.now)},
            {"added", rows(&operations::RowChanges::added)},
            {"removed", rows(&operations::RowChanges::removed)},
            {"changed", rows(&operations::RowChanges::changed)}};
}

Record objectRecord(const operations::ObjectDifference &object)
{
    static constexpr const char *Kinds[] = {"added", "removed", "changed"};
    return {{"type", inspect::objectTypeName(object.type)},
            {"name", path::toUtf8(object.name)},
            {"change", Kinds[object.kind]}};
}

/// What has changed since \a info was made, or why that can't be said.
void addDifference(Record &record, const BackupInfo &info, Session &session)
{
    operations::JobContext context{session.stop, Progress::none()};
    const Result<operations::Difference> difference = operations::differenceToNow(info, info.source, context);
    record["error"] = difference ? Record() : errorRecord(difference.error());
    record["differences"] = difference ? Record(sentences(words::describe(*difference))) : Record();
    for (const char *list : {"tables", "schema"})
        record[list] = difference ? Record::array() : Record();
    if (!difference)
        return;
    for (const operations::TableDifference &table : difference->tables)
        record["tables"].push_back(tableRecord(table));
    for (const operations::ObjectDifference &object : difference->objects)
        record["schema"].push_back(objectRecord(object));
}

/// Below a backup's row, where it was asked for.
std::vector<std::string> differenceLines(const Record &record)
{
    if (!record.contains("differences"))
        return {};
    if (record.at("differences").is_null())
        return {valueAt(record, "error.message").get<std::string>()};
    return record.at("differences").get<std::vector<std::string>>();
}

std::string verifiedText(const Record &record)
{
    if (record.at("format") == operations::formatName(operations::BackupFormat::Raw))
        return "not checked";
    return record.at("verified").get<bool>() ? "yes" : "changed since";
}

Layout layoutOfBackups()
{
    const auto text = [](const char *field) {
        return [field](const Record &record) { return plainText(record.at(field)); };
    };
    Layout layout;
    layout.table = {
        {"MADE", false, text("made")},
        {"SIZE", true,
         [](const Record &record) { return text::bytes(record.at("stored_bytes").get<std::uint64_t>()); }},
        {"FORMAT", false, text("format")},
        {"VERIFIED", false, verifiedText},
        {"BACKUP", false, text("backup")},
    };
    layout.details = differenceLines;
    layout.csv = {"backup", "backup_base64", "source",       "source_base64", "made",  "verified",
                  "bytes",  "format",        "stored_bytes", "sha256",        "pages", "page_size"};
    return layout;
}

/// Where it is, and where backups of it are remembered to have gone, if that is there now.
std::set<Path> foldersFor(const Path &source, catalog::Memory &memory)
{
    std::set<Path> folders{source.parent_path()};
    const auto remembered = memory.ask<std::vector<catalog::Backup>>(
        [&](catalog::Database &database) { return catalog::backupsOf(database, source); });
    for (const catalog::Backup &backup : remembered.value_or(std::vector<catalog::Backup>())) {
        const Path folder = backup.path.parent_path();
        if (platform::status(folder))
            folders.insert(folder);
    }
    return folders;
}

Outcome BackupsCommand::run(const std::vector<std::string> &words, Session &session)
{
    const auto format = m_format.value();
    if (!format)
        return std::unexpected(format.error());
    if (words.empty() && m_folder.empty())
        return std::unexpected(UsageError{"name a database, or a folder with --in"});
    ExitStatus status = AllDone;
    const auto failed = [&](const Error &error) {
        session.console.say(words::describe(error).toStdString());
        status = SomeFailed;
    };
    std::set<Path> sources;
    std::set<Path> folders;
    for (const std::string &word : words) {
        const Result<Path> source = sourceNamed(word);
        if (!source) {
            failed(source.error());
            continue;
        }
        sources.insert(*source);
        if (m_folder.empty())
            folders.merge(foldersFor(*source, session.memory));
    }
    if (!m_folder.empty()) {
        if (const Result<Path> folder = resolved(m_folder))
            folders.insert(*folder);
        else
            failed(folder.error());
    }

    std::vector<BackupInfo> backups;
    for (const Path &folder : folders) {
        Result<std::vector<BackupInfo>> found = operations::backupsIn(folder, {}, session.stop);
        if (!found) {
            failed(found.error());
            continue;
        }
        std::erase_if(*found, [&](const BackupInfo &info) { return !words.empty() && !sources.contains(info.source); });
        std::ranges::move(*found, std::back_inserter(backups));
    }
    std::ranges::sort(backups, operations::isNewer);
    const auto writer =
        makeWriter(*format, layoutOfBackups(), [&](std::string_view text) { session.console.out(text); });
    for (const BackupInfo &info : backups) {
        Record record = backupRecord(info);
        if (m_compare) {
            addDifference(record, info, session);
            status = record.at("error").is_null() ? status : SomeFailed;
        }
        writer->write(record);
    }
    writer->finish();
    return status;
}

}

std::unique_ptr<Command> makeBackupsCommand()
{
    return std::make_unique<BackupsCommand>();
}

}
