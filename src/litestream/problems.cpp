// SPDX-License-Identifier: GPL-3.0-or-later
#include "litestream/problems.h"

#include <utility>

namespace lk::litestream {

using Kind = std::pair<const char *, Weight>;

/// A switch without default, so that the compiler asks for every fault.
static Kind kindOf(Fault fault)
{
    using enum Weight;
    switch (fault) {
    case Fault::UnknownKey:
        return {"unknown-key", Stops};
    case Fault::OtherVersion:
        return {"other-version", Stops};
    case Fault::KeyTwice:
        return {"key-twice", Stops};
    case Fault::WrongShape:
        return {"wrong-shape", Stops};
    case Fault::NotADuration:
        return {"not-a-duration", Stops};
    case Fault::NotPositive:
        return {"not-positive", Stops};
    case Fault::NotANumber:
        return {"not-a-number", Stops};
    case Fault::NotASwitch:
        return {"not-a-switch", Stops};
    case Fault::NotASize:
        return {"not-a-size", Stops};
    case Fault::NotAUrl:
        return {"not-a-url", Stops};
    case Fault::OtherStorage:
        return {"other-storage", Warning};
    case Fault::SecretReadable:
        return {"secret-readable", Warning};
    case Fault::SecretInFile:
        return {"secret-in-file", Note};
    case Fault::NoDatabases:
        return {"no-databases", Stops};
    case Fault::DatabaseTwice:
        return {"database-twice", Stops};
    case Fault::NoReplica:
        return {"no-replica", Stops};
    case Fault::SeveralReplicas:
        return {"several-replicas", Stops};
    case Fault::BothReplicaKeys:
        return {"both-replica-keys", Stops};
    case Fault::UnknownStorage:
        return {"unknown-storage", Stops};
    case Fault::KeyMissing:
        return {"key-missing", Stops};
    case Fault::UrlAndParts:
        return {"url-and-parts", Stops};
    case Fault::ReplicaNameTwice:
        return {"replica-name-twice", Stops};
    case Fault::SameTarget:
        return {"same-target", Stops};
    case Fault::NestedTarget:
        return {"nested-target", Stops};
    case Fault::ShortRetention:
        return {"short-retention", Warning};
    case Fault::FastSync:
        return {"fast-sync", Warning};
    case Fault::MetricsForAll:
        return {"metrics-for-all", Warning};
    case Fault::RelativePath:
        return {"relative-path", Stops};
    case Fault::CharacterInPath:
        return {"character-in-path", Stops};
    case Fault::ControlInPath:
        return {"control-in-path", Stops};
    case Fault::NotUtf8Path:
        return {"not-utf8-path", Stops};
    case Fault::DollarInPath:
        return {"dollar-in-path", Stops};
    case Fault::FileWritable:
        return {"file-writable", Warning};
    case Fault::DatabaseMissing:
        return {"database-missing", Stops};
    case Fault::DatabaseUnreadable:
        return {"database-unreadable", Stops};
    case Fault::NotADatabase:
        return {"not-a-database", Stops};
    case Fault::DatabaseEmpty:
        return {"database-empty", Note};
    case Fault::Encrypted:
        return {"encrypted", Stops};
    case Fault::DatabaseDamaged:
        return {"database-damaged", Stops};
    case Fault::NoWalHere:
        return {"no-wal-here", Stops};
    case Fault::NotWalYet:
        return {"not-wal-yet", Note};
    case Fault::FileNotWritable:
        return {"file-not-writable", Warning};
    case Fault::FolderNotWritable:
        return {"folder-not-writable", Warning};
    case Fault::OwnedByBrowser:
        return {"owned-by-browser", Stops};
    case Fault::LocksAlone:
        return {"locks-alone", Stops};
    case Fault::SameDisk:
        return {"same-disk", Warning};
    case Fault::DiskFull:
        return {"disk-full", Warning};
    case Fault::Unreachable:
        return {"unreachable", Stops};
    }
    return {"", Stops};
}

Weight weightOf(Fault fault)
{
    return kindOf(fault).second;
}

const char *faultName(Fault fault)
{
    return kindOf(fault).first;
}

const char *weightName(Weight weight)
{
    switch (weight) {
    case Weight::Stops:
        return "error";
    case Weight::Warning:
        return "warning";
    case Weight::Note:
        return "note";
    }
    return "";
}

}
