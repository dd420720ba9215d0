// SPDX-License-Identifier: GPL-3.0-or-later
// What WAL and other settings would give on this disk, measured.
#include "cli/arguments.h"
#include "cli/records.h"
#include "measure/measurement.h"
#include "platform/power.h"
#include "words/describe.h"
#include "words/measure.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <thread>

namespace lk::cli {

namespace {

using namespace measure;

double milliseconds(Nanoseconds duration)
{
    return static_cast<double>(duration.count()) / 1e6;
}

const char *nameOf(Verdict verdict)
{
    switch (verdict) {
    case Verdict::Faster:
        return "faster";
    case Verdict::Slower:
        return "slower";
    case Verdict::NoDifference:
        return "no-difference";
    case Verdict::TooNoisy:
        return "too-noisy";
    case Verdict::Nothing:
        break;
    }
    return "nothing";
}

Record comparisonRecord(const Comparison &comparison)
{
    return {{"verdict", nameOf(comparison.verdict)},
            {"ratio", comparison.ratio},
            {"lowest", comparison.lowest},
            {"highest", comparison.highest}};
}

/// Null where nobody did that.
Record sideRecord(const Side &side, const Side &first)
{
    if (side.tried == 0)
        return nullptr;
    return {{"per_second", side.perSecond},
            {"rounds", side.rates},
            {"spread", side.spread},
            {"against_first", comparisonRecord(compare(first.rates, side.rates))},
            {"median_ms", milliseconds(side.latency.median())},
            {"p99_ms", milliseconds(side.latency.quantile(0.99))},
            {"longest_ms", milliseconds(side.longest)},
            {"done", side.done},
            {"tried", side.tried},
            {"failed", side.failed},
            {"error_rate", side.errorRate()},
            {"busy", side.busy},
            {"slowest_process", side.fewest},
            {"fastest_process", side.most}};
}

Record cellRecord(const Cell &cell, const CellResult &result, const CellResult &first)
{
    const Configuration &configuration = cell.configuration;
    return {{"name", cell.name},
            {"journal_mode", measure::nameOf(configuration.journal)},
            {"synchronous", measure::nameOf(configuration.synchronous)},
            {"begin", measure::nameOf(configuration.begin)},
            {"busy_timeout_ms", configuration.busyTimeout.count()},
            {"cache_size", configuration.cacheSize},
            {"mmap_size", configuration.mmapSize},
            {"writers", cell.load.writers},
            {"write", cell.load.writers > 0 ? Record(measure::nameOf(cell.load.write)) : Record(nullptr)},
            {"readers", cell.load.readers},
            {"read", cell.load.readers > 0 ? Record(measure::nameOf(cell.load.read)) : Record(nullptr)},
            {"rounds", result.rounds},
            {"hurried", result.hurried},
            {"writes", sideRecord(result.writes, first.writes)},
            {"reads", sideRecord(result.reads, first.reads)},
            {"query_us", cell.load.readers > 0 ? Record(milliseconds(result.perQuery(cell)) * 1000) : Record(nullptr)}};
}

Record surroundingsRecord(const Surroundings &around)
{
    Record record = Record::object();
    const Record folder = pathRecord(around.folder);
    record["folder"] = folder.at("path");
    if (folder.contains("path_base64"))
        record["folder_base64"] = folder.at("path_base64");
    record["filesystem"] = around.filesystem.empty() ? Record(nullptr) : Record(around.filesystem);
    record["processors"] = around.processors;
    record["page_size"] = around.pageSize;
    record["database_bytes"] = around.databaseBytes;
    record["flush"] = {{"median_us", milliseconds(around.flush.median()) * 1000},
                       {"p99_us", milliseconds(around.flush.quantile(0.99)) * 1000},
                       {"longest_us", milliseconds(around.flush.longest()) * 1000},
                       {"acknowledged_early", around.acknowledgesEarly()}};
    return record;
}

// For people ------------------------------------------------------------------------------------------------------

/// What comes from a cell of the table that the person sees: the ratio large, the figures below it.
class Table
{
public:
    Table(const std::vector<Cell> &cells, const std::vector<CellResult> &results)
        : m_cells(cells)
        , m_results(results)
    {
    }

