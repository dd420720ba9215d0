// SPDX-License-Identifier: GPL-3.0-or-later
#include "measure/scratch.h"

#include "platform/datafolder.h"
#include "platform/safefile.h"

#include <array>

namespace lk::measure {

using platform::LockFile;
using platform::ScratchFolder;

/// Holds the folder that is being measured in, and is gone when the measuring ends.
static Result<Path> recordPath()
{
    const Result<Path> folder = platform::dataFolder();
    return folder ? Result<Path>(*folder / "measuring") : folder;
}

/// Only while it is our turn: then whoever left the record is gone.
static void removeLeftBehind(const Path &record)
{
    std::array<std::byte, 1 << 16> bytes;
    const auto file = platform::FileReader::open(record);
    const Result<std::size_t> count = file ? file->read(0, bytes) : std::unexpected(file.error());
    if (!count)
        return;
    ScratchFolder::removeDead(Path(std::string(reinterpret_cast<const char *>(bytes.data()), *count)), Scratch::Prefix);
    platform::removeFile(record);
}

static Result<LockFile> takeTurn(const Path &folder)
{
    const Result<Path> locks = platform::lockFolder();
    if (!locks)
        return std::unexpected(locks.error());
    Result<LockFile> turn = LockFile::take(*locks / "measure.lock");
    if (!turn && turn.error().code == ErrorCode::Busy)
        return fail(ErrorCode::Busy, Reason::AnotherOperation, folder, turn.error().arguments);
    return turn;
}

Result<Scratch> Scratch::create(const Path &folder)
{
    Result<LockFile> turn = takeTurn(folder);
    if (!turn)
        return std::unexpected(turn.error());
    Result<Path> record = recordPath();
    if (record) {
        removeLeftBehind(*record);
        // Without a home to note it in, a killed run's folder is still found by the next one beside it.
        if (!platform::makePrivateFile(*record) || !platform::writeWhole(*record, folder.native(), 0600))
            record->clear();
    }
    Result<ScratchFolder> made = ScratchFolder::createIn(folder, Prefix);
    if (!made && record)
        platform::removeFile(*record);
    if (!made)
        return std::unexpected(made.error());
    return Scratch(std::move(*turn), std::move(*made), record.value_or(Path()));
}

void Scratch::removeLeftovers()
{
    const Result<Path> record = recordPath();
    if (!record || !platform::status(*record))
        return;
    if (const Result<LockFile> turn = takeTurn(*record))
        removeLeftBehind(*record);
}

Scratch::~Scratch()
{
    if (m_folder.path().empty())
        return; // moved from
    m_folder.remove();
    if (!m_record.empty())
        platform::removeFile(m_record);
}

}
