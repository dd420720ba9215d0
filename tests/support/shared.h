// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/path.h"

#include <optional>
#include <string_view>

/// What comes with the project and lies beside it: corpora and tools.
namespace lk::test {

/// A file or folder of the shared folder ("corpus/real"), if it is there.
std::optional<Path> shared(std::string_view name);

/// A copy of the files and folders below \a from; links and special files are left out.
void copyFolder(const Path &from, const Path &to);

/// The tree of tools/make_tree.py, with \a files files and \a databases databases, made below \a folder; its root.
/// Nothing if there is no such tool or no Python.
std::optional<Path> makeTree(const Path &folder, int files, int databases);

}

/// Declares the path \a name of the shared \a entry, or leaves the test, loudly.
#define LK_NEEDS_SHARED(name, entry)                                                                                   \
    const auto name##Found = lk::test::shared(entry);                                                                  \
    if (!name##Found)                                                                                                  \
        QSKIP("NOT TESTED: the shared folder has no " entry " (set LITEKEEPER_SHARED with cmake)");                    \
    const lk::Path &name = *name##Found
