// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/scanoutput.h"

#include "base/text.h"
#include "cli/records.h"
#include "inspect/gather.h"
#include "words/describe.h"

#include <algorithm>

namespace lk::cli {

static constexpr std::size_t MostNames = 20; ///< in `same_file_as`

static std::string size(const Record &bytes)
{
    return bytes.is_null() ? "–" : text::bytes(bytes.get<std::uint64_t>());
}

Layout scanLayout(bool withHost)
{
    Layout layout;
    const auto plain = [](const char *field) {
        return [field](const Record &record) { return plainText(record.at(field)); };
    };
    const auto bytes = [](const char *field) {
        return [field](const Record &record) { return size(record.at(field)); };
    };
    layout.table = {{"STATE", false, plain("state")},          {"SIZE", true, bytes("size")},
                    {"JOURNAL", false, plain("journal_mode")}, {"PAGE", true, plain("page_size")},
                    {"WAL", true, bytes("wal_size")},          {"PATH", false, plain("path")}};
    layout.csv = scanFields();
    layout.list = "databases";
    if (withHost) {
        layout.table.insert(layout.table.begin(), {"HOST", false, plain("host")});
        layout.csv.insert(layout.csv.begin(), "host");
    }
    return layout;
}

void tellNotEntered(const scan::Summary &summary, Console &console)
{
    for (const scan::NotEntered &entry : summary.notEntered) {
        std::string why = words::describe(entry.why).toStdString();
        if (!entry.filesystem.empty())
            why += " (" + entry.filesystem + ')';
        console.say("not entered: " + path::display(entry.path) + ": " + why);
    }
}

ScanOutput::ScanOutput(Console &console, std::set<std::string> states, std::optional<Format> format)
    : m_console(console)
    , m_states(std::move(states))
    , m_atOnce(!format || *format == Format::JsonLines)
{
    if (format)
        m_writer = makeWriter(*format, scanLayout(), [this](std::string_view text) { print(text); });
}

void ScanOutput::found(std::vector<scan::Found> batch)
{
    for (scan::Found &found : batch) {
        if (!m_states.contains(inspect::stateName(found.seen.state)))
            continue;
        if (!m_writer) {
            (m_pending += path::bytes(found.path)) += '\0';
            continue;
        }
        if (found.seen.file.links > 1)
            m_names[found.seen.file.id].push_back(found.path);
        if (m_atOnce)
            write(found);
        else
            m_kept.push_back(std::move(found));
    }
    if (m_atOnce)
        flush();
}

void ScanOutput::progress(const scan::Counts &counts, const Path &folder)
{
    if (m_console.showsProgress())
        m_console.progress(text::count(counts.databases) + " databases, " + text::count(counts.files) + " files  " +
                           path::display(folder));
}

void ScanOutput::finish(const Record &more)
{
    if (!m_writer)
        return;
    std::sort(m_kept.begin(), m_kept.end(),
              [](const scan::Found &a, const scan::Found &b) { return a.path.native() < b.path.native(); });
    for (scan::Found &found : m_kept)
        write(found);
    m_writer->finish(more);
    flush();
}

void ScanOutput::write(scan::Found &found)
{
    const inspect::DatabaseFacts facts = inspect::facts(found.path, std::move(found.seen), m_mounts);
    Record record = scanRecord(facts);
    record["same_file_as"] = sameFileAs(facts.path, facts.seen.file);
    m_writer->write(record);
}

/// Other names of the file that are rows too; while records stream, those met before this one. Not more than some: a
/// file with thousands of names would make the output quadratic, and `links` has their number.
Record ScanOutput::sameFileAs(const Path &path, const platform::FileStatus &file) const
{
    Record names = Record::array();
    const auto found = m_names.find(file.id);
    if (file.links < 2 || found == m_names.end())
        return names;
    for (const Path &name : found->second) {
        if (names.size() == MostNames)
            break;
        if (name != path)
            names.push_back(path::toUtf8(path::bytes(name)));
    }
    return names;
}

/// One write to stdout for many records.
void ScanOutput::print(std::string_view text)
{
    m_pending += text;
    if (m_pending.size() > 1 << 16)
        flush();
}

void ScanOutput::flush()
{
    m_console.out(std::exchange(m_pending, std::string()));
}

}
