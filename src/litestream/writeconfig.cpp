// SPDX-License-Identifier: GPL-3.0-or-later
#include "litestream/writeconfig.h"

#include "base/text.h"
#include "litestream/checkconfig.h"
#include "litestream/keys.h"
#include "litestream/values.h"
#include "platform/datafolder.h"
#include "platform/safefile.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <chrono>
#include <set>

namespace lk::litestream {

// From a URL ---------------------------------------------------------------------------------------------------------

std::expected<Replica, Problem> replicaFromUrl(const std::string &text, Syntax syntax)
{
    const auto wrong = [&](Fault fault, std::vector<std::string> arguments) {
        return std::unexpected(Problem{.fault = fault, .key = "url", .arguments = std::move(arguments)});
    };
    Replica replica;
    const auto url = urlOf(text);
    if (!url) {
        if (!Path(text).is_absolute())
            return wrong(Fault::RelativePath, {text});
        replica.settings.set("type", "file");
        replica.settings.set("path", text);
        return replica;
    }
    const std::string scheme =
        url->scheme == "gs" || url->scheme == "gcs" ? syntax == Syntax::V03 ? "gcs" : "gs" : url->scheme;
    const StorageKind *kind = storageKind(scheme, syntax);
    if (!kind || kind->storage == Storage::Others) {
        std::string all;
        for (const StorageKind &one : storageKinds())
            all += (all.empty() ? "" : ", ") + std::string(one.type) + "://";
        return wrong(Fault::UnknownStorage, {scheme, all});
    }
    if (!url->password.empty())
        return wrong(Fault::SecretInFile, {});
    replica.settings.set("type", scheme);
    if (kind->storage == Storage::Sftp) {
        replica.settings.set("host", url->host);
        replica.settings.set("user", url->user);
    } else if (kind->storage != Storage::File) {
        replica.settings.set("account-name", kind->storage == Storage::Abs ? url->user : "");
        replica.settings.set("bucket", url->host);
    }
    const bool isAbsolute = kind->storage == Storage::File || kind->storage == Storage::Sftp;
    replica.settings.set("path", isAbsolute ? url->path : url->path.substr(std::min<std::size_t>(1, url->path.size())));
    return replica;
}

std::vector<Database> replicated(const std::vector<Path> &files, const Replica &replica)
{
    std::vector<Database> databases;
    std::set<std::string> taken;
    for (const Path &file : files) {
        Replica own = replica;
        if (files.size() > 1) {
            const std::string name = file.filename().native();
            std::string free = name;
            for (int i = 2; !taken.insert(free).second; ++i)
                free = name + '-' + std::to_string(i);
            const std::string &folder = replica.settings.value("path");
            own.settings.set("path", folder + (folder.empty() || folder.ends_with('/') ? "" : "/") + free);
        }
        databases.push_back({.path = file, .replicas = {std::move(own)}});
    }
    return databases;
}

// Emitting -----------------------------------------------------------------------------------------------------------

/// Where 0.3 has a key of the replica and 0.5 one for all.
static constexpr std::pair<const char *, const char *> SnapshotKeys[] = {{"snapshot-interval", "interval"},
                                                                         {"retention", "retention"}};

static bool isOfSnapshots(std::string_view key)
{
    return std::ranges::find(SnapshotKeys, key, &std::pair<const char *, const char *>::first) !=
           std::end(SnapshotKeys);
}

/// Whether Go's YAML takes it for the same text without quotes.
static bool isPlain(const std::string &text)
{
    const auto belongs = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view("/_.-").find(c) != std::string_view::npos;
    };
    return text.starts_with('/') && std::ranges::all_of(text, belongs);
}

static void emitSetting(YAML::Emitter &out, Section in, const Setting &setting)
{
    const Key *key = findKey(in, setting.key);
    const bool isText = !key || key->kind == KeyKind::Text || key->kind == KeyKind::Path || key->kind == KeyKind::Url;
    out << YAML::Key << setting.key << YAML::Value;
    if (isText && setting.key != "type" && !isPlain(setting.value))
        out << YAML::DoubleQuoted;
    out << setting.value;
}

static void emitReplica(YAML::Emitter &out, const Replica &replica, Syntax syntax)
{
    out << YAML::BeginMap;
    for (const Setting &setting : replica.settings.all()) {
        if (syntax == Syntax::V03 || !isOfSnapshots(setting.key))
            emitSetting(out, Section::Replica, setting);
    }
    out << YAML::EndMap;
}

