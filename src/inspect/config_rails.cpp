// SPDX-License-Identifier: GPL-3.0-or-later
// Rails' config/database.yml (activerecord's sqlite3_adapter.rb: timeout, pragmas from 7.2 on).
#include "inspect/configtext.h"

#include <algorithm>
#include <map>

namespace lk::inspect {

namespace {

/// ERB in YAML: what it puts out can't be known, and what only decides leaves a blank line. Every place stays.
QString withoutRuby(QString text)
{
    for (qsizetype start = 0; (start = text.indexOf(QLatin1String("<%"), start)) >= 0;) {
        const qsizetype end = text.indexOf(QLatin1String("%>"), start);
        if (end < 0)
            break;
        const bool says = text[start + 2] == u'=';
        for (; start < end + 2; ++start) {
            if (text[start] != u'\n')
                text[start] = says ? u'E' : u' ';
        }
    }
    return text;
}

/// One database: its leaves by the rest of their path.
using Section = std::map<std::vector<std::string>, const YamlLeaf *>;

/// By the path of each: "production", or "production", "primary".
std::map<std::vector<std::string>, Section> sectionsOf(const std::vector<YamlLeaf> &leaves)
{
    std::map<std::vector<std::string>, Section> sections;
    for (const YamlLeaf &leaf : leaves) {
        if (leaf.path.size() >= 2 && leaf.path.back() == "adapter" && leaf.value == "sqlite3")
            sections[{leaf.path.begin(), leaf.path.end() - 1}];
    }
    for (auto &[path, section] : sections) {
        for (const YamlLeaf &leaf : leaves) {
            const auto size = static_cast<std::ptrdiff_t>(path.size());
            if (leaf.path.size() > path.size() && std::equal(path.begin(), path.end(), leaf.path.begin()))
                section[{leaf.path.begin() + size, leaf.path.end()}] = &leaf;
        }
    }
    return sections;
}

const YamlLeaf *leafOf(const Section &section, std::vector<std::string> path)
{
    const auto found = section.find(path);
    return found == section.end() ? nullptr : found->second;
}

/// Where the value of \a leaf stands.
Span spanOf(const ConfigText &text, const YamlLeaf &leaf)
{
    const qsizetype start = text.startOf(leaf.line);
    const QString value = QString::fromStdString(leaf.value);
    // A column counts bytes, and quotes belong to it.
    const qsizetype at = text.text().indexOf(value, std::min(start + leaf.column, text.text().size()));
    return at < 0 || at > text.lineEnd(start) ? Span{start, 0} : Span{at, value.size()};
}

void openSection(ConfigText &text, const Section &section, const std::string &version)
{
    const Span place = spanOf(text, *leafOf(section, {"adapter"}));
    const qsizetype start = text.lineStart(place.start);
    const qsizetype end = text.lineEnd(place.start);
    if (!text.at({start, end - start}).trimmed().startsWith(QLatin1String("adapter:")))
        return; // in { } there are no lines to add
    const QString indent = text.indentAt(place.start);
    const auto form = [&](const QString &before, const char *key) {
        return Form{(u'\n' + before + QLatin1String(key) + QLatin1String(": {value}")).toStdString(), Spelling::Lower};
    };
    Opening opening{.at = end, .parts = {{.names = {"busy_timeout"}, .form = form(indent, "timeout")}}};
    const bool hasPragmas = version.empty() || !isOlder(version, "7.2");
    const YamlLeaf *pragmas = leafOf(section, {"pragmas"});
    if (hasPragmas) {
        opening.parts.push_back({.names = {"transaction"}, .form = form(indent, "default_transaction_mode")});
        if (!pragmas) {
            opening.parts.push_back(pragmaPart({"busy_timeout"}, form(indent + QLatin1String("  "), "{name}")));
            opening.parts.back().head = u'\n' + indent + QLatin1String("pragmas:");
        }
    }
    text.open(std::move(opening));
    if (!pragmas || !hasPragmas)
        return;
    const qsizetype first = text.startOf(pragmas->line);
    const QString inner = text.indentAt(first);
    text.open({.at = first,
               .parts = {pragmaPart({"busy_timeout"},
                                    {(inner + QLatin1String("{name}: {value}\n")).toStdString(), Spelling::Lower})}});
}

void readSection(ConfigText &text, const Section &section)
{
    static constexpr struct
    {
        const char *key;
        const char *setting;
    } Keys[] = {{"timeout", "busy_timeout"}, {"default_transaction_mode", "transaction"}};
    for (const auto &[key, setting] : Keys) {
        if (const YamlLeaf *leaf = leafOf(section, {key}); leaf && leaf->isScalar)
            text.set(setting, spanOf(text, *leaf), {.spelling = Spelling::Lower});
    }
    for (const auto &[path, leaf] : section) {
        if (path.size() != 2 || path.front() != "pragmas" || !leaf->isScalar)
            continue;
        if (std::ranges::find(settingNames(), path.back()) != settingNames().end())
            text.set(path.back(), spanOf(text, *leaf), {.spelling = Spelling::Lower});
    }
}

}

std::optional<Configuration> railsConfiguration(const ProjectFiles &files, const Path &database)
{
    const std::optional<Project> project = railsProject(files, database);
    if (!project)
        return std::nullopt;
    Configuration configuration;
    configuration.version = project->version;
    ConfigText text(files, configuration, "config/database.yml", Comments::None);
    const Yaml yaml = readYaml(withoutRuby(text.text()));
    const auto sections = sectionsOf(yaml.leaves);
    const Section *best = nullptr;
    std::tuple<Names, bool> bestRank;
    for (const auto &[path, section] : sections) {
        const YamlLeaf *name = leafOf(section, {"database"});
        const Names names =
            name ? namesDatabase(QString::fromStdString(name->value), database, files.root()) : Names::Another;
        const std::tuple rank(names, path.front() == "production");
        if (!best || rank > bestRank) {
            best = &section;
            bestRank = rank;
        }
    }
    if (!best) {
        text.notUnderstood(text.startOf(yaml.errorLine));
        return configuration;
    }
    configuration.namesThisFile = std::get<Names>(bestRank) != Names::Another;
    readSection(text, *best);
    openSection(text, *best, configuration.version);
    return configuration;
}

}
