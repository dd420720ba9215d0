// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/output.h"

#include "base/path.h"
#include "base/text.h"

#include <algorithm>
#include <cstdio>
#include <cstring>

namespace lk::cli {

Record valueAt(const Record &record, std::string_view dotted)
{
    const std::size_t dot = dotted.find('.');
    if (!record.is_object())
        return nullptr;
    const auto found = record.find(std::string(dotted.substr(0, dot)));
    if (found == record.end())
        return nullptr;
    return dot == std::string_view::npos ? *found : valueAt(*found, dotted.substr(dot + 1));
}

static std::string dump(const Record &value)
{
    return value.dump(-1, ' ', false, Record::error_handler_t::replace);
}

/// \a whenNull: what null is; lists of plain values are joined, everything deeper is JSON.
static std::string flat(const Record &value, const char *whenNull)
{
    if (value.is_null())
        return whenNull;
    if (value.is_string())
        return path::toUtf8(value.get_ref<const std::string &>());
    const bool plainList = value.is_array() && std::none_of(value.begin(), value.end(),
                                                            [](const Record &item) { return item.is_structured(); });
    if (!plainList)
        return dump(value);
    std::string text;
    for (const Record &item : value)
        text += (text.empty() ? "" : "; ") + flat(item, whenNull);
    return text;
}

std::string plainText(const Record &value)
{
    return flat(value, "–");
}

std::string jsonLine(const Record &record)
{
    // nlohmann escapes below U+0020; the rest of the control characters can stand only inside strings, so that they
    // can be escaped here.
    static constexpr char Hex[] = "0123456789abcdef";
    const std::string text = dump(record);
    const auto has = [&](int byte) { return std::memchr(text.data(), byte, text.size()) != nullptr; };
    if (!has(0x7F) && !has(0xC2)) // as nearly always
        return text;
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        const auto next = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0u;
        if (byte == 0x7F) {
            out += "\\u007f";
        } else if (byte == 0xC2 && next >= 0x80 && next < 0xA0) {
            out += {'\\', 'u', '0', '0', Hex[next >> 4], Hex[next & 15]};
            ++i;
        } else {
            out += text[i];
        }
    }
    return out;
}

std::string csvCell(const Record &value)
{
    const std::string text = flat(value, "");
    return value.is_number() ? text : text::csvCell(text);
}

namespace {

class JsonWriter final : public Writer
{
public:
    JsonWriter(const Layout &layout, Sink sink)
        : m_list(layout.list)
        , m_sink(std::move(sink))
    {
    }

    void write(const Record &record) override
    {
        m_sink((m_first ? opening() : std::string(",\n")) + jsonLine(record));
        m_first = false;
    }

    void finish(const Record &more) override
    {
        std::string text = m_first ? opening() + ']' : std::string("\n]");
        if (!m_list.empty()) {
            for (const auto &[name, value] : more.items())
                text += ",\n" + jsonLine(name) + ": " + jsonLine(value);
            text += '}';
        }
        m_sink(text + '\n');
    }

private:
    std::string opening() const { return (m_list.empty() ? std::string() : '{' + jsonLine(m_list) + ": ") + "[\n"; }

    std::string m_list;
    Sink m_sink;
    bool m_first = true;
};

class JsonLinesWriter final : public Writer
{
public:
    explicit JsonLinesWriter(Sink sink)
        : m_sink(std::move(sink))
    {
    }

    void write(const Record &record) override { m_sink(jsonLine(record) + '\n'); }
    void finish(const Record &) override {}

private:
    Sink m_sink;
};

/// RFC 4180, but for the line ends, which are this system's.
class CsvWriter final : public Writer
{
public:
    CsvWriter(const Layout &layout, Sink sink)
        : m_fields(layout.csv)
        , m_sink(std::move(sink))
    {
    }

    void write(const Record &record) override
    {
        std::string line = header();
        for (std::size_t i = 0; i < m_fields.size(); ++i)
            line += (i == 0 ? "" : ",") + csvCell(valueAt(record, m_fields[i]));
        m_sink(line + '\n');
    }

    void finish(const Record &) override { m_sink(header()); }

private:
    std::string header()
    {
        if (std::exchange(m_headerWritten, true))
            return {};
        std::string line;
        for (std::size_t i = 0; i < m_fields.size(); ++i)
            line += (i == 0 ? "" : ",") + csvCell(m_fields[i]);
        return line + '\n';
    }

    std::vector<std::string> m_fields;
    Sink m_sink;
    bool m_headerWritten = false;
};

/// Keeps the cells until the end: the widths are known only then.
class TableWriter final : public Writer
{
public:
    TableWriter(Layout layout, Sink sink)
        : m_layout(std::move(layout))
        , m_sink(std::move(sink))
    {
    }

    void write(const Record &record) override
    {
        std::vector<std::string> cells;
        for (const TableColumn &column : m_layout.table)
            cells.push_back(column.cell(record));
        m_rows.push_back(std::move(cells));
        std::string details;
        if (m_layout.details) {
            for (const std::string &line : m_layout.details(record))
                details += "    " + path::display(std::string_view(line)) + '\n';
        }
        m_details.push_back(std::move(details));
    }

    void finish(const Record &) override
    {
        if (m_rows.empty())
            return;
        std::vector<std::string> header;
        std::vector<bool> alignRight;
        for (const TableColumn &column : m_layout.table) {
            header.push_back(column.title);
            alignRight.push_back(column.alignRight);
        }
        if (std::ranges::any_of(header, [](const std::string &title) { return !title.empty(); })) {
            m_rows.insert(m_rows.begin(), std::move(header));
            m_details.insert(m_details.begin(), std::string());
        }
        const std::vector<std::string> lines = alignedLines(std::move(m_rows), alignRight);
        for (std::size_t i = 0; i < lines.size(); ++i)
            m_sink(lines[i] + '\n' + m_details[i]);
    }

private:
    Layout m_layout;
    Sink m_sink;
    std::vector<std::vector<std::string>> m_rows;
    std::vector<std::string> m_details; ///< of each row
};

}

/// In characters of one column each; wide ones only put a row out of line.
static std::size_t length(std::string_view text)
{
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::vector<std::string> alignedLines(std::vector<std::vector<std::string>> rows, const std::vector<bool> &alignRight)
{
    std::vector<std::size_t> widths(alignRight.size(), 0);
    for (std::vector<std::string> &row : rows) {
        for (std::size_t i = 0; i < widths.size(); ++i) {
            row[i] = path::display(std::string_view(row[i]));
            widths[i] = std::max(widths[i], length(row[i]));
        }
    }
    std::vector<std::string> lines;
    for (const std::vector<std::string> &row : rows) {
        std::string line;
        for (std::size_t i = 0; i < widths.size(); ++i) {
            const std::string padding(widths[i] - length(row[i]), ' ');
            const bool last = i + 1 == widths.size();
            line += alignRight[i] ? padding + row[i] : row[i] + (last ? std::string() : padding);
            line += last ? "" : "  ";
        }
        lines.push_back(std::move(line));
    }
    return lines;
}

std::unique_ptr<Writer> makeWriter(Format format, Layout layout, Sink sink)
{
    switch (format) {
    case Format::Json:
        return std::make_unique<JsonWriter>(layout, std::move(sink));
    case Format::JsonLines:
        return std::make_unique<JsonLinesWriter>(std::move(sink));
    case Format::Csv:
        return std::make_unique<CsvWriter>(layout, std::move(sink));
    case Format::Table:
        break;
    }
    return std::make_unique<TableWriter>(std::move(layout), std::move(sink));
}

}
