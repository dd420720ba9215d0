// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/progress.h"

namespace lk {

Progress &Progress::none()
{
    struct Silent final : Progress
    {
        void report(const ProgressReport &) override {}
    };
    static Silent silent;
    return silent;
}

}
