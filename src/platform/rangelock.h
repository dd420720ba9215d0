// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/filereader.h"

namespace lk::platform {

/// Keeps everybody, other connections of this process too, from locking a range of a file's bytes. It is a lock of the
/// open file description, so that closing it takes nobody else's away who got one before (there can be none).
class RangeLock
{
public:
    /// Busy if somebody has a lock in that range. Never follows a link. Needs the permission to write.
    static Result<RangeLock> take(const Path &path, std::uint64_t first, std::uint64_t count);

    /// Of the file that is locked.
    const FileId &file() const { return m_file; }

private:
    RangeLock(Descriptor descriptor, const FileId &file)
        : m_descriptor(std::move(descriptor))
        , m_file(file)
    {
    }

    Descriptor m_descriptor;
    FileId m_file;
};

}