    Layout layout() const;

private:
    std::size_t indexOf(const Record &record) const { return record.at("index").get<std::size_t>(); }
    std::string against(const Record &record, Side CellResult::*side) const;
    std::string errors(const Record &record) const;
    std::vector<std::string> details(const Record &record) const;
    static std::string figures(const Side &side, const char *what, int processes);

    const std::vector<Cell> &m_cells;
    const std::vector<CellResult> &m_results;
};

std::string Table::against(const Record &record, Side CellResult::*side) const
{
    const Side &here = m_results[indexOf(record)].*side;
    if (here.tried == 0)
        return "–";
    return indexOf(record) == 0 ? "1 ×"
                                : words::describe(compare((m_results.front().*side).rates, here.rates)).toStdString();
}

std::string Table::errors(const Record &record) const
{
    const CellResult &result = m_results[indexOf(record)];
    return words::percent(result.writes.tried > 0 ? result.writes.errorRate() : result.reads.errorRate()).toStdString();
}

std::string Table::figures(const Side &side, const char *what, int processes)
{
    using words::duration;
    QString text = words::perSecond(side.perSecond) + QLatin1Char(' ') + QLatin1String(what) + QStringLiteral("/s ± ") +
                   words::percent(side.spread / 2) + QStringLiteral("; median ") + duration(side.latency.median()) +
                   QStringLiteral(", p99 ") + duration(side.latency.quantile(0.99)) + QStringLiteral(", longest ") +
                   duration(side.longest);
    if (side.busy > 0)
        text += QStringLiteral("; met a lock: ") + QString::number(side.busy);
    if (side.failed > 0)
        text += QStringLiteral(", failed: ") + QString::number(side.failed);
    if (processes > 1)
        text += QStringLiteral("; slowest process ") + QString::number(side.fewest) + QStringLiteral(", fastest ") +
                QString::number(side.most);
    return text.toStdString();
}

std::vector<std::string> Table::details(const Record &record) const
{
    const Cell &cell = m_cells[indexOf(record)];
    const CellResult &result = m_results[indexOf(record)];
    std::vector<std::string> lines{
        (words::describe(cell.configuration) + QStringLiteral("; ") + words::describe(cell.load)).toStdString()};
    if (result.writes.tried > 0)
        lines.push_back(figures(result.writes, "commits", cell.load.writers));
    if (result.reads.tried > 0)
        lines.push_back(figures(result.reads, "reads", cell.load.readers));
    if (result.hurried)
        lines.emplace_back("measured in less time than this needs");
    return lines;
}

Layout Table::layout() const
{
    Layout layout;
    layout.table = {{"SETTINGS", false, [](const Record &record) { return plainText(record.at("name")); }},
                    {"COMMITS", true, [this](const Record &record) { return against(record, &CellResult::writes); }},
                    {"READS", true, [this](const Record &record) { return against(record, &CellResult::reads); }},
                    {"ERRORS", true, [this](const Record &record) { return errors(record); }}};
    layout.details = [this](const Record &record) { return details(record); };
    layout.csv = {"name",    "journal_mode", "synchronous", "begin", "busy_timeout_ms", "cache_size", "mmap_size",
                  "writers", "write",        "readers",     "read",  "rounds",          "hurried"};
    for (const char *side : {"writes.", "reads."}) {
        for (const char *field :
             {"per_second", "spread", "against_first.verdict", "against_first.ratio", "median_ms", "p99_ms",
              "longest_ms", "done", "failed", "error_rate", "busy", "slowest_process", "fastest_process"})
            layout.csv.push_back(std::string(side) + field);
    }
    layout.csv.emplace_back("query_us");
    layout.list = "measurements";
    return layout;
}

// The command -----------------------------------------------------------------------------------------------------

/// A whole number with its bounds; empty: not given.
struct NumberOption
{
    const char *name;
    std::int64_t least;
    std::int64_t most;
    std::string text{};

