// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/scratchfile.h"

namespace lk::measure {

/// The folder that is measured in. One at a time for each person: two would measure each other.
class Scratch
{
public:
    static constexpr std::string_view Prefix = ".litekeeper-measure-";

    /// Removes what a killed run left, wherever that was, and makes a new one in \a folder. Errors: Busy
    /// (AnotherOperation), and as systemError().
    static Result<Scratch> create(const Path &folder);
    /// What a killed run left, without waiting for the next one; nothing while somebody measures.
    static void removeLeftovers();

    Scratch(Scratch &&) noexcept = default;
    Scratch &operator=(Scratch &&) = delete;
    ~Scratch();

    const Path &path() const { return m_folder.path(); }

private:
    Scratch(platform::LockFile turn, platform::ScratchFolder folder, Path record)
        : m_turn(std::move(turn))
        , m_record(std::move(record))
        , m_folder(std::move(folder))
    {
    }

    platform::LockFile m_turn;
    Path m_record; ///< says where, for whom we can't tell any more; empty where nothing could be noted
    platform::ScratchFolder m_folder;
};

}
