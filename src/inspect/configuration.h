// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/path.h"

#include <QString>

#include <optional>
#include <span>
#include <string>
#include <vector>

/// How a project's program opens its database, as far as its files say so. They are read as text: bounded, without a
/// trace, and nothing of them is run. Every text is untrusted.
namespace lk::inspect {

class ProjectFiles;

/// A stretch of a file's text, in QString's units.
struct Span
{
    qsizetype start = 0;
    qsizetype length = 0;

    qsizetype end() const { return start + length; }
};

/// What becomes of something that a file says.
enum class Effect
{
    InForce,
    Unset,         ///< said to be left to the driver; a place to set it
    Once,          ///< on the one connection that said it, and on no other
    Misplaced,     ///< the framework does not look for it there
    Ignored,       ///< the driver knows no such name
    NotUnderstood, ///< can't be known without running the project
};

/// How a file spells a value: 5000, NORMAL, ON.
enum class Spelling
{
    Plain,   ///< 5000, NORMAL, ON
    Seconds, ///< 5
    Lower,   ///< 5000, normal, true: YAML
    Quoted,  ///< 5000, 'NORMAL', true: PHP
    Type,    ///< 5000, Normal, true: Rust
};

/// What a file would say to have a setting.
struct Form
{
    std::string text = "{value}"; ///< may have {name}, too
    Spelling spelling = Spelling::Plain;
};

/// One thing that a file says of the program's connections.
struct Setting
{
    /// As the PRAGMA; also "transaction", "cache" (URI), "immutable", "database". Empty: not even that is known.
    std::string name;
    std::string value; ///< as settingValue() has it: "WAL", "5000", "ON"; empty where it is not understood
    Effect effect = Effect::InForce;
    std::size_t file = 0;       ///< of Configuration::files
    int line = 0;               ///< from 1
    Span span{};                ///< what `form` stands for
    std::optional<Form> form{}; ///< how the span would say something else; nothing: it can't be said there
};

/// A file that was read.
struct ConfigurationFile
{
    std::string name; ///< relative to the project's folder
    QString text;
    bool whole = true; ///< false: longer than what is read of a file, or not UTF-8
};

/// Some settings beside each other, in a row.
struct Part
{
    std::vector<std::string> names;
    Form form;
    QString head{}; ///< only where there is something to say
    QString separator{};
    QString tail{};
};

/// A place where settings that are missing can be said.
struct Opening
{
    std::size_t file = 0;
    qsizetype at = 0;
    std::vector<Part> parts;
    QString head{};
    QString separator{}; ///< between parts
    QString tail{};
};

/// Something that is only in the way.
struct Cut
{
    std::size_t file = 0;
    Span span;
    std::string setting{}; ///< goes only where that is to be changed; empty: in any case
};

/// More than one process that writes: "gunicorn, 4 workers".
struct Writers
{
    std::string program; ///< "gunicorn"
    std::size_t file = 0;
    int line = 0;
};

/// A way for programs to SQLite, and what holds where they set nothing. Sources: facts.md, 4.0: the drivers' own
/// documents and sources.
struct Driver
{
    const char *id;         ///< as `settings --for` has it: "django"
    const char *name;       ///< "Django"
    const char *since = ""; ///< the version from which on these defaults hold
    const char *busyTimeout = "0";
    const char *journalMode = nullptr; ///< null: what the file has
    const char *synchronous = "FULL";
    const char *walSynchronous = nullptr; ///< in WAL mode, where that differs
    const char *foreignKeys = "OFF";
    const char *transaction = "DEFERRED";
    const char *cacheSize = "-2000";
    const char *mmapSize = "0";
    const char *journalSizeLimit = "-1";
    bool writes = true; ///< false: it only reads, or does one thing and ends: there is nothing to set up

    /// Null: what the file has, or the driver has no such setting.
    const char *defaultOf(std::string_view setting, bool wal) const;
};

/// What the files of one project say.
struct Configuration
{
    const Driver *driver = nullptr;
    std::string version; ///< of the framework; empty where no file says so
    Path root;           ///< the project's folder
    std::vector<ConfigurationFile> files;
    std::vector<Setting> settings;
    std::vector<Opening> openings;
    std::vector<Cut> cuts;
    std::vector<Writers> writers;
    bool namesThisFile = false; ///< the database is named there; else it only lies there

    /// The last one with that effect; null if there is none.
    const Setting *find(std::string_view setting, Effect effect = Effect::InForce) const;
};

/// All drivers there are, the oldest version of each first.
std::span<const Driver> drivers();

/// Of the nearest folder with a project, a driver each, from that of \a database up to five above it; not beyond the
/// mount.
std::vector<Configuration> configurationsOf(const Path &database);

/// Whether version \a a is older than \a b: "5.0.9" < "5.1".
bool isOlder(std::string_view a, std::string_view b);

/// The settings that are read, judged and shown, in the order in which they are to be said: busy_timeout first, for
/// the others can meet a lock.
std::span<const char *const> settingNames();

/// \a text as \a setting's value in SQLite's own words: "WAL" for 'wal', "NORMAL" for 1, "67108864" for
/// 64 * 1024 * 1024. Nothing if it is none, or no literal.
std::optional<std::string> settingValue(std::string_view setting, const QString &text);

/// Milliseconds, of a number of seconds: "5000" for 5, "500" for 0.5.
std::optional<std::string> millisecondsOf(const QString &seconds);

/// The reverse: \a value in the words of a file.
QString spelled(const Form &form, std::string_view setting, std::string_view value);

}
