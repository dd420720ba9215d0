// SPDX-License-Identifier: GPL-3.0-or-later
#include "litestream/keepaway.h"

#include "platform/filereader.h"

#include <QCryptographicHash>

namespace lk::litestream {

static Result<Path> signOf(const Path &database)
{
    const Result<Path> folder = platform::lockFolder();
    if (!folder)
        return folder;
    const std::string &bytes = database.native();
    const QByteArrayView view(bytes.data(), static_cast<qsizetype>(bytes.size()));
    const QByteArray hash = QCryptographicHash::hash(view, QCryptographicHash::Sha1).toHex();
    return *folder / ("litestream-pause-" + hash.toStdString() + ".lock");
}

Result<platform::LockFile> keepAway(const Path &database)
{
    const Result<Path> sign = signOf(database);
    return sign ? platform::LockFile::take(*sign) : std::unexpected(sign.error());
}

bool hasToKeepAway(const Path &database)
{
    const Result<Path> sign = signOf(database);
    if (!sign || !platform::status(*sign))
        return false;
    const Result<platform::LockFile> lock = platform::LockFile::take(*sign);
    return !lock && lock.error().code == ErrorCode::Busy;
}

}
