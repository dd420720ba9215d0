// SPDX-License-Identifier: GPL-3.0-or-later
#include "fleet/records.h"

#include "base/path.h"
#include "fleet/hosts.h"

#include <QByteArray>
#include <QDateTime>

#include <algorithm>
#include <charconv>
#include <span>

namespace lk::fleet {

static constexpr int DeepestNesting = 8;
static constexpr std::size_t MostProblems = 1000;

std::optional<Record> parseRecord(std::string_view line)
{
    bool tooDeep = false;
    const auto notDeep = [&](int depth, Record::parse_event_t, Record &) {
        tooDeep = tooDeep || depth > DeepestNesting;
        return !tooDeep;
    };
    Record record = Record::parse(line, notDeep, false);
    if (tooDeep || !record.is_object())
        return {};
    return record;
}

// The shape of records -----------------------------------------------------------------------------------------------

namespace {

enum class Type
{
    Text,
    Number, ///< whole, not negative
    Signed,
    Seconds,
    Yes, ///< or no
    Texts,
    Objects,
};

struct Field
{
    const char *name;
    Type type;
};

constexpr Field ScanFields[] = {
    {"path", Type::Text},
    {"path_base64", Type::Text},
    {"size", Type::Number},
    {"modified", Type::Text},
    {"state", Type::Text},
    {"journal_mode", Type::Text},
    {"page_size", Type::Number},
    {"page_count", Type::Number},
    {"freelist_pages", Type::Number},
    {"reserved_bytes", Type::Number},
    {"auto_vacuum", Type::Text},
    {"encoding", Type::Text},
    {"user_version", Type::Signed},
    {"application_id", Type::Signed},
    {"schema_format", Type::Number},
    {"schema_cookie", Type::Number},
    {"change_counter", Type::Number},
    {"writer_version", Type::Text},
    {"wal_size", Type::Number},
    {"journal_size", Type::Number},
    {"hot_journal", Type::Yes},
    {"filesystem", Type::Text},
    {"links", Type::Number},
    {"application", Type::Text},
    {"litestream", Type::Yes},
    {"problems", Type::Texts},
    {"same_file_as", Type::Texts},
};

constexpr Field SummaryFields[] = {
    {"files", Type::Number},    {"folders", Type::Number}, {"passed_over_by_size", Type::Number},
    {"seconds", Type::Seconds}, {"stopped", Type::Yes},    {"not_entered", Type::Objects},
};

constexpr Field NotEnteredFields[] = {
    {"path", Type::Text}, {"path_base64", Type::Text}, {"why", Type::Text},
    {"type", Type::Text}, {"filesystem", Type::Text},
};

bool isOf(const Record &value, Type type)
{
    switch (type) {
    case Type::Text:
        return value.is_string();
    case Type::Number:
        return value.is_number_unsigned();
    case Type::Signed:
        return value.is_number_integer();
    case Type::Seconds:
        return value.is_number();
    case Type::Yes:
        return value.is_boolean();
    case Type::Texts:
        return value.is_array() && std::ranges::all_of(value, [](const Record &one) { return one.is_string(); });
    case Type::Objects:
        return value.is_array() && std::ranges::all_of(value, [](const Record &one) { return one.is_object(); });
    }
    return false;
}

/// Those of \a fields that \a line has; nothing if one is of another type.
std::optional<Record> shaped(const Record &line, std::span<const Field> fields)
{
    Record record = Record::object();
    for (const Field &field : fields) {
        const auto found = line.find(field.name);
        if (found == line.end() || found->is_null())
            record[field.name] = nullptr;
        else if (isOf(*found, field.type))
            record[field.name] = *found;
        else
            return {};
    }
    if (record.contains("path_base64") && record["path_base64"].is_null())
        record.erase("path_base64"); // only where it is needed
    return record;
}

std::optional<sqlite::State> stateOf(const Record &name)
{
    using enum sqlite::State;
    for (const sqlite::State state : {Database, Damaged, Empty, MaybeEncrypted}) {
        if (name == inspect::stateName(state))
            return state;
    }
    return {};
}

}

std::optional<Record> scanRecord(const Record &line)
{
    std::optional<Record> record = shaped(line, ScanFields);
    if (!record || !stateOf((*record)["state"]) || !pathOf(*record).starts_with('/'))
        return {};
    for (const char *list : {"problems", "same_file_as"}) {
        if ((*record)[list].is_null())
            (*record)[list] = Record::array();
    }
    return record;
}

std::string pathOf(const Record &record)
{
    const auto exact = record.find("path_base64");
    if (exact != record.end() && exact->is_string())
        return QByteArray::fromBase64(QByteArray::fromStdString(exact->get<std::string>())).toStdString();
    const auto path = record.find("path");
    return path != record.end() && path->is_string() ? path->get<std::string>() : std::string();
}

// As values ----------------------------------------------------------------------------------------------------------

/// 0 for what is null.
template <class Number>
static Number number(const Record &record, const char *field)
{
    const Record &value = record.at(field);
    return value.is_null() ? Number() : static_cast<Number>(value.get<std::int64_t>());
}

static std::string textOf(const Record &record, const char *field)
{
    const Record &value = record.at(field);
    return value.is_null() ? std::string() : value.get<std::string>();
}

/// 3040001 for "3.40.1"; 0 for anything else.
static std::uint32_t sqliteVersion(const std::string &text)
{
    std::uint32_t version = 0;
    const char *at = text.data();
    const char *end = at + text.size();
    for (int part = 0; part < 3; ++part) {
        std::uint32_t value = 0;
        const auto read = std::from_chars(at, end, value);
        if (read.ec != std::errc() || value > 999)
            return 0;
        version = version * 1000 + value;
        at = read.ptr + (read.ptr != end && *read.ptr == '.' ? 1 : 0);
    }
    return version;
}

/// Since the epoch; 0 for what is no ISO 8601.
static std::int64_t nanoseconds(const std::string &time)
{
    constexpr qint64 Most = 9'000'000'000; // seconds; more is not a moment that nanoseconds can say
    const QDateTime moment = QDateTime::fromString(QString::fromStdString(time), Qt::ISODate);
    return moment.isValid() ? std::clamp(moment.toSecsSinceEpoch(), -Most, Most) * 1'000'000'000 : 0;
}

static std::optional<scan::NotEntered> notEnteredOf(const std::string &host, const Record &line)
{
    const std::optional<Record> entry = shaped(line, NotEnteredFields);
    if (!entry)
        return {};
    scan::NotEntered result{.path = Place{.host = host, .path = pathOf(*entry)}.address(),
                            .why = scan::WhyNot::Failed,
                            .filesystem = textOf(*entry, "filesystem"),
                            .isFile = entry->at("type") == "file"};
    using enum scan::WhyNot;
    for (const scan::WhyNot why : {OtherFilesystem, NetworkFilesystem, PseudoFilesystem, NoPermission, Excluded}) {
        if (entry->at("why") == scan::whyNotName(why))
            result.why = why;
    }
    return result;
}

std::optional<scan::Summary> summaryOf(const std::string &host, const Record &line)
{
    const auto found = line.find("summary");
    const auto record = found != line.end() && found->is_object() ? shaped(*found, SummaryFields) : std::nullopt;
    if (!record)
        return {};
    scan::Summary summary;
    summary.counts.files = number<std::uint64_t>(*record, "files");
    summary.counts.folders = number<std::uint64_t>(*record, "folders");
    summary.counts.passedOverBySize = number<std::uint64_t>(*record, "passed_over_by_size");
    const double seconds = record->at("seconds").is_null() ? 0 : record->at("seconds").get<double>();
    constexpr double LongestSeconds = 1e9;
    summary.duration =
        std::chrono::nanoseconds(static_cast<std::int64_t>(std::clamp(seconds, 0.0, LongestSeconds) * 1e9));
    summary.stopped = record->at("stopped") == true;
    for (const Record &entry : record->at("not_entered")) {
        if (auto known = notEnteredOf(host, entry))
            summary.notEntered.push_back(std::move(*known));
    }
    return summary;
}

static sqlite::Header headerOf(const Record &record)
{
    sqlite::Header header;
    header.pageSize = number<std::uint32_t>(record, "page_size");
    header.writeVersion = header.readVersion = record.at("journal_mode") == "wal" ? 2 : 1;
    header.reservedBytes = number<std::uint8_t>(record, "reserved_bytes");
    header.changeCounter = number<std::uint32_t>(record, "change_counter");
    header.freelistPages = number<std::uint32_t>(record, "freelist_pages");
    header.schemaCookie = number<std::uint32_t>(record, "schema_cookie");
    header.schemaFormat = number<std::uint32_t>(record, "schema_format");
    header.userVersion = number<std::uint32_t>(record, "user_version");
    header.applicationId = number<std::uint32_t>(record, "application_id");
    header.writerVersion = sqliteVersion(textOf(record, "writer_version"));
    const std::string autoVacuum = textOf(record, "auto_vacuum");
    header.largestRootPage = autoVacuum == "full" || autoVacuum == "incremental" ? 1 : 0;
    header.incrementalVacuum = autoVacuum == "incremental" ? 1 : 0;
    for (header.textEncoding = 3; header.textEncoding > 0; --header.textEncoding) {
        if (record.at("encoding") == inspect::encodingName(header))
            break;
    }
    return header;
}

inspect::DatabaseFacts factsOf(const std::string &host, const Record &record)
{
    inspect::DatabaseFacts facts;
    const Place place{.host = host, .path = pathOf(record)};
    facts.path = place.address();
    facts.filesystem = textOf(record, "filesystem");
    sqlite::Glance &seen = facts.seen;
    seen.state = stateOf(record.at("state")).value_or(sqlite::State::Other);
    seen.file.size = number<std::uint64_t>(record, "size");
    seen.file.links = number<std::uint64_t>(record, "links");
    seen.file.modifiedNs = nanoseconds(textOf(record, "modified"));
    seen.siblings.wal = number<std::uint64_t>(record, "wal_size");
    seen.siblings.journal = number<std::uint64_t>(record, "journal_size");
    seen.hotJournal = record.at("hot_journal") == true;
    seen.problems.resize(std::min(record.at("problems").size(), MostProblems));
    if (record.at("page_size").is_null())
        return facts;
    seen.current = headerOf(record);
    seen.pageCount = number<std::uint32_t>(record, "page_count");
    facts.application = inspect::recognise(Path(place.path), seen.current->applicationId, seen.current->userVersion);
    return facts;
}

}
