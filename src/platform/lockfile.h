// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/filereader.h"

namespace lk::platform {

/// Where this person's processes keep locks for each other: a folder in XDG_RUNTIME_DIR or, without one, in the folder
/// for temporary files; only its owner may enter it. It is made if it is missing. Errors: as systemError(), and
/// NoPermission if something of another user's has its name.
Result<Path> lockFolder();

/// A file of ours that is there while somebody holds it. A killed holder's is taken over.
class LockFile
{
public:
    /// Busy if another holder has it, also one of this process; the first argument is who: "litekeeper-cli (4123)".
    static Result<LockFile> take(const Path &path);

    LockFile(LockFile &&) noexcept = default;
    LockFile &operator=(LockFile &&) = delete;
    ~LockFile();

private:
    LockFile(Path path, Descriptor file)
        : m_path(std::move(path))
        , m_file(std::move(file))
    {
    }

    Path m_path;
    Descriptor m_file;
};

}
