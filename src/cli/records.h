// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/output.h"
#include "inspect/facts.h"
#include "operations/operation.h"
#include "scan/scanner.h"

/// cli.md's records, made from values. A field is null where it can't be known.
namespace lk::cli {

/// `path` as text and, where its bytes are not UTF-8, `path_base64`.
Record pathRecord(const Path &path);
/// {"code", "message", "detail"}
Record errorRecord(const Error &error);
/// What the state alone says is wrong with a file that is no sound database.
std::optional<Error> stateError(const inspect::DatabaseFacts &facts);
Record scanRecord(const inspect::DatabaseFacts &facts);
/// scanRecord() and all that `info` adds.
Record infoRecord(const inspect::DatabaseFacts &facts);
/// What `info` adds only where it was asked for: --schema, --space.
struct InfoWanted
{
    bool schema = false;
    bool space = false;
};
void addWanted(Record &record, const inspect::DatabaseFacts &facts, const InfoWanted &wanted);
Record notEnteredRecord(const scan::NotEntered &entry);
/// What stands beside the list of databases in the JSON object.
Record summaryRecord(const scan::Summary &summary);
/// \a record with a `host` before everything else.
Record withHost(const std::string &host, const Record &record);
const char *statusName(operations::Status status);
Record fieldRecord(const operations::FieldValue &value);
/// Whether it was done, or need not be, and found no damage.
bool isWhole(const operations::Report &report);
/// `path`, `status`, `error` and what the operation says.
Record reportRecord(const Path &path, const operations::Report &report, bool dryRun);

/// The fields of scanRecord(), and of infoRecord(), for CSV; a test holds them against the records.
std::vector<std::string> scanFields();
std::vector<std::string> infoFields(const InfoWanted &wanted = {});

}
