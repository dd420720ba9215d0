// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/makebackup.h"

#include "operations/aside.h"
#include "operations/copy.h"
#include "operations/digest.h"
#include "operations/frames.h"
#include "operations/rawset.h"

#include "base/text.h"
#include "platform/filecopy.h"
#include "platform/safefile.h"
#include "sqlite/glance.h"

#include <algorithm>
#include <chrono>

namespace lk::operations {

/// How the time of a job is shared, roughly: the copy, its integrity check, and what is packed being read again.
static constexpr double CopyShare = 0.15;
static constexpr double CheckShare = 0.85;

std::string isoTime(std::chrono::system_clock::time_point when)
{
    return text::isoTime(std::chrono::duration_cast<std::chrono::nanoseconds>(when.time_since_epoch()).count());
}

/// `places.sqlite` → `places-20261122T133655Z.sqlite`; from the second on in one second `…Z-2.sqlite`.
static Path backupName(const Path &source, std::chrono::system_clock::time_point when, int number)
{
    std::string time = isoTime(when);
    std::erase_if(time, [](char c) { return c == '-' || c == ':'; });
    const std::string extension = source.filename().extension().native();
    std::string stem = source.filename().stem().native();
    const std::string suffix = '-' + time + (number > 1 ? '-' + std::to_string(number) : "") + extension;
    // The suffixes of a packed backup, of its sidecar and of a partial file have to fit into a name's 255 bytes as
    // well.
    stem.resize(std::min(stem.size(), 236 - std::min<std::size_t>(suffix.size(), 236)));
    return stem + suffix;
}

bool isBackupName(std::string_view name)
{
    static constexpr std::string_view Shape = "-ddddddddTddddddZ"; // d: a digit
    for (std::size_t i = 0; i + Shape.size() <= name.size(); ++i) {
        if (std::equal(Shape.begin(), Shape.end(), name.begin() + static_cast<std::ptrdiff_t>(i),
                       [](char shape, char c) { return shape == 'd' ? c >= '0' && c <= '9' : shape == c; }))
            return true;
    }
    return false;
}

/// By BackupFormat.
static constexpr const char *StoredSuffixes[] = {"", ".zst", ".tar"};

/// The first free name for a backup made now, its partial file made with the source's mode and owner.
static Result<std::pair<Path, platform::PartialFile>>
makePartial(const Identity &identity, const platform::FileStatus &like, const Path &folder, BackupFormat format)
{
    static constexpr int MostInOneSecond = 10000;
    const Path &source = identity.source;
    for (int number = 1; number < MostInOneSecond; ++number) {
        Path path = folder / backupName(source, identity.made, number);
        path += StoredSuffixes[static_cast<std::size_t>(format)];
        if (platform::status(sidecarOf(path)))
            continue;
        Result<platform::PartialFile> partial = platform::PartialFile::create(path, like);
        if (partial)
            return std::pair(path, std::move(*partial));
        if (partial.error().reason != Reason::TargetExists && partial.error().code != ErrorCode::Busy)
            return std::unexpected(partial.error());
    }
    return fail(ErrorCode::Refused, Reason::TargetExists, source, {folder.native()});
}

Result<Verdict> verifyCopy(const Path &source, const Path &copy, JobContext &context)
{
    const Result<sqlite::Glance> glance = sqlite::glance(copy);
    if (!glance)
        return std::unexpected(glance.error());
    Result<Verdict> verdict = checkDatabase(copy, *glance, {}, context);
    if (verdict && verdict->kind == Verdict::Damaged)
        return fail(ErrorCode::Damaged, Reason::CopyDamaged, source, {verdict->messages.front()});
    if (verdict && verdict->why)
        return std::unexpected(*verdict->why);
    return verdict;
}

/// What tells one database from another, as far as a sidecar has room for it.
static void describe(BackupInfo &info, const Path &copy)
{
    if (const Result<sqlite::Glance> glance = sqlite::glance(copy); glance && glance->current) {
        info.applicationId = glance->current->applicationId;
        info.userVersion = glance->current->userVersion;
    }
    info.tables = tableNames(copy);
}

void addMissing(Report &report, const Verdict &verdict)
{
    for (const std::string &missing : verdict.missing)
        report.notes.push_back({Note::MissingExtension, {missing}});
}

namespace {

/// A backup being made: the copy, and what is to be its stored file.
class Making
{
public:
    Making(const Target &target, BackupFormat format, JobContext &context, const std::optional<Identity> &identity)
        : m_target(target)
        , m_context(context)
        , m_identity(identity)
    {
        m_info.source = identity ? identity->source : target.path;
        m_info.format = format;
    }