static void emitDatabase(YAML::Emitter &out, const Database &database, Syntax syntax)
{
    out << YAML::BeginMap;
    emitSetting(out, Section::Database, {.key = "path", .value = database.path.native()});
    for (const Setting &setting : database.settings.all()) {
        if (setting.key != "path")
            emitSetting(out, Section::Database, setting);
    }
    if (syntax == Syntax::V03) {
        out << YAML::Key << "replicas" << YAML::Value << YAML::BeginSeq;
        for (const Replica &replica : database.replicas)
            emitReplica(out, replica, syntax);
        out << YAML::EndSeq;
    } else if (!database.replicas.empty()) {
        out << YAML::Key << "replica" << YAML::Value;
        emitReplica(out, database.replicas.front(), syntax);
    }
    out << YAML::EndMap;
}

/// What comes of an emitter in which each $ stands in double quotes: written as \x24 there, Litestream's own replacing
/// of variables, which comes before the YAML is read, does not see it.
static std::string withoutDollars(const YAML::Emitter &out)
{
    std::string text;
    for (const char c : std::string_view(out.c_str(), out.size()))
        text += c == '$' ? std::string("\\x24") : std::string(1, c);
    return text + '\n';
}

static std::string listOf(const std::vector<Database> &databases, Syntax syntax)
{
    YAML::Emitter out;
    out << YAML::BeginSeq;
    for (const Database &database : databases)
        emitDatabase(out, database, syntax);
    out << YAML::EndSeq;
    return withoutDollars(out);
}

std::string composed(const std::vector<Database> &databases, Syntax syntax)
{
    YAML::Emitter out;
    out << YAML::BeginMap;
    Settings snapshot;
    if (syntax == Syntax::V05 && !databases.empty() && !databases.front().replicas.empty()) {
        for (const auto &[old, name] : SnapshotKeys)
            snapshot.set(name, databases.front().replicas.front().settings.value(old));
    }
    if (!snapshot.all().empty()) {
        out << YAML::Key << "snapshot" << YAML::Value << YAML::BeginMap;
        for (const Setting &setting : snapshot.all())
            emitSetting(out, Section::Snapshot, setting);
        out << YAML::EndMap;
    }
    out << YAML::Key << "dbs" << YAML::Value << YAML::BeginSeq;
    for (const Database &database : databases)
        emitDatabase(out, database, syntax);
    out << YAML::EndSeq << YAML::EndMap;
    return withoutDollars(out);
}

std::vector<Problem> problemsOfDraft(const std::vector<Database> &databases, Syntax syntax)
{
    std::vector<Problem> problems = problemsOfValues({.databases = databases}, syntax);
    for (const Database &database : databases) {
        for (Problem &problem : problemsOfPath(database.path, syntax))
            problems.push_back(std::move(problem));
    }
    for (Problem &problem : problemsOfKeys(composed(databases, syntax), syntax)) {
        problem.line = 0; // of a text that nobody has seen
        problems.push_back(std::move(problem));
    }
    return problems;
}

// Merging ------------------------------------------------------------------------------------------------------------

