// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/schema.h"
#include "operations/operation.h"
#include "operations/sidecar.h"

namespace lk::operations {

/// Rows by table, of at most as many tables as a sidecar names; what takes more than two seconds in all is left out.
/// Views and virtual tables are not asked. Leaves no trace.
Counts rowCounts(const Path &database, const std::stop_token &stop);

/// What became of a table's rows. Rows are told apart by the primary key, where both sides have the same one; else by
/// all of their values, and then none is \a changed.
struct RowChanges
{
    std::int64_t added = 0;
    std::int64_t removed = 0;
    std::int64_t changed = 0;

    bool any() const { return added > 0 || removed > 0 || changed > 0; }
    bool operator==(const RowChanges &) const = default;
};

/// A table then and now.
struct TableDifference
{
    std::string table;                  ///< untrusted text
    std::optional<std::int64_t> then{}; ///< rows in the backup; nothing: no such table, or too many to count
    std::optional<std::int64_t> now{};
    std::optional<RowChanges> rows{}; ///< nothing: on one side only, or there was no time to compare them
};

/// An entry of sqlite_schema that is not what it was.
struct ObjectDifference
{
    enum Kind
    {
        Added,
        Removed,
        Changed, ///< its SQL
    };
    Kind kind{};
    inspect::ObjectType type{};
    std::string name; ///< untrusted text
};

struct Difference
{
    std::vector<TableDifference> tables{};   ///< of both sides, by name; no virtual tables, nor what those keep
    std::vector<ObjectDifference> objects{}; ///< by type and name
};

/// What changed from \a then to \a now, in at most some seconds: what takes longer is left out. Both are looked at
/// without a trace. Errors: what opening gives, Cancelled.
Result<Difference> difference(const Path &then, const Path &now, const std::stop_token &stop);

/// What changed since a backup was made; a packed one is unpacked to a place for temporary files. Errors: also what
/// bringing it out gives.
Result<Difference> differenceToNow(const BackupInfo &backup, const Path &database, JobContext &context);

}
