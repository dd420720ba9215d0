// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/frames.h"

#include "operations/digest.h"

#include <zstd.h>

#include <algorithm>
#include <memory>
#include <vector>

namespace lk::operations {

using platform::FileReader;

static constexpr std::size_t FrameSize = 8 << 20; ///< of content
/// Faster levels gain little on databases: what is slow is the hash.
static constexpr int Level = 3;
/// A frame may ask for a window as large as it likes; ours needs no more than its content (zstd.h, windowLogMax).
static constexpr int LargestWindowLog = 23;

static Error damaged(const Path &path, const char *why)
{
    return {.code = ErrorCode::Damaged, .path = path, .arguments = {}, .detail = std::string("zstd: ") + why};
}

static void tell(Progress &progress, std::uint64_t done, std::uint64_t whole)
{
    progress.report(
        {.fraction = static_cast<double>(done) / static_cast<double>(std::max({whole, done, std::uint64_t(1)})),
         .done = done,
         .phase = Phase::Verifying});
}

Result<Packed> pack(const Path &from, platform::FileWriter &into, const std::stop_token &stop, Progress &progress)
{
    const Result<FileReader> reader = FileReader::open(from);
    if (!reader)
        return std::unexpected(reader.error());
    const std::unique_ptr<ZSTD_CCtx, std::size_t (*)(ZSTD_CCtx *)> context(ZSTD_createCCtx(), ZSTD_freeCCtx);
    ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, Level);
    ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 1);

    Packed packed;
    Digest content;
    Digest stored;
    std::vector<std::byte> in(FrameSize);
    std::vector<std::byte> out(ZSTD_compressBound(FrameSize));
    const std::uint64_t size = reader->status().size;
    for (;;) {
        if (stop.stop_requested())
            return fail(ErrorCode::Cancelled, from);
        const Result<std::size_t> count = reader->read(packed.bytes, in);
        if (!count)
            return std::unexpected(count.error());
        if (*count == 0)
            break;
        const std::size_t packedSize = ZSTD_compress2(context.get(), out.data(), out.size(), in.data(), *count);
        if (ZSTD_isError(packedSize))
            return fail(ErrorCode::Internal, from, std::string("zstd: ") + ZSTD_getErrorName(packedSize));
        const std::span frame = std::span(out).first(packedSize);
        if (const Result<void> written = into.write(frame); !written)
            return std::unexpected(written.error());
        content.add(std::span(in).first(*count));
        stored.add(frame);
        packed.bytes += *count;
        packed.storedBytes += packedSize;
        tell(progress, packed.bytes, size);
    }
    packed.sha256 = content.result();
    packed.storedSha256 = stored.result();
    return packed;
}

namespace {

/// One file on its way out of its frames.
class Unpacking
{
public:
    Unpacking(const Path &path, std::uint64_t mostBytes, const Sink &sink)
        : m_path(path)
        , m_mostBytes(mostBytes)
        , m_sink(sink)
    {
        ZSTD_DCtx_setParameter(m_context.get(), ZSTD_d_windowLogMax, LargestWindowLog);
    }

    Result<void> feed(std::span<const std::byte> bytes, const std::stop_token &stop)
    {
        m_stored.add(bytes);
        m_packed.storedBytes += bytes.size();
        ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
        // Where the output was full, more may be inside; asked behind a frame's end, it would ask for the next one.
        for (bool full = false; in.pos < in.size || (full && m_missing != 0);) {
            if (stop.stop_requested())
                return fail(ErrorCode::Cancelled, m_path);
            ZSTD_outBuffer out{m_out.data(), m_out.size(), 0};
            m_missing = ZSTD_decompressStream(m_context.get(), &out, &in);
            if (ZSTD_isError(m_missing))
                return fail(damaged(m_path, ZSTD_getErrorName(m_missing)));
            full = out.pos == out.size;
            if (const Result<void> taken = take(std::span(m_out).first(out.pos)); !taken)
                return taken;
        }
        return {};
    }

    Result<Packed> finish()
    {
        if (m_missing != 0)
            return fail(damaged(m_path, "the file ends within a frame"));
        m_packed.sha256 = m_content.result();
        m_packed.storedSha256 = m_stored.result();
        return m_packed;
    }

private:
    Result<void> take(std::span<const std::byte> bytes)
    {
        m_packed.bytes += bytes.size();
        if (m_packed.bytes > m_mostBytes)
            return fail(damaged(m_path, "more content than there should be"));
        m_content.add(bytes);
        return m_sink(bytes);
    }

    const Path &m_path;
    std::uint64_t m_mostBytes;
    const Sink &m_sink;
    std::unique_ptr<ZSTD_DCtx, std::size_t (*)(ZSTD_DCtx *)> m_context{ZSTD_createDCtx(), ZSTD_freeDCtx};
    std::vector<std::byte> m_out = std::vector<std::byte>(ZSTD_DStreamOutSize());
    std::size_t m_missing = 0; ///< bytes that the frame under way still needs, roughly; 0 between two
    Digest m_content;
    Digest m_stored;
    Packed m_packed;
};

}

Result<Packed> unpack(const Path &from, std::uint64_t mostBytes, const Sink &sink, const std::stop_token &stop,
                      Progress &progress)
{
    const Result<FileReader> reader = FileReader::open(from);
    if (!reader)
        return std::unexpected(reader.error());
    Unpacking unpacking(from, mostBytes, sink);
    std::vector<std::byte> in(1 << 20);
    for (std::uint64_t offset = 0;;) {
        const Result<std::size_t> count = reader->read(offset, in);
        if (!count)
            return std::unexpected(count.error());
        if (*count == 0)
            return unpacking.finish();
        if (const Result<void> fed = unpacking.feed(std::span(in).first(*count), stop); !fed)
            return std::unexpected(fed.error());
        offset += *count;
        tell(progress, offset, reader->status().size);
    }
}

}
