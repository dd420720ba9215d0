// SPDX-License-Identifier: GPL-3.0-or-later
#include "fuzzing.h"

#include "cli/output.h"
#include "cli/records.h"

#include <QJsonDocument>
#include <QJsonObject>

using namespace lk;

/// One row of CSV as RFC 4180 has it, read back by other code than wrote it.
static std::vector<std::string> readRow(std::string_view row)
{
    std::vector<std::string> cells(1);
    bool quoted = false;
    for (std::size_t i = 0; i < row.size(); ++i) {
        if (quoted && row[i] == '"' && i + 1 < row.size() && row[i + 1] == '"')
            cells.back() += row[i++];
        else if (row[i] == '"')
            quoted = !quoted;
        else if (!quoted && row[i] == ',')
            cells.emplace_back();
        else
            cells.back() += row[i];
    }
    fuzz::must(!quoted);
    return cells;
}

/// Any bytes as a file's name: what is printed is one line that another parser reads back.
int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string name(reinterpret_cast<const char *>(data), size);
    const cli::Record record = cli::pathRecord(Path(name));
    const std::string text = record.at("path").get<std::string>();

    const std::string line = cli::jsonLine(record);
    for (const char c : line)
        fuzz::must(static_cast<unsigned char>(c) >= 0x20 || c == '\n');
    const QJsonObject read = QJsonDocument::fromJson(QByteArray::fromStdString(line)).object();
    fuzz::must(read[QLatin1String("path")].toString().toStdString() == text);
    const QByteArray exact = QByteArray::fromBase64(read[QLatin1String("path_base64")].toString().toLatin1());
    fuzz::must(!record.contains("path_base64") || exact.toStdString() == name);

    const std::vector<std::string> cells = readRow(cli::csvCell(record.at("path")) + ",x");
    fuzz::must(cells.size() == 2 && cells[1] == "x");
    fuzz::must(cells[0] == text || cells[0] == '\'' + text);
    fuzz::must(text.empty() || cells[0] != text ||
               std::string_view("=+-@\t\r").find(text[0]) == std::string_view::npos);
    return 0;
}
