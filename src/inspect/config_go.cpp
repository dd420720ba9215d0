// SPDX-License-Identifier: GPL-3.0-or-later
// Go's two drivers: what a DSN says (the README of mattn/go-sqlite3, the documentation of modernc.org/sqlite). Each
// silently ignores the other's names.
#include "inspect/configtext.h"

#include <algorithm>

namespace lk::inspect {

namespace {

const Key MattnKeys[] = {
    {"_busy_timeout", "busy_timeout"},
    {"_timeout", "busy_timeout"},
    {"_journal_mode", "journal_mode"},
    {"_journal", "journal_mode"},
    {"_synchronous", "synchronous"},
    {"_sync", "synchronous"},
    {"_foreign_keys", "foreign_keys"},
    {"_fk", "foreign_keys"},
    {"_cache_size", "cache_size"},
    {"_locking_mode", "locking_mode"},
    {"_locking", "locking_mode"},
    {"_txlock", "transaction", {.spelling = Spelling::Lower}},
    {"cache", "cache", {.spelling = Spelling::Lower}},
    {"immutable", "immutable"},
};
const Key ModerncKeys[] = {
    {"_txlock", "transaction", {.spelling = Spelling::Lower}},
    {"cache", "cache", {.spelling = Spelling::Lower}},
    {"immutable", "immutable"},
};

/// A driver: what it knows, what of the other it does not, and what is said instead.
struct Dialect
{
    const char *module; ///< of go.mod
    std::span<const Key> keys;
    std::vector<Part> parts; ///< of what is missing
    void (*readOther)(ConfigText &text, const Parameter &parameter);
};

/// _pragma=busy_timeout(5000), also with "="; \a effect: what the driver makes of it.
void readPragma(ConfigText &text, const Parameter &parameter, Effect effect)
{
    static const QRegularExpression pragma(QStringLiteral(R"(^(\w+)(?:\(|=)([^)]*)\)?$)"));
    const auto match = pragma.match(parameter.value);
    const std::string name = match.captured(1).toLower().toStdString();
    if (std::ranges::find(settingNames(), name) == settingNames().end())
        return;
    if (effect == Effect::Ignored)
        text.setValue(name, settingValue(name, match.captured(2)), parameter.whole, Form{.text = "_{name}={value}"},
                      effect);
    else
        text.set(name, {parameter.valueSpan.start + match.capturedStart(2), match.capturedLength(2)});
}

void readOfMattn(ConfigText &text, const Parameter &parameter)
{
    if (parameter.key == QLatin1String("_pragma"))
        readPragma(text, parameter, Effect::Ignored);
}

void readOfModernc(ConfigText &text, const Parameter &parameter)
{
    if (parameter.key == QLatin1String("_pragma"))
        return readPragma(text, parameter, Effect::InForce);
    const std::string name = parameter.key.toLower().toStdString();
    const auto key = std::ranges::find(MattnKeys, name, [](const Key &known) { return std::string_view(known.key); });
    if (key != std::end(MattnKeys))
        text.setValue(key->setting, settingValue(key->setting, parameter.value), parameter.whole,
                      Form{.text = "_pragma={name}({value})"}, Effect::Ignored);
}

/// Whether \a literal is the name of a database, with or without parameters.
bool isAddress(const QString &literal)
{
    static const QRegularExpression address(QStringLiteral(
        R"(^(?:file:[^\s]|[^\s?]*\.(?:db|sqlite3?)(?:\?|$)|[^\s?]*%[sv]\?)|\?(?:.*&)?_(?:pragma|journal_mode|busy_timeout|txlock|foreign_keys)=)"));
    return address.match(literal).hasMatch() && !literal.contains(QLatin1String(":memory:"));
}

void readAddress(ConfigText &text, Span address, const Dialect &dialect)
{
    const QString content = text.at(address);
    const qsizetype mark = content.indexOf(u'?');
    if (mark >= 0)
        readParameters(text, {address.start + mark + 1, content.size() - mark - 1}, dialect.keys,
                       [&](const Parameter &parameter) { dialect.readOther(text, parameter); });
    text.open({.at = address.end(),
               .parts = dialect.parts,
               .head = mark < 0 ? QStringLiteral("?") : QStringLiteral("&"),
               .separator = QStringLiteral("&")});
}

/// True: a database is opened there.
bool readSource(ConfigText &text, const Dialect &dialect, const Path &database, const Path &root,
                Configuration &configuration)
{
    static const QRegularExpression open(
        QStringLiteral(R"(\b(?:sqlx?\.(?:Open|Connect|MustConnect|MustOpen)\(\s*"sqlite3?"|sqlite\.Open\()())"));
    static const QRegularExpression everyConnection(
        QStringLiteral(R"(ConnectHook|RegisterConnectionHook|SetMaxOpenConns\(1\))"));
    static const QRegularExpression immediate(QStringLiteral(R"(\bBEGIN\s+(IMMEDIATE|EXCLUSIVE)\b)"));
    const std::optional<Span> call = spanOf(open, text);
    std::vector<Literal> addresses;
    for (Literal &literal : literalsIn(text.text(), text.whole())) {
        if (isAddress(literal.content))
            addresses.push_back(std::move(literal));
    }
    const auto rank = [&](const Literal &literal) {
        const QString name = literal.content.section(u'?', 0, 0);
        return namesDatabase(name.startsWith(QLatin1String("file:")) ? name.sliced(5) : name, database, root);
    };
    const auto best = std::ranges::max_element(addresses, {}, rank);
    if (best != addresses.end()) {
        configuration.namesThisFile = configuration.namesThisFile || rank(*best) != Names::Another;
        readAddress(text, best->span, dialect);
    } else if (call) {
        text.notUnderstood(call->start);
    }
    if (call || best != addresses.end())
        text.pragmas(text.whole(), text.text().contains(everyConnection) ? Effect::InForce : Effect::Once);
    if (const auto begin = spanOf(immediate, text))
        text.set("transaction", *begin);
    return call || best != addresses.end();
}

std::optional<Configuration> goConfiguration(const ProjectFiles &files, const Path &database, const Dialect &dialect)
{
    const QRegularExpression module(
        QLatin1String(R"((?m)^\s*(?:require\s+)?%1\s+v(\d[\w.]{0,30}))").arg(QLatin1String(dialect.module)));
    const std::optional<Found> version = findIn(files.text("go.mod"), module);
    if (!version)
        return std::nullopt;
    Configuration configuration;
    configuration.version = version->text.toStdString();
    for (const std::string &name : files.sources({".go"})) {
        if (name.ends_with("_test.go"))
            continue;
        ConfigText text(files, configuration, name, Comments::Slashes);
        readSource(text, dialect, database, files.root(), configuration);
    }
    return configuration;
}

const Part Immediate{.names = {"transaction"}, .form = {"_txlock={value}", Spelling::Lower}};

}

std::optional<Configuration> mattnConfiguration(const ProjectFiles &files, const Path &database)
{
    const Part known{.names = {"busy_timeout", "journal_mode", "synchronous", "foreign_keys", "cache_size"},
                     .form = {"_{name}={value}"},
                     .separator = QStringLiteral("&")};
    return goConfiguration(
        files, database,
        {R"((?:github\.com/mattn/go-sqlite3|gorm\.io/driver/sqlite))", MattnKeys, {known, Immediate}, readOfMattn});
}

std::optional<Configuration> moderncConfiguration(const ProjectFiles &files, const Path &database)
{
    Part pragmas = pragmaPart({}, {.text = "_pragma={name}({value})"});
    pragmas.separator = QStringLiteral("&");
    return goConfiguration(files, database,
                           {R"((?:modernc\.org/sqlite|github\.com/glebarez/(?:go-)?sqlite))",
                            ModerncKeys,
                            {pragmas, Immediate},
                            readOfModernc});
}

}
