// SPDX-License-Identifier: GPL-3.0-or-later
// sqlite-jdbc, also by Spring: what stands in the address, and what Hikari adds (USAGE.md of sqlite-jdbc).
#include "inspect/configtext.h"

#include <algorithm>

namespace lk::inspect {

namespace {

const Key Keys[] = {
    {"busy_timeout", "busy_timeout"},
    {"journal_mode", "journal_mode"},
    {"synchronous", "synchronous"},
    {"foreign_keys", "foreign_keys"},
    {"transaction_mode", "transaction"},
    {"cache_size", "cache_size"},
    {"mmap_size", "mmap_size"},
    {"temp_store", "temp_store"},
    {"journal_size_limit", "journal_size_limit"},
    {"locking_mode", "locking_mode"},
    {"cache", "cache", {.spelling = Spelling::Lower}},
    {"immutable", "immutable"},
};

/// jdbc:sqlite:shop.db?journal_mode=WAL
void readAddress(ConfigText &text, Span address, const Path &database, const Path &root, Configuration &configuration)
{
    static constexpr QLatin1String Scheme("jdbc:sqlite:");
    const QString content = text.at(address);
    const qsizetype mark = content.indexOf(u'?');
    const QString name = content.sliced(Scheme.size(), (mark < 0 ? content.size() : mark) - Scheme.size());
    if (namesDatabase(name, database, root) != Names::Another)
        configuration.namesThisFile = true;
    if (mark >= 0)
        readParameters(text, {address.start + mark + 1, content.size() - mark - 1}, Keys);
    Part pragmas = pragmaPart({}, {.text = "{name}={value}"});
    pragmas.separator = QStringLiteral("&");
    text.open({.at = address.end(),
               .parts = {pragmas, {.names = {"transaction"}, .form = {"transaction_mode={value}"}}},
               .head = mark < 0 ? QStringLiteral("?") : QStringLiteral("&"),
               .separator = QStringLiteral("&")});
}

/// spring.datasource.hikari.data-source-properties.journal_mode=WAL, and what it says to each new connection.
void readProperties(ConfigText &text)
{
    static const QRegularExpression property(
        QStringLiteral(R"((?m)data-source-properties\.(\w+)[ \t]*[=:][ \t]*([^\s#]+))"));
    for (auto matches = property.globalMatch(text.text()); matches.hasNext();) {
        const auto match = matches.next();
        const std::string name = match.captured(1).toStdString();
        const auto key = std::ranges::find(Keys, name, [](const Key &known) { return std::string_view(known.key); });
        if (key != std::end(Keys))
            text.set(key->setting, {match.capturedStart(2), match.capturedLength(2)}, key->form);
    }
    text.pragmas(text.whole());
}

/// The same in YAML: spring: datasource: hikari: data-source-properties: journal_mode: WAL
void readYamlProperties(ConfigText &text)
{
    const Yaml yaml = readYaml(text.text());
    if (yaml.errorLine > 0)
        text.notUnderstood(text.startOf(yaml.errorLine));
    for (const YamlLeaf &leaf : yaml.leaves) {
        const bool isProperty = leaf.path.size() >= 2 && leaf.path[leaf.path.size() - 2] == "data-source-properties";
        const auto key = isProperty ? std::ranges::find(Keys, leaf.path.back(),
                                                        [](const Key &known) { return std::string(known.key); })
                                    : std::end(Keys);
        if (key == std::end(Keys))
            continue;
        const qsizetype start = text.startOf(leaf.line);
        const qsizetype at = text.text().indexOf(QString::fromStdString(leaf.value), start + leaf.column);
        if (at >= 0 && at < text.lineEnd(start))
            text.set(key->setting, {at, qsizetype(leaf.value.size())}, key->form);
    }
}

}

std::optional<Configuration> jdbcConfiguration(const ProjectFiles &files, const Path &database)
{
    static const QRegularExpression dependency(
        QStringLiteral(R"(sqlite-jdbc(?:</artifactId>\s*<version>|:)?(\d[\w.]{0,30}|))"));
    static const QRegularExpression address(QStringLiteral(R"((jdbc:sqlite:[^\s"']*))"));
    static const QRegularExpression other(
        QStringLiteral(R"((?m)^\s*(?:spring\.datasource\.)?url[ \t]*[=:][ \t]*(\$\{[^\n]*))"));
    std::optional<Found> version;
    for (const char *name : {"pom.xml", "build.gradle", "build.gradle.kts"}) {
        if (!version)
            version = findIn(files.text(name), dependency);
    }
    if (!version)
        return std::nullopt;
    Configuration configuration;
    configuration.version = version->text.toStdString();
    for (const std::string &name : files.sources({".properties", ".yml", ".yaml", ".java", ".kt"})) {
        const bool isCode = name.ends_with(".java") || name.ends_with(".kt");
        const bool isYaml = name.ends_with(".yml") || name.ends_with(".yaml");
        ConfigText text(files, configuration, name, isCode ? Comments::Slashes : Comments::Hash);
        if (const auto found = spanOf(address, text))
            readAddress(text, *found, database, files.root(), configuration);
        else if (const auto unknown = spanOf(other, text); unknown && !isCode)
            text.notUnderstood(unknown->start);
        if (isYaml && text.text().contains(QLatin1String("datasource")))
            readYamlProperties(text);
        else if (!isCode)
            readProperties(text);
    }
    return configuration;
}

}
