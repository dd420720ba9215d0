// SPDX-License-Identifier: GPL-3.0-or-later
#include "sqlite/ownlocks.h"

#include <mutex>

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
    auto held = m_held.find(status->id);
    if (held == m_held.end()) {
        Result<platform::FileReader> reader = platform::FileReader::open(path);
        if (!reader)
            return std::unexpected(reader.error());
        // Another file has the name by now, perhaps one that is held: its descriptor goes where those go.
        held = m_held.find(reader->status().id);
        if (held != m_held.end())
            held->second.closing.push_back(std::make_shared<platform::FileReader>(std::move(*reader)));
        if (held != m_held.end() || reader->status().id != status->id)
            return fail(ErrorCode::Changed, path, "replaced while it was opened");
        held = m_held.try_emplace(status->id).first;
        held->second.reader = std::make_shared<const platform::FileReader>(std::move(*reader));
        m_heldCount.store(m_held.size());
    }
    ++held->second.holds;
    Hold hold;
    hold.m_reader = held->second.reader;
    return hold;
}

/// A hold of a file that is held; else an empty one.
OwnLocks::Hold OwnLocks::join(const platform::FileId &id)
{
    Hold hold;
    if (m_heldCount.load() == 0 || !holds(id))
        return hold;
    const std::unique_lock lock(m_mutex);
    if (const auto held = m_held.find(id); held != m_held.end()) {
        ++held->second.holds;
        hold.m_reader = held->second.reader;
    }
    return hold;
}

/// The descriptor of \a file that waits for \a database to be let go, if there is one.
std::shared_ptr<const platform::FileReader> OwnLocks::kept(const platform::FileId &database,
                                                           const platform::FileId &file)
{
    const std::shared_lock lock(m_mutex);
    const auto held = m_held.find(database);
    if (held == m_held.end())
        return {};
    for (const auto &reader : held->second.closing) {
        if (reader->status().id == file)
            return reader;
    }
    return {};
}

/// The caller holds \a database.
std::shared_ptr<const platform::FileReader> OwnLocks::keep(const platform::FileId &database,
                                                           platform::FileReader reader)
{
    const std::unique_lock lock(m_mutex);
    return m_held.at(database).closing.emplace_back(std::make_shared<platform::FileReader>(std::move(reader)));
}

/// Under the mutex: whoever comes to hold the file does so before the close, and then it is put off, or after it.
void OwnLocks::close(const platform::FileId &guardian, platform::FileReader reader)
{
    {
        const std::shared_lock lock(m_mutex);
        if (!m_held.contains(guardian)) {
            const platform::FileReader closed = std::move(reader);
            return;
        }
    }
    const std::unique_lock lock(m_mutex);
    if (const auto held = m_held.find(guardian); held != m_held.end())
        held->second.closing.push_back(std::make_shared<platform::FileReader>(std::move(reader)));
    else
        const platform::FileReader closed = std::move(reader);
}

void OwnLocks::release(const platform::FileId &id)
{
    const std::unique_lock lock(m_mutex);
    const auto held = m_held.find(id);
    if (held != m_held.end() && --held->second.holds == 0) {
        m_held.erase(held);
        m_heldCount.store(m_held.size());
    }
}

bool OwnLocks::holds(const platform::FileId &id)
{
    const std::shared_lock lock(m_mutex);
    return m_held.contains(id);
}

}