    /// Copies, checks and hashes, syncs; only then the backup gets its name. Whatever fails, the partial files go.
    Result<MadeBackup> run(const Path &folder)
    {
        const Result<platform::FileStatus> source = platform::status(m_target.path);
        if (!source)
            return std::unexpected(source.error());
        auto made = makePartial(identity(), *source, folder, m_info.format);
        if (!made)
            return std::unexpected(made.error());
        m_info.backup = made->first;
        platform::PartialFile &stored = made->second;
        const Result<void> filled = fill(stored, *source);
        if (!filled)
            return std::unexpected(filled.error());
        if (!stored.ownerKept())
            m_report.notes.push_back({Note::OwnerNotKept, {}});
        if (!platform::copyAttributes(m_target.path, stored.path(), false))
            m_report.notes.push_back({Note::ExtendedAttributesNotKept, {}});
        if (const Result<void> published = publish(stored, source->mode & 0777); !published)
            return std::unexpected(published.error());
        return MadeBackup{std::move(m_info), std::move(m_report)};
    }

private:
    Identity identity() const
    {
        return m_identity.value_or(Identity{.source = m_target.path, .made = std::chrono::system_clock::now()});
    }

    Result<void> copyTo(const Path &copy)
    {
        PartOfProgress progress(m_context.progress, 0, CopyShare);
        JobContext context{m_context.stop, progress, m_context.wait};
        const Result<CopyReport> copied = copyDatabase(m_target, copy, context);
        if (!copied)
            return std::unexpected(copied.error());
        m_info.pages = copied->pages;
        m_info.pageSize = copied->pageSize;
        if (copied->recovered)
            m_report.notes.push_back({Note::RecoveredState, {}});
        return {};
    }

    /// Checks \a copy while \a beside works on it too.
    template <class T>
    Result<T> check(const Path &copy, Aside<T> &beside)
    {
        PartOfProgress progress(m_context.progress, CopyShare, CheckShare);
        JobContext context{m_context.stop, progress, m_context.wait};
        const Result<Verdict> verdict = verifyCopy(m_target.path, copy, context);
        if (!verdict)
            return std::unexpected(verdict.error());
        m_info.complete = verdict->kind == Verdict::Ok;
        addMissing(m_report, *verdict);
        describe(m_info, copy);
        return beside.result();
    }

    Result<void> fill(const platform::PartialFile &stored, const platform::FileStatus &like)
    {
        switch (m_info.format) {
        case BackupFormat::Zstd:
            return fillPacked(stored, like);
        case BackupFormat::Raw:
            return fillRaw(stored);
        case BackupFormat::Plain:
            break;
        }
        return fillPlain(stored);
    }

    /// Nothing is repaired and nothing judged; what is proved is that the bytes that were read are those stored.
    Result<void> fillRaw(const platform::PartialFile &stored)
    {
        const Result<sqlite::Glance> glance = sqlite::glance(m_target.path);
        if (!glance)
            return std::unexpected(glance.error());
        Result<platform::FileWriter> writer = platform::FileWriter::open(stored.path());
        const Result<RawSet> set =
            writer ? packRawSet(m_target.path, *glance, *writer, m_context) : std::unexpected(writer.error());
        const Result<std::string> again = set ? sha256(stored.path(), m_context.stop) : std::unexpected(set.error());
        if (!again)
            return std::unexpected(again.error());
        if (*again != set->storedSha256)
            return fail(ErrorCode::Damaged, Reason::CopyDamaged, m_target.path, {"SHA-256"});
        m_info.bytes = set->bytes;
        m_info.storedBytes = set->storedBytes;
        m_info.sha256 = m_info.storedSha256 = set->storedSha256;
        m_info.pages = glance->pageCount;
        m_info.pageSize = glance->current ? glance->current->pageSize : 0;
        m_info.complete = false;
        describe(m_info, m_target.path);
        return {};
    }

