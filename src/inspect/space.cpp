// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/space.h"

namespace lk::inspect {

Result<Space> measureSpace(const Path &path, std::stop_token, Progress &)
{
    return fail(ErrorCode::Unsupported, path);
}

}
