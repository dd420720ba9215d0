// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sqlite/glance.h"

#include <chrono>

namespace lk::inspect {

/// What was seen of a file that nobody is kept from writing to.
template <class T>
struct Moment
{
    Result<T> value;
    bool changed = false; ///< somebody wrote meanwhile: it may be of two moments, and what looks like damage be none
};

/// Runs \a look (Result<T>(const sqlite::Glance &)), and once more if the file changed under it and it took no longer
/// than \a worthAgain. Errors: the glance's, and what \a look gives.
template <class T, class Look>
Moment<T> atOneMoment(const Path &path, std::chrono::milliseconds worthAgain, Look &&look)
{
    using Clock = std::chrono::steady_clock;
    Result<sqlite::Glance> before = sqlite::glance(path);
    for (bool again = false; before; again = true) {
        const Clock::time_point start = Clock::now();
        Result<T> value = look(*before);
        const bool quick = Clock::now() - start <= worthAgain;
        const bool cancelled = !value && value.error().code == ErrorCode::Cancelled;
        Result<sqlite::Glance> after = sqlite::glance(path);
        const bool changed = !after || !sqlite::sameMoment(*before, *after);
        if (!changed || cancelled || again || !quick)
            return {std::move(value), changed};
        before = std::move(after);
    }
    return {std::unexpected(before.error()), false};
}

}