namespace {

/// Whether two documents say the same.
bool same(const YAML::Node &a, const YAML::Node &b)
{
    if (a.Type() != b.Type() || a.size() != b.size())
        return false;
    if (a.IsScalar())
        return a.Scalar() == b.Scalar();
    if (a.IsSequence()) {
        for (std::size_t i = 0; i < a.size(); ++i) {
            if (!same(a[i], b[i]))
                return false;
        }
    }
    if (a.IsMap()) {
        for (auto x = a.begin(), y = b.begin(); x != a.end(); ++x, ++y) {
            if (!same(x->first, y->first) || !same(x->second, y->second))
                return false;
        }
    }
    return true;
}

/// \a root with \a more at the end of its list of databases.
YAML::Node grown(const std::string &root, const std::string &more)
{
    YAML::Node grown = YAML::Load(root);
    for (const YAML::Node &database : YAML::Load(more))
        grown["dbs"].push_back(database);
    return grown;
}

/// \a block, each line of it behind \a column blanks.
std::string indented(const std::string &block, int column)
{
    std::string text;
    for (std::size_t at = 0; at < block.size();) {
        const std::size_t end = block.find('\n', at) + 1;
        text += std::string(static_cast<std::size_t>(column), ' ') + block.substr(at, end - at);
        at = end;
    }
    return text;
}

bool isBlankOrComment(std::string_view line)
{
    const std::size_t first = line.find_first_not_of(" \t\r");
    return first == std::string_view::npos || line[first] == '#';
}

/// Where the lines of the list end: before the key that comes next, and the comments that belong to that.
std::size_t endOf(const std::string &text, const YAML::Node &root)
{
    const int begin = root["dbs"].Mark().pos;
    int next = -1;
    for (const auto &item : root) {
        const int at = item.first.Mark().pos;
        if (at > begin && (next < 0 || at < next))
            next = at;
    }
    if (next < 0)
        return text.size();
    std::size_t end = text.rfind('\n', static_cast<std::size_t>(next)) + 1;
    while (end > 0) {
        const std::size_t line = end < 2 ? 0 : text.rfind('\n', end - 2) + 1;
        if (!isBlankOrComment(std::string_view(text).substr(line, end - 1 - line)))
            break;
        end = line;
    }
    return end;
}

/// \a text with \a block as text in it; nothing where its form leaves no place for that.
std::optional<std::string> inserted(const std::string &text, const std::string &block)
{
    const YAML::Node root = YAML::Load(text);
    const bool usesCrLf = text.find("\r\n") != std::string::npos;
    if (usesCrLf || (root.IsMap() && root.Style() == YAML::EmitterStyle::Flow))
        return std::nullopt;
    const YAML::Node list = root.IsMap() ? root["dbs"] : YAML::Node();
    const std::string broken = text.empty() || text.ends_with('\n') ? text : text + '\n';
    if (!root.IsMap() || !list)
        return broken + "dbs:\n" + indented(block, 2);
    if (!list.IsSequence() || list.size() == 0 || list.Style() == YAML::EmitterStyle::Flow)
        return std::nullopt;
    std::string whole = broken;
    return whole.insert(endOf(broken, root), indented(block, list.Mark().column));
}

}

Result<Merged> merged(const std::string &text, const std::vector<Database> &databases, Syntax syntax)
{
    const Result<Config> before = parseConfig(text, {});
    if (!before)
        return std::unexpected(before.error());
    for (const Database &database : databases) {
        if (before->find(database.path))
            return fail(ErrorCode::Refused, Reason::TargetExists, database.path, {database.path.native()});
    }
    try {
        if (YAML::Load(text).IsNull() && text.find_first_not_of(" \t\r\n") == std::string::npos)
            return Merged{.text = composed(databases, syntax)};
        const std::string block = listOf(databases, syntax);
        const YAML::Node wanted = grown(text, block);
        const auto inPlace = inserted(text, block);
        if (inPlace && same(YAML::Load(*inPlace), wanted))
            return Merged{.text = *inPlace};
        // Written anew, what is to stay and what is to be replaced by variables could not be told apart.
        if (block.find("\\x24") != std::string::npos)
            return fail(ErrorCode::Unsupported, {}, "a $ in a list that has no place for one more");
        YAML::Emitter out;
        out << wanted;
        std::string anew = std::string(out.c_str(), out.size()) + '\n';
        if (!same(YAML::Load(anew), wanted))
            return fail(ErrorCode::Internal, {}, "the configuration could not be written anew");
        return Merged{.text = std::move(anew), .inPlace = false};
    } catch (const YAML::Exception &exception) {
        return fail(ErrorCode::Damaged, Reason::NotAConfig, {},
                    {std::to_string(exception.mark.line + 1), exception.msg});
    }
}

// Saving -------------------------------------------------------------------------------------------------------------

static constexpr std::uint32_t Private = 0600;

static Path keptName(const Path &file)
{
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    std::string time = text::isoTime(std::chrono::duration_cast<std::chrono::nanoseconds>(now).count());
    std::erase(time, ':');
    return file.native() + ".before-" + time;
}

