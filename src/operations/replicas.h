// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "litestream/replicas.h"

namespace lk::operations {

/// Where a database is to be found in Litestream's replicas.
struct ReplicaSource
{
    litestream::Access access;
    litestream::Database database;
};

/// As the configuration \a config (empty: the usual one) has it; \a database may be gone, and have there another name
/// that leads to it. Errors: what reading the configuration and finding Litestream gives; NotReplicated.
Result<ReplicaSource> replicaSourceOf(const Path &database, const Path &config);

/// What lies in them. Errors: as replicaSourceOf() and litestream::contentsOf().
Result<std::vector<litestream::ReplicaContent>> replicasOf(const Path &database, const Path &config,
                                                           std::stop_token stop);

}
