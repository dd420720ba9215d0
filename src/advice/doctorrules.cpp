// SPDX-License-Identifier: GPL-3.0-or-later
// What is wrong in how programs set up their connections. Sources: facts.md, 2 and 4; the drivers' own documents.
#include "advice/doctorrules.h"

#include "advice/rules.h"

#include <algorithm>
#include <array>

namespace lk::advice {

namespace {

using inspect::Effect;
using inspect::Setting;

constexpr const char *UndoPatch = LK_RULE("Take the line back.");
constexpr const char *NoRisk = LK_RULE("None.");

std::optional<DoctorFinding> at(const Case &subject, const Setting &setting, std::vector<Value> values = {},
                                std::optional<Severity> severity = {})
{
    return DoctorFinding{.finding = {.rule = nullptr, .values = std::move(values), .severity = severity},
                         .setting = setting.name,
                         .file = subject.fileOf(setting),
                         .line = setting.line};
}

std::optional<DoctorFinding> missing(const char *setting, std::vector<Value> values = {})
{
    return DoctorFinding{.finding = {.rule = nullptr, .values = std::move(values)}, .setting = setting};
}

/// Where the setting is said, or that nobody says it.
std::optional<DoctorFinding> of(const Case &subject, const char *setting, std::vector<Value> values = {},
                                std::optional<Severity> severity = {})
{
    const InForce now = subject.inForce(setting);
    std::optional<DoctorFinding> finding =
        now.said ? at(subject, *now.said, std::move(values)) : missing(setting, std::move(values));
    finding->finding.severity = severity;
    return finding;
}

const Setting *firstWith(const Case &subject, Effect effect)
{
    const auto found = std::ranges::find(subject.configuration.settings, effect, &Setting::effect);
    return found == subject.configuration.settings.end() ? nullptr : &*found;
}

/// 0 where it is not known.
long long numberOf(const std::string &value)
{
    return QByteArray::fromStdString(value).toLongLong();
}

/// gunicorn, in "Procfile", line 1; nobody, if it is one process alone.
const inspect::Writers *severalWriters(const Case &subject)
{
    return subject.configuration.writers.empty() ? nullptr : &subject.configuration.writers.front();
}

std::optional<DoctorFinding> optionsMisplaced(const Case &subject)
{
    const Setting *setting = firstWith(subject, Effect::Misplaced);
    return setting ? at(subject, *setting) : std::nullopt;
}

/// sqlite:///srv/shop.db, where /srv/shop.db is meant.
std::optional<DoctorFinding> addressRelative(const Case &subject)
{
    const Setting *name = subject.configuration.find("database");
    if (!name || name->value.starts_with('/') || name->value.empty())
        return std::nullopt;
    const Path absolute = Path("/" + name->value).lexically_normal();
    const Path relative = (subject.configuration.root / name->value).lexically_normal();
    return absolute == subject.facts.path && relative != absolute ? at(subject, *name, {name->value, absolute.native()})
                                                                  : std::nullopt;
}

std::optional<DoctorFinding> onlyOnce(const Case &subject)
{
    for (const Setting &setting : subject.configuration.settings) {
        const InForce now = subject.inForce(setting.name);
        if (setting.effect == Effect::Once && now.source != Source::Set && now.value != setting.value)
            return at(subject, setting, {setting.name, subject.configuration.driver->name});
    }
    return std::nullopt;
}

std::optional<DoctorFinding> parameterIgnored(const Case &subject)
{
    const Setting *setting = firstWith(subject, Effect::Ignored);
    return setting ? at(subject, *setting, {setting->name, subject.configuration.driver->name}) : std::nullopt;
}

/// More memory than any connection should have for its pages.
constexpr std::uint64_t MostCache = 8 * GiB;

std::optional<DoctorFinding> cacheHuge(const Case &subject)
{
    const InForce now = subject.inForce("cache_size");
    const long long size = numberOf(now.value);
    if (!now.said || size == 0)
        return std::nullopt;
    const std::uint64_t pageSize = subject.facts.header() ? subject.facts.header()->pageSize : 4096;
    const std::uint64_t unit = size > 0 ? pageSize : KiB;
    const auto count = size > 0 ? static_cast<std::uint64_t>(size) : 0 - static_cast<std::uint64_t>(size);
    const std::uint64_t bytes = count > UINT64_MAX / unit ? UINT64_MAX : count * unit;
    return bytes > MostCache ? at(subject, *now.said, {static_cast<std::int64_t>(size), Bytes{bytes}}) : std::nullopt;
}

std::optional<DoctorFinding> deferredWriters(const Case &subject)
{
    const inspect::Writers *writers = severalWriters(subject);
    if (!writers || !subject.writes() || subject.inForce("transaction").value != "DEFERRED")
        return std::nullopt;
    return of(subject, "transaction",
              {writers->program, subject.configuration.files[writers->file].name, std::int64_t{writers->line}});
}

std::optional<DoctorFinding> walFull(const Case &subject)
{
    const InForce now = subject.inForce("synchronous");
    const bool isDefault = now.source == Source::DriverDefault && now.value == "FULL";
    return subject.isWal() && isDefault && subject.writes()
               ? missing("synchronous", {subject.configuration.driver->name})
               : std::nullopt;
}

std::optional<DoctorFinding> sharedCache(const Case &subject)
{
    const InForce now = subject.inForce("cache");
    return now.value == "SHARED" && subject.isWal() ? at(subject, *now.said) : std::nullopt;
}

std::optional<DoctorFinding> immutableLive(const Case &subject)
{
    const InForce now = subject.inForce("immutable");
    const inspect::DatabaseFacts &facts = subject.facts;
    const bool isLive = facts.seen.siblings.wal > 0 || facts.seen.siblings.journal > 0 || !facts.holders.empty();
    return now.value == "ON" && isLive ? at(subject, *now.said, {Bytes{facts.seen.siblings.wal}}) : std::nullopt;
}

std::optional<DoctorFinding> foreignKeysOff(const Case &subject)
{
    if (!subject.facts.structure || !subject.writes() || subject.inForce("foreign_keys").value != "OFF")
        return std::nullopt;
    const auto refers = [](const inspect::SchemaObject &object) { return !object.foreignKeys.empty(); };
    const auto count = std::ranges::count_if(subject.facts.structure->objects, refers);
    return count > 0 ? of(subject, "foreign_keys", {std::int64_t{count}, subject.configuration.driver->name})
                     : std::nullopt;
}

std::optional<DoctorFinding> synchronousUnsafe(const Case &subject)
{
    const InForce now = subject.inForce("synchronous");
    const bool off = now.value == "OFF";
    const bool withoutWal = now.value == "NORMAL" && !subject.isWal() && !subject.inForce("journal_mode").value.empty();
    if ((!off && !withoutWal) || !subject.writes())
        return std::nullopt;
    return of(subject, "synchronous", {now.value}, off ? std::nullopt : std::optional(Severity::Advice));
}

std::optional<DoctorFinding> noWaiting(const Case &subject)
{
    return subject.writes() && subject.inForce("busy_timeout").value == "0"
               ? of(subject, "busy_timeout", {subject.configuration.driver->name})
               : std::nullopt;
}

/// What Django before 5.1 hands to sqlite3.connect(), which knows no such argument.
std::optional<DoctorFinding> optionsTooNew(const Case &subject)
{
    const inspect::Configuration &configuration = subject.configuration;
    const bool isOld = std::string_view(configuration.driver->id) == "django" && !configuration.version.empty() &&
                       inspect::isOlder(configuration.version, "5.1");
    const Setting *mode = configuration.find("transaction");
    return isOld && mode ? at(subject, *mode, {configuration.version}) : std::nullopt;
}

constexpr const char *DjangoLink = "https://docs.djangoproject.com/en/stable/ref/databases/#sqlite-notes";
constexpr const char *PragmaLink = "https://www.sqlite.org/pragma.html";

// clang-format off
const std::array Table{
    DoctorRule{{.id = "config-options-misplaced", .severity = Severity::Warning, .need = Need::Nothing, .scope = Scope::Every,
      .title = LK_RULE("OPTIONS in the wrong place"),
      .seen = LK_RULE("OPTIONS stands beside the database \"default\" in DATABASES, not in it."),
      .why = LK_RULE("Django takes it for another database and reads none of it: each setting in it keeps its default."),
      .gain = LK_RULE("The settings take effect."), .risk = NoRisk,
      .fix = {.kind = Fix::Settings, .text = LK_RULE("Move OPTIONS into \"default\".")},
      .undo = UndoPatch, .link = DjangoLink}, optionsMisplaced},
    DoctorRule{{.id = "config-address-relative", .severity = Severity::Warning, .need = Need::Nothing, .scope = Scope::Every,
      .title = LK_RULE("A slash is missing in the address"),
      .seen = LK_RULE("With three slashes, \"%1\" is a relative path; this database is %2."),
      .why = LK_RULE("The program opens a file below the folder it is started in, and makes an empty one there if there is none."),
      .gain = LK_RULE("It opens this database, wherever it is started."),
      .risk = LK_RULE("What was written to the other file is not in this one."),
      .fix = {.kind = Fix::Settings, .text = LK_RULE("Write four slashes: sqlite:////path.")},
      .undo = UndoPatch, .link = "https://docs.sqlalchemy.org/en/20/core/engines.html#sqlite"}, addressRelative},
    DoctorRule{{.id = "config-set-once", .severity = Severity::Warning, .need = Need::Nothing, .scope = Scope::Every,
      .title = LK_RULE("Set on one connection only"),
      .seen = LK_RULE("%1 is set on one connection, which takes it along when it closes."),
      .why = LK_RULE("It is not stored in the file. Every other connection of the program has the default of %2."),
      .gain = LK_RULE("Every connection has it."), .risk = NoRisk,
      .fix = {.kind = Fix::Settings, .text = LK_RULE("Set it where the program opens each connection.")},
      .undo = UndoPatch, .link = PragmaLink}, onlyOnce},
    DoctorRule{{.id = "config-parameter-ignored", .severity = Severity::Warning, .need = Need::Nothing, .scope = Scope::Every,
      .title = LK_RULE("A name that the driver does not know"),
      .seen = LK_RULE("%1 is set by a name that %2 ignores without a word."),
      .why = LK_RULE("The name is another driver's. The setting keeps its default."),
      .gain = LK_RULE("The setting takes effect."), .risk = NoRisk,
      .fix = {.kind = Fix::Settings, .text = LK_RULE("Use this driver's own name.")},
      .undo = UndoPatch, .link = "https://pkg.go.dev/modernc.org/sqlite#Driver.Open"}, parameterIgnored},
    DoctorRule{{.id = "config-cache-huge", .severity = Severity::Warning, .need = Need::Nothing, .scope = Scope::Every,
      .title = LK_RULE("A cache beyond all memory"),
      .seen = LK_RULE("cache_size is %1: up to %2 for each connection."),
      .why = LK_RULE("A positive number counts pages, not bytes. A large enough database fills the memory, and the system ends the program."),
      .gain = LK_RULE("The cache stays within bounds."),
      .risk = LK_RULE("Large reads may go to the disk more often."),
      .fix = {.kind = Fix::Settings, .text = LK_RULE("Give it in KiB, with a minus: -20000 is 20 MB.")},
      .undo = UndoPatch, .link = "https://www.sqlite.org/pragma.html#pragma_cache_size"}, cacheHuge},
    DoctorRule{{.id = "config-deferred-writers", .severity = Severity::Warning, .need = Need::Nothing, .scope = Scope::Every,
      .title = LK_RULE("Several writers, and transactions begin DEFERRED"),
      .seen = LK_RULE("%1 (%2, line %3) runs more than one process that writes, and transactions begin DEFERRED."),
      .why = LK_RULE("One that reads before it writes fails at once with \"database is locked\" if another has written meanwhile, however long busy_timeout is."),
      .gain = LK_RULE("Writers wait for each other instead of failing."),
      .risk = LK_RULE("Transactions that only read wait, too, if they begin IMMEDIATE: keep those DEFERRED."),
      .fix = {.kind = Fix::Settings, .text = LK_RULE("Begin transactions that write with BEGIN IMMEDIATE.")},
      .undo = UndoPatch, .link = "https://www.sqlite.org/lang_transaction.html"}, deferredWriters},
    DoctorRule{{.id = "config-wal-full", .severity = Severity::Advice, .need = Need::Nothing, .scope = Scope::Every,
      .title = LK_RULE("WAL with synchronous at FULL"),
      .seen = LK_RULE("The database is in WAL mode, and synchronous is left at the default of %1, FULL."),
      .why = LK_RULE("Each commit waits for the disk. With NORMAL only a checkpoint does, and the database can't be damaged either."),
      .gain = LK_RULE("Commits are many times faster."),
      .risk = LK_RULE("A power cut may take back the last commits. Where that must not be, set FULL by name."),
      .fix = {.kind = Fix::Settings, .text = LK_RULE("Set synchronous to NORMAL.")},
      .undo = UndoPatch, .link = "https://www.sqlite.org/pragma.html#pragma_synchronous"}, walFull},
    DoctorRule{{.id = "config-shared-cache", .severity = Severity::Warning, .need = Need::Nothing, .scope = Scope::Every,
      .title = LK_RULE("Shared cache with WAL"),
      .seen = LK_RULE("Connections share one cache, and the database is in WAL mode."),
      .why = LK_RULE("A shared cache locks whole tables between its connections, which no busy_timeout waits for: what WAL gives is lost. SQLite's own documentation discourages it."),
      .gain = LK_RULE("Readers and the writer don't wait for each other."),
      .risk = LK_RULE("Each connection has a cache of its own: more memory."),
      .fix = {.kind = Fix::Settings, .text = LK_RULE("Leave the shared cache out.")},
      .undo = UndoPatch, .link = "https://www.sqlite.org/sharedcache.html"}, sharedCache},
    DoctorRule{{.id = "config-immutable-live", .severity = Severity::Critical, .need = Need::Nothing, .scope = Scope::Every,
      .title = LK_RULE("A database in use is opened as immutable"),
      .seen = LK_RULE("It is opened as immutable, but it is in use or has a -wal (%1)."),
      .why = LK_RULE("With immutable, SQLite takes no lock and does not read the -wal: it shows old rows, or wrong ones while another program writes."),
      .gain = LK_RULE("What is shown is what is in the database."),
      .risk = LK_RULE("Reading takes a lock now and then."),
      .fix = {.kind = Fix::Settings, .text = LK_RULE("Leave immutable to files that nobody writes to.")},
      .undo = UndoPatch, .link = "https://www.sqlite.org/uri.html#uriimmutable"}, immutableLive},
    DoctorRule{{.id = "config-foreign-keys-off", .severity = Severity::Warning, .need = Need::Structure, .scope = Scope::Every,
      .title = LK_RULE("References are declared and not enforced"),
      .seen = LK_RULE("Tables that declare references: %1. Connections of %2 have foreign_keys off."),
      .why = LK_RULE("Rows may refer to what does not exist, and ON DELETE does nothing."),
      .gain = LK_RULE("References hold."),
      .risk = LK_RULE("Where rows are wrong already, some changes fail. PRAGMA foreign_key_check lists them."),
      .fix = {.kind = Fix::Settings, .text = LK_RULE("Switch foreign_keys on for each connection.")},
      .undo = UndoPatch, .link = "https://www.sqlite.org/foreignkeys.html#fk_enable"}, foreignKeysOff},
    DoctorRule{{.id = "config-synchronous-unsafe", .severity = Severity::Warning, .need = Need::Nothing, .scope = Scope::Every,
      .title = LK_RULE("Commits that a power cut can spoil"),
      .seen = LK_RULE("synchronous is %1, and the database may be damaged by a power cut."),
      .why = LK_RULE("OFF never waits for the disk; NORMAL is only safe in WAL mode."),
      .gain = LK_RULE("The database survives a power cut."),
      .risk = LK_RULE("Commits wait for the disk."),
      .fix = {.kind = Fix::Settings, .text = LK_RULE("Use WAL with NORMAL, or FULL.")},
      .undo = UndoPatch, .link = "https://www.sqlite.org/pragma.html#pragma_synchronous"}, synchronousUnsafe},
    DoctorRule{{.id = "config-no-waiting", .severity = Severity::Warning, .need = Need::Nothing, .scope = Scope::Every,
      .title = LK_RULE("Locks are not waited for"),
      .seen = LK_RULE("busy_timeout is 0 for connections of %1."),
      .why = LK_RULE("Whenever another connection writes, it fails at once with \"database is locked\"."),
      .gain = LK_RULE("It waits for its turn."), .risk = NoRisk,
      .fix = {.kind = Fix::Settings, .text = LK_RULE("Set busy_timeout to 5000 milliseconds.")},
      .undo = UndoPatch, .link = "https://www.sqlite.org/c3ref/busy_timeout.html"}, noWaiting},
    DoctorRule{{.id = "config-options-too-new", .severity = Severity::Critical, .need = Need::Nothing, .scope = Scope::Every,
      .title = LK_RULE("Options that this Django does not know"),
      .seen = LK_RULE("transaction_mode is set, and the project has Django %1."),
      .why = LK_RULE("Django before 5.1 hands it to sqlite3.connect(), which fails with a TypeError."),
      .gain = LK_RULE("The program can open its database."), .risk = NoRisk,
      .fix = {.kind = Fix::Settings, .text = LK_RULE("Upgrade Django, or set it in a connection_created signal.")},
      .undo = UndoPatch, .link = DjangoLink}, optionsTooNew},
};
// clang-format on

}

std::span<const DoctorRule> doctorTable()
{
    return Table;
}

}
