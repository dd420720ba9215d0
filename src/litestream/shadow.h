// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "litestream/metrics.h"
#include "litestream/status.h"

/// Litestream's own copy of a database's -wal, from which it feeds the replicas: what there is to be copied.
namespace lk::litestream {

struct Shadow
{
    std::string generation;                        ///< the unbroken run of changes that it is in
    std::map<std::uint64_t, std::uint64_t> pieces; ///< index → size in bytes; old ones go once they are copied
    Instant changed{};                             ///< when the last one was written to

    /// Up to where there is something.
    Position end() const;
    /// What is beyond \a copied, in bytes; nothing if that is not in what is kept.
    std::optional<std::uint64_t> bytesAfter(const Position &copied) const;
};

/// Of Database::metaFolder(). Errors: NotFound where Litestream has not been yet, and as systemError().
Result<Shadow> shadowIn(const Path &metaFolder);

}
