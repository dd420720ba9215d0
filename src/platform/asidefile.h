// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/filereader.h"

#include <string>

/// The files that safefile writes aside, and how one that is being written is told from what a killed run left.
namespace lk::platform::aside {

/// A new, empty file that only we may read, and that other runs and threads of ours know to be in use. It is given
/// back to release() while it is still open.
/// A dead one of that name, owned by us or by \a otherOwner, is removed before. Errors: Busy, and as systemError().
Result<Descriptor> create(const Folder &folder, const std::string &name, std::uint32_t otherOwner);
void release(const Descriptor &file);

/// Removes the regular file \a name if a run of ours left it and is gone, and what SQLite left beside it.
bool removeDead(const Folder &folder, const std::string &name, std::uint32_t otherOwner);

void removeSiblings(const Folder &folder, const std::string &name);

/// Whether \a name is \a file's.
bool hasName(const Folder &folder, const std::string &name, const Descriptor &file);

}
