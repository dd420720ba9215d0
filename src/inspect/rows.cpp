// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/rows.h"

namespace lk::inspect {

Result<RowsPage> readRows(const Path &path, const RowsRequest &, std::stop_token)
{
    return fail(ErrorCode::Unsupported, path);
}

}
