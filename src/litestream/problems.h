// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/path.h"

#include <string>
#include <vector>

/// What is wrong with a configuration; words/litestream makes the sentences.
namespace lk::litestream {

enum class Fault
{
    // Keys and their values. key: which
    UnknownKey,     ///< %1 the nearest known one, or nothing
    OtherVersion,   ///< %1 the version that knows it
    KeyTwice,       ///< in one place
    WrongShape,     ///< %1 what it has to be: "a list", "keys with values", "one value"
    NotADuration,   ///< %1 value, %2 how to write it, or nothing
    NotPositive,    ///< %1 value: a duration that has to be more than nothing
    NotANumber,     ///< %1 value
    NotASwitch,     ///< %1 value
    NotASize,       ///< %1 value
    NotAUrl,        ///< %1 value: it has no scheme
    OtherStorage,   ///< %1 type of the replica, for which the key means nothing
    SecretReadable, ///< a secret in a file that others can read
    SecretInFile,

    // What is there and what is missing.
    NoDatabases,
    DatabaseTwice,
    NoReplica,
    SeveralReplicas,  ///< from 0.5 on there is one
    BothReplicaKeys,  ///< replica and replicas
    UnknownStorage,   ///< %1 type, %2 those there are
    KeyMissing,       ///< key: which
    UrlAndParts,      ///< key: the other one
    ReplicaNameTwice, ///< %1 name
    SameTarget,       ///< %1 the other database
    NestedTarget,     ///< %1 the other database
    ShortRetention,   ///< %1 retention, %2 snapshot-interval
    FastSync,         ///< %1 sync-interval
    MetricsForAll,    ///< %1 addr: every machine can ask

    // Paths. key: of which
    RelativePath,    ///< %1 path
    CharacterInPath, ///< %1 path, %2 the character that Litestream takes for something else
    ControlInPath,   ///< %1 path
    NotUtf8Path,     ///< %1 path
    DollarInPath,    ///< %1 path, %2 what becomes of it

    // The files and the disks.
    FileWritable, ///< others can change the configuration, and what runs with it
    DatabaseMissing,
    DatabaseUnreadable, ///< %1 what the system says
    NotADatabase,
    DatabaseEmpty,
    Encrypted,
    DatabaseDamaged,
    NoWalHere,         ///< %1 type of the file system
    NotWalYet,         ///< Litestream switches it
    FileNotWritable,   ///< for who asks
    FolderNotWritable, ///< for who asks; %1 folder
    OwnedByBrowser,    ///< %1 application
    LocksAlone,        ///< %1 application
    SameDisk,
    DiskFull,    ///< %1 bytes needed, %2 bytes free
    Unreachable, ///< %1 host and port, %2 what the system says
};

/// What it means for the copies.
enum class Weight
{
    Stops,   ///< something is not replicated, or not as it is written there
    Warning, ///< it works, and may hurt
    Note,
};

struct Problem
{
    Fault fault{};
    int line = 0; ///< from 1; 0: about no line
    Path database{};
    std::string replica{}; ///< its name
    std::string key{};
    std::vector<std::string> arguments{}; ///< what %1, %2 of the sentence are
};

Weight weightOf(Fault fault);
const char *weightName(Weight weight); ///< for scripts: "error", "warning", "note"
const char *faultName(Fault fault);    ///< for scripts: "unknown-key"

}
