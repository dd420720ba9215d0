// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "advice/mutes.h"
#include "inspect/facts.h"

#include <memory>

namespace lk::window {

/// The selected database: what is known of it, and what is to be said about that. A value that never changes.
struct Subject
{
    inspect::DatabaseFacts facts;
    advice::Advice advice;
    std::vector<Mute> mutes; ///< what the person does not want to hear of

    bool isMuted(const advice::Finding &finding) const { return advice::isMuted(mutes, finding, facts.path); }
    /// Those that are not muted.
    std::vector<advice::Finding> findings() const;
};

/// Null: none is selected, or it is being read.
using SubjectPointer = std::shared_ptr<const Subject>;

}
