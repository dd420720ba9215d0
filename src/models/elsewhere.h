// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "operations/operation.h"

#include <QString>

/// What can be done with databases of other machines: the litekeeper-cli there does it.
namespace lk::models {

/// Whether \a path is the address of a file on another machine (fleet::placeOf).
bool isElsewhere(const Path &path);

/// From here nothing is changed there: only what reads, or makes a new file.
bool canBeDoneElsewhere(const operations::Operation &operation);
/// Why not, and how it can be done.
QString whyNotElsewhere(const operations::Operation &operation);

/// What an operation is asked to do.
enum class Deed
{
    Preflight,
    Rehearse,
    Run,
};

/// \a deed of \a operation on the machine that \a target is on. Folders among \a arguments are that machine's.
operations::Report doElsewhere(Deed deed, const operations::Operation &operation, const operations::Target &target,
                               const operations::Arguments &arguments, operations::JobContext &context);

/// What `litekeeper-cli COMMAND FILE` prints there for people, or the sentence why it can't be had.
QString tellFrom(const Path &address, const char *command, const std::stop_token &stop);

}
