// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/aside.h"
#include "operations/backups.h"
#include "operations/copy.h"
#include "operations/digest.h"
#include "operations/frames.h"
#include "operations/keeprules.h"
#include "operations/preflight.h"
#include "operations/rawset.h"
#include "operations/turn.h"
#include "operations/verdict.h"

#include "base/text.h"
#include "platform/diskspace.h"
#include "platform/filecopy.h"
#include "platform/safefile.h"
#include "sqlite/connection.h"

#include <QtGlobal>

#include <algorithm>

namespace lk::operations {

/// How the time of a job is shared, roughly: the copy, its integrity check, and what is packed being read again.
static constexpr double CopyShare = 0.15;
static constexpr double CheckShare = 0.85;

/// Of the database's size, what its packed form takes at most, as far as one can guess: seen were 10 to 71 %.
static constexpr double PackedShare = 0.75;

static std::string isoTime(std::chrono::system_clock::time_point when)
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

/// Whether backupName() gives such names: they hold a time as `-20261122T133655Z`, perhaps a number, an extension.
static bool isBackupName(std::string_view name)
{
    static constexpr std::string_view Shape = "-ddddddddTddddddZ"; // d: a digit
    for (std::size_t i = 0; i + Shape.size() <= name.size(); ++i) {
        if (std::equal(Shape.begin(), Shape.end(), name.begin() + static_cast<std::ptrdiff_t>(i),
                       [](char shape, char c) { return shape == 'd' ? c >= '0' && c <= '9' : shape == c; }))
            return true;
    }
    return false;
}

static Result<void> folderIsThere(const Target &target, const Path &folder)
{
    const Result<Path> resolved = platform::resolve(folder);
    const auto status = resolved ? platform::status(*resolved) : std::unexpected(resolved.error());
    if (folder.empty() || !status || !status->isFolder())
        return fail(ErrorCode::NotFound, Reason::TargetFolderMissing, target.path, {folder.native()});
    if (!platform::isWritableFolder(*resolved))
        return fail(ErrorCode::NoPermission, Reason::FolderNotWritable, target.path, {folder.native()});
    return {};
}

/// In bytes; 0 if the header can't be read.
static std::uint64_t sizeOf(const sqlite::Glance &glance)
{
    return glance.current ? std::uint64_t(glance.pageCount) * glance.current->pageSize : 0;
}

static BackupFormat formatOf(const Arguments &arguments)
{
    if (flag(arguments, "raw"))
        return BackupFormat::Raw;
    return flag(arguments, "zstd") ? BackupFormat::Zstd : BackupFormat::Plain;
}

/// Of a database. It is packed from a copy beside it.
static std::uint64_t roomFor(const sqlite::Glance &glance, BackupFormat format)
{
    if (format == BackupFormat::Raw)
        return rawSetSize(glance);
    const std::uint64_t bytes = sizeOf(glance);
    const auto packed = static_cast<std::uint64_t>(static_cast<double>(bytes) * PackedShare);
    return format == BackupFormat::Zstd ? bytes + packed : bytes;
}

/// The backups of \a source in \a folder that go once \a made is there as well.
static std::vector<BackupInfo> goingAfter(const BackupInfo &made, const Path &folder, const Arguments &arguments,
                                          const std::stop_token &stop)
{
    const KeepRules rules = keepRules(arguments);
    if (!rules.any() || formatOf(arguments) == BackupFormat::Raw)
        return {};
    Result<std::vector<BackupInfo>> backups = backupsIn(folder, made.source, stop);
    if (!backups)
        return {};
    // What is not as it was made is not ours to judge, and a raw set is kept for its own sake: neither counts nor goes.
    std::erase_if(*backups, [&](const BackupInfo &info) {
        return !isThere(info) || info.format == BackupFormat::Raw || info.backup == made.backup;
    });
    backups->push_back(made);
    return superseded(*backups, rules);
}

static Field removedField(const std::vector<BackupInfo> &backups)
{
    std::vector<std::string> paths;
    for (const BackupInfo &info : backups)
        paths.push_back(info.backup.native());
    return {"removed", paths};
}

static Report preflightBackup(const Target &target, const Arguments &arguments, JobContext &context)
{
    const Result<Preflight> before = preflight(target);
    if (!before)
        return skipped(before.error());
    const Path folder = value(arguments, "to");
    if (const Result<void> there = folderIsThere(target, folder); !there)
        return skipped(there.error());
    const BackupFormat format = formatOf(arguments);
    if (format != BackupFormat::Raw && sizeOf(before->glance) == 0)
        return skipped(
            {.code = ErrorCode::Damaged, .path = target.path, .arguments = {}, .detail = "no readable header"});
    const std::uint64_t needed = roomFor(before->glance, format);
    const Result<std::uint64_t> free = platform::freeBytes(folder);
    if (free && *free < needed)
        return skipped({.code = ErrorCode::NoSpace,
                        .reason = Reason::NotEnoughSpace,
                        .path = target.path,
                        .arguments = {std::to_string(needed), std::to_string(*free), folder.native()},
                        .detail = {}});

    Report report;
    report.fields = {
        {"bytes", static_cast<std::int64_t>(format == BackupFormat::Raw ? needed : sizeOf(before->glance))}};
    if (keepRules(arguments).any()) {
        const Result<Path> resolved = platform::resolve(folder);
        BackupInfo made;
        made.source = target.path;
        made.made = isoTime(std::chrono::system_clock::now());
        report.fields.push_back(
            removedField(resolved ? goingAfter(made, *resolved, arguments, context.stop) : std::vector<BackupInfo>()));
    }
    if (format == BackupFormat::Raw)
        return report;
    if (before->glance.hotJournal)
        report.notes.push_back({Note::RecoveredState, {}});
    if (before->locked && !before->glance.stored->isWal())
        report.notes.push_back({Note::WriterDelayed, {}});
    return report;
}

/// By BackupFormat.
static constexpr const char *StoredSuffixes[] = {"", ".zst", ".tar"};

/// The first free name for a backup made now, its partial file made with the source's mode and owner.
static Result<std::pair<Path, platform::PartialFile>> makePartial(const Path &source, const platform::FileStatus &like,
                                                                  const Path &folder, BackupFormat format)
{
    static constexpr int MostInOneSecond = 10000;
    const auto now = std::chrono::system_clock::now();
    for (int number = 1; number < MostInOneSecond; ++number) {
        Path path = folder / backupName(source, now, number);
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

/// A backup is one only once it has been opened and checked. \a copy is what is checked; a rehearsal has the source
/// alone.
static Result<Verdict> verify(const Path &source, const Path &copy, JobContext &context)
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

static void addMissing(Report &report, const Verdict &verdict)
{
    for (const std::string &missing : verdict.missing)
        report.notes.push_back({Note::MissingExtension, {missing}});
}

/// A backup being made: the copy, and what is to be its stored file.
class Making
{
public:
    Making(const Target &target, const Arguments &arguments, JobContext &context)
        : m_target(target)
        , m_arguments(arguments)
        , m_context(context)
    {
        m_info.source = target.path;
        m_info.format = formatOf(arguments);
    }

    /// Copies, checks and hashes, syncs; only then the backup gets its name. Whatever fails, the partial files go.
    Result<Report> run(const Path &folder)
    {
        const Result<platform::FileStatus> source = platform::status(m_target.path);
        if (!source)
            return std::unexpected(source.error());
        auto made = makePartial(m_target.path, *source, folder, m_info.format);
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
        tidyUp(folder);
        return m_report;
    }

private:
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
        const Result<Verdict> verdict = verify(m_target.path, copy, context);
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
        auto copy = makePartial(m_target.path, like, m_info.backup.parent_path(), BackupFormat::Plain);
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
        const auto now = std::chrono::system_clock::now();
        m_info.made = isoTime(now);
        m_info.millisecond = static_cast<int>(
            std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count() % 1000);
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

    /// By the rules, and only now that the new one is there.
    void tidyUp(const Path &folder)
    {
        if (!keepRules(m_arguments).any() || m_info.format == BackupFormat::Raw)
            return;
        std::vector<BackupInfo> gone = goingAfter(m_info, folder, m_arguments, {});
        for (const BackupInfo &old : gone) {
            platform::removeFile(old.backup); // before its sidecar, which alone is harmless
            if (!platform::status(old.backup))
                platform::removeFile(sidecarOf(old.backup));
        }
        std::erase_if(gone, isThere);
        m_report.fields.push_back(removedField(gone));
    }

    const Target &m_target;
    const Arguments &m_arguments;
    JobContext &m_context;
    BackupInfo m_info;
    Report m_report;
};

/// A folder on a disk that is not there yet is waited for.
static Report waitForFolder(const Target &target, const Arguments &arguments, JobContext &context)
{
    const auto giveUpAt = std::chrono::steady_clock::now() + context.wait;
    for (;;) {
        Report report = preflightBackup(target, arguments, context);
        if (!report.error || report.error->reason != Reason::TargetFolderMissing ||
            std::chrono::steady_clock::now() >= giveUpAt)
            return report;
        context.progress.report({.phase = Phase::Waiting});
        if (!pause(context.stop, std::chrono::milliseconds(100)))
            return failed({.code = ErrorCode::Cancelled, .path = target.path, .arguments = {}, .detail = {}});
    }
}

static Report runBackup(const Target &target, const Arguments &arguments, JobContext &context)
{
    const Report before = waitForFolder(target, arguments, context);
    if (before.status != Status::Done)
        return before;
    const Path given = value(arguments, "to");
    const Result<Path> folder = platform::resolve(given);
    if (!folder)
        return failed(folder.error());
    platform::removeLeftovers(*folder, isBackupName);
    Result<Report> report = Making(target, arguments, context).run(*folder);
    if (!report) {
        if (report.error().path.empty())
            report.error().path = target.path;
        return failed(report.error());
    }
    return *report;
}

/// Reads and checks all that would be copied. That the copy is what was read, only the real one can prove.
static Report rehearseBackup(const Target &target, const Arguments &arguments, JobContext &context)
{
    Report report = preflightBackup(target, arguments, context);
    if (report.status != Status::Done || formatOf(arguments) == BackupFormat::Raw)
        return report;
    const Result<Verdict> verdict = verify(target.path, target.path, context);
    if (!verdict)
        return failed(verdict.error());
    Result<sqlite::Connection> connection = sqlite::Connection::open(target.path, {.stop = context.stop});
    const auto number = [&](const char *pragma) {
        return connection ? connection->number(pragma) : std::unexpected(connection.error());
    };
    const Result<std::int64_t> pages = number("PRAGMA page_count");
    const Result<std::int64_t> pageSize = number("PRAGMA page_size");
    if (!pages || !pageSize)
        return failed(pages ? pageSize.error() : pages.error());
    report.fields.front() = {"bytes", *pages * *pageSize};
    report.fields.push_back({"verified", true});
    report.fields.push_back({"pages", *pages});
    addMissing(report, *verdict);
    return report;
}

static std::vector<Parameter> parameters()
{
    std::vector<Parameter> list{
        {
            .id = "to",
            .kind = Parameter::Kind::Folder,
            .title = QT_TRANSLATE_NOOP("Operation", "Folder for the backup"),
            .help = QT_TRANSLATE_NOOP("Operation", "the folder that the backup goes to"),
        },
        {
            .id = "zstd",
            .kind = Parameter::Kind::Flag,
            .title = QT_TRANSLATE_NOOP("Operation", "Pack it (zstd)"),
            .help = QT_TRANSLATE_NOOP("Operation", "takes less room, and any program that knows zstd can unpack it"),
            .excludesOthers = true,
        },
        {
            .id = "raw",
            .kind = Parameter::Kind::Flag,
            .title = QT_TRANSLATE_NOOP("Operation", "The files as they are, unchecked"),
            .help = QT_TRANSLATE_NOOP("Operation", "for a damaged or crashed database: the file, its -wal and its "
                                                   "journal, byte for byte, in a tar file"),
            .excludesOthers = true,
        },
    };
    std::ranges::move(keepParameters(), std::back_inserter(list));
    return list;
}

extern const Operation backupOperation;
const Operation backupOperation{
    .id = "backup",
    .title = QT_TRANSLATE_NOOP("Operation", "Back up"),
    .summary = QT_TRANSLATE_NOOP("Operation",
                                 "Makes a consistent copy, also while others write, and checks it before it counts."),
    .risk = Risk::WritesNewFile,
    .parameters = parameters(),
    .preflight = preflightBackup,
    .rehearse = rehearseBackup,
    .run = runBackup,
};

}
