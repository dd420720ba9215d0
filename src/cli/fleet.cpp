// SPDX-License-Identifier: GPL-3.0-or-later
// Scans of several machines, merged.
#include "cli/fleet.h"

#include "base/text.h"
#include "cli/records.h"
#include "cli/scanoutput.h"
#include "fleet/hosts.h"
#include "words/describe.h"
#include "words/fleet.h"

#include <algorithm>
#include <chrono>

namespace lk::cli {

std::expected<std::vector<fleet::Remote>, UsageError> remotes(const std::vector<std::string> &hosts,
                                                              const std::string &program)
{
    std::vector<fleet::Remote> list;
    for (const std::string &host : hosts) {
        if (!fleet::isHost(host))
            return std::unexpected(UsageError{words::notAHost(host).toStdString()});
        const bool again = std::ranges::find(list, host, &fleet::Remote::host) != list.end();
        if (!again)
            list.push_back({.host = host, .program = program.empty() ? fleet::Remote().program : program});
    }
    return list;
}

namespace {

/// Prints what machines find: at once, or at the end, sorted by machine and path.
class FleetOutput final : public fleet::Listener
{
public:
    FleetOutput(Console &console, const FleetScan &scan)
        : m_console(console)
        , m_scan(scan)
        , m_atOnce(!scan.format || *scan.format == Format::JsonLines)
    {
        if (scan.format)
            m_writer =
                makeWriter(*scan.format, scanLayout(true), [&console](std::string_view text) { console.out(text); });
    }

    void found(const std::string &host, Record record) override
    {
        if (!m_scan.states.contains(record.at("state").get<std::string>()))
            return;
        ++m_shown;
        if (m_console.showsProgress())
            m_console.progress(text::count(m_shown) + " databases  " + host);
        if (!m_writer)
            m_console.out(fleet::Place{host, fleet::pathOf(record)}.address().native() + '\0');
        else if (m_atOnce)
            m_writer->write(withHost(host, record));
        else
            m_kept.push_back(withHost(host, record));
    }

    void finish(const Record &more)
    {
        if (!m_writer)
            return;
        const auto key = [](const Record &record) {
            return std::pair(record.at("host").get<std::string>(), fleet::pathOf(record));
        };
        std::ranges::sort(m_kept, {}, key);
        for (const Record &record : m_kept)
            m_writer->write(record);
        m_writer->finish(more);
        if (m_scan.summary)
            m_console.out(jsonLine(Record{{"summary", more}}) + '\n');
    }

private:
    Console &m_console;
    const FleetScan &m_scan;
    bool m_atOnce;
    std::unique_ptr<Writer> m_writer;
    std::vector<Record> m_kept;
    std::uint64_t m_shown = 0;
};

/// The machines' own summaries, added up.
scan::Summary sum(const std::vector<fleet::ScanEnd> &ends, std::chrono::nanoseconds took)
{
    scan::Summary all;
    all.duration = took;
    for (const fleet::ScanEnd &end : ends) {
        fleet::add(all, end.summary);
        all.stopped = all.stopped || (end.trouble && end.trouble->why == fleet::Why::Stopped);
    }
    return all;
}

/// With the machines themselves, and those of them that were not entered.
Record merged(const std::vector<fleet::ScanEnd> &ends, std::chrono::nanoseconds took)
{
    Record all = summaryRecord(sum(ends, took));
    all["hosts"] = Record::array();
    for (const fleet::ScanEnd &end : ends) {
        all["hosts"].push_back({{"host", end.host},
                                {"databases", end.summary.counts.databases},
                                {"not_understood", end.notUnderstood},
                                {"whole", end.whole}});
        if (end.trouble)
            all["not_entered"].push_back({{"host", end.host},
                                          {"path", nullptr},
                                          {"why", fleet::whyName(end.trouble->why)},
                                          {"message", words::describe(*end.trouble).toStdString()}});
    }
    return all;
}

/// On stderr: a line for each machine, and what did not work there.
void tell(const fleet::ScanEnd &end, bool verbose, Console &console)
{
    if (verbose)
        tellNotEntered(end.summary, console);
    if (end.notUnderstood > 0)
        console.say(words::notUnderstood(end.host, end.notUnderstood).toStdString());
    if (end.trouble)
        console.say("not entered: " + words::describe(*end.trouble).toStdString());
    else
        console.say(end.host + ": " + words::summary(end.summary).toStdString());
}

}

ExitStatus run(const FleetScan &scan, Session &session)
{
    const auto began = std::chrono::steady_clock::now();
    FleetOutput output(session.console, scan);
    std::vector<fleet::ScanOrder> orders;
    for (const fleet::Remote &remote : scan.remotes)
        orders.push_back({.remote = remote, .words = scan.words});
    const std::vector<fleet::ScanEnd> ends = fleet::scan(orders, output, session.stop);
    output.finish(merged(ends, std::chrono::steady_clock::now() - began));
    for (const fleet::ScanEnd &end : ends)
        tell(end, scan.verbose, session.console);
    return std::ranges::all_of(ends, &fleet::ScanEnd::whole) ? AllDone : SomeFailed;
}

}
