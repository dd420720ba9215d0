// SPDX-License-Identifier: GPL-3.0-or-later
// Every key of a configuration, and whether its value is one of its kind.
#include "litestream/checkconfig.h"
#include "litestream/keys.h"
#include "litestream/values.h"

#include <yaml-cpp/yaml.h>

#include <set>

namespace lk::litestream {

namespace {

class KeyCheck
{
public:
    explicit KeyCheck(Syntax syntax)
        : m_syntax(syntax)
    {
    }

    void section(const YAML::Node &map, Section in);
    std::vector<Problem> takeProblems() { return std::move(m_problems); }

private:
    void entry(const YAML::Node &name, const YAML::Node &value, Section in);
    void unknown(const YAML::Node &name, Section in);
    void value(const Key &key, const YAML::Node &name, const YAML::Node &value);
    void scalar(const Key &key, const YAML::Node &name, const std::string &text);
    void add(Fault fault, const YAML::Node &name, std::vector<std::string> arguments = {});

    static constexpr int MostEntries = 100'000; // aliases can make a small file endless
    Syntax m_syntax;
    int m_entries = 0;
    Path m_database;
    std::vector<Problem> m_problems;
};

/// Durations that may be nothing: then it is not done.
bool mayBeNothing(std::string_view key)
{
    static constexpr std::string_view Names[] = {"snapshot-interval", "validation-interval", "shutdown-sync-timeout",
                                                 "checkpoint-interval"};
    return std::ranges::find(Names, key) != std::end(Names);
}

void KeyCheck::add(Fault fault, const YAML::Node &name, std::vector<std::string> arguments)
{
    m_problems.push_back({.fault = fault,
                          .line = name.Mark().line + 1,
                          .database = m_database,
                          .key = name.IsScalar() ? name.Scalar() : std::string(),
                          .arguments = std::move(arguments)});
}

void KeyCheck::section(const YAML::Node &map, Section in)
{
    if (in == Section::Database)
        m_database = map["path"] && map["path"].IsScalar() ? Path(map["path"].Scalar()) : Path();
    std::set<std::string> seen;
    for (const auto &item : map) {
        if (++m_entries > MostEntries)
            return;
        if (!item.first.IsScalar())
            continue; // Go's library takes it for no key of a configuration, as for any that it does not know
        if (!seen.insert(item.first.Scalar()).second)
            add(Fault::KeyTwice, item.first);
        entry(item.first, item.second, in);
    }
    if (in == Section::Database)
        m_database.clear();
}

void KeyCheck::entry(const YAML::Node &name, const YAML::Node &value, Section in)
{
    const Key *key = findKey(in, name.Scalar());
    if (!key)
        return unknown(name, in);
    if (!(key->versions & versionOf(m_syntax)))
        return add(Fault::OtherVersion, name, {m_syntax == Syntax::V03 ? "0.5" : "0.3"});
    if (!value.IsNull())
        this->value(*key, name, value);
}

void KeyCheck::unknown(const YAML::Node &name, Section in)
{
    if (name.Scalar() != "<<") // YAML's own, with which one map takes another's keys
        add(Fault::UnknownKey, name, {nearestKey(in, name.Scalar(), m_syntax)});
}

void KeyCheck::value(const Key &key, const YAML::Node &name, const YAML::Node &value)
{
    switch (key.kind) {
    case KeyKind::Map:
        return value.IsMap() ? section(value, key.inside) : add(Fault::WrongShape, name, {"keys with values"});
    case KeyKind::Texts:
        return value.IsSequence() ? void() : add(Fault::WrongShape, name, {"a list"});
    case KeyKind::List:
        if (!value.IsSequence())
            return add(Fault::WrongShape, name, {"a list"});
        for (const YAML::Node &one : value) {
            if (one.IsMap())
                section(one, key.inside);
            else
                add(Fault::WrongShape, name, {"a list of keys with values"});
        }
        return;
    default:
        return value.IsScalar() ? scalar(key, name, value.Scalar()) : add(Fault::WrongShape, name, {"one value"});
    }
}

void KeyCheck::scalar(const Key &key, const YAML::Node &name, const std::string &text)
{
    if (key.kind == KeyKind::Duration) {
        const auto duration = durationOf(text);
        if (!duration)
            add(Fault::NotADuration, name, {text, meantDuration(text)});
        else if (duration->count() < 0 || (duration->count() == 0 && !mayBeNothing(key.name)))
            add(Fault::NotPositive, name, {text});
    } else if (key.kind == KeyKind::Number && !isNumber(text)) {
        add(Fault::NotANumber, name, {text});
    } else if (key.kind == KeyKind::Switch && !isSwitch(text)) {
        add(Fault::NotASwitch, name, {text});
    } else if (key.kind == KeyKind::Size && !isSize(text)) {
        add(Fault::NotASize, name, {text});
    } else if (key.kind == KeyKind::Url && !text.empty() && !urlOf(text)) {
        add(Fault::NotAUrl, name, {text});
    } else if (key.kind == KeyKind::Secret && !text.empty()) {
        add(Fault::SecretInFile, name);
    }
}

}

std::vector<Problem> problemsOfKeys(const std::string &text, Syntax syntax)
{
    try {
        KeyCheck check(syntax);
        if (const YAML::Node root = YAML::Load(text); root.IsMap())
            check.section(root, Section::Top);
        return check.takeProblems();
    } catch (const YAML::Exception &) {
        return {}; // parseConfig() has said so
    }
}

}
