// SPDX-License-Identifier: GPL-3.0-or-later
// Microsoft.Data.Sqlite and Entity Framework Core: connection strings in appsettings*.json, PRAGMAs in C#
// (learn.microsoft.com, Microsoft.Data.Sqlite, Connection strings).
#include "inspect/configtext.h"

namespace lk::inspect {

namespace {

const Key Keys[] = {
    {"foreign keys", "foreign_keys", {.spelling = Spelling::Lower}},
    {"default timeout", "busy_timeout", {.spelling = Spelling::Seconds}},
    {"command timeout", "busy_timeout", {.spelling = Spelling::Seconds}},
    {"cache", "cache", {.spelling = Spelling::Type}},
};

/// Data Source=shop.db;Cache=Shared
void readConnection(ConfigText &text, Span connection, const Path &database, const Path &root,
                    Configuration &configuration)
{
    static const QRegularExpression source(QStringLiteral(R"((?:^|;)\s*(?:data ?source|filename)\s*=\s*([^;]+))"),
                                           QRegularExpression::CaseInsensitiveOption);
    const QString content = text.at(connection);
    const auto match = source.match(content);
    if (!match.hasMatch())
        return;
    QString name = match.captured(1).trimmed();
    name.replace(QLatin1String(R"(\\)"), QLatin1String("/"));
    const Names names = namesDatabase(name, database, root);
    if (names == Names::Another && configuration.namesThisFile)
        return;
    configuration.namesThisFile = configuration.namesThisFile || names != Names::Another;
    readParameters(text, connection, Keys, {}, u';');
    text.open({.at = connection.end(),
               .parts = {{.names = {"busy_timeout"}, .form = {"Default Timeout={value}", Spelling::Seconds}},
                         {.names = {"foreign_keys"}, .form = {"Foreign Keys={value}", Spelling::Type}}},
               .head = content.endsWith(u';') ? QString() : QStringLiteral(";"),
               .separator = QStringLiteral(";")});
}

}

std::optional<Configuration> dotnetConfiguration(const ProjectFiles &files, const Path &database)
{
    const std::optional<Project> project = dotnetProject(files, database);
    if (!project)
        return std::nullopt;
    static const QRegularExpression everyConnection(
        QStringLiteral("DbConnectionInterceptor|ConnectionOpened|StateChange"));
    Configuration configuration;
    configuration.version = project->version;
    for (const char *name : {"appsettings.json", "appsettings.Production.json", "appsettings.Development.json"}) {
        ConfigText text(files, configuration, name, Comments::None);
        const JsonTexts texts = readJsonTexts(text.text());
        for (const Span &span : texts.texts)
            readConnection(text, span, database, files.root(), configuration);
        if (text && !texts.whole)
            text.notUnderstood(texts.texts.empty() ? 0 : texts.texts.back().start);
    }
    for (const std::string &name : files.sources({".cs"})) {
        ConfigText text(files, configuration, name, Comments::Slashes);
        text.pragmas(text.whole(), text.text().contains(everyConnection) ? Effect::InForce : Effect::Once);
    }
    return configuration;
}

}
