// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "litestream/watcher.h"

#include <QString>

/// How Litestream's replicas are, for people.
namespace lk::words {

/// "Healthy", "Catching up" …
QString describe(litestream::State state);

/// What a storage's error means, where it is one of those that people meet, and Litestream's own words.
QString storageError(const std::string &said);

/// What is wrong and what to do, in a sentence or two; empty if all is well.
QString advice(const litestream::ReplicaStatus &replica);

/// What a configuration without "addr" costs.
QString withoutMetrics();

/// What Litestream is and where it comes from, for those who have none.
QString aboutLitestream();

/// Of one that has begun to fail or stall: "shop.db → s3: stalled".
QString careNeeded(const litestream::ReplicaStatus &replica);

}
