// SPDX-License-Identifier: GPL-3.0-or-later
// YAML and JSON, read by the libraries that know them (yaml-cpp, nlohmann-json). Both throw; nothing leaves this file.
#include "inspect/configtext.h"

#include <nlohmann/json.hpp>
#include <yaml-cpp/yaml.h>

namespace lk::inspect {

namespace {

/// What one file may have: aliases can make a small one endless.
constexpr std::size_t MostNodes = 4096;
constexpr std::size_t MostDepth = 16;

class YamlReader
{
public:
    explicit YamlReader(std::vector<YamlLeaf> &leaves)
        : m_leaves(leaves)
    {
    }

    void read(const YAML::Node &node)
    {
        if (++m_nodes > MostNodes || m_path.size() > MostDepth || !node.IsDefined())
            return;
        const YAML::Mark mark = node.Mark();
        m_leaves.push_back({.path = m_path,
                            .value = node.IsScalar() ? node.Scalar() : std::string(),
                            .line = mark.line + 1,
                            .column = mark.column,
                            .isScalar = node.IsScalar()});
        if (node.IsMap())
            readMap(node);
        else if (node.IsSequence())
            readList(node);
    }

private:
    void readMap(const YAML::Node &map)
    {
        for (const auto &item : map) { // what is merged first, so that the map's own win
            if (item.first.IsScalar() && item.first.Scalar() == "<<")
                readMerged(item.second);
        }
        for (const auto &item : map) {
            if (item.first.IsScalar() && item.first.Scalar() != "<<")
                readBelow(item.first.Scalar(), item.second);
        }
    }

    void readMerged(const YAML::Node &merged)
    {
        if (++m_nodes > MostNodes || ++m_merges > MostDepth)
            return;
        if (merged.IsMap())
            readMap(merged);
        for (std::size_t i = 0; merged.IsSequence() && i < merged.size() && m_nodes < MostNodes; ++i)
            readMerged(merged[i]);
        --m_merges;
    }

    void readList(const YAML::Node &list)
    {
        for (std::size_t i = 0; i < list.size() && m_nodes < MostNodes; ++i)
            readBelow(std::to_string(i), list[i]);
    }

    void readBelow(const std::string &key, const YAML::Node &node)
    {
        m_path.push_back(key);
        read(node);
        m_path.pop_back();
    }

    std::vector<YamlLeaf> &m_leaves;
    std::vector<std::string> m_path;
    std::size_t m_nodes = 0;
    std::size_t m_merges = 0;
};

/// Counts the bytes that the parser has taken: a text ends where it was handed over.
class CountedBytes
{
public:
    using iterator_category = std::input_iterator_tag;
    using value_type = char;
    using difference_type = std::ptrdiff_t;
    using pointer = const char *;
    using reference = const char &;

    CountedBytes(const char *at, std::size_t *count)
        : m_at(at)
        , m_count(count)
    {
    }

    reference operator*() const { return *m_at; }
    CountedBytes &operator++()
    {
        ++m_at;
        ++*m_count;
        return *this;
    }
    CountedBytes operator++(int)
    {
        CountedBytes before = *this;
        ++*this;
        return before;
    }
    bool operator==(const CountedBytes &other) const { return m_at == other.m_at; }

private:
    const char *m_at;
    std::size_t *m_count;
};

class TextCollector final : public nlohmann::json_sax<nlohmann::json>
{
public:
    explicit TextCollector(const std::size_t &taken)
        : m_taken(taken)
    {
    }

    bool string(string_t &) override
    {
        ends.push_back(m_taken);
        return ends.size() < MostNodes;
    }
    bool null() override { return true; }
    bool boolean(bool) override { return true; }
    bool number_integer(number_integer_t) override { return true; }
    bool number_unsigned(number_unsigned_t) override { return true; }
    bool number_float(number_float_t, const string_t &) override { return true; }
    bool binary(binary_t &) override { return true; }
    bool start_object(std::size_t) override { return true; }
    bool key(string_t &) override { return true; }
    bool end_object() override { return true; }
    bool start_array(std::size_t) override { return true; }
    bool end_array() override { return true; }
    bool parse_error(std::size_t, const std::string &, const nlohmann::detail::exception &) override { return false; }

    std::vector<std::size_t> ends; ///< in bytes, behind the closing quotes

private:
    const std::size_t &m_taken;
};

/// The text whose closing quote stands before \a end.
Span textBefore(QByteArrayView bytes, qsizetype end)
{
    qsizetype start = end - 2;
    for (; start > 0; --start) {
        if (bytes[start] != '"')
            continue;
        qsizetype escapes = 0;
        while (start - 1 - escapes >= 0 && bytes[start - 1 - escapes] == '\\')
            ++escapes;
        if (escapes % 2 == 0)
            break;
    }
    const auto units = [&](qsizetype byte) { return QString::fromUtf8(bytes.first(byte)).size(); };
    const qsizetype from = units(start + 1);
    return {from, units(end - 1) - from};
}

}

Yaml readYaml(const QString &text)
{
    Yaml yaml;
    try {
        YamlReader(yaml.leaves).read(YAML::Load(text.toStdString()));
    } catch (const YAML::Exception &error) {
        yaml.leaves.clear();
        yaml.errorLine = std::max(0, error.mark.line) + 1;
    }
    return yaml;
}

JsonTexts readJsonTexts(const QString &text)
{
    const QByteArray bytes = text.toUtf8();
    std::size_t taken = 0;
    TextCollector collector(taken);
    const CountedBytes begin(bytes.constData(), &taken);
    const CountedBytes end(bytes.constData() + bytes.size(), &taken);
    JsonTexts found;
    found.whole = nlohmann::json::sax_parse(begin, end, &collector, nlohmann::json::input_format_t::json, true, true);
    for (const std::size_t textEnd : collector.ends)
        found.texts.push_back(textBefore(bytes, static_cast<qsizetype>(textEnd)));
    return found;
}

}
