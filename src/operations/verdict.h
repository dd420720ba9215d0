// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "operations/operation.h"
#include "sqlite/glance.h"

namespace lk::operations {

/// What an integrity check of one file came to.
struct Verdict
{
    enum Kind
    {
        Ok,
        Damaged,
        Unchecked, ///< what it takes is not here: the application's collation, more memory than a file may cost
    };

    Kind kind = Ok;
    std::vector<std::string> messages; ///< SQLite's own, at most 100
    std::vector<std::string> missing;  ///< "collation unicase": only the application has it
    std::optional<Error> why{};        ///< of Unchecked, where nothing is missing
    bool limited = false;              ///< SQLite stopped at 100 messages
};

struct CheckOptions
{
    bool quick = false;
    bool foreignKeys = false;
    bool join = false; ///< with SQLite's own locks, beside whoever has the file open
};

/// Checks the database at \a path as \a glance saw it. Leaves no trace (unless joined). Errors: Cancelled, Io, Busy,
/// what opening gives; damage is a verdict.
Result<Verdict> checkDatabase(const Path &path, const sqlite::Glance &glance, const CheckOptions &options,
                              JobContext &context);

/// A quick check before acting: what is damaged is not acted on. Damaged (CheckedDamaged) then, else as
/// checkDatabase().
Result<Verdict> undamaged(const Path &path, const sqlite::Glance &glance, JobContext &context);

const char *verdictName(Verdict::Kind kind); ///< "ok", "damaged", "unchecked"

/// Messages of one shape, told apart only by numbers, as one: "37 × row … missing from index item_name".
std::vector<std::string> grouped(const std::vector<std::string> &messages);

}