Result<Path> saveConfig(const Path &file, const std::string &text, const std::optional<ConfigText> &before)
{
    const Result<Path> resolved = platform::resolve(file);
    if (resolved && !before)
        return fail(ErrorCode::Changed, file);
    if (!before) {
        if (resolved.error().code != ErrorCode::NotFound)
            return std::unexpected(resolved.error());
        const Result<void> written = platform::writeWhole(file, text, Private);
        return written ? Result<Path>(Path()) : std::unexpected(written.error());
    }
    if (!resolved)
        return std::unexpected(resolved.error());
    if (const auto now = readText(*resolved); !now || now->text != before->text)
        return now ? fail(ErrorCode::Changed, file) : std::unexpected(now.error());
    if (before->status.owner != platform::userId()) // it would become ours, and its service could not read it
        return fail(ErrorCode::NoPermission, file);
    // Its bytes stay where they are, under another name too, and the new ones take the old name.
    const Path kept = keptName(*resolved);
    if (const Result<void> named = platform::addName(*resolved, kept); !named)
        return std::unexpected(named.error());
    const Result<void> written = platform::writeWhole(*resolved, text, before->status.mode);
    if (!written)
        platform::removeName(kept, *resolved);
    return written ? Result<Path>(kept) : std::unexpected(written.error());
}

Result<Plan> planFor(const Path &config, const std::vector<Database> &databases, Syntax syntax)
{
    Result<ConfigText> read = readText(config);
    if (!read && read.error().code != ErrorCode::NotFound)
        return std::unexpected(read.error());
    if (!read)
        return Plan{.text = composed(databases, syntax), .to = config};
    Result<Merged> whole = merged(read->text, databases, syntax);
    if (!whole)
        return std::unexpected(whole.error());
    return Plan{.text = std::move(whole->text),
                .to = whole->inPlace ? config : Path(config.native() + ".new"),
                .inPlace = whole->inPlace,
                .before = std::move(*read)};
}

Result<Path> carryOut(const Plan &plan)
{
    return saveConfig(plan.to, plan.text, plan.inPlace ? plan.before : std::optional<ConfigText>());
}

// Secrets ------------------------------------------------------------------------------------------------------------

/// What a backslash keeps from being special between double quotes, for systemd and for a shell.
static constexpr std::string_view Special = "\"\\`$";

Path secretsFileOf(const Path &config)
{
    return config.parent_path() / "litestream.env";
}

std::string secretsText(const Secrets &secrets)
{
    std::string text;
    for (const auto &[name, value] : secrets) {
        text += name + "=\"";
        for (const char c : value)
            text += (Special.find(c) == std::string_view::npos ? "" : "\\") + std::string(1, c);
        text += "\"\n";
    }
    return text;
}

/// What stands between, or without, quotes.
static std::string unquoted(std::string_view text)
{
    const char quote = text.starts_with('"') || text.starts_with('\'') ? text.front() : '\0';
    std::string value;
    for (std::size_t i = quote ? 1 : 0; i < text.size(); ++i) {
        if (quote && text[i] == quote)
            break;
        const bool isEscape = quote != '\'' && text[i] == '\\' && i + 1 < text.size() &&
                              (!quote || Special.find(text[i + 1]) != std::string_view::npos);
        value += isEscape ? text[++i] : text[i];
    }
    return value;
}

Secrets secretsOf(std::string_view text)
{
    Secrets secrets;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        const std::size_t equals = line.find('=');
        if (line.starts_with('#') || line.starts_with(';') || equals == std::string_view::npos || equals == 0)
            continue;
        secrets[std::string(line.substr(0, equals))] = unquoted(line.substr(equals + 1));
    }
    return secrets;
}

Result<Secrets> readSecrets(const Path &file)
{
    const Result<ConfigText> read = readText(file);
    if (read)
        return secretsOf(read->text);
    return read.error().code == ErrorCode::NotFound ? Result<Secrets>(Secrets()) : std::unexpected(read.error());
}

Result<void> saveSecrets(const Path &file, const Secrets &secrets)
{
    for (const auto &[name, value] : secrets) {
        if (std::ranges::any_of(value, [](unsigned char c) { return c < 0x20 || c == 0x7f; }))
            return fail(ErrorCode::Unsupported, Reason::UnknownArgument, file, {name});
    }
    Result<Secrets> all = readSecrets(file);
    if (!all)
        return std::unexpected(all.error());
    Secrets changed = secrets;
    changed.merge(*all);
    return platform::writeWhole(file, secretsText(changed), Private);
}

}
