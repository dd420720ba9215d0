// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/arguments.h"
#include "cli/fleet.h"
#include "cli/records.h"
#include "cli/scanoutput.h"
#include "words/describe.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>

namespace lk::cli {

namespace {

class ScanCommand final : public Command
{
public:
    std::string name() const override { return "scan"; }
    std::string summary() const override { return "Find databases below folders (default: the home folder)."; }
    std::string arguments() const override { return "[FOLDER…]"; }
    void declare(CLI::App &options) override;
    Outcome run(const std::vector<std::string> &words, Session &session) override;

private:
    std::expected<scan::Options, UsageError> options(const std::vector<std::string> &words) const;
    std::expected<std::set<std::string>, UsageError> states() const;
    std::vector<std::string> wordsThere(const std::vector<std::string> &words,
                                        const std::set<std::string> &states) const;
    void tell(const scan::Summary &summary, Console &console) const;

    FormatOption m_format;
    std::string m_by = "content";
    std::vector<std::string> m_states;
    std::vector<std::string> m_excludes;
    std::vector<std::string> m_hosts;
    std::string m_remoteProgram;
    std::string m_threads;
    bool m_thorough = false;
    bool m_crossFilesystems = false;
    bool m_summary = false;
    bool m_zero = false;
    bool m_verbose = false;
};

void ScanCommand::declare(CLI::App &app)
{
    app.add_option("--by", m_by,
                   "content (default): recognise any file by its bytes; name: look only at *.db *.sqlite *.sqlite3 "
                   "*.db3 *.s3db *.sl3, as find does, and then at the bytes")
        ->type_name("HOW");
    app.add_flag("--thorough", m_thorough,
                 "Also read files whose size no healthy database has: finds damaged and truncated ones");
    app.add_flag("--cross-filesystems", m_crossFilesystems, "Go into other mounted file systems too");
    addRepeatable(app, "--exclude", m_excludes, "GLOB",
                  "Leave out folders and files whose path or name matches (repeatable)");
    app.add_option("--threads", m_threads, "How many threads (default: the machine's cores)")->type_name("N");
    app.add_flag("-0", m_zero, "Paths only, each ended by NUL");
    addRepeatable(app, "--state", m_states, "S[,S…]",
                  "Only these states: database, damaged, empty, encrypted? (default: all but empty; -0: "
                  "database,damaged)");
    m_format.declare(app);
    app.add_flag("--summary", m_summary,
                 "With --format jsonl: a last line that has what --format json has beside the list");
    addRepeatable(app, "--host", m_hosts, "HOST",
                  "Scan that machine instead of this one, over your own ssh and with the litekeeper-cli there "
                  "(repeatable: all in one table)");
    app.add_option("--remote-program", m_remoteProgram, "Where litekeeper-cli is there, if not in the PATH")
        ->type_name("NAME");
    app.add_flag("-v,--verbose", m_verbose, "Name each folder that was not entered");
}

std::expected<std::set<std::string>, UsageError> ScanCommand::states() const
{
    static const std::vector<std::string> Known = {"database", "damaged", "empty", "encrypted?"};
    if (m_states.empty())
        return m_zero ? std::set<std::string>{"database", "damaged"}
                      : std::set<std::string>{"database", "damaged", "encrypted?"};
    std::set<std::string> states;
    for (const std::string &list : m_states) {
        for (const std::string &state : CLI::detail::split(list, ',')) {
            const std::string known = state == "encrypted" ? "encrypted?" : state;
            if (std::find(Known.begin(), Known.end(), known) == Known.end())
                return std::unexpected(unknownValue("--state", state, Known));
            states.insert(known);
        }
    }
    return states;
}

std::expected<scan::Options, UsageError> ScanCommand::options(const std::vector<std::string> &words) const
{
    scan::Options options;
    if (m_by != "content" && m_by != "name")
        return std::unexpected(unknownValue("--by", m_by, {"content", "name"}));
    if (m_zero && m_format.given())
        return std::unexpected(UsageError{"-0 prints paths only and can't be combined with --format"});
    if (!m_remoteProgram.empty() && m_hosts.empty())
        return std::unexpected(UsageError{"--remote-program is of the machine that --host names"});
    unsigned threads = 0;
    const char *end = m_threads.data() + m_threads.size();
    const bool isNumber = std::from_chars(m_threads.data(), end, threads).ptr == end;
    if (!m_threads.empty() && (!isNumber || threads == 0 || threads > 1024))
        return std::unexpected(UsageError{"--threads takes a number from 1 to 1024, not '" + m_threads + '\''});
    options.byName = m_by == "name";
    options.thorough = m_thorough;
    options.crossFilesystems = m_crossFilesystems;
    options.excludes = m_excludes;
    options.threads = threads;
    for (const std::string &word : words) {
        if (word.empty())
            return std::unexpected(UsageError{"a folder's name is empty"});
        options.roots.emplace_back(word);
    }
    if (options.roots.empty()) {
        const char *home = std::getenv("HOME");
        if (!home || *home == '\0')
            return std::unexpected(UsageError{"HOME is not set, so name the folder to scan"});
        options.roots.emplace_back(home);
    }
    return options;
}

/// The same scan, as another machine is told.
std::vector<std::string> ScanCommand::wordsThere(const std::vector<std::string> &words,
                                                 const std::set<std::string> &states) const
{
    std::vector<std::string> there{"--by", m_by};
    if (m_thorough)
        there.emplace_back("--thorough");
    if (m_crossFilesystems)
        there.emplace_back("--cross-filesystems");
    for (const std::string &glob : m_excludes)
        there.insert(there.end(), {"--exclude", glob});
    if (!m_threads.empty())
        there.insert(there.end(), {"--threads", m_threads});
    for (const std::string &state : states)
        there.insert(there.end(), {"--state", state});
    there.emplace_back("--");
    there.insert(there.end(), words.begin(), words.end());
    return there;
}

void ScanCommand::tell(const scan::Summary &summary, Console &console) const
{
    if (m_verbose)
        tellNotEntered(summary, console);
    console.say(words::summary(summary).toStdString());
}

/// A folder that was asked for and could not be read: unlike one met on the way, that is a failure.
bool isFailedRoot(const scan::NotEntered &entry, const std::vector<std::string> &roots)
{
    if (entry.why != scan::WhyNot::NoPermission && entry.why != scan::WhyNot::Failed)
        return false;
    return std::any_of(roots.begin(), roots.end(), [&](const std::string &root) {
        const Result<Path> path = resolved(root);
        return (path ? *path : path.error().path) == entry.path || Path(root) == entry.path;
    });
}

Outcome ScanCommand::run(const std::vector<std::string> &words, Session &session)
{
    const auto scanOptions = options(words);
    const auto wanted = states();
    const auto format = m_format.value();
    if (!scanOptions)
        return std::unexpected(scanOptions.error());
    if (!wanted)
        return std::unexpected(wanted.error());
    if (!format)
        return std::unexpected(format.error());

    if (m_summary && *format != Format::JsonLines)
        return std::unexpected(UsageError{"--summary belongs to --format jsonl"});
    const std::optional<Format> records = m_zero ? std::nullopt : std::optional(*format);
    const auto hosts = remotes(m_hosts, m_remoteProgram);
    if (!hosts)
        return std::unexpected(hosts.error());
    if (!hosts->empty())
        return cli::run(FleetScan{.remotes = *hosts,
                                  .words = wordsThere(words, *wanted),
                                  .states = *wanted,
                                  .format = records,
                                  .summary = m_summary,
                                  .verbose = m_verbose},
                        session);

    Console &console = session.console;
    ScanOutput output(console, *wanted, records);

    const Result<scan::Summary> summary = scan::scan(*scanOptions, output, session.stop);
    if (!summary) {
        Record more = summaryRecord(scan::Summary());
        more["error"] = errorRecord(summary.error());
        output.finish(more);
        console.say(words::describe(summary.error()).toStdString());
        return SomeFailed;
    }
    const Record more = summaryRecord(*summary);
    output.finish(more);
    if (m_summary)
        console.out(jsonLine(Record{{"summary", more}}) + '\n');
    tell(*summary, console);
    const bool failed = std::any_of(summary->notEntered.begin(), summary->notEntered.end(),
                                    [&](const scan::NotEntered &entry) { return isFailedRoot(entry, words); });
    return failed ? SomeFailed : AllDone;
}

}

std::unique_ptr<Command> makeScanCommand()
{
    return std::make_unique<ScanCommand>();
}

}
