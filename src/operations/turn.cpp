// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/turn.h"

#include <QCryptographicHash>

#include <condition_variable>
#include <mutex>

namespace lk::operations {

using platform::LockFile;

bool pause(const std::stop_token &stop, std::chrono::milliseconds duration)
{
    std::mutex mutex;
    std::unique_lock lock(mutex);
    std::condition_variable_any never;
    never.wait_for(lock, stop, duration, [] { return false; });
    return !stop.stop_requested();
}

/// By the path and not by the inode: restoring puts another inode in the file's place while it works.
static std::string lockName(const Path &file)
{
    const std::string &bytes = file.native();
    const QByteArrayView view(bytes.data(), static_cast<qsizetype>(bytes.size()));
    return QCryptographicHash::hash(view, QCryptographicHash::Sha1).toHex().toStdString() + ".lock";
}

Result<Turn> Turn::take(const Path &file, JobContext &context)
{
    const Result<Path> folder = platform::lockFolder();
    if (!folder)
        return Turn(std::nullopt); // SQLite's locks still keep two writers apart
    const auto giveUpAt = std::chrono::steady_clock::now() + context.wait;
    for (;;) {
        Result<LockFile> lock = LockFile::take(*folder / lockName(file));
        if (lock)
            return Turn(std::move(*lock));
        if (lock.error().code != ErrorCode::Busy)
            return Turn(std::nullopt);
        if (std::chrono::steady_clock::now() >= giveUpAt)
            return fail(ErrorCode::Busy, Reason::AnotherOperation, file, lock.error().arguments);
        context.progress.report({.phase = Phase::Waiting});
        if (!pause(context.stop, std::chrono::milliseconds(50)))
            return fail(ErrorCode::Cancelled, file);
    }
}

}
