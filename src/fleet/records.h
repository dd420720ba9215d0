// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/facts.h"
#include "scan/scanner.h"

#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <string_view>

/// What litekeeper-cli printed on another machine. Nobody vouches for it: it is taken apart within bounds, and what
/// does not have the shape of a record is none. Texts in it are as untrusted as names of files.
namespace lk::fleet {

using Record = nlohmann::ordered_json;

/// An object of JSON, if that is all that \a line is, in valid UTF-8 and not nested deeper than records are.
std::optional<Record> parseRecord(std::string_view line);

/// A database in a scan: the fields of cli.md's record, each with its type; what is missing is null, what is unknown is
/// left out.
std::optional<Record> scanRecord(const Record &line);
/// What `scan --summary` ends with; the paths in it are addresses.
std::optional<scan::Summary> summaryOf(const std::string &host, const Record &line);

/// Exact: `path_base64` where that is given.
std::string pathOf(const Record &record);

/// What a table of databases shows of a scanRecord(). The path is the address; of the problems, there is only how many
/// they are.
inspect::DatabaseFacts factsOf(const std::string &host, const Record &record);

}
