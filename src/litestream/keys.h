// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "litestream/program.h"

#include <span>
#include <string_view>
#include <vector>

/// The keys of litestream.yml: the one table that checking, writing and the form follow. Sources:
/// cmd/litestream/main.go of v0.3.13, which our tests run, and of 0.5, which was only read.
namespace lk::litestream {

enum class KeyKind
{
    Text,
    Number,   ///< whole, not negative
    Switch,   ///< true or false
    Duration, ///< as Go writes it: "1h30m"
    Size,     ///< "64MiB"
    Url,
    Path,
    Secret,
    Map,  ///< keys of another section
    List, ///< of such
    Texts,
};

/// Where a key stands.
enum class Section
{
    Top,
    Database,
    Replica,
    Logging,
    Age,
    Snapshot,
    Validation,
    Retention,
    Level,
    Socket,
};

/// What a replica can be.
struct Storage
{
    enum Bits : unsigned
    {
        File = 1,
        S3 = 2,
        Gcs = 4,
        Abs = 8,
        Sftp = 16,
        Others = 32, ///< WebDAV, NATS, OSS: from 0.5 on; not in our form
        Any = 63,
    };
};

/// Which versions know a key.
struct Versions
{
    enum Bits : unsigned
    {
        Old = 1, ///< 0.3
        New = 2, ///< 0.5
        Both = 3,
    };
};

struct Key
{
    const char *name;
    Section in{};
    KeyKind kind = KeyKind::Text;
    unsigned versions = Versions::Both;
    unsigned storages = Storage::Any; ///< of a replica's: for which of them it means something
    Section inside = Section::Top;    ///< of a Map or a List: what stands there
    const char *usual = "";           ///< what Litestream takes where it is missing
    const char *label = nullptr;      ///< in a form, in context LitestreamKey; null: not in it
    const char *environment = "";     ///< of a Secret: the variable from which Litestream takes it as well
};

std::span<const Key> allKeys();
/// Null if there is none, in no version.
const Key *findKey(Section in, std::string_view name);
/// The known name that \a name was most likely meant to be, in \a syntax; empty if none is near.
std::string nearestKey(Section in, std::string_view name, Syntax syntax);

/// A kind of storage: what "type" says.
struct StorageKind
{
    Storage::Bits storage{};
    const char *type; ///< of 0.3, and a URL's scheme
    const char *newType;
    const char *label; ///< in context LitestreamKey
    std::vector<const char *> needed;
};
std::span<const StorageKind> storageKinds();
/// Of "s3"; null if \a syntax knows no such type, or we don't.
const StorageKind *storageKind(std::string_view type, Syntax syntax);
/// All that \a syntax knows, for people.
std::vector<std::string> storageTypes(Syntax syntax);

inline Versions::Bits versionOf(Syntax syntax)
{
    return syntax == Syntax::V03 ? Versions::Old : Versions::New;
}

}
