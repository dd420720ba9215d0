// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/digest.h"

#include "platform/filereader.h"

#ifdef LITEKEEPER_OPENSSL
#include <openssl/evp.h>
#else
#include <QCryptographicHash>
#endif
#include <QByteArray>

#include <algorithm>
#include <array>
#include <vector>

namespace lk::operations {

#ifdef LITEKEEPER_OPENSSL

struct Digest::Private
{
    std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX *)> context{EVP_MD_CTX_new(), EVP_MD_CTX_free};

    Private() { EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr); }
    void add(std::span<const std::byte> bytes) { EVP_DigestUpdate(context.get(), bytes.data(), bytes.size()); }
    QByteArray result()
    {
        std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
        unsigned size = 0;
        EVP_DigestFinal_ex(context.get(), hash.data(), &size);
        return {reinterpret_cast<const char *>(hash.data()), static_cast<qsizetype>(size)};
    }
};

#else

struct Digest::Private
{
    QCryptographicHash hash{QCryptographicHash::Sha256};

    void add(std::span<const std::byte> bytes)
    {
        hash.addData(QByteArrayView(bytes.data(), static_cast<qsizetype>(bytes.size())));
    }
    QByteArray result() { return hash.result(); }
};

#endif

Digest::Digest()
    : m_d(std::make_unique<Private>())
{
}

Digest::Digest(Digest &&) noexcept = default;
Digest::~Digest() = default;

void Digest::add(std::span<const std::byte> bytes)
{
    m_d->add(bytes);
}

std::string Digest::result()
{
    return m_d->result().toHex().toStdString();
}

Result<std::string> sha256(const Path &path, const std::stop_token &stop, Progress &progress)
{
    const Result<platform::FileReader> reader = platform::FileReader::open(path);
    if (!reader)
        return std::unexpected(reader.error());
    Digest digest;
    std::vector<std::byte> buffer(1 << 20);
    const std::uint64_t size = reader->status().size;
    for (std::uint64_t offset = 0;;) {
        if (stop.stop_requested())
            return fail(ErrorCode::Cancelled, path);
        const Result<std::size_t> count = reader->read(offset, buffer);
        if (!count)
            return std::unexpected(count.error());
        if (*count == 0)
            return digest.result();
        digest.add(std::span(buffer).first(*count));
        offset += *count;
        progress.report({.fraction = static_cast<double>(offset) / static_cast<double>(std::max(size, offset)),
                         .done = offset,
                         .phase = Phase::Verifying});
    }
}

}
