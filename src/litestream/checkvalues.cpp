// SPDX-License-Identifier: GPL-3.0-or-later
// What the values of a configuration mean together.
#include "litestream/checkconfig.h"
#include "litestream/keys.h"
#include "litestream/values.h"

#include <algorithm>
#include <map>
#include <set>

namespace lk::litestream {

static bool isControl(unsigned char c)
{
    return c < 0x20 || c == 0x7f;
}

std::vector<Problem> problemsOfPath(const Path &path, Syntax syntax)
{
    std::vector<Problem> problems;
    const std::string &text = path.native();
    const auto add = [&](Fault fault, std::vector<std::string> more = {}) {
        more.insert(more.begin(), text);
        problems.push_back({.fault = fault, .database = path, .key = "path", .arguments = std::move(more)});
    };
    if (!path.is_absolute())
        add(Fault::RelativePath);
    if (!path::isUtf8(text))
        add(Fault::NotUtf8Path);
    if (std::ranges::any_of(text, isControl))
        add(Fault::ControlInPath);
    // It puts the path into a URI as it is: what follows these signs is lost, or means another file.
    const std::size_t sign = text.find_first_of(syntax == Syntax::V03 ? "?" : "?#%");
    if (sign != std::string::npos)
        add(Fault::CharacterInPath, {text.substr(sign, 1)});
    return problems;
}

namespace {

class ValueCheck
{
public:
    ValueCheck(const Config &config, Syntax syntax)
        : m_config(config)
        , m_syntax(syntax)
    {
    }
    std::vector<Problem> run();

private:
    /// A target, and whose it is.
    struct Target
    {
        std::string text;
        const Database *database;
        const Replica *replica;
    };

    void database(const Database &database);
    void replica(const Database &database, const Replica &replica);
    void storage(const Replica &replica, const StorageKind &kind);
    void times(const Replica &replica);
    void targets();
    void addressForAll(const char *key);
    /// The replica's own value, or what stands at the top for all.
    std::string valueOf(const Replica &replica, const char *key) const;
    Problem &add(Fault fault, int line, std::vector<std::string> arguments = {});

