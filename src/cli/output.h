// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json.hpp>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

/// Results on their way to stdout: tables for people, JSON and CSV for programs (cli.md, "Rules for every command").
namespace lk::cli {

/// What a command prints of one file: named values in an order that stays. Texts are UTF-8.
using Record = nlohmann::ordered_json;

enum class Format
{
    Table,
    Json,
    JsonLines, ///< each record as soon as it is known
    Csv,
};

/// A column of a table for people.
struct TableColumn
{
    std::string title;
    bool alignRight = false;
    std::function<std::string(const Record &)> cell; ///< escaped by the writer
};

/// How a command's records look in each format.
struct Layout
{
    std::vector<TableColumn> table;                                  ///< the last column is never padded
    std::function<std::vector<std::string>(const Record &)> details; ///< lines below a row, if given
    std::vector<std::string> csv;                                    ///< fields; "error.code" is a field of a field
    std::string list; ///< JSON: the name of the list in an object; empty: the list stands alone
};

/// Where text goes: stdout, or a test's string.
using Sink = std::function<void(std::string_view)>;

class Writer
{
public:
    virtual ~Writer() = default;
    virtual void write(const Record &record) = 0;
    /// Ends the output; \a more are fields beside the list, for a JSON object.
    virtual void finish(const Record &more = {}) = 0;
};

std::unique_ptr<Writer> makeWriter(Format format, Layout layout, Sink sink);

/// One line of JSON: valid UTF-8 whatever the texts are, without control characters (also none from U+007F to U+009F,
/// which terminals heed and JSON permits).
std::string jsonLine(const Record &record);

/// A cell of CSV, quoted where RFC 4180 asks for it, and defused with a ' where a spreadsheet would compute it.
std::string csvCell(const Record &value);

/// The value at "error.code"; null if there is none.
Record valueAt(const Record &record, std::string_view dotted);

/// \a rows with columns below each other, two blanks between; the last column is never padded. \a alignRight: for each
/// column. Each cell is escaped before it is measured.
std::vector<std::string> alignedLines(std::vector<std::vector<std::string>> rows, const std::vector<bool> &alignRight);

/// A value for people: "–" for null, lists with "; " between, two decimals.
std::string plainText(const Record &value);

}
