// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/applications.h"

#include <optional>
#include <span>
#include <string_view>
#include <vector>

/// What a connection should be set to, by what its program does: the one table for the window, for the code to copy
/// (snippets.h), and for whoever compares a project's own settings with it. No file tells these settings, for each
/// program's connection decides them for itself (safety.md, fact 30).
namespace lk::advice {

/// What a program does with its database.
enum class Profile
{
    Web,       ///< many short requests
    Desktop,   ///< one person, one program
    Embedded,  ///< little memory, flash
    Analytics, ///< large reads and loads
};
inline constexpr int Profiles = 4;

const char *profileId(Profile profile);    ///< "web", as `settings --profile` has it
const char *profileTitle(Profile profile); ///< "a web server or service"; untranslated ("ConnectionSetting")
std::optional<Profile> findProfile(std::string_view id);
/// What databases of that kind are mostly used for.
Profile profileFor(inspect::UseKind kind);

/// Where a setting takes effect.
enum class Reach
{
    Connection,  ///< each one sets it anew
    File,        ///< it stays in the file, whoever set it
    Transaction, ///< the program says it each time
};

/// A value, and why this one; neither where it is better left as it is.
struct Choice
{
    const char *value = nullptr;  ///< as SQL has it
    const char *reason = nullptr; ///< a few words in ASCII, fit for a comment; untranslated, as all texts here
};

struct ConnectionSetting
{
    const char *name; ///< of the PRAGMA; "transaction" is none: how one begins that writes
    Reach reach;
    const char *does;
    const char *defaults;     ///< of SQLite and of the usual drivers
    Choice choices[Profiles]; ///< for a database in WAL mode
    const char *advice;
};

/// All there are, in the order in which they should be run.
std::span<const ConnectionSetting> connectionSettings();

/// What to set \a setting to. \a wal: the database is in WAL mode, or will be; false where it can't be, as on a network
/// file system.
Choice recommended(const ConnectionSetting &setting, Profile profile, bool wal = true);

/// A setting with a value to set.
struct Recommendation
{
    const char *name;
    const char *value;
    const char *reason;
    Reach reach;
};

/// All that a profile sets, in the order in which it should be run: busy_timeout first, for the others can meet a lock
/// themselves. busy_timeout, journal_mode, synchronous, foreign_keys and transaction are always among them.
std::vector<Recommendation> recommended(Profile profile, bool wal = true);

}
