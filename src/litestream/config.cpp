// SPDX-License-Identifier: GPL-3.0-or-later
#include "litestream/config.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cstdlib>
#include <span>

namespace lk::litestream {

static constexpr std::uint64_t MostBytes = 1 << 20;
static constexpr std::size_t MostEntries = 4096; // of a list: aliases can make a small file endless

// Values -------------------------------------------------------------------------------------------------------------

const Setting *Settings::find(std::string_view key) const
{
    const auto found = std::ranges::find(m_all, key, &Setting::key);
    return found == m_all.end() ? nullptr : &*found;
}

const std::string &Settings::value(std::string_view key) const
{
    static const std::string none;
    const Setting *setting = find(key);
    return setting ? setting->value : none;
}

void Settings::set(std::string_view key, std::string value)
{
    const auto found = std::ranges::find(m_all, key, &Setting::key);
    if (value.empty())
        std::erase_if(m_all, [&](const Setting &one) { return one.key == key; });
    else if (found != m_all.end())
        found->value = std::move(value);
    else
        m_all.push_back({.key = std::string(key), .value = std::move(value)});
}

std::string Replica::type() const
{
    if (settings.has("type"))
        return settings.value("type");
    const std::string &url = settings.value("url");
    const std::size_t colon = url.find("://");
    return colon == std::string::npos ? "file" : url.substr(0, colon);
}

std::string Replica::name() const
{
    return settings.has("name") ? settings.value("name") : type();
}

Path Database::metaFolder() const
{
    if (settings.has("meta-path"))
        return settings.value("meta-path");
    return path.parent_path() / ('.' + path.filename().native() + "-litestream");
}

const Database *Config::find(const Path &database) const
{
    const auto found = std::ranges::find(databases, database, &Database::path);
    return found == databases.end() ? nullptr : &*found;
}

std::string Config::metricsUrl() const
{
    const std::string &address = settings.value("addr");
    if (address.empty())
        return {};
    // Go listens on all addresses where the host is left out.
    return "http://" + (address.starts_with(':') ? "127.0.0.1" + address : address) + "/metrics";
}

// Environment --------------------------------------------------------------------------------------------------------

std::string ownEnvironment(std::string_view name)
{
    const char *value = std::getenv(std::string(name).c_str());
    return value ? value : "";
}

/// The length of the variable's name at the beginning of \a text, as Go's os.Expand takes it: one special sign, or
/// letters, digits and underscores.
static std::size_t nameLength(std::string_view text)
{
    if (text.empty())
        return 0;
    if (std::string_view("*#$@!?-0123456789").find(text.front()) != std::string_view::npos)
        return 1;
    const auto belongs = [](char c) {
        return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    };
    return static_cast<std::size_t>(std::ranges::find_if_not(text, belongs) - text.begin());
}

std::string expanded(std::string_view text, const Environment &environment)
{
    std::string result;
    for (std::size_t at = 0; at < text.size();) {
        if (text[at] != '$' || at + 1 == text.size()) {
            result += text[at++];
            continue;
        }
        const std::string_view rest = text.substr(at + 1);
        if (rest.front() == '{') {
            const std::size_t end = rest.find('}');
            if (end == std::string_view::npos || end == 1) { // Go swallows what it can't understand
                at += end == 1 ? 3 : 2;
                continue;
            }
            result += environment(rest.substr(1, end - 1));
            at += end + 2;
            continue;
        }
        const std::size_t length = nameLength(rest);
        result += length == 0 ? "$" : environment(rest.substr(0, length));
        at += length + 1;
    }
    return result;
}

// Reading ------------------------------------------------------------------------------------------------------------

namespace {

/// Something that has not the shape of a configuration.
struct Misshapen
{
    YAML::Mark mark;
    std::string what;
};

int lineOf(const YAML::Node &node)
{
    return node.Mark().line + 1;
}

void need(bool right, const YAML::Node &node, const char *what)
{
    if (!right)
        throw Misshapen{node.Mark(), what};
}

/// The texts of \a map, its age's lists and the like left out.
Settings textsOf(const YAML::Node &map)
{
    Settings settings;
    for (const auto &item : map) {
        need(settings.all().size() < MostEntries, map, "it is too long");
        if (item.first.IsScalar() && item.second.IsScalar())
            settings.add({.key = item.first.Scalar(), .value = item.second.Scalar(), .line = lineOf(item.first)});
    }
    return settings;
}

Replica replicaOf(const YAML::Node &node)
{
    need(node.IsMap(), node, "a replica has to be keys with values");
    return {.line = lineOf(node), .settings = textsOf(node)};
}

Database databaseOf(const YAML::Node &node)
{
    need(node.IsMap(), node, "a database has to be keys with values");
    Database database{.line = lineOf(node), .settings = textsOf(node)};
    database.path = Path(database.settings.value("path"));
    if (const YAML::Node replicas = node["replicas"]; replicas && !replicas.IsNull()) {
        need(replicas.IsSequence(), replicas, "replicas has to be a list");
        need(replicas.size() < MostEntries, replicas, "it is too long");
        for (const YAML::Node &replica : replicas)
            database.replicas.push_back(replicaOf(replica));
    }
    if (const YAML::Node replica = node["replica"]; replica && !replica.IsNull()) {
        database.oneReplica = true;
        database.replicas.push_back(replicaOf(replica));
    }
    return database;
}

}

Result<ConfigText> readText(const Path &file)
{
    const Result<Path> resolved = platform::resolve(file);
    const auto reader = resolved ? platform::FileReader::open(*resolved) : std::unexpected(resolved.error());
    if (!reader)
        return std::unexpected(reader.error());
    std::string text(std::min<std::uint64_t>(reader->status().size, MostBytes), '\0');
    const Result<std::size_t> count = reader->read(0, std::as_writable_bytes(std::span(text)));
    if (!count)
        return std::unexpected(count.error());
    text.resize(*count);
    return ConfigText{.text = std::move(text), .status = reader->status()};
}

Result<Config> parseConfig(const std::string &text, const Path &file)
{
    const auto broken = [&](const YAML::Mark &mark, const std::string &what) {
        return fail(ErrorCode::Damaged, Reason::NotAConfig, file, {std::to_string(mark.line + 1), what});
    };
    try {
        const YAML::Node root = YAML::Load(text);
        Config config{.file = file};
        if (root.IsNull())
            return config;
        need(root.IsMap(), root, "it has to be keys with values");
        config.settings = textsOf(root);
        if (const YAML::Node databases = root["dbs"]; databases && !databases.IsNull()) {
            need(databases.IsSequence(), databases, "dbs has to be a list");
            need(databases.size() < MostEntries, databases, "it is too long");
            for (const YAML::Node &database : databases)
                config.databases.push_back(databaseOf(database));
        }
        return config;
    } catch (const Misshapen &misshapen) {
        return broken(misshapen.mark, misshapen.what);
    } catch (const YAML::Exception &exception) {
        return broken(exception.mark, exception.msg);
    }
}

Result<Config> readConfig(const Path &file, const Environment &environment)
{
    const Result<ConfigText> read = readText(file);
    if (!read)
        return std::unexpected(read.error());
    return parseConfig(environment ? expanded(read->text, environment) : read->text, file);
}

Path usualConfigFile()
{
    const std::string chosen = ownEnvironment("LITESTREAM_CONFIG");
    return chosen.empty() ? Path("/etc/litestream.yml") : Path(chosen);
}

}