    Result<void> fillPlain(const platform::PartialFile &stored)
    {
        if (const Result<void> copied = copyTo(stored.path()); !copied)
            return copied;
        Aside<std::string> hashing(m_context.stop,
                                   [&](const std::stop_token &stop) { return sha256(stored.path(), stop); });
        const Result<std::string> hash = check(stored.path(), hashing);
        const Result<platform::FileStatus> status = platform::status(stored.path());
        if (!hash || !status)
            return std::unexpected(hash ? status.error() : hash.error());
        m_info.bytes = m_info.storedBytes = status->size;
        m_info.sha256 = m_info.storedSha256 = *hash;
        return {};
    }

    /// What is packed counts once it has been unpacked again.
    Result<void> fillPacked(const platform::PartialFile &stored, const platform::FileStatus &like)
    {
        auto copy = makePartial(identity(), like, m_info.backup.parent_path(), BackupFormat::Plain);
        if (!copy)
            return std::unexpected(copy.error());
        const Path &path = copy->second.path();
        if (const Result<void> copied = copyTo(path); !copied)
            return copied;
        Aside<Packed> packing(m_context.stop, [&](const std::stop_token &stop) -> Result<Packed> {
            Result<platform::FileWriter> writer = platform::FileWriter::open(stored.path());
            return writer ? pack(path, *writer, stop) : std::unexpected(writer.error());
        });
        const Result<Packed> packed = check(path, packing);
        if (!packed)
            return std::unexpected(packed.error());
        PartOfProgress progress(m_context.progress, CheckShare, 1);
        const Result<Packed> again = unpack(
            stored.path(), packed->bytes, [](auto) { return Result<void>(); }, m_context.stop, progress);
        if (!again)
            return std::unexpected(again.error());
        if (again->sha256 != packed->sha256 || again->storedSha256 != packed->storedSha256)
            return fail(ErrorCode::Damaged, Reason::CopyDamaged, m_target.path, {"SHA-256"});
        m_info.bytes = packed->bytes;
        m_info.sha256 = packed->sha256;
        m_info.storedBytes = packed->storedBytes;
        m_info.storedSha256 = packed->storedSha256;
        return {};
    }

    Result<void> publish(platform::PartialFile &stored, std::uint32_t mode)
    {
        const auto made = identity().made;
        m_info.made = isoTime(made);
        m_info.millisecond = static_cast<int>(
            std::chrono::duration_cast<std::chrono::milliseconds>(made.time_since_epoch()).count() % 1000);
        // The sidecar first: alone it is harmless, while a backup without one would not be found again.
        Result<void> published = platform::writeWhole(sidecarOf(m_info.backup), toJson(m_info), mode);
        if (published)
            published = stored.publish();
        if (!published) { // also a sidecar that is there, but whose folder could not be synced
            platform::removeFile(sidecarOf(m_info.backup));
            return published;
        }
        m_report.fields = {
            {"backup", m_info.backup.native()},
            {"bytes", static_cast<std::int64_t>(m_info.bytes)},
            {"sha256", m_info.sha256},
            {"verified", m_info.format != BackupFormat::Raw},
            {"pages", static_cast<std::int64_t>(m_info.pages)},
            {"made", m_info.made},
            {"format", formatName(m_info.format)},
            {"stored_bytes", static_cast<std::int64_t>(m_info.storedBytes)},
        };
        return {};
    }

    const Target &m_target;
    JobContext &m_context;
    const std::optional<Identity> &m_identity;
    BackupInfo m_info;
    Report m_report;
};

}

Result<MadeBackup> makeBackup(const Target &target, BackupFormat format, const Path &folder, JobContext &context,
                              const std::optional<Identity> &identity)
{
    return Making(target, format, context, identity).run(folder);
}

}
