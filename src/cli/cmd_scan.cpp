// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/text.h"
#include "cli/arguments.h"
#include "cli/records.h"
#include "inspect/gather.h"
#include "scan/scanner.h"
#include "words/describe.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <map>
#include <optional>
#include <set>

namespace lk::cli {

namespace {

/// Rows that are the same file under another name; only names of files with several count.
class SameFiles
{
public:
    void add(const Path &path, const platform::FileStatus &file)
    {
        if (file.links > 1)
            m_names[file.id].push_back(path);
    }

    Record others(const Path &path, const platform::FileStatus &file) const
    {
        Record names = Record::array();
        const auto found = m_names.find(file.id);
        if (file.links > 1 && found != m_names.end()) {
            for (const Path &name : found->second) {
                if (name != path)
                    names.push_back(path::toUtf8(path::bytes(name)));
            }
        }
        return names;
    }

private:
    std::map<platform::FileId, std::vector<Path>> m_names;
};

std::string size(const Record &bytes)
{
    return bytes.is_null() ? "–" : text::bytes(bytes.get<std::uint64_t>());
}

Layout scanLayout()
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
    return layout;
}

/// Takes a scan's results as they come: prints them at once, or keeps them for the end.
class ScanOutput final : public scan::Listener
{
public:
    /// \a format nothing: paths ended by NUL. These and JSON lines are printed in the order they are met.
    ScanOutput(Console &console, std::set<std::string> states, std::optional<Format> format)
        : m_console(console)
        , m_states(std::move(states))
        , m_atOnce(!format || *format == Format::JsonLines)
    {
        if (format)
            m_writer = makeWriter(*format, scanLayout(), [this](std::string_view text) { print(text); });
    }

    void found(std::vector<scan::Found> batch) override
    {
        for (scan::Found &found : batch) {
            if (!m_states.contains(inspect::stateName(found.seen.state)))
                continue;
            if (!m_writer) {
                (m_pending += path::bytes(found.path)) += '\0';
                continue;
            }
            m_sameFiles.add(found.path, found.seen.file);
            if (m_atOnce)
                write(found);
            else
                m_kept.push_back(std::move(found));
        }
        flush();
    }

    void progress(const scan::Counts &counts, const Path &folder) override
    {
        if (!m_console.showsProgress())
            return;
        m_console.progress(text::count(counts.databases) + " databases, " + text::count(counts.files) + " files  " +
                           path::display(folder));
    }

    void finish(const Record &more)
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

private:
    void write(scan::Found &found)
    {
        const inspect::DatabaseFacts facts = inspect::facts(found.path, std::move(found.seen), m_mounts);
        Record record = scanRecord(facts);
        record["same_file_as"] = m_sameFiles.others(facts.path, facts.seen.file);
        m_writer->write(record);
    }

    /// One write to stdout for many records.
    void print(std::string_view text)
    {
        m_pending += text;
        if (m_pending.size() > 1 << 16)
            flush();
    }

    void flush() { m_console.out(std::exchange(m_pending, std::string())); }

    Console &m_console;
    std::set<std::string> m_states;
    bool m_atOnce;
    std::unique_ptr<Writer> m_writer;
    std::string m_pending;
    SameFiles m_sameFiles;
    platform::Mounts m_mounts = platform::Mounts::current();
    std::vector<scan::Found> m_kept;
};

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
    void tell(const scan::Summary &summary, Console &console) const;

    FormatOption m_format;
    std::string m_by = "content";
    std::vector<std::string> m_states;
    std::vector<std::string> m_excludes;
    std::string m_threads;
    bool m_thorough = false;
    bool m_crossFilesystems = false;
    bool m_zero = false;
    bool m_verbose = false;
};

/// An option that may be given several times, each with one value that is taken as it is (CLI11 would split [a,b]).
void addRepeatable(CLI::App &app, const char *name, std::vector<std::string> &values, const char *type,
                   const char *help)
{
    app.add_option(
           name,
           [&values](const CLI::results_t &results) {
               values = results;
               return true;
           },
           help)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
        ->type_name(type);
}

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

void ScanCommand::tell(const scan::Summary &summary, Console &console) const
{
    if (m_verbose) {
        for (const scan::NotEntered &entry : summary.notEntered) {
            std::string why = words::describe(entry.why).toStdString();
            if (!entry.filesystem.empty())
                why += " (" + entry.filesystem + ')';
            console.say("not entered: " + path::display(entry.path) + ": " + why);
        }
    }
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

    Console &console = session.console;
    ScanOutput output(console, *wanted, m_zero ? std::nullopt : std::optional(*format));

    const Result<scan::Summary> summary = scan::scan(*scanOptions, output, session.stop);
    if (!summary) {
        output.finish({{"error", errorRecord(summary.error())}});
        console.say(words::describe(summary.error()).toStdString());
        return SomeFailed;
    }
    Record more = {{"files", summary->counts.files},
                   {"folders", summary->counts.folders},
                   {"passed_over_by_size", summary->counts.passedOverBySize},
                   {"seconds", std::chrono::duration<double>(summary->duration).count()},
                   {"stopped", summary->stopped},
                   {"not_entered", Record::array()}};
    for (const scan::NotEntered &entry : summary->notEntered)
        more["not_entered"].push_back(notEnteredRecord(entry));
    output.finish(more);
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
