// SPDX-License-Identifier: GPL-3.0-or-later
#include "sqlite/ownlocks.h"

namespace lk::sqlite {

OwnLocks &OwnLocks::instance()
{
    static OwnLocks locks;
    return locks;
}

OwnLocks::Hold &OwnLocks::Hold::operator=(Hold &&other) noexcept
{
    std::swap(m_reader, other.m_reader);
    return *this;
}

OwnLocks::Hold::~Hold()
{
    if (m_reader) {
        const platform::FileId id = m_reader->status().id;
        m_reader.reset();
        instance().release(id);
    }
}

Result<OwnLocks::Hold> OwnLocks::hold(const Path &path)
{
    const std::unique_lock lock(m_mutex);
    // By status first: a file that is held already must not be opened a second time, for the close that follows.
    const Result<platform::FileStatus> status = platform::status(path);
    if (!status)
        return std::unexpected(status.error());
    Held &held = m_held[status->id];
    if (!held.reader) {
        Result<platform::FileReader> reader = platform::FileReader::open(path);
        if (!reader || reader->status().id != status->id) {
            m_held.erase(status->id);
            return reader ? fail(ErrorCode::Changed, path, "replaced while it was opened")
                          : std::unexpected(reader.error());
        }
        held.reader = std::make_shared<const platform::FileReader>(std::move(*reader));
    }
    ++held.holds;
    Hold hold;
    hold.m_reader = held.reader;
    return hold;
}

void OwnLocks::release(const platform::FileId &id)
{
    const std::unique_lock lock(m_mutex);
    const auto held = m_held.find(id);
    if (held != m_held.end() && --held->second.holds == 0)
        m_held.erase(held);
}

bool OwnLocks::holds(const platform::FileId &id)
{
    const std::shared_lock lock(m_mutex);
    return m_held.contains(id);
}

}
