// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/configuration.h"
#include "inspect/projectfiles.h"

#include <QRegularExpression>

#include <functional>
#include <memory>

/// What the config_*.cpp share: texts without their comments, literals, brackets, PRAGMAs.
namespace lk::inspect {

enum class Comments
{
    None,
    Hash,      ///< Python, shell, YAML, .env
    Slashes,   ///< Go, Rust, JavaScript, C#, Java
    HashSlash, ///< PHP
};

/// \a text with blanks for its comments, so that every place stays where it is.
QString withoutComments(const QString &text, Comments comments);

/// From the bracket at \a at to the one that closes it, both included; texts in quotes are passed by. Nothing if it is
/// not closed.
std::optional<Span> bracketed(QStringView text, qsizetype at);

/// A text in quotes.
struct Literal
{
    QString content;   ///< escapes are left as they are
    Span span;         ///< of the content, without the quotes
    bool plain = true; ///< false: it has parts that only the running program knows: f"{x}", `${x}`
};

/// The one that begins at \a at or behind blanks from there; with a prefix as Python's.
std::optional<Literal> literalAt(const QString &text, qsizetype at);
/// All of them in \a within.
std::vector<Literal> literalsIn(const QString &text, Span within);

/// A name and its value in an address or a connection string.
struct Parameter
{
    QString key;
    QString value;
    Span whole;
    Span valueSpan;
};
/// "a=1&b=2" at \a query, or with another \a separator.
std::vector<Parameter> parametersIn(const QString &text, Span query, QChar separator = u'&');

/// What stands between two brackets, up to the commas on its own level: 'key' => value, "key": value, key: value.
struct Entry
{
    QString key; ///< without quotes
    Span value;  ///< without blanks around it
    Span whole;  ///< with its key, its comma and, where it has lines of its own, those
};
std::vector<Entry> entriesIn(const QString &text, Span brackets);

/// One text file of a configuration being made.
class ConfigText
{
public:
    /// Reads the file and adds it to \a configuration; empty text if there is none.
    ConfigText(const ProjectFiles &files, Configuration &configuration, const std::string &name, Comments comments);

    const QString &text() const { return m_text; } ///< without comments
    explicit operator bool() const { return !m_text.isEmpty(); }
    std::size_t file() const { return m_file; }
    int lineAt(qsizetype offset) const;
    Span whole() const { return {0, m_text.size()}; }
    QString at(Span span) const { return m_text.sliced(span.start, span.length); }
    /// The blanks that the line of \a offset begins with.
    QString indentAt(qsizetype offset) const;
    /// Where the line of \a offset begins and ends.
    qsizetype lineStart(qsizetype offset) const;
    qsizetype lineEnd(qsizetype offset) const;
    /// Where \a line begins, from 1; the end of the text if it has none.
    qsizetype startOf(int line) const;

    /// Adds a setting with the value at \a span, or as not understood if it is none.
    void set(std::string_view setting, Span span, Form form = {}, Effect effect = Effect::InForce);
    /// The same with a value that says it in another way than \a span does.
    void setValue(std::string_view setting, std::optional<std::string> value, Span span, std::optional<Form> form = {},
                  Effect effect = Effect::InForce);
    void notUnderstood(qsizetype offset);
    /// Every PRAGMA of settingNames() in \a within.
    void pragmas(Span within, Effect effect = Effect::InForce);
    void open(Opening opening);
    void cut(Span span, std::string_view setting = {});
    /// Opens the place behind the line of \a span, "journal_mode = WAL" in a line of code, for lines like it.
    void openLikeLine(Span span, std::initializer_list<std::string_view> others);

private:
    Configuration &m_configuration;
    std::size_t m_file = 0;
    QString m_text;
};

/// \a form for all PRAGMAs of settingNames() but \a others.
Part pragmaPart(std::initializer_list<std::string_view> others, Form form);

/// A driver's names in addresses.
struct Key
{
    const char *key; ///< in lower case
    const char *setting;
    Form form{};
};

/// The first group of \a expression where it fits in \a within; the whole match if it has none.
std::optional<Span> spanOf(const QRegularExpression &expression, const ConfigText &text);

/// Reads the parameters of \a text in \a query, which \a keys explain; \a unknown gets the others.
void readParameters(ConfigText &text, Span query, std::span<const Key> keys,
                    const std::function<void(const Parameter &)> &unknown = {}, QChar separator = u'&');

/// Where KEY=value stands in .env or the like.
struct EnvironmentValue
{
    std::unique_ptr<ConfigText> text;
    Span value{}; ///< without quotes
};
std::optional<EnvironmentValue> environmentValue(const ProjectFiles &files, Configuration &configuration,
                                                 const QString &key);

/// Whether a name in a program means a database: by its path below the project's folder or, as who runs the program
/// may stand anywhere, by its last component alone.
enum class Names : int
{
    Another,
    SameName,
    ThisFile,
};
Names namesDatabase(const QString &name, const Path &database, const Path &root);

// One for each driver; nothing, if the folder has no project with it. driver is set by who asks.
std::optional<Configuration> djangoConfiguration(const ProjectFiles &files, const Path &database);
std::optional<Configuration> railsConfiguration(const ProjectFiles &files, const Path &database);
std::optional<Configuration> laravelConfiguration(const ProjectFiles &files, const Path &database);
std::optional<Configuration> sqlalchemyConfiguration(const ProjectFiles &files, const Path &database);
std::optional<Configuration> nodeConfiguration(const ProjectFiles &files, const Path &database);
std::optional<Configuration> prismaConfiguration(const ProjectFiles &files, const Path &database);
std::optional<Configuration> mattnConfiguration(const ProjectFiles &files, const Path &database);
std::optional<Configuration> moderncConfiguration(const ProjectFiles &files, const Path &database);
std::optional<Configuration> rusqliteConfiguration(const ProjectFiles &files, const Path &database);
std::optional<Configuration> sqlxConfiguration(const ProjectFiles &files, const Path &database);
std::optional<Configuration> jdbcConfiguration(const ProjectFiles &files, const Path &database);
std::optional<Configuration> dotnetConfiguration(const ProjectFiles &files, const Path &database);
std::optional<Configuration> datasetteConfiguration(const ProjectFiles &files, const Path &database);
/// Of scripts that call sqlite3.
std::optional<Configuration> shellConfiguration(const ProjectFiles &files, const Path &database);

/// What a YAML file says, with its merges and aliases resolved.
struct YamlLeaf
{
    std::vector<std::string> path; ///< the keys that lead to it; items of a list have their number
    std::string value;             ///< empty for a map or a list
    int line = 0;                  ///< from 1
    int column = 0;                ///< from 0
    bool isScalar = false;
};
struct Yaml
{
    std::vector<YamlLeaf> leaves; ///< of equal paths, the last counts
    int errorLine = 0;            ///< from 1; 0: it could be read
};
/// Bounded in depth and number.
Yaml readYaml(const QString &text);

/// The texts in a JSON file; what its names are matters to nobody here. Comments are let pass.
struct JsonTexts
{
    std::vector<Span> texts; ///< without their quotes
    bool whole = true;       ///< false: what follows the last one could not be read
};
JsonTexts readJsonTexts(const QString &text);

/// What scripts, process files and units say of every program there: PRAGMAs that hold for their own connection only,
/// and how many processes there are.
Configuration readCommands(const ProjectFiles &files);

}
