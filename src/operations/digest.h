// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/progress.h"
#include "base/result.h"

#include <QCryptographicHash>

#include <cstddef>
#include <span>
#include <stop_token>
#include <string>

namespace lk::operations {

/// A SHA-256 as it grows.
class Digest
{
public:
    void add(std::span<const std::byte> bytes)
    {
        m_hash.addData(QByteArrayView(bytes.data(), static_cast<qsizetype>(bytes.size())));
    }
    /// In hexadecimal.
    std::string result() const { return m_hash.result().toHex().toStdString(); }

private:
    QCryptographicHash m_hash{QCryptographicHash::Sha256};
};

/// Of the whole file \a path, read once and forwards. It must not be open in a connection of ours that holds locks.
/// Errors: Cancelled, and what reading gives.
Result<std::string> sha256(const Path &path, const std::stop_token &stop, Progress &progress = Progress::none());

}
