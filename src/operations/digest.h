// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/progress.h"
#include "base/result.h"

#include <cstddef>
#include <memory>
#include <span>
#include <stop_token>
#include <string>

namespace lk::operations {

/// A SHA-256 as it grows.
class Digest
{
public:
    Digest();
    Digest(Digest &&) noexcept;
    ~Digest();

    void add(std::span<const std::byte> bytes);
    /// In hexadecimal. Once, at the end.
    std::string result();

private:
    struct Private;
    std::unique_ptr<Private> m_d;
};

/// Of the whole file \a path, read once and forwards. It must not be open in a connection of ours that holds locks.
/// Errors: Cancelled, and what reading gives.
Result<std::string> sha256(const Path &path, const std::stop_token &stop, Progress &progress = Progress::none());

}
