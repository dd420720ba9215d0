// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/path.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

class QProcess;

namespace lk::test {

/// How another program holds a database.
enum class Held
{
    Idle,      ///< a connection that has read something and waits
    Reading,   ///< in the middle of a read transaction; in WAL mode with a snapshot of its own
    Writing,   ///< BEGIN IMMEDIATE: the write lock, nothing written yet
    Exclusive, ///< BEGIN EXCLUSIVE
};

/// What a steady writer saw.
struct WriterTally
{
    std::int64_t commits = 0;
    std::int64_t busy = 0;      ///< times it met a lock
    std::int64_t longestUs = 0; ///< of one commit, with its waiting
    std::int64_t last = 0;      ///< the counter's value: every commit adds 1
};

/// Another process that has a database open. When the constructor returns it holds what was asked for; when the
/// destructor returns it is gone. Whatever doesn't work is an exception.
class HeldLock
{
public:
    HeldLock(const Path &database, Held how);
    ~HeldLock();
    HeldLock(const HeldLock &) = delete;
    HeldLock &operator=(const HeldLock &) = delete;

    std::int64_t pid() const;
    /// Runs SQL there: one line. The first column of the first row.
    std::string run(std::string_view sql);
    /// Ends the transaction and closes the connection.
    void release();
    /// Ends the process at once, with no chance to tidy up.
    void kill();

    /// Commits to the table `counter` as fast as it can, until stopWriting().
    void startWriting();
    WriterTally stopWriting();

private:
    std::string ask(std::string_view line);
    std::string answer();

    std::unique_ptr<QProcess> m_process;
};

}
