// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/filereader.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Litestream's litestream.yml, as values. Source: litestream.io/reference/config, and what v0.3.13 does with it.
namespace lk::litestream {

/// A key and what stands there, as text: "retention": "24h".
struct Setting
{
    std::string key;
    std::string value;
    int line = 0; ///< from 1; 0: in no file yet
};

/// Keys and values, in the order of the file.
class Settings
{
public:
    /// Empty if it is not set.
    const std::string &value(std::string_view key) const;
    bool has(std::string_view key) const { return find(key) != nullptr; }
    const Setting *find(std::string_view key) const;
    /// In its place, or as the last; an empty \a value takes it away.
    void set(std::string_view key, std::string value);
    const std::vector<Setting> &all() const { return m_all; }
    void add(Setting setting) { m_all.push_back(std::move(setting)); }

private:
    std::vector<Setting> m_all;
};

/// Where a database is copied to.
struct Replica
{
    int line = 0;
    Settings settings{};

    /// "file", "s3", "gcs", "abs", "sftp": as said, else by the URL's scheme. As Litestream: "file" if neither says.
    std::string type() const;
    /// By which Litestream's commands and metrics know it: as said, else its type.
    std::string name() const;
};

struct Database
{
    int line = 0;
    Path path{}; ///< as Litestream will take it
    Settings settings{};
    std::vector<Replica> replicas{};
    bool oneReplica = false; ///< they stood under "replica:", as 0.5 writes it

    /// Where Litestream keeps its position: "meta-path", else .NAME-litestream beside the database.
    Path metaFolder() const;
};

struct Config
{
    Path file{};
    Settings settings{}; ///< "addr" and other texts of the top level
    std::vector<Database> databases{};

    const Database *find(const Path &database) const;
    /// http://…/metrics of "addr"; empty if it serves none.
    std::string metricsUrl() const;
};

/// The value of an environment variable; empty if there is none.
using Environment = std::function<std::string(std::string_view name)>;
/// Of this process.
std::string ownEnvironment(std::string_view name);

/// \a text with $NAME and ${NAME} replaced, as Litestream does with the whole file unless -no-expand-env is given.
std::string expanded(std::string_view text, const Environment &environment);

/// The values of \a text. Keys that are not known are kept, as Litestream does not mind them either. Damaged
/// (NotAConfig: line, what is wrong) if it is no YAML, or has not the shape of a configuration. \a file is for errors.
Result<Config> parseConfig(const std::string &text, const Path &file);

/// A configuration's bytes, and its file's status at that moment.
struct ConfigText
{
    std::string text;
    platform::FileStatus status;
};
/// Of \a file, a symbolic link followed; at most 1 MiB. Errors: of opening and reading.
Result<ConfigText> readText(const Path &file);

/// What stands in \a file, with $NAME replaced if \a environment is given. Its errors, and parseConfig()'s.
Result<Config> readConfig(const Path &file, const Environment &environment = ownEnvironment);

/// Where a configuration is expected: $LITESTREAM_CONFIG, else /etc/litestream.yml.
Path usualConfigFile();

}