    const Config &m_config;
    Syntax m_syntax;
    std::vector<Target> m_targets;
    std::vector<Problem> m_problems;
};

Problem &ValueCheck::add(Fault fault, int line, std::vector<std::string> arguments)
{
    m_problems.push_back({.fault = fault, .line = line, .arguments = std::move(arguments)});
    return m_problems.back();
}

std::string ValueCheck::valueOf(const Replica &replica, const char *key) const
{
    const std::string &own = replica.settings.value(key);
    return own.empty() ? m_config.settings.value(key) : own;
}

/// ":9090" and "0.0.0.0:9090" answer to everybody who reaches the machine.
void ValueCheck::addressForAll(const char *key)
{
    const Setting *address = m_config.settings.find(key);
    if (address && (address->value.starts_with(':') || address->value.starts_with("0.0.0.0:") ||
                    address->value.starts_with("[::]:")))
        add(Fault::MetricsForAll, address->line, {address->value}).key = key;
}

std::vector<Problem> ValueCheck::run()
{
    if (m_config.databases.empty())
        add(Fault::NoDatabases, 0);
    addressForAll("addr");
    addressForAll("mcp-addr");
    std::set<Path> seen;
    for (const Database &one : m_config.databases) {
        if (!one.path.empty() && !seen.insert(one.path.lexically_normal()).second)
            add(Fault::DatabaseTwice, one.line).database = one.path;
        database(one);
    }
    targets();
    return std::move(m_problems);
}

void ValueCheck::database(const Database &database)
{
    const bool isFolder = m_syntax == Syntax::V05 && database.settings.has("dir");
    if (database.path.empty() && !isFolder)
        add(Fault::KeyMissing, database.line).key = "path";
    if (const Setting *path = database.settings.find("path")) {
        for (Problem &problem : problemsOfPath(database.path, m_syntax)) {
            problem.line = path->line;
            m_problems.push_back(std::move(problem));
        }
    }
    if (database.replicas.empty())
        add(Fault::NoReplica, database.line).database = database.path;
    if (m_syntax == Syntax::V05 && database.replicas.size() > 1)
        add(database.oneReplica ? Fault::BothReplicaKeys : Fault::SeveralReplicas, database.replicas[1].line).database =
            database.path;
    std::set<std::string> names;
    for (const Replica &one : database.replicas) {
        const std::size_t before = m_problems.size();
        if (m_syntax == Syntax::V03 && !names.insert(one.name()).second)
            add(Fault::ReplicaNameTwice, one.line, {one.name()});
        replica(database, one);
        for (std::size_t i = before; i < m_problems.size(); ++i) {
            m_problems[i].database = database.path;
            m_problems[i].replica = one.name();
        }
    }
}

void ValueCheck::replica(const Database &database, const Replica &replica)
{
    const StorageKind *kind = storageKind(replica.type(), m_syntax);
    if (!kind) {
        std::string all;
        for (const std::string &type : storageTypes(m_syntax))
            all += (all.empty() ? "" : ", ") + type;
        add(Fault::UnknownStorage, replica.line, {replica.type(), all}).key = "type";
        return;
    }
    storage(replica, *kind);
    times(replica);
    if (const std::string target = targetOf(replica); !target.empty())
        m_targets.push_back({.text = target, .database = &database, .replica = &replica});
}

void ValueCheck::storage(const Replica &replica, const StorageKind &kind)
{
    const bool hasUrl = replica.settings.has("url");
    for (const char *needed : kind.needed) {
        if (!hasUrl && valueOf(replica, needed).empty())
            add(Fault::KeyMissing, replica.line).key = needed;
    }
    for (const char *part : {"path", "bucket"}) {
        if (hasUrl && replica.settings.has(part))
            add(Fault::UrlAndParts, replica.settings.find(part)->line).key = part;
    }
    for (const Setting &setting : replica.settings.all()) {
        const Key *key = findKey(Section::Replica, setting.key);
        if (key && !(key->storages & kind.storage))
            add(Fault::OtherStorage, setting.line, {replica.type()}).key = setting.key;
    }
    const Setting *path = replica.settings.find("path");
    if (kind.storage == Storage::File && path && !Path(path->value).is_absolute())
        add(Fault::RelativePath, path->line, {path->value}).key = "path";
}

void ValueCheck::times(const Replica &replica)
{
    static constexpr Duration OneSecond(1);
    const auto durationAt = [&](const char *key) { return durationOf(replica.settings.value(key)); };
    const auto retention = durationAt("retention").value_or(Duration(24 * 3600));
    const auto snapshots = durationAt("snapshot-interval");
    if (m_syntax == Syntax::V03 && snapshots && *snapshots > retention) {
        const std::string &said = replica.settings.value("retention");
        add(Fault::ShortRetention, replica.settings.find("snapshot-interval")->line,
            {said.empty() ? "24h" : said, replica.settings.value("snapshot-interval")})
            .key = "retention";
    }
    const auto sync = durationAt("sync-interval");
    if (sync && sync->count() > 0 && *sync < OneSecond && replica.type() != "file")
        add(Fault::FastSync, replica.settings.find("sync-interval")->line, {replica.settings.value("sync-interval")})
            .key = "sync-interval";
}

/// Sorted, everything that lies in a target comes right behind it.
void ValueCheck::targets()
{
    std::ranges::stable_sort(m_targets, {}, &Target::text);
    const Target *outer = nullptr;
    for (const Target &target : m_targets) {
        if (!outer || !target.text.starts_with(outer->text)) {
            outer = &target;
            continue;
        }
        const bool isSame = target.text == outer->text;
        Problem &problem = add(isSame ? Fault::SameTarget : Fault::NestedTarget, target.replica->line,
                               {outer->database->path.native()});
        problem.database = target.database->path;
        problem.replica = target.replica->name();
    }
}

}

std::vector<Problem> problemsOfValues(const Config &config, Syntax syntax)
{
    return ValueCheck(config, syntax).run();
}

}
