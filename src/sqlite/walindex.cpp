// SPDX-License-Identifier: GPL-3.0-or-later
#include "sqlite/walindex.h"

namespace lk::sqlite {

Result<WalIndex> parseWalIndex(Bytes)
{
    return fail(ErrorCode::NotADatabase);
}

}