    std::expected<std::optional<std::int64_t>, UsageError> value() const
    {
        if (text.empty())
            return std::nullopt;
        std::int64_t number = 0;
        const char *end = text.data() + text.size();
        const auto read = std::from_chars(text.data(), end, number);
        if (read.ec != std::errc() || read.ptr != end || number < least || number > most)
            return std::unexpected(UsageError{std::string(name) + " takes a whole number from " +
                                              std::to_string(least) + " to " + std::to_string(most) + ", not '" + text +
                                              '\''});
        return number;
    }
};

class MeasureCommand final : public Command
{
public:
    std::string name() const override { return "measure"; }
    std::string summary() const override
    {
        return "Measure on a scratch copy what WAL and other settings give on this disk.";
    }
    std::string arguments() const override { return "[FOLDER|FILE]"; }
    std::string argumentsHelp() const override;
    void declare(CLI::App &options) override;
    Outcome run(const std::vector<std::string> &words, Session &session) override;

private:
    std::expected<Plan, UsageError> plan() const;
    std::expected<std::optional<Load>, UsageError> load() const;
    std::expected<std::optional<Configuration>, UsageError> ownSettings() const;
    std::expected<std::vector<const Preset *>, UsageError> chosenPresets() const;

    FormatOption m_format;
    std::vector<std::string> m_presets;
    std::vector<std::string> m_works;
    std::string m_journal;
    std::string m_synchronous;
    std::string m_begin;
    NumberOption m_seconds{"--seconds", 1, 3600};
    NumberOption m_rounds{"--rounds", 1, 100};
    NumberOption m_writers{"--writers", 0, 64};
    NumberOption m_readers{"--readers", 0, 64};
    NumberOption m_busyTimeout{"--busy-timeout", 0, 60000};
    NumberOption m_cacheSize{"--cache-size", -(1LL << 22), 1LL << 22};
    NumberOption m_mmapSize{"--mmap-size", 0, 1LL << 40};
    bool m_readScaling = false;
    bool m_onBattery = false;
};

std::string MeasureCommand::argumentsHelp() const
{
    std::string text = twoColumns("FOLDER", "the disk that it is on is measured (default: the current folder)") +
                       twoColumns("FILE", "a database: its disk, page size and size; it is not touched itself");
    for (const Preset &preset : presets())
        text += twoColumns(std::string("--preset ") + preset.id, preset.about);
    return text;
}

void MeasureCommand::declare(CLI::App &options)
{
    addRepeatable(
        options, "--preset", m_presets, "NAME",
        "Settings to compare, as named above (repeatable; default: DELETE and WAL, each with FULL and NORMAL)");
    addRepeatable(options, "--workload", m_works, "WHAT",
                  "What writers do: append, update (default) or read-then-write; and what readers do: point-reads "
                  "(default) or page, which is 50 queries (repeatable)");
    const auto number = [&](NumberOption &option, const char *type, const char *help) {
        options.add_option(option.name, option.text, help)->type_name(type);
    };
    number(m_writers, "N", "Processes that write (default: 4)");
    number(m_readers, "N", "Processes that read (default: 1)");
    number(m_seconds, "N", "How long it may take, about (default: 30)");
    number(m_rounds, "N", "How often each is measured, in turn with the others (default: 3)");
    options.add_flag("--read-scaling", m_readScaling,
                     "How much more readers read that are more: 1, 2, 4 … up to --readers (default: twice the "
                     "machine's cores), with a larger cache and with mmap");
    options
        .add_option("--journal", m_journal,
                    "Settings of one's own, compared with the presets: delete, truncate, "
                    "persist, memory or wal")
        ->type_name("MODE");
    options.add_option("--synchronous", m_synchronous, "Likewise: off, normal, full or extra")->type_name("LEVEL");
    options.add_option("--begin", m_begin, "Likewise: deferred or immediate")->type_name("HOW");
    number(m_busyTimeout, "MS", "Likewise: how long a lock is waited for");
    number(m_cacheSize, "N", "Likewise: pages, or if negative KiB");
    number(m_mmapSize, "BYTES", "Likewise");
    options.add_flag("--on-battery", m_onBattery, "Measure also while no charger is connected");
    m_format.declare(options);
}

std::expected<std::optional<Load>, UsageError> MeasureCommand::load() const
{
    const auto writers = m_writers.value();
    const auto readers = m_readers.value();
    if (!writers || !readers)
        return std::unexpected(writers ? readers.error() : writers.error());
    if (!*writers && !*readers && m_works.empty())
        return std::nullopt;
    Load load = usualLoad();
    bool readsOnly = !m_works.empty();
    for (const std::string &name : m_works) {
        const auto work = workOf(name);
        if (!work)
            return std::unexpected(unknownValue("--workload", name, workNames()));
        (writes(*work) ? load.write : load.read) = *work;
        readsOnly = readsOnly && !writes(*work);
    }
    load.writers = static_cast<int>(writers->value_or(readsOnly ? 0 : load.writers));
    load.readers = static_cast<int>(readers->value_or(load.readers));
    if (load.writers + load.readers == 0)
        return std::unexpected(UsageError{"--writers and --readers can't both be 0"});
    return load;
}

/// Sets what \a name means, if it was given.
template <class Value>
std::expected<void, UsageError> take(const char *option, const std::string &name,
                                     std::optional<Value> (*of)(std::string_view), std::vector<std::string> (*known)(),
                                     Value &into)
{
    if (name.empty())
        return {};
    const std::optional<Value> value = of(name);
    if (!value)
        return std::unexpected(unknownValue(option, name, known()));
    into = *value;
    return {};
}

std::expected<std::optional<Configuration>, UsageError> MeasureCommand::ownSettings() const
{
    Configuration own;
    if (const auto taken = take("--journal", m_journal, journalOf, journalNames, own.journal); !taken)
        return std::unexpected(taken.error());
    if (const auto taken = take("--synchronous", m_synchronous, synchronousOf, synchronousNames, own.synchronous);
        !taken)
        return std::unexpected(taken.error());
    if (const auto taken = take("--begin", m_begin, beginOf, beginNames, own.begin); !taken)
        return std::unexpected(taken.error());
    const auto busyTimeout = m_busyTimeout.value();
    const auto cacheSize = m_cacheSize.value();
    const auto mmapSize = m_mmapSize.value();
    for (const auto *number : {&busyTimeout, &cacheSize, &mmapSize}) {
        if (!*number)
            return std::unexpected(number->error());
    }
    own.busyTimeout = std::chrono::milliseconds(busyTimeout->value_or(own.busyTimeout.count()));
    own.cacheSize = cacheSize->value_or(own.cacheSize);
    own.mmapSize = mmapSize->value_or(own.mmapSize);
    const bool given =
        !m_journal.empty() || !m_synchronous.empty() || !m_begin.empty() || *busyTimeout || *cacheSize || *mmapSize;
    return given ? std::optional(own) : std::nullopt;
}

std::expected<std::vector<const Preset *>, UsageError> MeasureCommand::chosenPresets() const
{
    std::vector<const Preset *> chosen;
    for (const std::string &id : m_presets) {
        const Preset *preset = findPreset(id);
        if (!preset) {
            std::vector<std::string> known;
            for (const Preset &one : presets())
                known.emplace_back(one.id);
            return std::unexpected(unknownValue("--preset", id, known));
        }
        chosen.push_back(preset);
    }
    return chosen;
}

std::expected<Plan, UsageError> MeasureCommand::plan() const
{
    const auto wanted = load();
    if (!wanted)
        return std::unexpected(wanted.error());
    const auto own = ownSettings();
    if (!own)
        return std::unexpected(own.error());
    auto chosen = chosenPresets();
    if (!chosen)
        return std::unexpected(chosen.error());
    if (m_readScaling && (!chosen->empty() || *own || !m_works.empty() || !m_writers.text.empty()))
        return std::unexpected(UsageError{"--read-scaling takes neither --preset, --workload, --writers nor settings"});
    const auto seconds = m_seconds.value();
    const auto rounds = m_rounds.value();
    if (!seconds || !rounds)
        return std::unexpected(seconds ? rounds.error() : seconds.error());

    Plan plan;
    plan.time = std::chrono::seconds(seconds->value_or(30));
    plan.rounds = static_cast<int>(rounds->value_or(plan.rounds));
    plan.onBattery = m_onBattery;
    if (m_readScaling) {
        const int twice = 2 * static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
        plan.cells = readScaling(m_readers.text.empty() ? twice : (*wanted)->readers);
        return plan;
    }
    if (chosen->empty() && !*own) {
        plan.cells = journalModes({.begin = Begin::Immediate}, wanted->value_or(usualLoad()));
        return plan;
    }
    if (chosen->empty())
        chosen->push_back(findPreset("default"));
    plan.cells = cellsOf(*chosen, *wanted);
    if (*own)
        plan.cells.push_back({.name = "own", .configuration = **own, .load = plan.cells.front().load});
    return plan;
}

/// The one that the first is held against in a sentence: the fastest of the others.
std::size_t bestOf(const std::vector<CellResult> &results)
{
    const auto rate = [](const CellResult &result) {
        return result.writes.tried > 0 ? result.writes.perSecond : result.reads.perSecond;
    };
    const auto best = std::ranges::max_element(results.begin() + 1, results.end(), {}, rate);
    return static_cast<std::size_t>(best - results.begin());
}

void conclude(const Plan &plan, const std::vector<CellResult> &results, Console &console)
{
    if (results.size() > 1) {
        const std::size_t best = bestOf(results);
        console.say(words::verdict(plan.cells.front(), results.front(), plan.cells[best], results[best]).toStdString());
    }
    const CellResult &last = results.back();
    if (const QString cost = words::pageCost(plan.cells[last.cell], last); !cost.isEmpty())
        console.say(cost.toStdString());
}

Outcome MeasureCommand::run(const std::vector<std::string> &words, Session &session)
{
    const auto format = m_format.value();
    if (!format)
        return std::unexpected(format.error());
    auto made = plan();
    if (!made)
        return std::unexpected(made.error());
    Plan &plan = *made;
    if (words.size() > 1)
        return std::unexpected(UsageError{"name one folder or file"});
    Console &console = session.console;
    const auto failed = [&](const QString &why) {
        console.say(why.toStdString());
        return SomeFailed;
    };
    const Result<Path> place = resolved(words.empty() ? "." : words.front());
    if (!place)
        return failed(words::describe(place.error()));
    plan.place = *place;
    if (!plan.onBattery && platform::runsOnBattery())
        return failed(words::onBattery());

    std::vector<CellResult> results(plan.cells.size());
    Record around;
    const Table table(plan.cells, results);
    const auto writer = makeWriter(*format, table.layout(), [&](std::string_view text) { console.out(text); });
    const auto write = [&](const CellResult &result) {
        Record record = cellRecord(plan.cells[result.cell], result, results.front());
        record["index"] = result.cell;
        writer->write(record);
    };
    const Listener listener{
        .began =
            [&](const Surroundings &surroundings) {
                around = surroundingsRecord(surroundings);
                console.say(words::flush(surroundings).toStdString());
            },
        .measured =
            [&](const CellResult &result) {
                results[result.cell] = result;
                if (result.rounds == plan.rounds)
                    write(result);
            },
    };
    ConsoleProgress progress(console, "measuring", plan.place);
    const auto outcome = measure::measure(plan, listener, session.stop, progress);
    // Stopped: what is known by now is shown, though it be less than was asked for.
    for (const CellResult &result : results) {
        if (!outcome && result.rounds > 0 && result.rounds < plan.rounds)
            write(result);
    }
    Record more = around.is_null() ? Record::object() : around;
    if (outcome)
        more["seconds"] = outcome->seconds;
    writer->finish(more);
    if (!outcome)
        return failed(words::describe(outcome.error()));
    conclude(plan, results, console);
    return AllDone;
}

}

std::unique_ptr<Command> makeMeasureCommand()
{
    return std::make_unique<MeasureCommand>();
}

}
